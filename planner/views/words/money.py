"""Money in figures and sentences: a small amount keeps digits that tell something.

What one unit of a price is differs by district: yuan, 10,000 yuan, a million of a currency. So
0.0285 units may be a great deal, and rounded to whole units it would stand there as nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from planner.views.words.labels import Labels

_SMALL = 10.0


def rounded_money(amount: float, digits: int = 0) -> float:
    """Return an amount rounded, one below ten units to three significant digits.

    Parameters
    ----------
    amount
        What is paid.
    digits
        Decimals of amounts of ten units and more.

    Examples
    --------
    >>> rounded_money(0.02849, 1), rounded_money(63.27, 1), rounded_money(1239316.4)
    (0.0285, 63.3, 1239316.0)
    """
    return float(f"{amount:.3g}") if abs(amount) < _SMALL else round(amount, digits)


def money_figures(amounts: pd.Series, digits: int = 0) -> pd.Series:
    """Return amounts for a table, rounded as :func:`rounded_money` does.

    Examples
    --------
    >>> money_figures(pd.Series([98.25, 0.02849, 0.0, float("nan")])).to_list()
    [98.0, 0.0285, 0.0, nan]
    """
    values = amounts.to_numpy(dtype=np.float64)
    rounded = np.array([rounded_money(float(value), digits) for value in values])
    return pd.Series(rounded, index=amounts.index, name=amounts.name, dtype=np.float64)


def money(amount: float, labels: Labels) -> str:
    """Return an amount of money for a sentence, with decimals where it is not whole."""
    told = rounded_money(amount, 1)
    exponent = Decimal(repr(told)).normalize().as_tuple().exponent
    return labels.number(told, max(-exponent, 0) if isinstance(exponent, int) else 0)
