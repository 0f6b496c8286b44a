"""Good choices fast: greedy, annealing from several starts, and their best combination.

A dozen choices are bred side by side: annealed from the greedy one, and again and again warmed up
a little. Each has other sites at fault; the best combination of the sites of several is a small
model that HiGHS mostly solves outright in a fraction of a second, and is better than all (path
relinking over all paths at once; compare Applegate et al. 2006 on merging tours). Single
neighbourhoods of the best are solved exactly as well.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from planner.arrays import I64
from planner.location.covering import moves
from planner.location.covering.annealing import anneal
from planner.location.covering.bounds import Prices
from planner.location.covering.exact import settle
from planner.location.covering.model import CoverModel
from planner.location.covering.search import Climb

__all__ = ["Hunt", "opened"]


_CHUNK = 50_000_000
"""Candidates looked at between two looks at the clock."""
_LINES = 12
_REBUILDS = 4
_REGION = 8
_HOT, _WARM, _COLD = (0.04, 0.02, 0.08), (0.008, 0.016), 0.005
"""Temperatures, as shares of what a site of the greedy choice is worth on average."""
_FIRST_STEPS, _STEPS = 300, 600
"""Of one annealing, for each site."""
_FRESH, _AGAIN = (4, 2), 6
_WIDEST = 3
"""Sites that are combined, as a multiple of those of a choice."""


class Hunt:
    """A search for choices of one model.

    Parameters
    ----------
    model
        What to choose from.
    climb
        Told of every improvement; says when to stop.
    seed
        Of the random numbers.
    """

    def __init__(self, model: CoverModel, climb: Climb, seed: int) -> None:
        self._model = model
        self._climb = climb
        self._random = np.random.default_rng(seed)
        self._lines: list[tuple[float, I64]] = []
        self.best: I64 = np.empty(0, np.int64)
        self._rounds = 0
        self._combined: set[bytes] = set()
        self._greedy()

    def _greedy(self) -> None:
        model = self._model
        ways = (False, True) if np.isfinite(model.budget) else (False,)
        eased = model.cover
        if (model.second > model.first).any():
            half = (model.first + model.second) / 2
            eased = eased._replace(first=half, second=half)
        for by_cost in ways:
            plan = opened(eased, self._new_seed())
            moves.fill_greedily(eased, plan, model.p, model.budget, by_cost)
            self.keep(plan.opens[: plan.sizes[0]].astype(np.int64))

    def _new_seed(self) -> int:
        return int(self._random.integers(1, 2**62))

    def keep(self, columns: I64, parent: I64 | None = None) -> None:
        """Add a choice to those that are bred, in the place of its parent where it has one."""
        columns = np.sort(columns)
        value = self._model.value(columns)
        if not self._lines or value > self._lines[0][0]:
            self.best = columns
        if not any(np.array_equal(columns, other) for _, other in self._lines):
            bred = [line for line in self._lines if parent is None or line[1] is not parent]
            if len(bred) == len(self._lines) or value >= self._value_of(parent):
                self._lines = sorted([*bred, (value, columns)], key=lambda line: -line[0])[:_LINES]
        self._climb.found(self._model.site[columns], value)

    def _value_of(self, columns: I64 | None) -> float:
        return max((v for v, other in self._lines if other is columns), default=-np.inf)

    def round(self, prices: Prices, columns: I64) -> None:
        """Anneal anew and from what is bred, then combine.

        Parameters
        ----------
        prices
            Say what money is worth.
        columns
            Those that a better choice may contain, and those of the best.
        """
        core = self._model.taking(columns)
        self._lines = [
            (value, chosen) for value, chosen in self._lines if np.isin(chosen, columns).all()
        ]
        p = max(min(core.p, core.shape[1]), 10)
        steps = min((_STEPS << min(self._rounds, 4)) * p, 40 * core.shape[1] + 10_000)
        if not self._rounds:
            steps = min(_FIRST_STEPS * p, steps)
        for number in range(_FRESH[min(self._rounds, 1)]):
            hot = _HOT[(self._rounds + number) % len(_HOT)]
            self._anneal(core, columns, steps, hot, prices.money)
        self._combine()
        for number in range(_AGAIN):
            line = self._lines[number % min(len(self._lines), _AGAIN // 2)][1]
            warm = _WARM[number % len(_WARM)]
            self._anneal(core, columns, steps // 2, warm, prices.money, line)
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
        line: I64 | None = None,
    ) -> None:
        """Anneal from the greedy choice or a line."""
        climb = self._climb
        if climb.descent.stopped or climb.descent.searched_out:
            return
        cover = core.cover
        plan = opened(cover, self._new_seed())
        if line is not None:
            for j in np.searchsorted(columns, line):
                moves.append(np.int64(j), cover, plan)
        moves.fill_greedily(cover, plan, core.p, core.budget, False)
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
            climb.descent.iterations += max(steps // pieces, 1)
            climb.tell("search")
            if climb.over or climb.descent.searched_out:
                break
        best = opened(cover, 1)
        for j in plan.best[: plan.sizes[1]]:
            moves.append(np.int64(j), cover, best)
        moves.fill_greedily(cover, best, core.p, core.budget, False)
        self.keep(columns[best.opens[: best.sizes[0]]], line)

    def _rebuild(self, core: CoverModel, columns: I64) -> None:
        """Close the sites of one neighbourhood and choose as many anew, there or elsewhere."""
        climb = self._climb
        if climb.over or len(self.best) < 2:
            return
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
        prices = Prices(part)
        prices.improve(200, climb.objective)
        worse = climb.objective + (1 - 1e-6 if climb.whole else 1e-9 * climb.objective)
        if prices.bound <= worse:
            return
        inside = np.setdiff1d(best, kept)
        known = np.flatnonzero(np.isin(part.site, core.site[inside]))
        alive = np.union1d(prices.alive(worse), known)
        part = part.taking(alive)
        climb.descent.iterations += 10 * part.entries
        found, _ = settle(part, climb, np.searchsorted(alive, known), seconds=1.0, nodes=50)
        self.keep(
            np.concatenate([columns[kept], np.searchsorted(self._model.site, part.site[found])])
        )
        climb.tell("search")

    def _combine(self) -> None:
        """Solve the model of the sites of the best lines, as far as a short time allows."""
        climb = self._climb
        if climb.over or len(self._lines) < 2:
            return
        columns = self.best
        for _, chosen in self._lines:
            wider = np.union1d(columns, chosen)
            if len(wider) > _WIDEST * max(len(self.best), 10):
                break
            columns = wider
        small = self._model.taking(columns)
        if len(columns) == len(self.best) or small.site.tobytes() in self._combined:
            return
        self._combined.add(small.site.tobytes())
        left = climb.seconds_left
        seconds = np.inf if climb.counted else min(max(0.2 * left, 0.2), 3.0)
        found, _ = settle(
            small, climb, np.searchsorted(columns, self.best), seconds=seconds, nodes=300
        )
        self.keep(columns[found])
        climb.tell("search", always=True)


def opened(cover: moves.Cover, seed: int) -> moves.Plan:
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
