"""Sets of open sites of a p-median and their moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from planner.arrays import I64
from planner.location.inputs import FREE
from planner.location.median.problem import Problem
from planner.location.median.state import Nearest
from planner.location.search import Search

__all__ = ["Plans"]


class Plans:
    """Sets of open sites and their moves, on one problem."""

    def __init__(self, problem: Problem, search: Search) -> None:
        n, m = problem.table.shape
        self.problem = problem
        self.search = search
        self._random = np.array([0x9E3779B97F4A7C15 ^ (search.seed + 1)], np.uint64)
        self.near = Nearest.none(n, m)

    def set(self, sites: npt.NDArray[np.integer]) -> None:
        """Open these sites and no others."""
        from planner.location.median.kernels import all_nearest_two

        self.near.is_open[:] = False
        self.near.is_open[sites] = True
        all_nearest_two(self.problem.table.rows, self.problem.cap, self.near)

    @property
    def objective(self) -> float:
        """Total walking to the open sites."""
        return float(self.problem.weight @ self.near.first_m)

    def fill(self, sample: int) -> None:
        """Open what saves most until no more may be opened; drawn candidates first."""
        from planner.location.median.kernels import fill_up

        problem = self.problem
        fill_up(
            problem.table.columns,
            problem.weight,
            problem.choice,
            sample,
            self._random,
            self.near,
        )

    def improve(self) -> bool:
        """Interchange until nothing helps or the time is over; answers whether it is the best."""
        from planner.location.median.kernels import interchange

        problem, search = self.problem, self.search
        while True:
            moves = interchange(
                problem.table.rows,
                problem.cap,
                problem.table.columns,
                problem.weight,
                problem.choice,
                1e-10 * abs(self.objective),
                1000,
                self._random,
                self.near,
            )
            # what an interchange saved of the budget may pay for one site more
            if moves:
                self.fill(0)
            # a thousand at a time, so that somebody who waits or has a limit is heard in between
            if moves < 1000 or search.stopped:
                break
        search.report("search")
        return search.found(np.flatnonzero(self.near.is_open), self.objective)

    def perturb(self, enough: Callable[[int], bool]) -> int:
        """Close some sites of the best plan at random, fill up and improve, again and again."""
        from planner.location.median.kernels import close_sites

        problem, search = self.problem, self.search
        done = idle = 0
        while not enough(done) and not search.searched_out:
            self.set(search.best)
            loose = search.best[problem.kinds[search.best] == FREE]
            if not len(loose):
                break
            # iterated local search (Lourenço, Martin and Stützle 2003, in Handbook of
            # Metaheuristics): a larger kick the longer nothing better was found, eight rounds of
            # each size, since where a kick leads is chance. Beyond twelve sites it begins at one
            # again: much larger kicks would lose what makes the plan good
            count = min(1 + (idle // 8) % max(1, min(len(loose), 12)), len(loose))
            close_sites(
                count,
                problem.table.rows,
                problem.cap,
                problem.table.columns,
                problem.kinds,
                self._random,
                self.near,
            )
            # by a drawn few instead of all, so that the plan does not fall back to the old one
            self.fill(4 + 2 * (done % 8))
            idle = 0 if self.improve() else idle + 1
            done += 1
            search.iterations += 1
        return done

    def assignment(self) -> I64:
        """Each demand's site in the best plan, −1 where the penalty is charged."""
        self.set(self.search.best)
        return self.near.first.astype(np.int64)
