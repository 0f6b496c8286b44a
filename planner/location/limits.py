"""When a search ends: one set of limits for every problem, made once and handed down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from planner.location.results import ProgressCallback

__all__ = ["LimitKeywords", "Limits", "given_limits"]


class LimitKeywords(TypedDict, total=False):
    """The fields of :class:`Limits` as keywords of the problems."""

    time_limit_s: float | None
    gap: float
    max_iterations: int | None
    seed: int
    progress: ProgressCallback | None
    cancel: Callable[[], bool] | None


@dataclass(frozen=True)
class Limits:
    """When a search ends, and who hears of it.

    Parameters
    ----------
    time_limit_s
        Processor seconds of the search's own thread, a solver's work in it included, after which
        the best so far is answered; compiling does not count. Five times as many seconds on the
        wall end it, too, so that a crowded machine keeps nobody waiting. None: that of the
        problem, or none where `max_iterations` is given.
    gap
        Stop once the answer is proven to be this near to the best possible, such as 0.01.
    max_iterations
        Stop after as many steps of the heuristics and a limited attempt at a proof. With it, and
        without a time limit, the same question with the same seed has the same answer on every
        machine.
    seed
        Of the random numbers.
    progress
        Called with :class:`planner.location.results.Progress` about ten times a second.
    cancel
        Asked now and then; the best so far is answered once it says True.
    """

    time_limit_s: float | None = None
    gap: float = 0.0
    max_iterations: int | None = None
    seed: int = 0
    progress: ProgressCallback | None = None
    cancel: Callable[[], bool] | None = None

    @classmethod
    def each(cls, time_limit_s: float, max_iterations: int | None) -> Limits:
        """Make limits of steps where they are given, else of seconds."""
        seconds = None if max_iterations is not None else time_limit_s
        return cls(seconds, max_iterations=max_iterations)

    def within(self, usual_s: float) -> Limits:
        """Return the limits with a time limit: the usual one where neither time nor steps are."""
        if self.time_limit_s is not None or self.max_iterations is not None:
            return self
        return replace(self, time_limit_s=usual_s)


def given_limits(limits: Limits | None, keywords: LimitKeywords, usual_s: float) -> Limits:
    """Return the limits of a problem, given whole, by keywords or both.

    Parameters
    ----------
    limits
        Given whole.
    keywords
        Given one by one; they come before those given whole.
    usual_s
        Time limit where neither time nor steps are limited.
    """
    return replace(limits or Limits(), **keywords).within(usual_s)
