"""Bounds of covering models from prices of demand (Lagrangian relaxation).

Each row may buy cover at its price; a column earns the prices of its rows. The sum of what the
best columns earn and what the rows keep is never less than the best choice, whatever the prices
(Galvão and ReVelle 1996, *A Lagrangean heuristic for the maximal covering location problem*).
Prices are improved by deflected subgradient steps of Polyak's length.
"""

from __future__ import annotations

import numpy as np

from planner.arrays import F64, I64
from planner.location.covering.model import CoverModel
from planner.location.covering.relaxation import relax

__all__ = ["Prices"]


_ROUNDING = 1e-11


class Prices:
    """Prices of the rows of a model, and the bound that they give.

    Parameters
    ----------
    model
        Its areas and conflicts are left out of account, which keeps the bound valid.
    """

    def __init__(self, model: CoverModel) -> None:
        columns = len(model.site)
        self._model = model
        self._price = 0.5 * np.maximum(model.first, model.second)
        self._best_price = self._price.copy()
        self.worth: F64 = np.zeros(columns)
        self._numbers = np.array([np.inf, 1.0, 0.0, 0.0])

    @property
    def bound(self) -> float:
        """No choice is worth more, the base of the model included."""
        bound = self._numbers[0]
        return float(self._model.base + bound + _ROUNDING * abs(bound))

    @property
    def money(self) -> float:
        """What a unit of cost must bring in, 0 where money does not bind."""
        return float(self._numbers[3])

    @property
    def settled(self) -> bool:
        """Whether further steps would gain next to nothing."""
        return bool(self._numbers[1] < 1e-3)

    def improve(self, steps: int, lower: float) -> None:
        """Take steps, aiming at what the best known choice is worth."""
        model = self._model
        if not model.p or not model.entries:
            self._numbers[0] = 0.0
            return
        relax(
            steps,
            model.cover,
            min(model.p, model.shape[1]),
            model.budget,
            lower - model.base,
            self._price,
            self._best_price,
            self.worth,
            self._numbers,
        )

    def core(self, size: int) -> I64:
        """Find the columns that earn most, as many as asked."""
        if size >= len(self.worth):
            return np.arange(len(self.worth))
        return np.sort(np.argpartition(-self.worth, size)[:size])

    def alive(self, lower: float) -> I64:
        """Columns that a choice better than ``lower`` may contain."""
        p = min(self._model.p, len(self.worth))
        cut = max(float(np.partition(self.worth, -p)[-p]), 0.0) if p else 0.0
        return np.flatnonzero(self.bound - np.maximum(cut - self.worth, 0.0) > lower)
