"""Good choices fast: greedy, annealed swaps from several starts, and their best combination.

Annealing finds choices within some tenths of a percent of the best, each with other sites at
fault. The best combination of sites from several of them is a small model that HiGHS mostly
solves outright in a fraction of a second, and is better than all (path relinking over all paths
at once; compare Applegate et al. 2006 on merging tours).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from planner.siting import cover_kernels as kernels
from planner.siting.cover_bounds import Prices
from planner.siting.cover_exact import settle
from planner.siting.cover_model import CoverModel
from planner.siting.cover_search import Climb

__all__ = ["Hunt"]

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

_CHUNK = 250_000
_ELITES = 12
_REBUILDS = 6
_REGION = 8
_HOT, _COLD = 0.04, 0.003
_NEAR = 0.8
_FIRST_RUNS, _RUNS = 3, 8


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
        self._elites: list[tuple[float, Int]] = []
        self.best: Int = np.empty(0, np.int64)
        self._rounds = 0
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
            kernels.fill_greedily(eased, plan, model.p, model.budget, by_cost)
            self.keep(plan.opens[: plan.sizes[0]].astype(np.int64))

    def _new_seed(self) -> int:
        return int(self._random.integers(1, 2**62))

    def keep(self, columns: Int) -> None:
        """Add a choice to the elites; a better one than all goes to the search."""
        columns = np.sort(columns)
        value = self._model.value(columns)
        if not self._elites or value > self._elites[0][0]:
            self.best = columns
        if not any(np.array_equal(columns, other) for _, other in self._elites):
            self._elites.append((value, columns))
            self._elites.sort(key=lambda pair: -pair[0])
            del self._elites[_ELITES:]
        self._climb.found(self._model.site[columns], value)

    def round(self, prices: Prices) -> None:
        """Anneal from several starts among the dearest columns, then combine the elites."""
        model, climb = self._model, self._climb
        size = max(10 * min(model.p, model.shape[1]), 300)
        columns = np.union1d(prices.core(size), self.best)
        core = model.taking(columns) if len(columns) < model.shape[1] else model
        sites = core.shape[1]
        runs, each = (_FIRST_RUNS, 2000) if not self._rounds else (_RUNS, 6000)
        each <<= min(max(self._rounds - 1, 0), 3)
        steps = min(each * max(min(model.p, sites), 10), 150 * sites**2)
        for _ in range(runs):
            self._anneal(core, columns, steps)
            if climb.over or climb.descent.searched_out:
                break
        self._combine()
        for _ in range(_REBUILDS if self._rounds else 2 * _REBUILDS):
            self._rebuild(core, columns)
        self._rounds += 1

    def _anneal(self, core: CoverModel, columns: Int, steps: int) -> None:
        model, climb = self._model, self._climb
        cover = core.cover
        plan = opened(cover, self._new_seed())
        kernels.fill_greedily(cover, plan, core.p, core.budget, False)
        scale = max(plan.totals[0], 1e-12) / max(int(plan.sizes[0]), 1)
        pieces = max(-(-steps // _CHUNK), 1)
        heat = scale * np.geomspace(_HOT, _COLD, pieces + 1)
        for one, next_one in pairwise(heat):
            kernels.anneal(
                steps // pieces,
                one,
                next_one,
                _NEAR,
                cover,
                plan,
                core.p,
                core.budget,
                model.limited,
            )
            climb.descent.iterations += steps // pieces
            climb.tell("search")
            if climb.over or climb.descent.searched_out:
                break
        best = opened(cover, 1)
        for j in plan.best[: plan.sizes[1]]:
            kernels.append(np.int64(j), cover, best)
        kernels.fill_greedily(cover, best, core.p, core.budget, False)
        self.keep(columns[best.opens[: best.sizes[0]]])

    def _rebuild(self, core: CoverModel, columns: Int) -> None:
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
        """Solve the model of the elites' sites, as far as a short time allows."""
        climb = self._climb
        if climb.over or len(self._elites) < 2:
            return
        columns = np.unique(np.concatenate([chosen for _, chosen in self._elites]))
        small = self._model.taking(columns)
        left = climb.seconds_left
        seconds = np.inf if climb.counted else min(max(0.3 * left, 0.2), 5.0)
        found, _ = settle(
            small, climb, np.searchsorted(columns, self.best), seconds=seconds, nodes=300
        )
        self.keep(columns[found])
        climb.tell("search", always=True)


def opened(cover: kernels.Cover, seed: int) -> kernels.Plan:
    """Start a plan with no site open."""
    rows, columns = len(cover.first), len(cover.cost)
    at_first = np.repeat(np.arange(columns), np.diff(cover.c_start))
    return kernels.Plan(
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
