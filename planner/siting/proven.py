"""What every answer of a search tells of itself: how far it is from the best possible."""

from __future__ import annotations

from typing import Protocol

from planner.location.results import Siting

__all__ = ["Proven"]


class _Answered(Protocol):
    @property
    def siting(self) -> Siting: ...


class Proven:
    """Bound, gap and time of an answer whose ``siting`` is that of a solver."""

    @property
    def bound(self: _Answered) -> float:
        """No choice among the places offered can be better than this."""
        return self.siting.bound

    @property
    def gap(self: _Answered) -> float:
        """Proven distance from the best possible, 0 to 1."""
        return self.siting.gap

    @property
    def optimal(self: _Answered) -> bool:
        """Whether nothing better is possible among these places."""
        return self.siting.optimal

    @property
    def seconds(self: _Answered) -> float:
        """Time that the solver took."""
        return self.siting.seconds
