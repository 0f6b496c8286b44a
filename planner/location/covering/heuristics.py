"""Good choices fast: greedy, annealing from several starts, and their best combination.

A pool of a dozen choices is kept: annealed from the greedy one, and again and again bettered
neighbourhood by neighbourhood. Each has other sites at fault; the best combination of the sites of
several is a small model that HiGHS mostly solves outright in a fraction of a second, and is better
than all (path relinking over all paths at once; compare Applegate et al. 2006 on merging tours).
Single neighbourhoods of the best are solved exactly as well.
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
from planner.location.covering.regions import rebuild_regions
from planner.location.search import Search

__all__ = ["Heuristics", "empty_plan"]


_CHUNK = 50_000_000
"""Candidates looked at between two looks at the clock."""
_POOL = 12
_REBUILDS = 2
_REGION = 8
_HEATS, _WARM = ((0.04, 0.005), (0.03, 0.002)), ((0.008, 0.002), (0.003, 0.001))
"""First and last temperatures, as shares of what a site of the greedy choice is worth on average;
those of what was annealed before."""
_TIED_HEATS = ((0.04, 0.005), (0.02, 0.005), (0.08, 0.005), (0.04, 0.005))
_TIED_WARM = ((0.008, 0.005), (0.016, 0.005))
"""The same where money or conflicts bind: all in turn, for half as long when warmed up again."""
_EACH = 15
"""Exchanges that one rebuilt neighbourhood takes the time of."""
_SKETCH, _FIRST_STEPS, _STEPS = 100, 300, 600
"""Of one annealing, for each site."""
_AGAIN = 6
_SHARES, _LEAST = (0.002, 0.0005, 0.005), 4
"""Of steps in which prices picked a column that is searched, by round; such columns at least, as a
multiple of the sites."""
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
        self._reached: dict[tuple[float, float], float] = {}
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

    def sketch(self, prices: Prices, columns: I64) -> None:
        """Anneal once, shortly, so that the prices have something to aim at; as in a round."""
        near = self._likely(prices, columns)
        core = self._model.taking(near)
        self._anneal(core, near, _SKETCH * max(core.p, 10), _HEATS[0], prices.money)

    def round(self, prices: Prices, columns: I64) -> None:
        """Anneal anew, better what is in the pool, then combine.

        Parameters
        ----------
        prices
            Say what money is worth.
        columns
            Those that a better choice may contain, and those of the best.
        """
        self._pool = [
            (value, chosen) for value, chosen in self._pool if np.isin(chosen, columns).all()
        ]
        near = self._likely(prices, columns)
        core = self._model.taking(near)
        # longer annealing each round: slower cooling finds better choices (Kirkpatrick et al. 1983)
        p = max(min(core.p, core.shape[1]), 10)
        steps = min((_STEPS << min(self._rounds, 4)) * p, 40 * core.shape[1] + 10_000)
        if not self._rounds:
            steps = min(_FIRST_STEPS * p, steps)
        # from the greedy choice; which temperatures suit is seen from what each reaches: where
        # nearly all are covered a site more is worth little, and only low ones settle on anything
        tied = core.limited
        first = _TIED_HEATS if tied else _HEATS
        fresh = first[: len(first) // 2] if tied else (self._best_heat,)
        for heat in fresh if self._rounds else first:
            self._reached[heat] = self._anneal(core, near, steps, heat, prices.money)
        self._combine()
        # from the best of the pool: most of their sites are right already
        for number in range(_AGAIN):
            known = self._pool[number % min(len(self._pool), _AGAIN // 2)][1]
            warm = (_TIED_WARM if tied else _WARM)[number % len(_WARM)]
            self._anneal(core, near, steps // 2 if tied else steps, warm, prices.money, known)
        self._combine()
        whole = core if len(near) == len(columns) else self._model.taking(columns)
        for _ in range(_REBUILDS):
            self._rebuild(whole, columns)
        self._rounds += 1

    def _likely(self, prices: Prices, columns: I64) -> I64:
        """Leave out columns that a good choice hardly contains, and keep those of the pool."""
        # a choice near the best is made of what the prices pick again and again (the core problem
        # of Caprara, Fischetti and Toth 1999, A heuristic method for the set covering problem):
        # with a third of the columns a step costs a third. Prices know nothing of conflicts, and
        # with money they pick now these, now those of one price
        if self._model.limited:
            return columns
        share = _SHARES[self._rounds % len(_SHARES)]
        often = prices.likely(share, _LEAST * self._model.p)
        known = np.unique(np.concatenate([chosen for _, chosen in self._pool] or [self.best]))
        return np.union1d(np.intersect1d(often, columns), known)

    def _anneal(
        self,
        core: CoverModel,
        columns: I64,
        steps: int,
        heat: tuple[float, float],
        money: float,
        known: I64 | None = None,
    ) -> float:
        """Anneal from the greedy choice or one of the pool; answers what it reaches."""
        search = self._search
        if self._over():
            return -np.inf
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
        # what was annealed before is bettered more by its neighbourhoods than by single exchanges,
        # which do not move where money or conflicts tie sites all over the plan
        regions = known is not None and not core.limited and plan.sizes[0] > 1
        for one, next_one in pairwise(scale * np.geomspace(*heat, pieces + 1)):
            count = max(steps // pieces, 1)
            if regions:
                times = -(-count // _EACH)
                rebuild_regions(times, one, next_one, cover, plan)
            else:
                anneal(count, one, next_one, cover, plan, core.p, core.budget, money, core.limited)
            search.iterations += count
            search.report("search")
            if self._over():
                break
        # annealing may have ended with room for another site: fill up what it found best
        best = empty_plan(cover, 1)
        for j in plan.best[: plan.sizes[1]]:
            moves.append(np.int64(j), cover, best)
        moves.fill_greedily(cover, best, core.p, core.budget, False)
        self.keep(columns[best.opens[: best.sizes[0]]], known)
        return float(best.totals[0])

    @property
    def _best_heat(self) -> tuple[float, float]:
        return max(_HEATS, key=lambda heat: self._reached.get(heat, -np.inf))

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
