"""What a scenario changes, as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.views.words.catalogue import N_
from planner.views.words.labels import Labels
from planner.views.words.shares import COUNTED, percent_figures, without_telling

if TYPE_CHECKING:
    from planner.analysis.comparison import Comparison

FIGURES = ("covered", "share", "mean_distance_m")
"""Figures that are set side by side, by their names in the comparison."""

_MOMENTS: dict[str, str] = {
    "before": N_("{figure}, before"),
    "after": N_("{figure}, after"),
    "change": N_("{figure}, change"),
}


def comparison_table(
    comparison: Comparison, language: str = "en", *, group: str | None = None
) -> pd.DataFrame:
    """Return the figures before, after and their change, one row for each kind and group.

    Parameters
    ----------
    comparison, language
        What is shown, in ``"en"`` or ``"zh"``.
    group
        Only this people column; all where none is given.

    Returns
    -------
    DataFrame
        Headings in the language; people and metres as they are, shares in per cent and their
        change in percentage points.
    """
    return _dressed(
        comparison, comparison.summary(), (), Labels.of(comparison.after, language, group), group
    )


def community_changes_table(
    comparison: Comparison, language: str = "en", *, group: str | None = None
) -> pd.DataFrame:
    """Return the communities in which a figure changes, the greatest change first.

    Parameters and result are those of :func:`comparison_table`, with the community's code, name
    and subdistrict.
    """
    rows = comparison.league("community")
    change = rows["covered_change"].fillna(0.0)
    moved = rows["mean_distance_m_change"].fillna(0.0)
    rows = rows[(change != 0) | (moved != 0)]
    order = rows["covered_change"].abs().sort_values(ascending=False, kind="stable").index
    areas = ("area_id", "name", "subdistrict")
    return _dressed(
        comparison, rows.loc[order], areas, Labels.of(comparison.after, language, group), group
    )


def _dressed(
    comparison: Comparison,
    rows: pd.DataFrame,
    areas: tuple[str, ...],
    labels: Labels,
    group: str | None,
) -> pd.DataFrame:
    if group is not None:
        rows = rows[rows["group"] == group]
    rows = changes_without_telling(rows)
    kinds = comparison.after.district.kinds
    table = {labels.column(column): rows[column].to_numpy() for column in areas}
    table[labels.column("kind")] = np.array([labels.kind(k, kinds) for k in rows["kind"]], object)
    table[labels.column("group")] = np.array([labels.group(g) for g in rows["group"]], object)
    for figure in FIGURES:
        share = figure == "share"
        name = f"{labels.column(figure)} (%)" if share else labels.column(figure)
        for moment, pattern in _MOMENTS.items():
            values = rows[f"{figure}_{moment}"].astype("float64")
            shown = percent_figures(values, 4) if share else values
            table[labels.text(pattern, figure=name)] = shown.to_numpy()
    return pd.DataFrame(table)


def changes_without_telling(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows without the shares, and their change, that would tell a withheld count."""
    shares = {}
    for moment in ("before", "after"):
        own = rows[[f"{name}_{moment}" for name in (*COUNTED, "share")]].astype("float64")
        own.columns = pd.Index([*COUNTED, "share"])
        shares[f"share_{moment}"] = without_telling(own)["share"]
    change = shares["share_after"] - shares["share_before"]
    return rows.assign(**shares, share_change=change)
