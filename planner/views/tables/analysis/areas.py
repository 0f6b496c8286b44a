"""The figures of areas as a table for people."""

from __future__ import annotations

import pandas as pd

from planner.district import Kinds
from planner.views.tables.analysis.assessment import COVERED, heading
from planner.views.words.labels import Labels
from planner.views.words.shares import percent_figures, without_telling

FIGURES = (*COVERED, "facilities")
"""Columns after area, kind, group and limit."""


def area_table(
    figures: pd.DataFrame, labels: Labels, kinds: Kinds, *, several: bool = False
) -> pd.DataFrame:
    """Return the figures of areas, a row for each area, kind and group, with named columns.

    Parameters
    ----------
    figures
        Of :func:`planner.analysis.measures.areas.area_figures`.
    labels, kinds
        Words.
    several
        Whether the areas have names, and a column for these.
    """
    figures = without_telling(figures)
    columns = {
        **({labels.message("areas.col_area"): figures["area_id"]} if several else {}),
        labels.column("kind"): [labels.kind(kind, kinds) for kind in figures["kind"]],
        labels.column("group"): [labels.group(group) for group in figures["group"]],
        labels.column("limit_m"): figures["limit_m"],
        **{heading(name, labels): _rounded(figures[name], name) for name in FIGURES},
        labels.message("areas.col_area_m2"): figures["area_m2"].round(),
    }
    return pd.DataFrame(columns)


def short_table(figures: pd.DataFrame, labels: Labels, kinds: Kinds) -> pd.DataFrame:
    """Return a row for each kind, for a terminal: people, whether they are covered, facilities."""
    shown = ("total", "covered", "uncovered", "unknown", "facilities")
    shares = [
        labels.rate(row) if row["total"] == row["total"] else labels.count(row["total"])
        for row in figures.to_dict("records")
    ]
    told = without_telling(figures)
    columns = {
        labels.column("kind"): [labels.kind(kind, kinds) for kind in figures["kind"]],
        **{labels.column(name): [labels.count(n) for n in told[name]] for name in shown},
        labels.column("share"): shares,
    }
    return pd.DataFrame(columns)


def _rounded(values: pd.Series, name: str) -> pd.Series:
    if name == "facilities":
        return values
    if name.startswith("share"):
        return percent_figures(values, 4)
    return values.round(1 if name.endswith("_m") else 0)
