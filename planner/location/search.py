"""The state of a search: its clock, its best sites, its bound, its log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, Unpack

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I64
from planner.errors import InputError
from planner.location.clock import Clock
from planner.location.limits import LimitKeywords, Limits
from planner.location.results import Progress, Siting

__all__ = ["SAME", "Search"]


SAME = 1e-9
"""Two objectives that differ by less, relatively, are the same."""

WALL_FACTOR = 5.0
"""Times the processor time that a search may take on the wall, where other work crowds it out."""

SOLVER_NODES = 2000
"""Branches of a solver's tree where steps are counted instead of seconds."""


class Search:
    """What is known so far of a problem.

    Parameters
    ----------
    limits
        When to stop, and who hears of it; none where nothing is given.
    sense
        Whether the objective is to be as low or as high as possible.
    whole
        Whether every choice is worth a whole number, so that bounds may be rounded.

    Raises
    ------
    InputError
        ``location.bad_option`` for a limit that is negative or not a number.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        sense: Literal["minimise", "maximise"] = "minimise",
        *,
        whole: bool = False,
    ) -> None:
        limits = limits or Limits()
        iterations = np.inf if limits.max_iterations is None else limits.max_iterations
        seconds = np.inf if limits.time_limit_s is None else limits.time_limit_s
        given = {"time_limit_s": seconds, "gap": limits.gap, "max_iterations": iterations}
        for option, value in given.items():
            if not value >= 0:
                raise InputError("location.bad_option", option=option, value=value)
        self.clock = Clock()
        self.limits = limits
        self.whole = whole
        self.sites: I64 | None = None
        self.iterations = 0
        self.enough: Callable[[], bool] | None = None
        self._sign = 1.0 if sense == "minimise" else -1.0
        self.objective = self._sign * np.inf
        self.bound = -self._sign * np.inf
        self._time_limit_s = seconds
        self._max_iterations = iterations
        self._log: list[Progress] = []
        self._logged_s = -np.inf

    @property
    def seed(self) -> int:
        """Of the random numbers."""
        return self.limits.seed

    @property
    def counted(self) -> bool:
        """Whether steps are counted, so that nothing may depend on how fast the machine is."""
        return self.limits.max_iterations is not None

    @property
    def solver_nodes(self) -> int | None:
        """Branches that a solver may look into; None for as many as there is time for."""
        return SOLVER_NODES if self.counted else None

    @property
    def seconds(self) -> float:
        """Wall time since the search began."""
        return self.clock.wall_s

    @property
    def spent_s(self) -> float:
        """Processor time since the search began."""
        return self.clock.processor_s

    @property
    def seconds_left(self) -> float:
        """Processor time until the limit; not below 0."""
        return float(max(self._time_limit_s - self.spent_s, 0.0))

    @property
    def wall_seconds_left(self) -> float:
        """Wall time until the search is ended whatever it has worked; not below 0."""
        return float(max(WALL_FACTOR * self._time_limit_s - self.seconds, 0.0))

    @property
    def best(self) -> I64:
        """The best sites so far; none before the first are found."""
        return np.empty(0, np.int64) if self.sites is None else self.sites

    @property
    def cancelled(self) -> bool:
        """Whether the caller gave up."""
        cancel = self.limits.cancel
        return cancel is not None and bool(cancel())

    @property
    def closed(self) -> bool:
        """Whether the bound has reached the objective."""
        return self._distance <= SAME

    @property
    def _distance(self) -> float:
        if not np.isfinite(self.objective) or not np.isfinite(self.bound):
            return np.inf
        away = self._sign * (self.objective - self.bound)
        return float(max(away, 0.0) / max(abs(self.objective), 1e-300))

    @property
    def stopped(self) -> str:
        """Why to stop now, in the words of :attr:`Siting.stopped`; empty to go on."""
        if self.closed:
            return "optimal"
        if self._distance <= self.limits.gap or (self.enough is not None and self.enough()):
            return "gap"
        return self.interrupted

    @property
    def interrupted(self) -> str:
        """Why to stop without regard to what was found; empty to go on."""
        if self.cancelled:
            return "cancelled"
        if self.spent_s >= self._time_limit_s:
            return "time"
        if self.seconds >= WALL_FACTOR * self._time_limit_s:
            return "clock"
        return ""

    @property
    def searched_out(self) -> bool:
        """Whether ``max_iterations`` of the heuristics are spent."""
        return self.iterations >= self._max_iterations

    def found(self, sites: npt.NDArray[np.integer], objective: float) -> bool:
        """Keep sites where they are better than the best so far; answers whether they are."""
        if self._sign * objective >= self._sign * self.objective:
            return False
        self.sites, self.objective = np.sort(sites).astype(np.int64), float(objective)
        return True

    def proved(self, bound: float) -> None:
        """Keep a bound where it is tighter than the one known."""
        if self.whole and np.isfinite(bound):
            slack = 1e-6 + 1e-12 * abs(bound)
            bound = np.floor(bound + slack) if self._sign < 0 else np.ceil(bound - slack)
        self.bound = self._sign * max(self._sign * self.bound, self._sign * float(bound))

    def proved_best(self) -> None:
        """Note that nothing is better than the best so far."""
        self.proved(self.objective)

    def report(self, stage: str, *, always: bool = False) -> None:
        """Log the state and tell it to the caller, at most ten times a second."""
        if not always and self.seconds - self._logged_s < 0.1:
            return
        self._logged_s = self.seconds
        line = Progress(
            stage,
            self.seconds,
            self.iterations,
            self.objective if np.isfinite(self.objective) else np.nan,
            self._valid_bound,
        )
        self._log.append(line)
        if self.limits.progress is not None:
            self.limits.progress(line)

    @property
    def _valid_bound(self) -> float:
        """The bound, never on the wrong side of what was found."""
        return self._sign * min(self._sign * self.bound, self._sign * self.objective) + 0.0

    def followed(self, **changed: Unpack[LimitKeywords]) -> Search:
        """Start a search for a second aim, under what is left of the limits and those changed."""
        left = None if np.isinf(self._time_limit_s) else self.seconds_left
        limits = replace(self.limits, time_limit_s=left)
        return Search(replace(limits, **changed))

    def take(self, second: Search) -> None:
        """Take over the sites and the log of a search for a second aim."""
        self.sites = second.sites
        self._log += second._log

    def answer(
        self,
        *,
        sites: I64 | None = None,
        covered: F64 | None = None,
        assignment: I64 | None = None,
        stopped: str = "",
    ) -> Siting:
        """Close the search and hand over what it found.

        Parameters
        ----------
        sites
            The best sites where they are not those of :meth:`found`, such as with the
            fixed ones among them.
        covered, assignment
            As :class:`Siting` holds them.
        stopped
            Why the search ended, where it is not what it is now.
        """
        return Siting(
            self.best if sites is None else sites,
            self.objective,
            self.objective if self.closed else self._valid_bound,
            self.seconds,
            stopped or self.stopped or "iterations",
            tuple(self._log),
            covered,
            assignment,
        )
