"""Sets of open sites of a p-median and their moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from planner.arrays import I64
from planner.location.inputs import FREE
from planner.location.median.problem import Problem
from planner.location.search import Search

__all__ = ["Plans"]


class Plans:
    """Sets of open sites and their moves, on one problem."""

    def __init__(self, problem: Problem, search: Search) -> None:
        n, m = problem.table.shape
        self.problem = problem
        self.search = search
        self._random = np.array([0x9E3779B97F4A7C15 ^ (search.seed + 1)], np.uint64)
        self.is_open = np.zeros(m, np.bool_)
        self.first, self.second = np.empty(n, np.int32), np.empty(n, np.int32)
        self.first_m, self.second_m = np.empty(n), np.empty(n)

    @property
    def _rows(self) -> tuple[npt.NDArray[np.generic], ...]:
        return self.first, self.first_m, self.second, self.second_m

    def set(self, sites: npt.NDArray[np.integer]) -> None:
        """Open these sites and no others."""
        from planner.location.median.kernels import all_nearest_two

        self.is_open[:] = False
        self.is_open[sites] = True
        problem = self.problem
        all_nearest_two(*problem.table.rows, problem.cap, self.is_open, *self._rows)

    @property
    def objective(self) -> float:
        """Total walking to the open sites."""
        return float(self.problem.weight @ self.first_m)

    def fill(self, sample: int) -> None:
        """Open what saves most until no more may be opened; drawn candidates first."""
        from planner.location.median.kernels import fill_up

        problem = self.problem
        fill_up(
            *problem.table.columns,
            problem.weight,
            problem.kinds,
            problem.cost,
            problem.p,
            problem.budget,
            sample,
            self._random,
            self.is_open,
            *self._rows,
        )

    def improve(self) -> bool:
        """Interchange until nothing helps or the time is over; answers whether it is the best."""
        from planner.location.median.kernels import interchange

        problem, search = self.problem, self.search
        while True:
            moves = interchange(
                *problem.table.rows,
                problem.cap,
                *problem.table.columns,
                problem.weight,
                problem.kinds,
                problem.cost,
                problem.budget,
                1e-10 * abs(self.objective),
                1000,
                self._random,
                self.is_open,
                *self._rows,
            )
            if moves:
                self.fill(0)
            if moves < 1000 or search.stopped:
                break
        search.report("search")
        return search.found(np.flatnonzero(self.is_open), self.objective)

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
            # iterated local search: a larger kick the longer nothing better was found
            count = min(1 + (idle // 8) % max(1, min(len(loose), 12)), len(loose))
            close_sites(
                count,
                *problem.table.rows,
                problem.cap,
                *problem.table.columns[:2],
                problem.kinds,
                self._random,
                self.is_open,
                *self._rows,
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
        return self.first.astype(np.int64)
