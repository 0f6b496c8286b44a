"""What more or fewer sites would bring, in which order to build, and how firm the advice is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from planner.analysis.people import WithheldCounts, without_few
from planner.arrays import F64, I64
from planner.errors import InputError
from planner.location.covering.max_coverage import max_coverage
from planner.location.limits import LimitKeywords, Limits, given_limits
from planner.location.results import Siting
from planner.siting.unsure import share_after
from planner.siting.walks import keeps, uncovered

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal

TIGHTER = 0.9
"""Share of the limit under which :func:`robustness` looks again."""

SECONDS = 1.0
"""Time limit of each point of a curve where neither time nor steps are limited."""

_SHARES = ["share_after", "share_low_after", "share_high_after"]
_COUNTS = ["sites", "gained", "bound", "gap", "marginal", "cost", *_SHARES]
_MONEY = ["budget", "sites", "cost", "gained", "bound", "gap", "marginal", "per_unit", *_SHARES]
STEPS = 8
"""Budgets of :func:`budget_curve` where none are given."""


def coverage_curve(
    proposal: Proposal,
    up_to: int = 10,
    *,
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
) -> pd.DataFrame:
    """Return how many residents 1, 2, … sites bring within the limit at best.

    Parameters
    ----------
    proposal
        Whose candidates, kind and group are used.
    up_to
        Most sites.
    limits, **keywords
        When to stop for each number of sites, see
        :class:`~planner.location.limits.Limits`; usually 1 s.

    Returns
    -------
    DataFrame
        ``sites``, ``gained``, ``bound`` (nobody can do better), ``gap``, ``marginal`` (residents
        that the last site adds), ``cost`` of these sites and ``share_after`` of the group covered,
        with both its ends (``share_low_after``, ``share_high_after``) and NaN where too much is
        not known; no row where more sites are required than `up_to`.
        Required sites are always among them, and the least distance between sites is kept.

    Raises
    ------
    InputError
        ``siting.count_needed`` where `up_to` is below 1, and those of the solver.
    """
    cost = proposal.candidates["cost"].to_numpy(dtype=np.float64)
    given = given_limits(limits, keywords, SECONDS)
    table: list[dict[str, Any]] = []
    before = 0.0
    for count, best in best_by_count(proposal, up_to, given):
        table.append(
            {
                "sites": count,
                "gained": best.objective,
                "bound": best.bound,
                "gap": best.gap,
                "marginal": best.objective - before,
                "cost": float(cost[best.sites].sum()),
                **_share_with(proposal, best.sites),
            }
        )
        before = best.objective
    # without a row where more sites are required than are asked for
    return _shown(proposal, pd.DataFrame(table, columns=_COUNTS), "gained", "marginal")


def best_by_count(proposal: Proposal, up_to: int, limits: Limits) -> Iterator[tuple[int, Siting]]:
    """Yield a number of sites and the best of so many, from one on, until more bring nobody.

    Parameters
    ----------
    proposal, up_to
        As of :func:`coverage_curve`.
    limits
        When to stop for each number of sites.

    Yields
    ------
    tuple
        The number, and residents covered anew as ``objective`` of what is found.

    Raises
    ------
    InputError
        As :func:`coverage_curve` does.
    """
    if up_to < 1:
        raise InputError("siting.count_needed")
    covers, weight = _open_to(proposal)
    missing = float(weight.sum())
    required = required_of(proposal)
    before = None
    reach = reachable(proposal)
    for count in range(max(len(required), 1), min(up_to, len(proposal.candidates)) + 1):
        best = max_coverage(
            covers, weight, count, fixed=required, conflicts=proposal.conflicts, limits=limits
        )
        yield count, best
        # where sites must keep apart one more may bring nobody, and two others many
        free = not len(proposal.conflicts)
        idle = free and before is not None and best.objective <= before and best.optimal
        # beside those that are required anyway no other site may be of any use
        suffice = len(required) > 0 and best.objective >= reach
        if best.objective >= missing or idle or suffice:
            return
        before = best.objective


def budget_curve(
    proposal: Proposal,
    budgets: Sequence[float] | None = None,
    *,
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
) -> pd.DataFrame:
    """Return how many residents more and more money brings within the limit at best.

    Parameters
    ----------
    proposal
        Whose candidates, kind and group are used, with required sites and the least distance.
    budgets
        In the currency of the prices, rising; by default up to eight steps, of those that bring
        somebody in, to what the places cost that together serve everyone who can be reached.
    limits, **keywords
        When to stop for each budget, see :class:`~planner.location.limits.Limits`; usually 1 s.

    Returns
    -------
    DataFrame
        ``budget``, ``sites`` (number), ``cost`` of these, ``gained``, ``bound`` (nobody can do
        better with the money), ``gap``, ``marginal`` (residents on top of the budget before),
        ``per_unit`` (these for each unit of money more in the budget), and ``share_after`` as of
        :func:`coverage_curve`.

    Raises
    ------
    InputError
        ``siting.bad_budgets``, and those of the solver.
    """
    covers, weight = _open_to(proposal)
    cost = proposal.candidates["cost"].to_numpy(dtype=np.float64)
    required = required_of(proposal)
    given = given_limits(limits, keywords, SECONDS)
    steps = _budget_steps(covers, cost, required, given) if budgets is None else list(budgets)
    for before, value in zip([0.0, *steps], steps, strict=False):
        if not before < value < np.inf:
            raise InputError("siting.bad_budgets", value=value)
    table: list[dict[str, Any]] = []
    for budget in steps:
        best = max_coverage(
            covers,
            weight,
            cost=cost,
            budget=budget,
            fixed=required,
            conflicts=proposal.conflicts,
            limits=given,
        )
        spent, gained = (table[-1]["budget"], table[-1]["gained"]) if table else (0.0, 0.0)
        # a step of ours that brings nobody is no step: the next is held against the one before
        if budgets is None and best.objective <= gained:
            continue
        table.append(
            {
                "budget": budget,
                "sites": len(best.sites),
                "cost": float(cost[best.sites].sum()),
                "gained": best.objective,
                "bound": best.bound,
                "gap": best.gap,
                "marginal": best.objective - gained,
                "per_unit": (best.objective - gained) / (budget - spent),
                **_share_with(proposal, best.sites),
            }
        )
    found = pd.DataFrame(table, columns=_MONEY)
    return _shown(proposal, found, "gained", "marginal", per_unit="marginal")


def even_phases(count: int, years: int) -> list[int]:
    """Return how many of some sites are open after each year if each opens about as many.

    Examples
    --------
    >>> even_phases(7, 3)
    [3, 5, 7]
    >>> even_phases(2, 3)
    [1, 2]
    """
    years = max(min(years, count), 1)
    return [-(-count * year // years) for year in range(1, years + 1)]


def phases(
    proposal: Proposal,
    counts: Sequence[int],
    *,
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
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
    limits, **keywords
        When to stop for each phase, see :class:`~planner.location.limits.Limits`; usually 1 s.

    Returns
    -------
    DataFrame
        One row a phase: ``phase``, ``sites`` (number), ``site_ids`` opened in it (joined by
        ``;``), ``gained`` by all open then, ``free`` (best of as many sites without regard to
        later phases, within the budget of all), ``bound`` of that, and ``nesting_cost`` = ``free``
        − ``gained``. In the last phase no later one is left: ``free`` is the proposal.

    Raises
    ------
    InputError
        ``siting.bad_phases`` where `counts` do not rise to the number of sites.
    """
    final = proposal.siting.sites[proposal.siting.sites < len(proposal.candidates)]
    rising = all(a < b for a, b in zip([0, *counts], counts, strict=False))
    if not counts or not rising or counts[-1] != len(final):
        given = ", ".join(map(str, counts))
        raise InputError("siting.bad_phases", counts=given, sites=len(final))
    covers, weight = _open_to(proposal)
    best_of = partial(max_coverage, limits=given_limits(limits, keywords, SECONDS))
    chosen = [final]
    for count in reversed(counts[:-1]):
        inside = chosen[0]
        part = best_of(covers[:, inside], weight, count)
        chosen.insert(0, inside[part.sites])
    ids = proposal.candidates["site_id"].to_numpy(dtype=object)
    budget = proposal.options.budget
    cost = proposal.candidates["cost"].to_numpy(dtype=np.float64)
    money: dict[str, Any] = {} if budget is None else {"cost": cost, "budget": budget}
    table, before = [], np.empty(0, dtype=np.int64)
    for number, sites in enumerate(chosen, start=1):
        gained = float(weight[np.asarray(covers[:, sites].sum(axis=1)).ravel() > 0].sum())
        last = number == len(chosen)
        free = best_of(
            covers,
            weight,
            len(sites),
            conflicts=proposal.conflicts,
            # what must be built need not be built first
            fixed=required_of(proposal) if last else (),
            **money,
        )
        best = gained if last else max(free.objective, gained)
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
    return _shown(proposal, pd.DataFrame(table), "gained", "free", nesting_cost="gained")


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
    return _shown(proposal, table, "gained", kept="gained")


