"""Shares in the tables of a report: per cent, and a word where there is none."""

from __future__ import annotations

import pandas as pd

from planner.reports.request import ReportRequest
from planner.views.words.shares import percent_figures


def percent(shares: pd.Series, counts: pd.Series, request: ReportRequest) -> pd.Series:
    """Return shares (0–1) as per cent; where one is missing, whether it is withheld or unknown.

    Parameters
    ----------
    shares
        As the library has them.
    counts
        Whom they are made of; missing where these are withheld.
    request
        Words.
    """
    figures = percent_figures(shares).astype(object)
    unknown, withheld = request.labels.text("unknown"), request.withheld
    return figures.mask(shares.isna(), unknown).mask(counts.isna(), withheld)


def whole(values: pd.Series) -> pd.Series:
    """Return counts as whole figures."""
    return values.astype("float64").round()
