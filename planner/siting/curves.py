"""What more or fewer sites would bring, in which order to build, and how firm the advice is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.errors import InputError
from planner.siting.coverage import max_coverage
from planner.siting.tasks import keeps, uncovered

if TYPE_CHECKING:
    from planner.siting.proposals import Proposal

TIGHTER = 0.9
"""Share of the limit under which :func:`robustness` looks again."""


def coverage_curve(
    proposal: Proposal, up_to: int = 10, *, time_limit_s: float = 1.0, seed: int = 0
) -> pd.DataFrame:
    """Return how many residents 1, 2, … sites bring within the limit at best.

    Parameters
    ----------
    proposal
        Whose candidates, kind and group are used.
    up_to
        Most sites.
    time_limit_s
        For each number of sites.

    Returns
    -------
    DataFrame
        ``sites``, ``gained``, ``bound`` (nobody can do better), ``gap``, ``marginal`` (residents
        that the last site adds), ``cost`` of these sites and ``share_after`` of the group covered.

    Raises
    ------
    InputError
        ``siting_proposals.count_needed`` where `up_to` is below 1, and those of the solver.
    """
    if up_to < 1:
        raise InputError("siting_proposals.count_needed")
    rows = _missed(proposal)
    covers, weight = keeps(proposal.distances, proposal.limit_m)[rows], proposal.people[rows]
    known = ~np.isnan(proposal.assessment.distances[proposal.kind].to_numpy(dtype=np.float64))
    total, missing = float(proposal.people[known].sum()), float(weight.sum())
    cost = proposal.candidates["cost"].to_numpy(dtype=np.float64)
    table: list[dict[str, Any]] = []
    before = 0.0
    for count in range(1, min(up_to, len(proposal.candidates)) + 1):
        best = max_coverage(covers, weight, count, time_limit_s=time_limit_s, seed=seed)
        table.append(
            {
                "sites": count,
                "gained": best.objective,
                "bound": best.bound,
                "gap": best.gap,
                "marginal": best.objective - before,
                "cost": float(cost[best.sites].sum()),
                "share_after": (total - missing + best.objective) / total if total else np.nan,
            }
        )
        before = best.objective
        if best.objective >= missing or (count > 1 and table[-1]["marginal"] <= 0 and best.optimal):
            break
    return pd.DataFrame(table)


def phases(
    proposal: Proposal, counts: Sequence[int], *, time_limit_s: float = 1.0, seed: int = 0
) -> pd.DataFrame:
    """Return which of the proposed sites to open in which year, and what that order costs.

    Every phase keeps the sites of the one before it. The last phase is the proposal; each earlier
    one is the best subset of the one after it.

    Parameters
    ----------
    proposal
        The sites that stand at the end.
    counts
        Sites open after each phase, rising; the last is the number of proposed sites.

    Returns
    -------
    DataFrame
        One row a phase: ``phase``, ``sites`` (number), ``site_ids`` opened in it (joined by
        ``;``), ``gained`` by all open then, ``free`` (best of as many sites without regard to
        later phases), ``bound`` of that, and ``nesting_cost`` = ``free`` − ``gained``.

    Raises
    ------
    InputError
        ``siting_proposals.bad_phases`` where `counts` do not rise to the number of sites.
    """
    final = proposal.siting.sites[proposal.siting.sites < len(proposal.candidates)]
    rising = all(a < b for a, b in zip([0, *counts], counts, strict=False))
    if not counts or not rising or counts[-1] != len(final):
        given = ", ".join(map(str, counts))
        raise InputError("siting_proposals.bad_phases", counts=given, sites=len(final))
    rows = _missed(proposal)
    covers, weight = keeps(proposal.distances, proposal.limit_m)[rows], proposal.people[rows]
    best_of = partial(max_coverage, time_limit_s=time_limit_s, seed=seed)
    chosen = [final]
    for count in reversed(counts[:-1]):
        inside = chosen[0]
        part = best_of(covers[:, inside], weight, count)
        chosen.insert(0, inside[part.sites])
    ids = proposal.candidates["site_id"].to_numpy(dtype=object)
    table, before = [], np.empty(0, dtype=np.int64)
    for number, sites in enumerate(chosen, start=1):
        gained = float(weight[np.asarray(covers[:, sites].sum(axis=1)).ravel() > 0].sum())
        free = best_of(covers, weight, len(sites))
        best = max(free.objective, gained)
        table.append(
            {
                "phase": number,
                "sites": len(sites),
                "site_ids": ";".join(ids[np.setdiff1d(sites, before)]),
                "gained": gained,
                "free": best,
                "bound": max(free.bound, best),
                "nesting_cost": best - gained,
            }
        )
        before = sites
    return pd.DataFrame(table)


def robustness(proposal: Proposal) -> pd.DataFrame:
    """Return what is left of the residents gained if the limit is tighter or a site falls out.

    Returns
    -------
    DataFrame
        ``case`` (``"as_planned"``, ``"tighter_limit"`` or ``"without_site"``), ``site_id`` of the
        one that falls out, ``limit_m``, ``gained`` under it and ``kept``, its share of the plan.
        Under the tighter limit those count who are beyond it today and within it with the sites.
    """
    final = proposal.siting.sites[proposal.siting.sites < len(proposal.candidates)]
    ids = proposal.candidates["site_id"].to_numpy(dtype=object)
    limit = proposal.limit_m
    cases = [("as_planned", "", limit, final), ("tighter_limit", "", limit * TIGHTER, final)]
    cases += [("without_site", ids[site], limit, final[final != site]) for site in final]
    table = pd.DataFrame(
        [
            {
                "case": case,
                "site_id": site,
                "limit_m": metres,
                "gained": _gain(proposal, sites, metres),
            }
            for case, site, metres, sites in cases
        ]
    )
    planned = table["gained"].iloc[0]
    table["kept"] = table["gained"] / planned if planned > 0 else np.nan
    return table


def _missed(proposal: Proposal) -> np.ndarray[Any, np.dtype[np.bool_]]:
    beyond = uncovered(proposal.assessment, proposal.kind, proposal.limit_m)
    return np.asarray(beyond & (proposal.people > 0))


def _gain(proposal: Proposal, sites: np.ndarray[Any, Any], limit_m: float) -> float:
    missed = uncovered(proposal.assessment, proposal.kind, limit_m)
    reached = np.asarray(keeps(proposal.distances, limit_m)[:, sites].sum(axis=1)).ravel() > 0
    return float(proposal.people[missed & reached].sum())