def reachable(proposal: Proposal) -> float:
    """Return the residents beyond the limit whom all candidates together would bring within it."""
    covers, weight = _open_to(proposal)
    return float(weight[np.diff(covers.indptr) > 0].sum())


def required_of(proposal: Proposal) -> I64:
    """Return the candidates that must be chosen."""
    return np.flatnonzero(proposal.candidates["required"].to_numpy(dtype=bool))


def _open_to(proposal: Proposal) -> tuple[csr_array, F64]:
    """Return who is covered by which candidate, of those uncovered today, and how many they are."""
    rows = _missed(proposal)
    covers = keeps(proposal.distances, proposal.limit_m)[rows]
    if not covers.nnz:
        raise InputError("siting.nobody_reachable", kind=proposal.kind)
    return covers, proposal.people[rows]


def _budget_steps(covers: csr_array, cost: F64, required: I64, limits: Limits) -> list[float]:
    """Return eight rising budgets: from the cheapest place of use to places for all in reach."""
    from planner.location.set_covering.set_cover import set_cover

    of_use = np.diff(covers.tocsc().indptr) > 0
    free = cost.max() if cost.size else 0.0
    if free <= 0:
        raise InputError("siting.no_prices")
    reached = covers[np.diff(covers.indptr) > 0]
    everyone = set_cover(reached, np.maximum(cost, free * 1e-6), fixed=required, limits=limits)
    most = float(cost[everyone.sites].sum())
    least = max(float(cost[required].sum()), float(cost[of_use].min()))
    size = 10.0 ** max(np.floor(np.log10(max(most, 1.0))) - 2, 0)
    spread = np.linspace(0.0, 1.0, STEPS) ** 2  # closer together where money brings most
    steps = np.ceil((least + max(most - least, 0.0) * spread) / size) * size
    return [float(step) for step in np.unique(steps) if step > 0]


def _shown(proposal: Proposal, table: pd.DataFrame, *counts: str, **telling: str) -> pd.DataFrame:
    """Return a table without small counts that are withheld, nor what tells one of them."""
    parts = {name: [count] for name, count in telling.items()}
    return without_few(proposal.assessment, table, counts, proposal.group, parts)


def _share_with(proposal: Proposal, sites: I64) -> dict[str, float]:
    withheld = WithheldCounts.of(proposal.assessment, proposal.group)
    return share_after(*proposal.counts_with(sites), float(proposal.people.sum()), withheld)


def _missed(proposal: Proposal) -> np.ndarray[Any, np.dtype[np.bool_]]:
    beyond = uncovered(proposal.assessment, proposal.kind, proposal.limit_m)
    return np.asarray(beyond & (proposal.people > 0))


def _gain(proposal: Proposal, sites: np.ndarray[Any, Any], limit_m: float) -> float:
    missed = uncovered(proposal.assessment, proposal.kind, limit_m)
    reached = np.asarray(keeps(proposal.distances, limit_m)[:, sites].sum(axis=1)).ravel() > 0
    return float(proposal.people[missed & reached].sum())
