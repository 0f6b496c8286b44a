"""The state of a search for the most: what :class:`Search` keeps for the least, turned round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I64
from planner.location.results import Progress, ProgressCallback, Siting
from planner.location.search import Search

__all__ = ["Climb"]


class Climb:
    """What is known so far of a problem whose objective is to be as high as possible.

    Parameters
    ----------
    whole
        Whether every choice is worth a whole number, so that bounds may be rounded down.
    time_limit_s, gap, max_iterations, seed, progress, cancel
        As the problems take them.
    """

    def __init__(
        self,
        *,
        whole: bool,
        time_limit_s: float,
        gap: float,
        max_iterations: int | None,
        seed: int,
        progress: ProgressCallback | None,
        cancel: Callable[[], bool] | None,
    ) -> None:
        def tell(line: Progress) -> None:
            if progress is not None:
                progress(_turned(line))

        self.descent = Search(
            time_limit_s=time_limit_s,
            gap=gap,
            max_iterations=max_iterations,
            seed=seed,
            progress=tell if progress else None,
            cancel=cancel,
        )
        self.whole = whole
        self.counted = max_iterations is not None

    @property
    def objective(self) -> float:
        """Of the best sites so far; −inf while there are none."""
        return -self.descent.objective

    @property
    def bound(self) -> float:
        """No choice is better."""
        return -self.descent.bound

    @property
    def over(self) -> bool:
        """Whether to stop now: the end is reached, or time is out, or nobody waits any more."""
        return bool(self.descent.stopped)

    @property
    def seconds_left(self) -> float:
        """Time until the limit."""
        return self.descent.seconds_left

    def found(self, sites: npt.NDArray[np.integer], objective: float) -> bool:
        """Keep sites where they are better than the best so far; answers whether they are."""
        return self.descent.found(sites, -objective)

    def proved(self, bound: float) -> None:
        """Keep a bound where it is lower than the one known."""
        if self.whole and np.isfinite(bound):
            bound = float(np.floor(bound + 1e-6 + 1e-12 * abs(bound)))
        self.descent.proved(-bound)

    def tell(self, stage: str, *, always: bool = False) -> None:
        """Log the state and tell it to the caller."""
        self.descent.tell(stage, always=always)

    def answer(self, sites: I64, covered: F64, stopped: str = "") -> Siting:
        """Close the search; ``sites`` are those of the best choice, the fixed among them."""
        told = self.descent.answer(stopped=stopped)
        return replace(
            told,
            sites=sites,
            objective=0.0 - told.objective,
            bound=0.0 - told.bound,
            log=tuple(_turned(line) for line in told.log),
            covered=covered,
        )


def _turned(line: Progress) -> Progress:
    return replace(line, objective=0.0 - line.objective, bound=0.0 - line.bound)
