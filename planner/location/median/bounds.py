"""Lower bounds of a p-median by prices on its residents, and what they rule out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.arrays import F64
from planner.location.inputs import FIXED, FORBIDDEN, FREE, Table
from planner.location.median.plans import Plans
from planner.location.median.problem import Problem
from planner.location.median.state import Found
from planner.location.search import Search
from planner.location.subgradient import Ascent, Rule

__all__ = ["Bounds"]

_STEPS = 50
_SHORTEST = 2e-3


class Bounds:
    """Prices that rows pay, and what follows from them."""

    def __init__(self, problem: Problem, plans: Plans, price: F64 | None = None) -> None:
        self.problem = problem
        if price is None:
            plans.set(plans.search.best)
            price = problem.weight * 0.5 * (plans.near.first_m + plans.near.second_m)
        self._ascent = Ascent.of(np.minimum(price, problem.weight * problem.cap), -np.inf)
        self._found = Found.nothing(problem.table.shape[1])

    @property
    def best_price(self) -> F64:
        """The prices of the best bound."""
        return self._ascent.best_price

    def rise(self, search: Search, plans: Plans) -> None:
        """Raise the bound until the steps are too short to matter or the search is over."""
        from planner.location.median.kernels import relax

        problem = self.problem
        while self._ascent.factor > _SHORTEST and not search.stopped:
            relax(
                problem.table.rows,
                problem.cap,
                problem.weight,
                problem.free_choice,
                search.objective,
                _STEPS,
                Rule(1.0),
                self._ascent,
                self._found,
            )
            bound = self._ascent.bound
            search.proved(np.ceil(bound - 1e-6) if problem.whole else bound)
            search.report("bound")
            if not search.stopped and not search.searched_out:
                self._round_off(plans)

    def _round_off(self, plans: Plans) -> None:
        """Take the sites that the prices choose as a start."""
        problem, picked = self.problem, self._found.picked
        order = np.lexsort((-picked, problem.kinds != FIXED))
        order = order[(picked[order] > 0) & (problem.kinds[order] != FORBIDDEN)]
        fits = np.cumsum(problem.cost[order]) <= problem.budget
        plans.set(order[fits][: problem.p])
        plans.fill(0)
        plans.improve()

    def reduced(self, search: Search) -> Problem:
        """Rule out and rule in the candidates whose opposite cannot beat the best plan."""
        problem = self.problem
        limit = problem.worth_less_than(search.objective)
        kinds = problem.kinds.copy()
        opened, closed = self._found.worth >= limit
        kinds[(kinds == FREE) & opened] = FORBIDDEN
        kinds[(problem.kinds == FREE) & closed] = FIXED
        fixed = kinds == FIXED
        neither = opened & closed & (problem.kinds == FREE)
        if neither.any() or not problem.affords(np.flatnonzero(fixed)):
            search.proved_best()
            return problem
        table = problem.table
        row, status = table.row_of, kinds[table.site]
        cap = problem.cap.copy()
        np.minimum.at(cap, row[status == FIXED], table.metres[status == FIXED])
        keep = (status == FREE) & (table.metres < cap[row])
        small = Table.sorted(row[keep], table.site[keep], table.metres[keep], table.shape)
        return replace(problem, table=small, cap=cap, kinds=kinds)
