"""Where two proposals of one department should exchange their years, since more come near earlier.

A home that several proposals bring within a limit is near from the first of their years on. What an
exchange brings is counted home by home: its people, times the years by which that first year moves,
those who must wait longer taken off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array

from planner.arrays import F64, I64
from planner.plan.coordination.gains import Gains
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.plan.targets.aims import Limit
from planner.plan.targets.budgets import Budget, budgets, passes, price_range
from planner.plan.targets.lead_times import SHORTENING, LeadTimes

LEAST = 0.5
"""Fewer person-years are not worth a word."""

TRIED = 500
"""So many of the best exchanges are held against limits."""

TAKING_AWAY = ("move", "convert")
"""Actions that may take somebody's place away, which gains do not tell: their years stay."""


@dataclass(frozen=True)
class Exchange:
    """Two proposals that should exchange their years.

    Parameters
    ----------
    early, late
        Ids of the one that is to be done first by now, and of the other.
    years
        Their years by now, the earlier first.
    department
        Whose both are.
    kinds
        About what.
    gained
        People times years by which they are within the limit earlier, less those who are later.
    priced
        Whether both have a price; the sums of the years move by their difference.
    """

    early: str
    late: str
    years: tuple[int, int]
    department: str
    kinds: tuple[str, ...]
    gained: float
    priced: bool


def exchanges(
    gains: Gains,
    proposals: Sequence[Proposal],
    limits: Sequence[Limit],
    lead_times: LeadTimes,
    today: tuple[int, int],
    spending: Sequence[Proposal] | None = None,
) -> list[Exchange]:
    """Return the exchanges of years that bring people within the limit earlier, the best first.

    Each proposal is in one of them at most.

    Parameters
    ----------
    gains
        Of the workspace that the proposals are about.
    proposals
        Those of the plan about it; of these the open and the decided with a year count, and ways
        that opened and that the streets do not have yet.
    limits
        Of its budgets; an exchange that would pass one, or may, is none.
    lead_times, today
        What cannot be built by the end of the earlier year if it is approved in this year and
        month is not done earlier.
    spending
        All that count for the limits, of other workspaces too; `proposals` where none are given.
    """
    dated = [
        each
        for each in proposals
        if (each.status in (*OPEN, *DECIDED) or each.awaits_streets)
        and each.counts_from is not None
        and each.action in SHORTENING
        and not each.deleted
    ]
    movable = [each for each in dated if _is_movable(each, today)]
    soonest = [lead_times.built_by(each.action, today) for each in dated]
    found = list(_pairs(gains, dated, movable, np.array(soonest, dtype=np.float64)))
    found.sort(key=lambda each: (-each[0], each[1].id, each[2].id))
    return list(_apart(found[:TRIED], proposals if spending is None else spending, limits))


def _is_movable(proposal: Proposal, today: tuple[int, int]) -> bool:
    if proposal.year is None or proposal.awaits_streets:
        return False
    begun = proposal.status == "in_construction" or proposal.year < today[0]
    return not begun and proposal.action not in TAKING_AWAY and bool(proposal.department)


def _apart(
    found: Iterable[tuple[float, Proposal, Proposal]],
    proposals: Sequence[Proposal],
    limits: Sequence[Limit],
) -> Iterator[Exchange]:
    """Yield the exchanges that keep the limits, each proposal in the best of its own."""
    seen: set[str] = set()
    for gained, early, late in found:
        if {early.id, late.id} & seen or not _keeps_limits(early, late, proposals, limits):
            continue
        seen |= {early.id, late.id}
        assert early.year is not None
        assert late.year is not None
        kinds = tuple(dict.fromkeys((*early.kinds, *late.kinds)))
        priced = None not in (early.cost, late.cost)
        years = early.year, late.year
        yield Exchange(early.id, late.id, years, early.department, kinds, gained, priced)


