"""One-stop sites proposed for several kinds, from an assessment to a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import geopandas as gpd
import numpy as np
from scipy.sparse import csr_array

from planner.analysis.notes.groups import group_notes
from planner.analysis.people import people_of
from planner.district.kinds import kinds_named
from planner.errors import InputError
from planner.location.inputs import is_number
from planner.location.limits import Limits
from planner.location.one_stop_sites.one_stop import one_stop
from planner.location.one_stop_sites.problem import MOST_KINDS
from planner.siting.candidates import LISTED, PlaceOptions
from planner.siting.findings import new_as_asked, search_findings
from planner.siting.judging import no_limit, refuse_unjudged
from planner.siting.keywords import SearchKeywords, grouped
from planner.siting.one_stop_sites.answers import OneStopProposal
from planner.siting.one_stop_sites.places import Places, given, merged
from planner.siting.walks import keeps, site_distances, uncovered

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


SECONDS = 5.0
"""Time limit where neither time nor steps are limited."""


def propose_one_stop(
    assessment: Assessment,
    kinds: Sequence[str],
    budget: float,
    *,
    buildings: int | None = None,
    group: str | None = None,
    weights: Mapping[str, float] | None = None,
    fitting: bool = True,
    places: PlaceOptions | None = None,
    limits: Limits | None = None,
    **keywords: Unpack[SearchKeywords],
) -> OneStopProposal:
    """Propose buildings that several kinds share, to bring most residents within their limits.

    Parameters
    ----------
    assessment
        The district as it is; its question, hours and service included, is that of the proposal.
    kinds
        What is sited; each must have a limit in the standard. At most ten.
    budget
        Most that may be spent, in the currency of the prices.
    buildings
        Buildings at most, opened doors among them; None where only the budget decides.
    group
        Whose residents count; the total where none is given.
    weights
        What a resident gained counts, by kind; 1 where a kind is not named.
    fitting
        Whether the floor area of a listed place limits what it may hold; see the notes.
    places, limits
        Places to choose from, and when to stop; without a limit five seconds. A column ``kinds``
        (joined by semicolons) of given ``sites`` limits what a place may hold.
    **keywords
        Fields of :class:`~planner.siting.candidates.PlaceOptions` and of
        :class:`~planner.location.limits.Limits`, one by one.

    Returns
    -------
    OneStopProposal

    Raises
    ------
    InputError
        ``one_stop.no_kinds``, ``.too_many_kinds``, ``.all_covered``, ``.nothing_fits``,
        ``.nobody_reachable``, ``.bad_weight``; ``siting.no_limit`` for a kind
        that the standard does not judge, ``.no_sites``, ``.bad_budget``;
        ``analysis.unknown_kind``, ``.unknown_group``, ``.nothing_judged``, ``.no_limits``;
        and those of the solver, ``location.budget_too_small`` where the money buys nothing.

    Notes
    -----
    Prices. A kind that is alone in its building costs what
    :func:`~planner.siting.candidate_sites` says. In a building of several the dearest kind costs
    just that, and each further one its own price less the share ``one_stop.saving`` of the price
    table; its own price is that of its floor area, or what it costs alone in this place if that is
    less. In premises of another facility every kind is a further one, which the price of premises
    allows for already. A door of a unit holds its own kind and saves nothing.

    Room. With `fitting`, a listed place of known floor area holds kinds whose least floor areas by
    the standard fit in, alone or together; without it, whatever its row allows. Premises always
    need the room, beside the facility that is in them. Other places are built to measure.

    A mark ``required`` is not heeded: such a place is offered like any other.
    """
    chosen = kinds_named(kinds)
    offered, search_limits = grouped(
        "propose_one_stop", keywords, places or PlaceOptions(), limits or Limits()
    )
    counted, limits_m = _judged(assessment, chosen, group)
    if not is_number(budget) or not 0 < budget < np.inf:
        raise InputError("siting.bad_budget", value=budget)
    worth = _weights(chosen, weights or {})
    lacking = {kind: uncovered(assessment, kind, limits_m[kind]) for kind in chosen}
    people = people_of(assessment, counted)
    if not any((people[missed] > 0).any() for missed in lacking.values()):
        told = "told" if group_notes(assessment.district, counted) else "all"
        raise InputError(f"one_stop.{told}_covered", kinds=", ".join(chosen), group=counted)
    tables, unlisted = offered_places(assessment, chosen, offered)
    buildings_at = merged(assessment, tables, offered.prices, fitting=fitting)
    if not buildings_at.allowed.any():
        raise InputError("one_stop.nothing_fits", kinds=", ".join(chosen))
    distances = distances_to(assessment, buildings_at, limits_m)
    weight = np.stack([np.where(lacking[kind], people, 0.0) * worth[kind] for kind in chosen])
    try:
        plan = one_stop(
            [keeps(distances[kind], limits_m[kind]) for kind in chosen],
            weight,
            budget,
            building_cost=buildings_at.once,
            kind_cost=buildings_at.added,
            allowed=buildings_at.allowed,
            p=buildings,
            room=buildings_at.room_m2,
            area=buildings_at.area_m2,
            limits=search_limits.within(SECONDS),
        )
    except InputError as error:
        if error.code != "location.nobody_in_reach":
            raise
        raise InputError("one_stop.nobody_reachable", kinds=", ".join(chosen)) from error
    notes = offered.doors_unsure(assessment, chosen)
    notes += (offered.finding(unlisted),) if unlisted else ()
    return OneStopProposal(
        assessment,
        chosen,
        counted,
        float(budget),
        buildings,
        limits_m,
        worth,
        buildings_at,
        distances,
        plan,
        (*notes, *search_findings(plan.siting), *new_as_asked(assessment.question)),
        search_limits.max_iterations,
        offered.prices,
    )


def offered_places(
    assessment: Assessment, kinds: Sequence[str], places: PlaceOptions
) -> tuple[dict[str, gpd.GeoDataFrame], list[str]]:
    """Return the places for each kind, and the kinds of which none is listed.

    For these, places along the streets are offered to all kinds, so that those that have listed
    ones can share a building with those that have none.
    """
    if places.sites is not None:
        tables, unlisted = given(places.sites, kinds, assessment), []
    else:
        listed = replace(places, where=places.where or LISTED)
        tables = {kind: listed.offered(assessment, kind)[0] for kind in kinds}
        unlisted = [kind for kind in kinds if tables[kind].empty] if places.where is None else []
        if unlisted:
            some = len(unlisted) < len(kinds)
            wider = replace(places, where=(*LISTED, "streets")) if some else places.along_streets()
            tables = {kind: wider.offered(assessment, kind)[0] for kind in kinds}
    if all(table.empty for table in tables.values()):
        raise InputError("siting.no_sites", kind=", ".join(kinds), where=places.names)
    return tables, unlisted


def _judged(
    assessment: Assessment, kinds: Sequence[str], group: str | None
) -> tuple[str, dict[str, float]]:
    """Return the group that counts, and the limit of each kind, once both are checked."""
    refuse_unjudged(assessment)
    if not kinds:
        raise InputError("one_stop.no_kinds", known=", ".join(assessment.judged_kinds))
    if len(kinds) > MOST_KINDS:
        raise InputError("one_stop.too_many_kinds", count=len(kinds), most=MOST_KINDS)
    counted = group or assessment.groups[0]
    if counted not in assessment.groups:
        known = ", ".join(assessment.groups)
        raise InputError("analysis.unknown_group", group=counted, known=known)
    limits = {}
    for kind in kinds:
        limit = assessment.limit_m(kind, counted)
        if limit is None:
            raise no_limit(kind)
        limits[kind] = limit
    return counted, limits


def _weights(kinds: Sequence[str], given_weights: Mapping[str, float]) -> dict[str, float]:
    for kind, value in given_weights.items():
        if kind not in kinds or not 0 < value < np.inf:
            raise InputError("one_stop.bad_weight", kind=kind, value=value, kinds=", ".join(kinds))
    return {kind: float(given_weights.get(kind, 1.0)) for kind in kinds}


def distances_to(
    assessment: Assessment, places: Places, limits: Mapping[str, float]
) -> dict[str, csr_array]:
    """Measure the ways to all places once for each way of measuring, as far as the limits."""
    found: dict[bool, csr_array] = {}
    straight = {kind: assessment.standard.measure_of(kind) == "straight" for kind in limits}
    for kind, how in straight.items():
        if how not in found:
            cutoff = max(limits[other] for other in limits if straight[other] == how)
            found[how] = site_distances(assessment, places.table, kind, cutoff)
    return {kind: found[how] for kind, how in straight.items()}
