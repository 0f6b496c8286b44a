"""Shares and metres in figures: only a whole is 100 %, only nothing 0 %; metres are rounded up.

Shares and totals that would tell a count that is withheld are left out of tables.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

COUNTED = ("covered", "uncovered", "unknown")
"""Counts of a row that make up everybody; any of them may be withheld."""

SHARES = ("share", "share_low", "share_high")
"""What is made of these counts."""


def all_counted(rows: Any) -> Any:
    """Return all people of rows of coverage, or of one; missing where a count is withheld.

    Examples
    --------
    >>> rows = pd.DataFrame({"covered": [9.0, 9.0], "uncovered": [1.0, np.nan], "unknown": 2.0})
    >>> all_counted(rows).to_list()
    [12.0, nan]
    """
    covered, uncovered, unknown = (rows[name] for name in COUNTED)
    return covered + uncovered + unknown


def without_telling(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of coverage without the shares and totals that would tell a withheld count.

    The total and each share follow from the counts of their row, and so does a count from the
    others and one of these. Where a count is withheld, they are left out with it. A row without
    any share is not judged, or of nobody: it stays as it is.

    Parameters
    ----------
    rows
        With the columns of :data:`COUNTED`, and any of :data:`SHARES` and ``total``.

    Examples
    --------
    >>> rows = pd.DataFrame({"total": 12.0, "covered": 9.0, "uncovered": [1.0, np.nan],
    ...     "unknown": 2.0, "share": 0.9})
    >>> without_telling(rows)[["total", "share"]].to_numpy().tolist()
    [[12.0, 0.9], [nan, nan]]
    """
    shares = [name for name in SHARES if name in rows]
    hidden = rows[shares].notna().any(axis=1) & all_counted(rows).isna()
    telling = [*shares, *(["total"] if "total" in rows else [])]
    return rows.assign(**{name: rows[name].mask(hidden) for name in telling})


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


def points_between(before: pd.Series, after: pd.Series) -> pd.Series:
    """Return percentage points from shares before to shares after, as both are shown: they add up.

    Examples
    --------
    >>> points_between(pd.Series([0.66534, 0.5]), pd.Series([0.67251, 0.50001])).to_list()
    [0.8, 0.0]
    >>> percent_figures(pd.Series([0.66534, 0.67251])).to_list()
    [66.5, 67.3]
    """
    return (percent_figures(after) - percent_figures(before)).round(1)


def metre_figures(metres: pd.Series) -> pd.Series:
    """Return metres for a table: whole ones, rounded up as ``Labels.metres`` does.

    Examples
    --------
    >>> metre_figures(pd.Series([256.2, 300.0, 300.0001, float("inf")])).to_list()
    [257.0, 300.0, 300.0, inf]
    """
    whole = np.ceil(metres.to_numpy(dtype=np.float64).round(3))
    return pd.Series(whole, index=metres.index, name=metres.name)
