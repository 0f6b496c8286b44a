"""Sets of open sites of a cover, and their moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from planner.arrays import Bool
from planner.location.search import Search
from planner.location.set_covering.problem import Cover

__all__ = ["Plans"]


class Plans:
    """Sets of open sites of a cover, and their moves."""

    def __init__(self, cover: Cover, search: Search) -> None:
        self.cover = cover
        self.search = search
        self._random = np.array([0x9E3779B97F4A7C15 ^ (search.seed + 1)], np.uint64)
        self._open = np.zeros(len(cover.cost), np.bool_)
        self._best = self._open.copy()
        self._least = np.inf
        self._count = np.zeros(len(cover.weight), np.int32)

    def keep(self) -> bool:
        """Tell the search of the open sites; answers whether they are its best."""
        cover = self.cover
        total = cover.spent + float(cover.cost[self._open].sum())
        if total < self._least:
            self._least, self._best = total, self._open.copy()
        sites = np.array([*cover.chosen, *cover.candidate[self._open]], np.int64)
        return self.search.found(sites, total)

    def complete(self, noise: float) -> bool:
        """Open what is missing, close what is not needed; answers whether it is the best."""
        from planner.location.set_covering.kernels import cover_up, prune, tally

        cover = self.cover
        tally(*cover.columns, self._open, self._count)
        cover_up(
            *cover.rows,
            *cover.columns,
            cover.weight,
            cover.need,
            cover.cost,
            noise,
            self._random,
            self._open,
            self._count,
        )
        prune(*cover.columns, cover.weight, cover.need, cover.cost, self._open, self._count)
        self.search.report("search")
        return self.keep()

    def start(self, is_open: Bool) -> bool:
        """Take these sites as a start and complete them."""
        self._open = is_open.copy()
        return self.complete(0.0)

    def perturb(self, enough: Callable[[int], bool]) -> None:
        """Close some sites of the best plan at random and complete it, again and again."""
        random = np.random.default_rng(self.search.seed)
        done = idle = 0
        while not enough(done) and not self.search.searched_out:
            sites = np.flatnonzero(self._best)
            if not len(sites):
                return
            # close up to half of the sites, more of them the longer nothing better was found
            count = min(1 + len(sites) * (1 + idle % 5) // 10, len(sites))
            # closing some and completing by the greedy (Jacobs and Brusco 1995, A local-search
            # heuristic for large set-covering problems, Naval Research Logistics 42): what the
            # first choices forced is chosen anew. With noise 0.3 a site may be up to 30 % dearer
            # for its weight and still come first; without any the old plan would often come back
            self._open = self._best.copy()
            self._open[random.choice(sites, count, replace=False)] = False
            idle = 0 if self.complete(0.3) else idle + 1
            done += 1
            self.search.iterations += 1
