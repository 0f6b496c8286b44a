"""Good choices fast: greedy, annealing from several starts, and their best combination.

A pool of a dozen choices is kept: annealed from the greedy one, and again and again warmed up a
little. Each has other sites at fault; the best combination of the sites of several is a small model
that HiGHS mostly solves outright in a fraction of a second, and is better than all (path relinking
over all paths at once; compare Applegate et al. 2006 on merging tours). Single neighbourhoods of
the best are solved exactly as well.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from planner.arrays import I64
from planner.location.covering import moves
from planner.location.covering.annealing import anneal
from planner.location.covering.bounds import Prices
from planner.location.covering.exact import solve_exactly
from planner.location.covering.model import CoverModel
from planner.location.search import Search

__all__ = ["Heuristics", "empty_plan"]


_CHUNK = 50_000_000
"""Candidates looked at between two looks at the clock."""
_POOL = 12
_REBUILDS = 4
_REGION = 8
_HOT, _WARM, _COLD = (0.04, 0.02, 0.08), (0.008, 0.016), 0.005
"""Temperatures, as shares of what a site of the greedy choice is worth on average."""
_FIRST_STEPS, _STEPS = 300, 600
"""Of one annealing, for each site."""
_FRESH, _AGAIN = (4, 2), 6
_WIDEST = 3
"""Sites that are combined, as a multiple of those of a choice."""


class Heuristics:
    """A pool of choices of one model, and the ways to better them.

    Parameters
    ----------
    model
        What to choose from.
    search
        Told of every improvement; says when to stop.
    seed
        Of the random numbers.
    """

    def __init__(self, model: CoverModel, search: Search, seed: int) -> None:
        self._model = model
        self._search = search
        self._random = np.random.default_rng(seed)
        self._pool: list[tuple[float, I64]] = []
        self.best: I64 = np.empty(0, np.int64)
        self._rounds = 0
        self._combined: set[bytes] = set()
        self._start_greedily()

    def _start_greedily(self) -> None:
        model = self._model
        # with a budget neither the most nor the most for the money is always better: try both
        ways = (False, True) if np.isfinite(model.budget) else (False,)
        eased = model.cover
        # where the second cover counts more than the first, a first site would look useless
        if (model.second > model.first).any():
            half = (model.first + model.second) / 2
            eased = eased._replace(first=half, second=half)
        for by_cost in ways:
            plan = empty_plan(eased, self._new_seed())
            moves.fill_greedily(eased, plan, model.p, model.budget, by_cost)
            self.keep(plan.opens[: plan.sizes[0]].astype(np.int64))

    def _new_seed(self) -> int:
        return int(self._random.integers(1, 2**62))

    def keep(self, columns: I64, parent: I64 | None = None) -> None:
        """Add a choice to the pool, in the place of the one that it was made from, if any."""
        columns = np.sort(columns)
        value = self._model.value(columns)
        if not self._pool or value > self._pool[0][0]:
            self.best = columns
        if not any(np.array_equal(columns, other) for _, other in self._pool):
            rest = [entry for entry in self._pool if parent is None or entry[1] is not parent]
            if len(rest) == len(self._pool) or value >= self._value_of(parent):
                self._pool = sorted([*rest, (value, columns)], key=lambda entry: -entry[0])[:_POOL]
        self._search.found(self._model.site[columns], value)

    def _over(self) -> bool:
        return bool(self._search.stopped) or self._search.searched_out

    def _value_of(self, columns: I64 | None) -> float:
        return max((v for v, other in self._pool if other is columns), default=-np.inf)

    def round(self, prices: Prices, columns: I64) -> None:
        """Anneal anew and from the pool, then combine.

        Parameters
        ----------
        prices
            Say what money is worth.
        columns
            Those that a better choice may contain, and those of the best.
        """
        core = self._model.taking(columns)
        self._pool = [
            (value, chosen) for value, chosen in self._pool if np.isin(chosen, columns).all()
        ]
        # longer annealing each round: slower cooling finds better choices (Kirkpatrick et al. 1983)
        p = max(min(core.p, core.shape[1]), 10)
        steps = min((_STEPS << min(self._rounds, 4)) * p, 40 * core.shape[1] + 10_000)
        if not self._rounds:
            steps = min(_FIRST_STEPS * p, steps)
        # from the greedy choice, at several temperatures, so that the pool is not all of one kind
        for number in range(_FRESH[min(self._rounds, 1)]):
            hot = _HOT[(self._rounds + number) % len(_HOT)]
            self._anneal(core, columns, steps, hot, prices.money)
        self._combine()
        # from the best of the pool, warmed up a little: most of their sites are right already
        for number in range(_AGAIN):
            known = self._pool[number % min(len(self._pool), _AGAIN // 2)][1]
            warm = _WARM[number % len(_WARM)]
            self._anneal(core, columns, steps // 2, warm, prices.money, known)
        self._combine()
        for _ in range(_REBUILDS):
            self._rebuild(core, columns)
        self._rounds += 1

    def _anneal(
        self,
        core: CoverModel,
        columns: I64,
        steps: int,
        hot: float,
        money: float,
        known: I64 | None = None,
    ) -> None:
        """Anneal from the greedy choice or one of the pool."""
        search = self._search
        if self._over():
            return
        cover = core.cover
        plan = empty_plan(cover, self._new_seed())
        if known is not None:
            for j in np.searchsorted(columns, known):
                moves.append(np.int64(j), cover, plan)
        moves.fill_greedily(cover, plan, core.p, core.budget, False)
        # temperatures are measured by what a site is worth, so that they suit any residents
        scale = max(plan.totals[0], 1e-12) / max(int(plan.sizes[0]), 1)
        each = core.shape[1] + 4 * core.entries**2 // (core.shape[0] * core.shape[1] + 1)
        pieces = max(-(-steps * each // _CHUNK), 1)
        heat = scale * np.geomspace(hot, _COLD, pieces + 1)
        for one, next_one in pairwise(heat):
            anneal(
                max(steps // pieces, 1),
                one,
                next_one,
                cover,
                plan,
                core.p,
                core.budget,
                money,
                core.limited,
            )
            search.iterations += max(steps // pieces, 1)
            search.report("search")
            if self._over():
                break
        # annealing may have ended with room for another site: fill up what it found best
        best = empty_plan(cover, 1)
        for j in plan.best[: plan.sizes[1]]:
            moves.append(np.int64(j), cover, best)
        moves.fill_greedily(cover, best, core.p, core.budget, False)
        self.keep(columns[best.opens[: best.sizes[0]]], known)

    def _rebuild(self, core: CoverModel, columns: I64) -> None:
        """Close the sites of one neighbourhood and choose as many anew, there or elsewhere."""
        search = self._search
        if search.stopped or len(self.best) < 2:
            return
        # sites are near that share demand, or share it with one that does: three steps of that
        best = np.searchsorted(columns, self.best)
        cover = core.pattern
        near = np.zeros(core.shape[1])
        near[self._random.choice(best)] = 1.0
        for _ in range(3):
            near = cover.T @ (cover @ near)
            near /= near.max()
        near = near[best] + 1e-9 * self._random.random(len(best))
        kept = best[np.argsort(-near)[_REGION:]]
        part = core.fixing(kept)
        if not part.entries:
            return
        # most neighbourhoods cannot be bettered; a bound tells so at a fraction of the cost
        prices = Prices(part)
        prices.improve(200, search.objective)
        worse = search.objective + (1 - 1e-6 if search.whole else 1e-9 * search.objective)
        if prices.bound <= worse:
            return
        inside = np.setdiff1d(best, kept)
        known = np.flatnonzero(np.isin(part.site, core.site[inside]))
        alive = np.union1d(prices.alive(worse), known)
        part = part.taking(alive)
        search.iterations += 10 * part.entries
        seconds = np.inf if search.counted else 1.0
        found, _ = solve_exactly(
            part, search, np.searchsorted(alive, known), seconds=seconds, nodes=50
        )
        self.keep(
            np.concatenate([columns[kept], np.searchsorted(self._model.site, part.site[found])])
        )
        search.report("search")

    def _combine(self) -> None:
        """Solve the model of the sites of the best of the pool, as far as a short time allows."""
        search = self._search
        if search.stopped or len(self._pool) < 2:
            return
        # as many of the pool as keep the model small enough to be solved outright
        columns = self.best
        for _, chosen in self._pool:
            wider = np.union1d(columns, chosen)
            if len(wider) > _WIDEST * max(len(self.best), 10):
                break
            columns = wider
        small = self._model.taking(columns)
        if len(columns) == len(self.best) or small.site.tobytes() in self._combined:
            return
        self._combined.add(small.site.tobytes())
        left = search.seconds_left
        seconds = np.inf if search.counted else min(max(0.2 * left, 0.2), 3.0)
        found, _ = solve_exactly(
            small, search, np.searchsorted(columns, self.best), seconds=seconds, nodes=300
        )
        self.keep(columns[found])
        search.report("search", always=True)


def empty_plan(cover: moves.Cover, seed: int) -> moves.Plan:
    """Start a plan with no site open."""
    rows, columns = len(cover.first), len(cover.cost)
    at_first = np.repeat(np.arange(columns), np.diff(cover.c_start))
    return moves.Plan(
        np.zeros(rows, np.int32),
        np.zeros(rows, np.int32),
        np.bincount(at_first, cover.first[cover.c_row], columns).astype(np.float64),
        np.zeros(columns, np.bool_),
        np.zeros(columns, np.int32),
        np.empty(columns, np.int32),
        np.empty(columns, np.int32),
        np.zeros(2, np.int64),
        np.zeros(3),
        np.array([seed], np.uint64),
    )
