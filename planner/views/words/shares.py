"""Shares and metres in figures: only a whole is 100 %, only nothing 0 %; metres are rounded up."""

from __future__ import annotations

import numpy as np
import pandas as pd


def rounded_share(share: float, decimals: int) -> float:
    """Return a share (0–1) rounded, one between nothing and a whole to no whole and not to nothing.

    Examples
    --------
    >>> rounded_share(0.99996, 3), rounded_share(0.00001, 3), rounded_share(1.0, 3)
    (0.999, 0.001, 1.0)
    """
    if not 0 < share < 1:
        return share
    step = 10.0**-decimals
    return min(max(round(share, decimals), step), round(1 - step, decimals))


def percent_figures(shares: pd.Series, digits: int = 1) -> pd.Series:
    """Return shares (0–1) as per cent for a table, rounded as :func:`rounded_share` does.

    Examples
    --------
    >>> percent_figures(pd.Series([0.9998, 1.0, 0.51234, float("nan")])).to_list()
    [99.9, 100.0, 51.2, nan]
    """
    values = shares.to_numpy(dtype=np.float64)
    rounded = [rounded_share(value, digits + 2) * 100 for value in values]
    return pd.Series(np.round(rounded, digits), index=shares.index, name=shares.name)


def metre_figures(metres: pd.Series) -> pd.Series:
    """Return metres for a table: whole ones, rounded up as ``Labels.metres`` does.

    Examples
    --------
    >>> metre_figures(pd.Series([256.2, 300.0, 300.0001, float("inf")])).to_list()
    [257.0, 300.0, 300.0, inf]
    """
    whole = np.ceil(metres.to_numpy(dtype=np.float64).round(3))
    return pd.Series(whole, index=metres.index, name=metres.name)
