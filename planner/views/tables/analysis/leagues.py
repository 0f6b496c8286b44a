"""Areas of many districts, ranked, as a table for people."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.views.words.analysis.leagues import area_names, group_word
from planner.views.words.labels import Labels
from planner.views.words.shares import percent_figures, without_telling

PER_CENT = ("share", "share_low", "share_high")
"""Shares that are shown in per cent."""

POINTS = ("share_change", "change_low", "change_high")
"""Differences of shares that are shown in percentage points."""

_RANKS_BEFORE = ("rank_before", "rank_change", "rank_change_low", "rank_change_high")
_COUNTS = ("total", "covered", "uncovered", "unknown")
_RANKS = ("rank_best", "rank_worst")


def ranked_table(league: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return ranked areas with headings in the reader's language.

    Parameters
    ----------
    league
        Rows of one ``table`` of :meth:`planner.batch.results.Results.league`.
    labels
        Words for the unit that they count.

    Returns
    -------
    DataFrame
        Numbers stay numbers: shares in per cent, changes in percentage points, ranks, metres. A
        column that says the same of no area, as subdistricts of districts, is left out.
    """
    rows = without_telling(league)
    columns: dict[str, Any] = {labels.message("leagues.col_rank"): rows["rank"].astype("Float64")}
    columns |= {
        labels.message(f"leagues.col_{name}"): rows[name].astype("Float64") for name in _RANKS
    }
    columns[labels.message("leagues.col_area")] = pd.Series(area_names(rows), dtype="str")
    for name in ("district_name", "province"):
        if (rows[name] != "").any() and not (name == "district_name" and "name" not in rows):
            columns[labels.message(f"leagues.col_{name}")] = rows[name]
    if "subdistrict" in rows and (rows["subdistrict"].fillna("") != "").any():
        columns[labels.column("subdistrict")] = rows["subdistrict"]
    for name in PER_CENT:
        columns[f"{labels.column(name)} (%)"] = percent_figures(rows[name].astype("float64"))
    group = group_word(league, labels)
    columns[f"{labels.column('total')} · {group}"] = rows["total"].astype("float64").round()
    for name in _COUNTS[1:]:
        columns[labels.column(name)] = rows[name].astype("float64").round()
    if "share_change" in rows:
        for name in POINTS:
            points = (rows[name].astype("float64") * 100).round(1)
            columns[labels.message(f"leagues.col_{name}")] = points
    if "rank_change" in rows:
        for name in _RANKS_BEFORE:
            columns[labels.message(f"leagues.col_{name}")] = rows[name].astype("Float64")
    columns[labels.column("limit_m")] = rows["limit_m"].astype("float64")
    columns[labels.message("leagues.col_doubts")] = rows["doubts"].astype("int64")
    columns[labels.message("leagues.col_district")] = rows["district"]
    if "area_id" in rows:
        columns[labels.column("area_id")] = rows["area_id"]
    return pd.DataFrame({name: column.to_numpy() for name, column in columns.items()})
