"""Bounds of covering models from prices of demand (Lagrangian relaxation).

Each row may buy cover at its price; a column earns the prices of its rows. The sum of what the
best columns earn and what the rows keep is never less than the best choice, whatever the prices
(Galvão and ReVelle 1996, *A Lagrangean heuristic for the maximal covering location problem*).
Prices are improved by the steps of :mod:`planner.location.subgradient`.
"""

from __future__ import annotations

import numpy as np

from planner.arrays import F64, I64
from planner.location.covering.model import CoverModel
from planner.location.covering.relaxation import relax
from planner.location.subgradient import BEST, Ascent, Rule

__all__ = ["Prices"]


_ROUNDING = 1e-11
_RULE = Rule(-1.0, kept=0.95, patience=30.0, shrink=0.7)
_FIRST_FACTOR, _LAST_FACTOR = 0.5, 1 / 600


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
        price = 0.5 * np.maximum(model.first, model.second)
        self._ascent = Ascent.of(price, np.inf, _FIRST_FACTOR)
        self._money = np.zeros(1)
        self.worth: F64 = np.zeros(columns)
        self.recent: F64 = np.zeros(columns)

    @property
    def bound(self) -> float:
        """No choice is worth more, the base of the model included."""
        bound = self._ascent.bound
        return float(self._model.base + bound + _ROUNDING * abs(bound))

    @property
    def price(self) -> F64:
        """(rows,) float64, the prices of the best bound."""
        return self._ascent.best_price

    @property
    def money(self) -> float:
        """What a unit of cost must bring in, 0 where money does not bind."""
        return float(self._money[0])

    @property
    def settled(self) -> bool:
        """Whether further steps would gain next to nothing."""
        return self._ascent.factor < _LAST_FACTOR

    def improve(self, steps: int, lower: float) -> None:
        """Take steps, aiming at what the best known choice is worth."""
        model = self._model
        if not model.p or not model.entries:
            self._ascent.state[BEST] = 0.0
            return
        relax(
            steps,
            model.cover,
            model.sums,
            min(model.p, model.shape[1]),
            model.budget,
            lower - model.base,
            _RULE,
            self._ascent,
            self.worth,
            self._money,
            self.recent,
        )

    def likely(self, share: float, least: int) -> I64:
        """Find the columns that were among the best in more than a share of the last steps.

        Where they are fewer than ``least``, those that earn most are added.
        """
        often = np.flatnonzero(self.recent > share)
        if len(often) >= least:
            return often
        most = np.argsort(-self.worth, kind="stable")[:least]
        return np.union1d(often, most)

    def alive(self, lower: float) -> I64:
        """Columns that a choice better than ``lower`` may contain."""
        p = min(self._model.p, len(self.worth))
        cut = max(float(np.partition(self.worth, -p)[-p]), 0.0) if p else 0.0
        return np.flatnonzero(self.bound - np.maximum(cut - self.worth, 0.0) > lower)
