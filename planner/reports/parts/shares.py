"""Shares in the tables of a report: per cent, and a word where there is none."""

from __future__ import annotations

import pandas as pd

from planner.reports.asked import Asked
from planner.views.words.shares import percent_figures


def percent(shares: pd.Series, counts: pd.Series, asked: Asked) -> pd.Series:
    """Return shares (0–1) as per cent; where one is missing, whether it is withheld or unknown.

    Parameters
    ----------
    shares
        As the library has them.
    counts
        Whom they are made of; missing where these are withheld.
    asked
        Words.
    """
    figures = percent_figures(shares).astype(object)
    unknown, withheld = asked.labels.text("unknown"), asked.withheld
    return figures.mask(shares.isna(), unknown).mask(counts.isna(), withheld)


def whole(values: pd.Series) -> pd.Series:
    """Return counts as whole figures."""
    return values.astype("float64").round()
