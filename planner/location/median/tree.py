"""Branch and bound on the sites of a p-median, by the prices of its Lagrangian relaxation.

A few dozen cheap steps on the prices of a branch come as near to its linear relaxation as a solver
does in a thousand times the time, and rule out candidates on the way; so trees of some thousand
branches are searched in seconds where the model itself would not be solved once.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from planner.arrays import F64, I8, I64
from planner.location.inputs import FIXED, FORBIDDEN, FREE, Rows
from planner.location.median.state import Choice, Found
from planner.location.subgradient import Ascent, Rule

if TYPE_CHECKING:
    from planner.location.median.plans import Plans
    from planner.location.median.problem import Problem
    from planner.location.search import Search

__all__ = ["decide"]

_STEPS = 60
_FACTOR = 0.3


@dataclass(order=True)
class _Branch:
    """Part of all plans: those in which some candidates are fixed and some forbidden."""

    bound: float
    serial: int
    kinds: I8 = field(compare=False)
    price: F64 = field(compare=False)


def decide(left: Problem, price: F64, search: Search, plans: Plans) -> None:
    """Look into the branch with the lowest bound until none is left or the search is over.

    Parameters
    ----------
    left
        What is undecided; every plan better than the best so far is a plan of this.
    price
        (n,) prices from which the first branch starts.
    search, plans
        Where sites and bounds are kept.
    """
    # best bound first: what is left in the tree is then never worth more than its first branch,
    # which is the bound of the whole (Land and Doig 1960)
    tree = [_Branch(search.bound, 0, left.kinds, price)]
    serial = 0
    most = np.inf if search.solver_nodes is None else search.solver_nodes
    while tree and not search.stopped and serial < most:
        search.proved(min(tree[0].bound, search.objective))
        search.report("exact")
        branch = heapq.heappop(tree)
        for kinds, bound, prices in _split(branch, left, search, plans):
            serial += 1
            heapq.heappush(tree, _Branch(bound, serial, kinds, prices))
    if not tree and not search.stopped:
        search.proved_best()


def _split(
    branch: _Branch, left: Problem, search: Search, plans: Plans
) -> list[tuple[I8, float, F64]]:
    """Bound a branch and answer its two halves: kinds, bound, prices; none where it is decided."""
    limit = left.worth_less_than(search.objective)
    if branch.bound >= limit:
        return []
    free = np.flatnonzero(branch.kinds == FREE)
    bound, worth, often, price = _bound(branch, free, left, search.objective)
    bound = max(bound, branch.bound)
    # a candidate whose opening, or closing, is proven to be too dear is decided
    opened, closed = worth >= limit
    kinds = branch.kinds.copy()
    kinds[free[opened]] = FORBIDDEN
    kinds[free[closed]] = FIXED
    fixed = np.flatnonzero(kinds == FIXED)
    if bound >= limit or (opened & closed).any() or not left.affords(fixed):
        return []
    rest = np.flatnonzero(kinds[free] == FREE)
    everything = np.union1d(fixed, free[rest])
    if left.affords(everything) or len(fixed) == left.p:
        sites = everything if left.affords(everything) else fixed
        plans.set(sites)
        search.found(sites, plans.objective)
        return []
    # split where the prices are least sure: the candidate that was picked about every other time
    at = rest[np.argmin(np.abs(often[rest] - 0.5))]
    halves = []
    for kind, known in ((FIXED, worth[0, at]), (FORBIDDEN, worth[1, at])):
        half = kinds.copy()
        half[free[at]] = kind
        if left.affords(np.flatnonzero(half == FIXED)):
            halves.append((half, max(bound, float(known)), price))
    return halves


def _bound(
    branch: _Branch, free: I64, left: Problem, ceiling: float
) -> tuple[float, F64, F64, F64]:
    """Bound of a branch, that of opening and closing each free candidate, its share, the prices."""
    from planner.location.median.kernels import narrowed, relax

    n, entries = left.table.shape[0], len(left.table.site)
    rows = Rows(np.empty(n + 1, np.int64), np.empty(entries, np.int32), np.empty(entries))
    cap = np.empty(n)
    position = np.full(len(branch.kinds), -1, np.int32)
    position[free] = np.arange(len(free))
    narrowed(left.table.rows, left.cap, branch.kinds, position, rows, cap)
    fixed = branch.kinds == FIXED
    ascent = Ascent.of(np.minimum(branch.price, left.weight * cap), -np.inf, _FACTOR)
    found = Found.nothing(len(free))
    choice = Choice(
        np.full(len(free), FREE, np.int8),
        left.cost[free],
        float(left.p - fixed.sum()),
        float(left.budget - left.cost[fixed].sum()),
    )
    relax(rows, cap, left.weight, choice, ceiling, _STEPS, Rule(1.0), ascent, found)
    return ascent.bound, found.worth, found.often, ascent.best_price
