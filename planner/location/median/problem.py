"""The p-median, checked: what its heuristics, bounds and trees work on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.arrays import F64, I8, I64
from planner.errors import InputError
from planner.location.inputs import (
    FIXED,
    FORBIDDEN,
    FREE,
    Table,
    amounts,
    candidate_kinds,
    site_count,
)
from planner.location.median.state import Choice
from planner.location.search import SAME

__all__ = ["Problem", "checked", "everyone_reachable"]


@dataclass(frozen=True, eq=False)
class Problem:
    """A p-median, checked: see :func:`planner.location.p_median` for the meaning of the parts."""

    table: Table
    weight: F64
    cap: F64
    kinds: I8
    cost: F64
    p: int
    budget: float

    @property
    def choice(self) -> Choice:
        """What may be chosen, for the kernels."""
        return Choice(self.kinds, self.cost, float(self.p), float(self.budget))

    @property
    def free_choice(self) -> Choice:
        """The same once the fixed sites have taken their part of number and budget."""
        fixed = self.kinds == FIXED
        count, spent = fixed.sum(), self.cost[fixed].sum()
        return Choice(self.kinds, self.cost, float(self.p - count), float(self.budget - spent))

    def affords(self, sites: I64) -> bool:
        """Whether these sites keep the limits of number and budget."""
        return len(sites) <= self.p and float(self.cost[sites].sum()) <= self.budget

    def worth_less_than(self, objective: float) -> float:
        """Tell the bound from which on nothing is better than this objective."""
        return objective - 1 + 1e-6 if self.whole else objective * (1 - SAME)

    @cached_property
    def whole(self) -> bool:
        """Whether every total is a whole number, so that a bound may be rounded up."""
        parts = (self.table.metres, self.weight, self.cap)
        return all(bool((part == np.rint(part)).all()) for part in parts)


def checked(
    distances: object,
    weight: object,
    p: int | None,
    fixed: Collection[int],
    forbidden: Collection[int],
    cost: object,
    budget: float | None,
    penalty_m: float | None,
) -> Problem:
    """Check what :func:`planner.location.p_median` is given.

    Raises
    ------
    InputError
        As that function says.
    """
    if penalty_m is not None and not 0 < penalty_m < np.inf:
        raise InputError("location.bad_option", option="penalty_m", value=penalty_m)
    table = Table.of(distances, np.inf if penalty_m is None else penalty_m)
    n, m = table.shape
    residents = amounts(weight, n, "weight")
    if not residents.any():
        raise InputError("location.no_weight")
    kinds = candidate_kinds(fixed, forbidden, m)
    if budget is not None and cost is None:
        raise InputError("location.budget_without_cost")
    price = amounts(cost, m, "cost", fill=1.0)
    count, limit = site_count(p, budget, price, kinds)
    kinds[(kinds == FREE) & (price > limit - price[kinds == FIXED].sum())] = FORBIDDEN
    if not (kinds[table.site] != FORBIDDEN)[residents[table.row_of] > 0].any():
        raise InputError("location.nobody_in_reach")
    # without a penalty somebody unserved would cost more than any walk
    farthest = 2 * float(table.metres.max()) + 1 if penalty_m is None else float(penalty_m)
    return Problem(table, residents, np.full(n, farthest), kinds, price, count, limit)


def everyone_reachable(problem: Problem) -> None:
    """Refuse demand that does not reach every candidate, as a penalty must then be given.

    Raises
    ------
    InputError
        ``location.no_penalty``.
    """
    table = problem.table
    short = (np.diff(table.start) < table.shape[1]) & (problem.weight > 0)
    if short.any():
        raise InputError(
            "location.no_penalty",
            count=int(short.sum()),
            row=int(np.flatnonzero(short)[0]),
        )
