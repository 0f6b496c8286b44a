"""Sites proposed for a kind of facility: places offered, the solver asked, what must be known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import numpy as np

from planner.errors import InputError
from planner.location.limits import Limits
from planner.siting.candidates import PlaceOptions
from planner.siting.findings import new_as_asked, search_findings, small_sites
from planner.siting.judging import no_limit
from planner.siting.keywords import SearchKeywords, grouped
from planner.siting.proposals.communities import passed_over
from planner.siting.proposals.objectives import OBJECTIVES, Objective, Task, solved
from planner.siting.proposals.options import (
    SiteKeywords,
    SiteOptions,
    check_count,
    too_near,
    with_choices,
)
from planner.siting.proposals.proposal import Proposal
from planner.siting.walks import site_distances

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

WAYS = 50_000_000
"""Ways from homes to street nodes up to which the least walking is sought among all of them."""

SECONDS = 2.0
"""Time limit where neither time nor steps are limited."""


class ProposeKeywords(SearchKeywords, SiteKeywords, total=False):
    """What :func:`propose` takes one by one."""


def propose(
    assessment: Assessment,
    kind: str,
    new: int | None = None,
    *,
    objective: Objective = "coverage",
    group: str | None = None,
    places: PlaceOptions | None = None,
    options: SiteOptions | None = None,
    limits: Limits | None = None,
    **keywords: Unpack[ProposeKeywords],
) -> Proposal:
    """Propose where facilities of a kind should be opened.

    Parameters
    ----------
    assessment
        The district as it is; its question, hours and service included, is that of the proposal.
    kind
        What is sited.
    new
        Sites at most; None where the budget or `share` decides.
    objective
        ``"coverage"``: most residents brought within the limit. ``"everyone"``: the fewest (or,
        with a budget or prices that differ, cheapest) sites that bring the share `share` of those
        who are beyond it today and can be reached within it. ``"distance"``: least total walking.
        ``"farthest"``: the longest walk as short as possible. ``"worst_first"``: the community
        with the least share covered first, then the total.
    group
        Whose residents count; the total where none is given.
    places, options, limits
        Places to choose from, what else is asked for, and when to stop; without a limit two
        seconds. Their fields may be given as keywords instead.
    **keywords
        Fields of :class:`~planner.siting.candidates.PlaceOptions` (``where``, ``sites``,
        ``spacing_m``, ``within``, ``without``, ``costs``), of
        :class:`~planner.siting.proposals.options.SiteOptions` (``fixed``, ``forbidden``,
        ``apart_m``, ``backup``, ``floor``, ``budget``, ``share``, ``limit_m``) and of
        :class:`~planner.location.limits.Limits` (``time_limit_s``, ``gap``, ``max_iterations``,
        ``seed``, ``progress``, ``cancel``).

    Returns
    -------
    Proposal

    Raises
    ------
    InputError
        ``siting.no_limit`` where the standard does not judge the kind and none is given,
        ``siting.no_sites`` without a place to choose,
        ``siting.unknown_objective``, ``analysis.unknown_group``, ``siting.…``
        for what cannot be kept or has no meaning, and those of the solver.
    """
    if objective not in OBJECTIVES:
        raise InputError(
            "siting.unknown_objective", objective=objective, known=", ".join(OBJECTIVES)
        )
    offered, asked, given = grouped(
        "propose", keywords, places or PlaceOptions(), options or SiteOptions(), limits or Limits()
    )
    counted = group or assessment.groups[0]
    if counted not in assessment.groups:
        known = ", ".join(assessment.groups)
        raise InputError("analysis.unknown_group", group=counted, known=known)
    limit = asked.limit_m if asked.limit_m is not None else assessment.limit_m(kind, counted)
    if limit is None:
        raise no_limit(kind)
    if not 0 < limit < np.inf:
        raise InputError("measures.limit", value=limit)
    asked.check(objective)
    sites, notes = offered.offered(
        assessment, kind, most_ways=WAYS if objective == "distance" else 0.0
    )
    notes = (*notes, *offered.doors_unsure(assessment, [kind]))
    if sites.empty:
        raise InputError("siting.no_sites", kind=kind, where=offered.names)
    sites = with_choices(sites, asked.fixed, asked.forbidden)
    check_count(new, sites)
    far = objective in ("distance", "farthest")
    cutoff, matter = limit, None
    if far:
        # a place that is no nearer than what is there today matters only within the limit
        today = assessment.distances[kind].to_numpy(dtype=np.float64)
        matter = np.maximum(np.nan_to_num(today, nan=0.0, posinf=np.inf), limit)
        cutoff = float(matter.max(initial=limit))
    distances = site_distances(assessment, sites, kind, cutoff, matter_m=matter)
    conflicts = too_near(sites, asked.apart_m)
    task = Task(assessment, kind, counted, limit, sites, distances, new, asked, conflicts)
    siting = solved(task, objective, given.within(SECONDS))
    if objective == "worst_first" or isinstance(asked.floor, int | float):
        notes = (*notes, *passed_over(assessment, kind, counted))
    made = Proposal(
        assessment,
        kind,
        counted,
        objective,
        limit,
        sites,
        distances,
        siting,
        asked,
        (*notes, *search_findings(siting)),
        offered.prices,
    )
    rows = made.sites
    listed = rows.loc[rows["origin"] == "candidates", "site_id"].astype(str)
    small = small_sites(assessment, ((kind, own) for own in listed))
    opened = new_as_asked(assessment.question) if (rows["origin"] != "internal").any() else ()
    return replace(made, findings=(*made.findings, *small, *opened))
