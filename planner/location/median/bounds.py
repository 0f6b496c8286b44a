"""Lower bounds of a p-median by prices on its residents, and what they rule out.

The prices are those of the relaxation of Cornuéjols, Fisher and Nemhauser (1977); ruling out by
them is reduced-cost fixing, used for p-medians by Briant and Naddef (2004, *The optimal diversity
management problem*).
"""

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
"""Steps of the prices between two plans made of them."""
_SHORTEST = 2e-3
"""Factor of the step length below which further steps hardly move the prices."""


class Bounds:
    """Prices that rows pay, and what follows from them."""

    def __init__(self, problem: Problem, plans: Plans, price: F64 | None = None) -> None:
        self.problem = problem
        if price is None:
            # halfway between the walk to the nearest open site of the best plan and that to the
            # second: of these sites only the nearest then earns something from a row, which is thus
            # served once
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
            # whole metres of whole residents make whole totals, so that a bound may be rounded up
            search.proved(np.ceil(bound - 1e-6) if problem.whole else bound)
            search.report("bound")
            if not search.stopped and not search.searched_out:
                self._round_off(plans)

    def _round_off(self, plans: Plans) -> None:
        """Take the sites that the prices choose as a start."""
        problem, picked = self.problem, self._found.picked
        # the sites that the prices choose together are nearly a plan: those picked wholly come
        # first, and interchange mends the rest
        order = np.lexsort((-picked, problem.kinds != FIXED))
        order = order[(picked[order] > 0) & (problem.kinds[order] != FORBIDDEN)]
        fits = np.cumsum(problem.cost[order]) <= problem.budget
        plans.set(order[fits][: problem.p])
        plans.fill(0)
        plans.improve()

    def reduced(self, search: Search) -> Problem:
        """Rule out and rule in the candidates whose opposite cannot beat the best plan."""
        problem = self.problem
        # a candidate is ruled out where the bound with it open reaches what a better plan must stay
        # below, and ruled in where that with it shut does
        limit = problem.worth_less_than(search.objective)
        kinds = problem.kinds.copy()
        opened, closed = self._found.worth >= limit
        kinds[(kinds == FREE) & opened] = FORBIDDEN
        kinds[(problem.kinds == FREE) & closed] = FIXED
        fixed = kinds == FIXED
        # if one can be neither, or more are ruled in than may be open, there is no better plan
        neither = opened & closed & (problem.kinds == FREE)
        if neither.any() or not problem.affords(np.flatnonzero(fixed)):
            search.proved_best()
            return problem
        # a site ruled in is open in every better plan: nobody walks farther than to it, and what is
        # farther off serves nobody
        table = problem.table
        row, status = table.row_of, kinds[table.site]
        cap = problem.cap.copy()
        np.minimum.at(cap, row[status == FIXED], table.metres[status == FIXED])
        keep = (status == FREE) & (table.metres < cap[row])
        small = Table.sorted(row[keep], table.site[keep], table.metres[keep], table.shape)
        return replace(problem, table=small, cap=cap, kinds=kinds)