def _keeps_limits(
    early: Proposal, late: Proposal, proposals: Sequence[Proposal], limits: Sequence[Limit]
) -> bool:
    """Whether no limit is passed, or may be, that is not passed as much before the exchange."""
    own = [
        each
        for each in limits
        if each.department == early.department and each.year in (early.year, late.year)
    ]
    if not own:
        return True
    if any(price_range(each, own[0].currency) is None for each in (early, late)):
        return False
    year_of = {early.id: late.year, late.id: early.year}
    after = [replace(each, year=year_of.get(each.id, each.year)) for each in proposals]
    pairs = zip(budgets(own, proposals), budgets(own, after), strict=True)
    return not any(
        passes(_most(now), max(_most(before), now.limit.amount)) for before, now in pairs
    )


def _most(budget: Budget) -> float:
    return budget.decided.high + budget.asked.high


def _pairs(
    gains: Gains, dated: Sequence[Proposal], movable: Sequence[Proposal], soonest: F64
) -> Iterator[tuple[float, Proposal, Proposal]]:
    """Yield the best pairs of a department whose exchange brings something, and how much.

    `soonest` are the first years by whose end each of `dated` can be built.
    """
    year = np.array([each.counts_from for each in dated], dtype=np.float64)
    near = [csc_array(gains.of(dated, kind)) for kind in gains.kinds] if len(movable) > 1 else []
    kinds = [_Kind(each, year, gains.people) for each in near if each.nnz]
    at = {each.id: number for number, each in enumerate(dated)}
    for department in sorted({each.department for each in movable}):
        rows = np.array([at[each.id] for each in movable if each.department == department])
        brought = sum((kind.brought(rows) for kind in kinds), np.zeros((len(rows), len(rows))))
        brought[year[rows][:, None] >= year[rows][None, :]] = 0.0
        # no sooner than it can be built
        brought[soonest[rows][None, :] > year[rows][:, None]] = 0.0
        best = np.argsort(-brought, axis=None, kind="stable")[:TRIED]
        for one, other in zip(*np.unravel_index(best, brought.shape), strict=True):
            if brought[one, other] <= LEAST:
                break
            yield float(brought[one, other]), dated[rows[one]], dated[rows[other]]


class _Kind:
    """What moving proposals in time brings of one kind.

    Parameters
    ----------
    near
        (homes, proposals), which homes each brings within the limit.
    year, people
        Year of each proposal, people of each home.
    """

    def __init__(self, near: csc_array, year: F64, people: F64) -> None:
        home, own = near.nonzero()
        without = _first_of_others(home, own, year)
        self._years = np.unique(year)
        self._rank = np.searchsorted(self._years, year)
        count, weight = len(year), people[home]
        self._moved = np.zeros((count, len(self._years)))
        for number, other in enumerate(self._years):
            # by how many years a home waits less where the proposal moves to the other year
            sooner = np.minimum(without, year[own]) - np.minimum(without, other)
            self._moved[:, number] = np.bincount(own, weight * sooner, minlength=count)
        # what a proposal's moving back takes from homes that another still brings: they keep
        # their year where it is the other of the two that takes its place
        back = np.where(np.isfinite(without), np.maximum(without - year[own], 0.0), 0.0)
        self._back = csc_array((weight * back, (home, own)), shape=near.shape)
        self._member = csc_array((np.ones(len(own)), (home, own)), shape=near.shape)

    def brought(self, rows: I64) -> F64:
        """Return what exchanging brings, (n, n): the earlier of the two by the later."""
        moved = self._moved[rows][:, self._rank[rows]]
        both = (self._back[:, rows].T @ self._member[:, rows]).toarray()
        return np.asarray(moved.T + moved + both, dtype=np.float64)


def _first_of_others(home: I64, own: I64, year: F64) -> F64:
    """Return for each home and proposal the first year of the others there, inf for none."""
    order = np.lexsort((year[own], home))
    place, when = home[order], year[own][order]
    starts = np.flatnonzero(np.r_[True, place[1:] != place[:-1]]) if len(place) else order
    group = np.cumsum(np.isin(np.arange(len(place)), starts)) - 1
    first = when[starts]
    second = np.full(len(starts), np.inf)
    follows = starts + 1
    has = follows < np.r_[starts[1:], len(place)]
    second[has] = when[follows[has]]
    is_first = np.isin(np.arange(len(place)), starts)
    found = np.empty(len(place))
    found[order] = np.where(is_first, second[group], first[group])
    return found
