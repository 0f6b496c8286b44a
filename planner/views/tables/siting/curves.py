"""Shares of curves: what more sites, money or moves bring."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.views.words.labels import Labels
from planner.views.words.shares import percent_figures


def shares_after(curve: pd.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return the columns of the share of each row of a curve; its range where any is open.

    Parameters
    ----------
    curve
        With ``share_after``, ``share_low_after`` and ``share_high_after``.
    labels
        The reader's language.
    """
    columns: dict[str, Any] = {"share_after": percent_figures(curve["share_after"])}
    ends = list(zip(curve["share_low_after"], curve["share_high_after"], strict=True))
    if any(low < high for low, high in ends):
        columns["share_range"] = [labels.percent_range(*each) for each in ends]
    return columns
