"""Choices of kinds in buildings and their moves: greedy, perturbed, or made by HiGHS."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from planner.arrays import F64, Bool
from planner.location.mip import Model, closed_bound
from planner.location.one_stop_sites.problem import Problem, rate
from planner.location.search import SAME, Search

__all__ = ["Plans", "decide", "economise"]


_ROUNDS = 300
"""Times that parts of the best plan are closed and built again, at most."""
_SHORTEST_S = 0.5
"""Processor time that the search for a cheaper plan has at least, seconds."""


class Plans:
    """Choices of pairs and their moves."""

    def __init__(self, problem: Problem, search: Search) -> None:
        self.problem = problem
        self.search = search
        self.best = np.zeros(len(problem.building), np.bool_)
        self._by_pair = sparse.csr_array(problem.matrix.T)
        self._random = np.random.default_rng(search.seed)

    def keep(self, chosen: Bool) -> bool:
        """Keep a choice that can be paid and is better than the best."""
        if self.problem.cost(chosen) > self.problem.budget * (1 + 1e-9):
            return False
        if not self.search.found(self.problem.buildings(chosen), self.problem.gain(chosen)):
            return False
        self.best = chosen.copy()
        return True

    def cheapen(self, chosen: Bool) -> bool:
        """Keep a choice that covers as much as the best and costs less."""
        problem = self.problem
        if problem.gain(chosen) < self.search.objective * (1 - SAME):
            return False
        if problem.cost(chosen) >= problem.cost(self.best) * (1 - SAME):
            return False
        self.best = chosen.copy()
        return True

    def trim(self) -> None:
        """Leave out of the best plan what nobody needs who is not covered by the rest of it."""
        pairs = np.flatnonzero(self.best)
        once = self.problem.matrix @ self.best.astype(np.int32) == 1
        alone = self._by_pair @ (self.problem.weight * once)
        for pair in pairs[np.argsort(alone[pairs], kind="stable")]:
            less = self.best.copy()
            less[pair] = False
            self.cheapen(less)

    def fill(self, chosen: Bool, noise: float) -> Bool:
        """Add what covers most for its share of the money and of the buildings that are left.

        A step fills a new building, or adds to one that is open.
        """
        # most for the money, one step after another (Khuller, Moss and Naor 1999). What a step
        # takes is counted as shares of what is left, since money and number of buildings may both
        # run out
        problem, search, fillings = self.problem, self.search, self.problem.fillings
        chosen = chosen.copy()
        while True:
            mask = problem.kinds_inside(chosen)
            paid = fillings.price(mask)
            uncovered = problem.matrix @ chosen.astype(np.int32) == 0
            gain = self._by_pair @ (problem.weight * uncovered)
            if noise:
                gain *= 1.0 + noise * self._random.random(len(gain))
            inside = mask[fillings.building]
            more = fillings.cost - paid[fillings.building]
            left, slots = problem.budget - float(paid.sum()), problem.p - np.count_nonzero(mask)
            fits = ((fillings.mask & inside) == inside) & (fillings.mask != inside) & (more <= left)
            fits &= (inside > 0) | (slots > 0)
            used = more / max(left, 1e-9)
            if problem.p < len(fillings.first):
                used = used + (inside == 0) / max(slots, 1)
            rates = np.where(fits, rate(fillings.pairs @ gain, used), 0.0)
            best = int(np.argmax(rates)) if len(rates) else 0
            if not len(rates) or rates[best] <= 0:
                return chosen
            chosen[fillings.pairs[[best]].indices] = True
            search.report("search")

    def construct(self) -> None:
        """Build a first plan."""
        self.keep(self.fill(self.best, 0.0))

    def perturb(self, until_s: float) -> None:
        """Close parts of the best plan at random and build again, until as long was worked."""
        # ruin and recreate (Schrimpf, Schneider, Stamm-Wilbrandt and Dueck 2000). By turns whole
        # buildings go, which frees their sites and fixed costs for others, and single kinds, which
        # changes what is in the buildings that stay: either alone seldom makes
        # some plans that the other does
        problem, search = self.problem, self.search
        idle = 0
        for _ in range(_ROUNDS):
            if search.stopped or search.searched_out or search.spent_s >= until_s:
                return
            chosen = self.best.copy()
            buildings = problem.buildings(chosen)
            if idle % 2:
                pairs = np.flatnonzero(chosen)
                count = self._random.integers(1, max(2, len(pairs) // 2 + 1))
                chosen[self._random.choice(pairs, count, replace=False)] = False
            else:
                count = self._random.integers(1, max(2, len(buildings) // 2 + 1))
                out = self._random.choice(buildings, count, replace=False)
                chosen &= ~np.isin(problem.building, out)
            # with gains up to 40 % too high: with none the greedy would mostly build the old plan
            # again, with far more it would build without regard to what is gained
            idle = 0 if self.keep(self.fill(chosen, 0.4)) else idle + 1
            search.iterations += 1


def decide(problem: Problem, search: Search, plans: Plans) -> None:
    """Solve the model, from the best plan, for as long as there is time."""
    if search.stopped:
        return
    # the best plan is the start, so that all branches that cover no more are cut off at once
    model, start = _model(problem, plans.best)
    solved = model.solve(search, start=start)
    if solved.values is not None:
        taken = solved.values[: len(problem.fillings.cost)] > 0.5
        plans.keep(problem.fillings.pairs.T @ taken.astype(np.int32) > 0)
    search.proved(max(closed_bound(-solved.bound, search.objective), search.objective))


def economise(problem: Problem, search: Search, plans: Plans) -> float:
    """Look for the cheapest plan that covers as much as the best, once nothing covers more.

    It may take as long as all before it, and what is left of the limits.

    Parameters
    ----------
    problem
        With the fillings that plans as good as the best may hold.
    search
        Of the plan that covers most; its objective and bound stay.
    plans
        Keeps the cheaper plan.

    Returns
    -------
    No plan that covers as much costs less, as far as proven; 0 where nothing is.
    """
    # what can simply be left out goes first; it gives the model a cheaper start, and an answer
    # where that is not solved
    plans.trim()
    second = search.followed(gap=0.0, progress=None)
    # as long as some plan might cover more, the cheapest for this coverage is not what was asked
    # for
    if not search.closed or second.interrupted:
        return 0.0
    model, start = _model(problem, plans.best)
    count = len(problem.fillings.cost)
    # the same model turned round: what was to be the most is a row that must be reached, and the
    # money is to be the least
    covered = sparse.csr_array(-model.cost[None, :])
    least = replace(
        model,
        cost=np.append(problem.fillings.cost, np.zeros(len(model.cost) - count)),
        matrix=sparse.vstack([model.matrix, covered], format="csr"),
        low=np.append(model.low, search.objective * (1 - SAME)),
        high=np.append(model.high, np.inf),
    )
    seconds = np.inf if search.counted else max(search.spent_s, _SHORTEST_S)
    solved = least.solve(second, start=start, seconds=seconds)
    if solved.values is not None:
        taken = solved.values[:count] > 0.5
        plans.cheapen(problem.fillings.pairs.T @ taken.astype(np.int32) > 0)
    cost = plans.problem.cost(plans.best)
    return max(min(closed_bound(solved.bound, cost), cost), 0.0)


def _model(problem: Problem, best: Bool) -> tuple[Model, F64]:
    """Return the model, and the best plan as its start: columns are fillings, then rows covered."""
    fillings, count = problem.fillings, len(problem.fillings.cost)
    reached = sparse.csr_array(problem.matrix @ fillings.pairs.T)
    kept = np.flatnonzero(np.diff(reached.indptr) > 0)
    rows = len(kept)
    house = np.cumsum(np.r_[False, fillings.building[1:] != fillings.building[:-1]])
    one = sparse.csr_array((np.ones(count), (house, np.arange(count))))
    matrix = sparse.block_array(
        [
            [-reached[kept], sparse.eye_array(rows)],
            [one, None],
            [fillings.cost[None, :], np.zeros((1, rows))],
            [np.ones((1, count)), None],
        ],
        format="csr",
    )
    limits = np.array([problem.budget, problem.p], dtype=np.float64)
    model = Model(
        cost=np.concatenate([np.zeros(count), -problem.weight[kept]]),
        matrix=sparse.csr_array(matrix),
        low=np.full(matrix.shape[0], -np.inf),
        high=np.concatenate([np.zeros(rows), np.ones(one.shape[0]), limits]),
        upper=np.ones(count + rows),
        whole=np.arange(count + rows) < count,
    )
    covered = (problem.matrix @ best.astype(np.int32) > 0)[kept]
    taken = fillings.mask == problem.kinds_inside(best)[fillings.building]
    return model, np.concatenate([taken, covered]).astype(np.float64)
