"""The state of a search for the least: its clock, its best sites, its bound, its log."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I64
from planner.errors import InputError
from planner.location.results import Progress, ProgressCallback, Siting

__all__ = ["Search"]


SAME = 1e-9
"""Two objectives that differ by less, relatively, are the same."""


class Search:
    """What is known so far of a problem whose objective is to be as low as possible.

    Parameters
    ----------
    time_limit_s, gap, max_iterations, seed, progress, cancel
        As the problems take them.

    Raises
    ------
    InputError
        ``siting_location.bad_option`` for a limit that is negative or not a number.
    """

    def __init__(
        self,
        *,
        time_limit_s: float = np.inf,
        gap: float = 0.0,
        max_iterations: int | None = None,
        seed: int = 0,
        progress: ProgressCallback | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> None:
        iterations = np.inf if max_iterations is None else max_iterations
        given = {"time_limit_s": time_limit_s, "gap": gap, "max_iterations": iterations}
        for option, value in given.items():
            if not value >= 0:
                raise InputError("siting_location.bad_option", option=option, value=value)
        self.began = time.perf_counter()
        self.seed = seed
        self.sites: I64 | None = None
        self.objective = np.inf
        self.bound = -np.inf
        self.iterations = 0
        self._time_limit_s = time_limit_s
        self._gap = gap
        self._max_iterations = iterations
        self._progress = progress
        self._cancel = cancel
        self.enough: Callable[[], bool] | None = None
        self._log: list[Progress] = []
        self._told = -np.inf

    @property
    def seconds(self) -> float:
        """Time since the search began."""
        return time.perf_counter() - self.began

    @property
    def seconds_left(self) -> float:
        """Time until the limit; not below 0."""
        return max(self._time_limit_s - self.seconds, 0.0)

    @property
    def best(self) -> I64:
        """The best sites so far; none before the first are found."""
        return np.empty(0, np.int64) if self.sites is None else self.sites

    @property
    def watched(self) -> bool:
        """Whether somebody wants to hear of the search or may cancel it."""
        return self._progress is not None or self._cancel is not None

    @property
    def cancelled(self) -> bool:
        """Whether the caller gave up."""
        return self._cancel is not None and bool(self._cancel())

    @property
    def closed(self) -> bool:
        """Whether the bound has reached the objective."""
        return self._distance <= SAME

    @property
    def _distance(self) -> float:
        if not np.isfinite(self.objective) or not np.isfinite(self.bound):
            return np.inf
        return float(max(self.objective - self.bound, 0.0) / max(abs(self.objective), 1e-300))

    @property
    def stopped(self) -> str:
        """Why to stop now, in the words of :attr:`Siting.stopped`; empty to go on."""
        if self.closed:
            return "optimal"
        if self._distance <= self._gap or (self.enough is not None and self.enough()):
            return "gap"
        if self.cancelled:
            return "cancelled"
        if self.seconds >= self._time_limit_s:
            return "time"
        return ""

    @property
    def searched_out(self) -> bool:
        """Whether ``max_iterations`` of the heuristics are spent."""
        return self.iterations >= self._max_iterations

    def found(self, sites: npt.NDArray[np.integer], objective: float) -> bool:
        """Keep sites where they are better than the best so far; answers whether they are."""
        if objective >= self.objective:
            return False
        self.sites, self.objective = np.sort(sites).astype(np.int64), float(objective)
        return True

    def proved(self, bound: float) -> None:
        """Keep a bound where it is higher than the one known."""
        self.bound = max(self.bound, float(bound))

    def tell(self, stage: str, *, always: bool = False) -> None:
        """Log the state and tell it to the caller, at most ten times a second."""
        if not always and self.seconds - self._told < 0.1:
            return
        self._told = self.seconds
        line = Progress(
            stage,
            self.seconds,
            self.iterations,
            self.objective if np.isfinite(self.objective) else np.nan,
            min(self.bound, self.objective),
        )
        self._log.append(line)
        if self._progress is not None:
            self._progress(line)

    def followed(self) -> Search:
        """Start a search for a second aim, under what is left of the limits."""
        return Search(
            time_limit_s=self.seconds_left,
            gap=self._gap,
            max_iterations=None if np.isinf(self._max_iterations) else int(self._max_iterations),
            seed=self.seed,
            progress=self._progress,
            cancel=self._cancel,
        )

    def take(self, second: Search) -> None:
        """Take over the sites and the log of a search for a second aim."""
        self.sites = second.sites
        self._log += second._log

    def answer(
        self, *, covered: F64 | None = None, assignment: I64 | None = None, stopped: str = ""
    ) -> Siting:
        """Close the search and hand over what it found."""
        bound = self.objective if self.closed else min(self.bound, self.objective)
        return Siting(
            self.best,
            self.objective,
            bound,
            self.seconds,
            stopped or self.stopped or "iterations",
            tuple(self._log),
            covered,
            assignment,
        )
