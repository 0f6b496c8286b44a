"""What is wrong with a district's data as tables for people."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.views.words.labels import Labels

if TYPE_CHECKING:
    import geopandas as gpd

    from planner.analysis.data_check import DataCheck

MENDED_BY_HAND = "by_hand"


def problems_table(check: DataCheck, labels: Labels) -> pd.DataFrame:
    """Return a row for each problem: how grave, layer, what is wrong, what mends it, rows.

    Parameters
    ----------
    check
        Of :func:`planner.analysis.data_check.check_data`.
    labels
        Words of the district's language and unit.
    """
    rows = [
        {
            "severity": labels.message(f"data_check.{each.severity}"),
            "layer": labels.message(f"app.layer_{each.layer}"),
            "what": labels.finding(each.finding, check.district.kinds),
            "mend": labels.message(f"data_check.{each.mend or MENDED_BY_HAND}"),
            "count": len(each.rows),
        }
        for each in check.problems
    ]
    columns = ["severity", "layer", "what", "mend", "count"]
    return _headed(pd.DataFrame(rows, columns=columns), labels)


def problem_rows_table(
    rows: gpd.GeoDataFrame, labels: Labels, ticked: Collection[str] = ()
) -> pd.DataFrame:
    """Return every row that has a problem, with a short name of it, and whether it was ticked off.

    Parameters
    ----------
    rows
        Of :meth:`planner.analysis.data_check.DataCheck.rows`.
    labels
        As for :func:`problems_table`.
    ticked
        Keys of the rows that somebody ticked off.

    Returns
    -------
    DataFrame
        Headings and words in the language; ``x`` and ``y`` of a place in it, in the district's
        CRS; the key by which ``planner check --tick`` knows the row.
    """
    middle = rows.geometry.representative_point() if len(rows) else rows.geometry
    columns: dict[str, Any] = {
        "severity": [labels.message(f"data_check.{each}") for each in rows["severity"]],
        "layer": [labels.message(f"app.layer_{each}") for each in rows["layer"]],
        "problem": [short_name(code, labels) for code in rows["problem"]],
        "id": rows["id"].to_numpy(),
        "name": rows["name"].to_numpy(),
        "other": [other_word(each, labels) for each in rows["other"]],
        "metres": rows["metres"].to_numpy(dtype=float),
        "x": middle.x.round(1).to_numpy(),
        "y": middle.y.round(1).to_numpy(),
        "ticked": [
            labels.message("data_check.yes" if key in ticked else "data_check.no")
            for key in rows["key"]
        ],
        "key": rows["key"].to_numpy(),
    }
    return _headed(pd.DataFrame(columns), labels)


def changes_table(changes: gpd.GeoDataFrame, labels: Labels) -> pd.DataFrame:
    """Return what a mend changed, a row for each change.

    Parameters
    ----------
    changes
        Of :class:`planner.analysis.data_check.Mended`.
    labels
        As for :func:`problems_table`.
    """
    columns: dict[str, Any] = {
        "mend": [labels.message(f"data_check.{each}") for each in changes["mend"]],
        "layer": [labels.message(f"app.layer_{each}") for each in changes["layer"]],
        "id": changes["id"].to_numpy(),
        "name": changes["name"].to_numpy(),
        "other": [other_word(each, labels) for each in changes["other"]],
        "metres": changes["metres"].to_numpy(dtype=float),
    }
    return _headed(pd.DataFrame(columns), labels)


def short_name(code: str, labels: Labels) -> str:
    """Return a problem's name of a few words."""
    return labels.message(f"data_check.name_{code.split('.', 1)[1]}")


def other_word(other: str, labels: Labels) -> str:
    """Return the word for a kind of place or a column; ids stay as they are."""
    if other in ("crossing", "tee", "gap", "inner"):
        return labels.message(f"data_check.{other}")
    return labels.column(other) if other in _COLUMNS else other


_COLUMNS = ("opening_hours", "capacity", "floor_area_m2")


def _headed(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    return table.rename(columns=lambda name: labels.message(f"data_check.col_{name}"))
