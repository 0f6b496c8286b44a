"""One step of the subgradient method, for every bound by prices (Lagrangian relaxation).

A constraint that ties all sites together ("everyone is served once", "a row is covered") is left
out and its breach priced instead. For any prices the relaxed problem is easy, and its value bounds
the whole one; the best prices are sought by following the breach (Held, M., Wolfe, P. and Crowder,
H. 1974, Validation of subgradient optimization, Mathematical Programming 6).
"""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.arrays import F64
from planner.compiled import kernel

__all__ = ["Ascent", "Rule", "advance"]

BEST, FACTOR, IDLE = 0, 1, 2
"""Places of :attr:`Ascent.state`."""


class Rule(NamedTuple):
    """How steps are shortened.

    Parameters
    ----------
    sign
        1.0 where bounds rise towards what is known (a cost is least), −1.0 where they fall.
    kept
        Share of the last direction that is kept, so that steps do not go to and fro.
    patience
        Steps without progress after which they are shortened.
    shrink
        Factor by which.
    """

    sign: float
    kept: float = 0.7
    patience: float = 25.0
    shrink: float = 0.6


class Ascent(NamedTuple):
    """Prices under way to the best bound.

    Parameters
    ----------
    price, direction, best_price
        (rows,) f8, the prices now, where they last went, and those of the best bound.
    state
        (3,) f8, the best bound, the factor of the step length, steps without progress.
    """

    price: F64
    direction: F64
    best_price: F64
    state: F64

    @classmethod
    def of(cls, price: F64, worst: float, factor: float = 1.0) -> Ascent:
        """Start from some prices; ``worst`` is a bound that every other betters, ±inf."""
        zeros = np.zeros(len(price))
        return cls(price, zeros, zeros.copy(), np.array([worst, factor, 0.0]))

    @property
    def bound(self) -> float:
        """The best bound so far."""
        return float(self.state[BEST])

    @property
    def factor(self) -> float:
        """The factor of the step length; small once further steps gain next to nothing."""
        return float(self.state[FACTOR])


@kernel
def advance(bound, known, breach, high, rule, ascent):
    """Take in a bound and step along the breach; False where no further step can help.

    ``known`` is the value of the best solution, ``breach`` (rows,) f8 how far each relaxed
    constraint is short, which is overwritten, and ``high`` (rows,) f8 the highest sensible prices.
    """
    price, direction, state = ascent.price, ascent.direction, ascent.state
    # remember the best prices; only a gain worth speaking of counts as progress
    gain = rule.sign * (bound - state[BEST])
    if gain > 0.0:
        if gain > 1e-5 * abs(known - state[BEST]):
            state[IDLE] = 0.0
        state[BEST] = bound
        for i in range(price.size):
            ascent.best_price[i] = price[i]
    state[IDLE] += 1.0
    # steps that overshoot again and again are too long: shorten them and go back to the best
    if state[IDLE] > rule.patience:
        state[FACTOR] *= rule.shrink
        state[IDLE] = 0.0
        for i in range(price.size):
            price[i], direction[i] = ascent.best_price[i], 0.0
        return True
    # follow the breach, smoothed by the way that was come; a price at its limit goes no further
    length = 0.0
    for i in range(price.size):
        if (price[i] >= high[i] and breach[i] > 0.0) or (price[i] <= 0.0 and breach[i] < 0.0):
            breach[i] = 0.0
        direction[i] = rule.kept * direction[i] + breach[i]
        length += direction[i] * direction[i]
    # no breach: these prices are the best there are; or the bound has met what is known
    if length <= 1e-20 or rule.sign * (known - state[BEST]) <= 0.0:
        return False
    # the length that would close the gap if the bound went on as it goes here (Polyak 1969)
    step = state[FACTOR] * abs(known - bound) / length
    for i in range(price.size):
        price[i] = min(max(price[i] + step * direction[i], 0.0), high[i])
    return True
