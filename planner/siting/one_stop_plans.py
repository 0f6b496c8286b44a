"""Choices of kinds in buildings and their moves: greedy, perturbed, or made by HiGHS."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.siting.location_inputs import Float, Int
from planner.siting.location_mip import Model
from planner.siting.location_search import Search
from planner.siting.one_stop_problem import Problem, rate

__all__ = ["Plans", "decide"]

Bool = npt.NDArray[np.bool_]

_ROUNDS = 300


class Plans:
    """Choices of pairs and their moves."""

    def __init__(self, problem: Problem, search: Search) -> None:
        self.problem = problem
        self.search = search
        self.best = np.zeros(len(problem.building), np.bool_)
        self._by_pair = sparse.csr_array(problem.matrix.T)
        self._random = np.random.default_rng(search.seed)

    def told(self, chosen: Bool) -> bool:
        """Keep a choice that is better than the best."""
        if not self.search.found(self.problem.houses(chosen), -self.problem.gain(chosen)):
            return False
        self.best = chosen.copy()
        return True

    def fill(self, chosen: Bool, noise: float) -> Bool:
        """Add what covers most for its money until nothing fits or helps.

        A building comes with the kinds that are worth their money in it, or with a kind alone.
        """
        problem, search = self.problem, self.search
        chosen = chosen.copy()
        m = problem.shape[0]
        while True:
            open_house = np.zeros(m, np.bool_)
            open_house[problem.building[chosen]] = True
            left = problem.budget - problem.cost(chosen)
            uncovered = problem.matrix @ chosen.astype(np.int32) == 0
            gain = self._by_pair @ (problem.weight * uncovered)
            gain[chosen] = 0.0
            if noise:
                gain *= 1.0 + noise * self._random.random(len(gain))
            first = np.where(open_house[problem.building], 0.0, problem.house[problem.building])
            room = open_house[problem.building] | (int(open_house.sum()) < problem.p)
            value = np.where(room & (problem.money + first <= left), gain, 0.0)
            rates = rate(value, problem.money + first)
            best, pairs = float(rates.max(initial=0.0)), np.array([int(np.argmax(rates))])
            if int(open_house.sum()) < problem.p:
                bundle, bundle_rate = self._bundle(gain, open_house, left)
                if bundle_rate > best:
                    best, pairs = bundle_rate, bundle
            if best <= 0:
                return chosen
            chosen[pairs] = True
            search.tell("search")

    def _bundle(self, gain: Float, open_house: Bool, left: float) -> tuple[Int, float]:
        """Find the new building, with its best kinds together, that covers most for its money."""
        problem = self.problem
        at = np.flatnonzero((gain > 0) & ~open_house[problem.building])
        at = at[np.lexsort((-rate(gain[at], problem.money[at]), problem.building[at]))]
        if not len(at):
            return at, 0.0
        house = problem.building[at]
        first = np.flatnonzero(np.r_[True, house[1:] != house[:-1]])
        group = np.cumsum(np.r_[True, house[1:] != house[:-1]]) - 1
        value, money = np.cumsum(gain[at]), np.cumsum(problem.money[at])
        value = value - (value - gain[at])[first][group]
        money = money - (money - problem.money[at])[first][group] + problem.house[house]
        rates = np.where(money <= left, rate(value, money), 0.0)
        last = int(np.argmax(rates))
        return at[first[group[last]] : last + 1], float(rates[last])

    def climb(self, until_s: float | None = None) -> None:
        """Build a plan; with a time, close parts of the best and build again, again and again."""
        problem, search = self.problem, self.search
        if until_s is None:
            self.told(self.fill(self.best, 0.0))
            return
        idle = 0
        for _ in range(_ROUNDS):
            if search.stopped or search.searched_out or search.seconds >= until_s:
                return
            chosen = self.best.copy()
            houses = problem.houses(chosen)
            if idle % 2:
                pairs = np.flatnonzero(chosen)
                count = self._random.integers(1, max(2, len(pairs) // 2 + 1))
                chosen[self._random.choice(pairs, count, replace=False)] = False
            else:
                count = self._random.integers(1, max(2, len(houses) // 2 + 1))
                out = self._random.choice(houses, count, replace=False)
                chosen &= ~np.isin(problem.building, out)
            idle = 0 if self.told(self.fill(chosen, 0.4)) else idle + 1
            search.iterations += 1


def decide(problem: Problem, search: Search, plans: Plans) -> None:
    """Solve the model, from the best plan, for as long as there is time."""
    if search.stopped:
        return
    rows, pairs = problem.matrix.shape
    houses, house = np.unique(problem.building, return_inverse=True)
    belongs = sparse.csr_array((np.ones(pairs), (np.arange(pairs), house)))
    matrix = sparse.block_array(
        [
            [-problem.matrix, None, sparse.eye_array(rows)],
            [sparse.eye_array(pairs), -belongs, None],
            [problem.money[None, :], problem.house[houses][None, :], np.zeros((1, rows))],
            [np.zeros((1, pairs)), np.ones((1, len(houses))), None],
        ],
        format="csr",
    )
    columns = pairs + len(houses) + rows
    model = Model(
        cost=np.concatenate([np.zeros(pairs + len(houses)), -problem.weight]),
        matrix=sparse.csr_array(matrix),
        low=np.full(rows + pairs + 2, -np.inf),
        high=np.concatenate([np.zeros(rows + pairs), [problem.budget, problem.p]]),
        upper=np.ones(columns),
        whole=np.arange(columns) < pairs + len(houses),
    )
    covered = problem.matrix @ plans.best.astype(np.int32) > 0
    opened = np.isin(houses, problem.houses(plans.best))
    start = np.concatenate([plans.best, opened, covered]).astype(np.float64)
    solved = model.solve(search, start=start)
    search.proved(min(solved.bound, search.objective))
    if solved.values is not None:
        chosen = solved.values[:pairs] > 0.5
        if problem.cost(chosen) <= problem.budget * (1 + 1e-6):
            plans.told(chosen)
    if solved.status == "optimal" and solved.bound >= search.objective * (1 + 1e-7):
        search.proved(search.objective)
