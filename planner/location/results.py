"""What every siting problem answers: the sites, and how far they are from the best possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from planner.arrays import F64, I64

__all__ = ["Progress", "ProgressCallback", "Siting"]


_SAME = 1e-9


@dataclass(frozen=True)
class Progress:
    """Where a search stands: one line of :attr:`Siting.log`, and what callbacks are told.

    Parameters
    ----------
    stage
        What was at work: ``"presolve"``, ``"search"``, ``"bound"`` or ``"exact"``.
    seconds
        Since the question was asked, on the wall.
    iterations
        Steps of the search so far.
    objective
        Of the best sites so far; NaN while there are none.
    bound
        No sites can be better than this.
    """

    stage: str
    seconds: float
    iterations: int
    objective: float
    bound: float

    @property
    def gap(self) -> float:
        """As :attr:`Siting.gap`; 1.0 while there are no sites."""
        return _gap(self.objective, self.bound)


ProgressCallback = Callable[[Progress], object]
"""Called now and then with the state of the search; what it answers is ignored."""


@dataclass(frozen=True, eq=False)
class Siting:
    """Chosen sites with the proof of how good they are.

    Parameters
    ----------
    sites
        (k,) int64, positions of the chosen candidates, ascending.
    objective
        What the sites reach, in the problem's own unit.
    bound
        No feasible choice can be better: at least ``objective`` where more is better, at most
        where less is.
    seconds
        Time taken, on the wall.
    stopped
        Why the search ended: ``"optimal"``, ``"gap"``, ``"time"`` (worked as long as it may),
        ``"clock"`` (other work kept it from working, until five times as long had passed),
        ``"iterations"`` or ``"cancelled"``.
    log
        How objective and bound came about.
    covered
        (demand,) float64, share of each demand that is covered or served; None where the problem
        has no such thing.
    assignment
        (demand,) int64, candidate that serves each demand, −1 for none; None as above.
    """

    sites: I64
    objective: float
    bound: float
    seconds: float = 0.0
    stopped: str = "optimal"
    log: tuple[Progress, ...] = ()
    covered: F64 | None = field(default=None, repr=False)
    assignment: I64 | None = field(default=None, repr=False)

    @property
    def gap(self) -> float:
        """Proven distance from the best possible, 0 to 1.

        ``|objective − bound| / max(|objective|, |bound|)``: what is covered is at least
        ``1 − gap`` of the most that can be covered, and of a cost at most the share ``gap`` can
        be saved.
        """
        return _gap(self.objective, self.bound)

    @property
    def optimal(self) -> bool:
        """Whether it is proven that nothing is better (to 1e-9 of the objective)."""
        return self.gap <= _SAME


def _gap(objective: float, bound: float) -> float:
    if objective == bound:
        return 0.0
    gap = abs(objective - bound) / max(abs(objective), abs(bound))
    return float(min(gap, 1.0)) if np.isfinite(gap) else 1.0
