"""What a newer file would change as plain values, to be shown or sent from process to process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.district import LAYERS
from planner.errors import Finding
from planner.sources.files.layers import described as reading_described
from planner.sources.files.previews import paths
from planner.sources.update.change import LayerChange

_LINES = 3000


def described(change: LayerChange, most_rows: int) -> dict[str, Any]:
    """Return a change as plain values, findings as codes with parameters.

    Parameters
    ----------
    change
        What a file would change.
    most_rows
        Rows that each list names at most; the counts are whole.

    Returns
    -------
    ``layer``, ``mode``, ``counts``, ``to_decide``, ``changes_nothing``, ``new``, ``gone``,
    ``changed``, ``undecided`` (``others`` with id, name and whether one was added by hand),
    ``kept``, ``figures``,
    ``corrections``, ``other_kinds``, ``keep_other_kinds``, ``findings``, ``reading`` (see
    :mod:`planner.sources.files.layers`) and ``version``.
    """
    changed = change.changed.head(most_rows)
    return {
        "layer": change.layer,
        "mode": change.mode,
        "counts": change.counts(),
        "to_decide": change.to_decide,
        "other_kinds": list(change.other_kinds),
        "keep_other_kinds": change.keep_other_kinds,
        "changes_nothing": change.changes_nothing,
        "new": _rows(change.new.head(most_rows), "id", "row"),
        "gone": _rows(change.gone.head(most_rows), LAYERS[change.layer].key),
        "changed": [
            {
                **{name: str(row[name]) for name in ("id", "name", "row", "how", "column")},
                "old": _plain(row["old"]),
                "new": _plain(row["new"]),
                "metres": None if np.isnan(row["metres"]) else float(row["metres"]),
            }
            for row in changed.to_dict("records")
        ],
        "undecided": _undecided(change, most_rows),
        "kept": dict(change.kept),
        "figures": [
            {"name": f.name, "before": _number(f.before), "after": _number(f.after)}
            for f in change.figures
        ],
        "corrections": change.corrections.to_dict("records"),
        "findings": findings_told(change.findings),
        "reading": reading_described(change.reading, most_rows),
        "version": change.version,
    }


def findings_told(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as codes with parameters."""
    return [{"code": each.code, "params": dict(each.params)} for each in findings]


def drawing(change: LayerChange, most: int) -> dict[str, Any]:
    """Return where rows are new, gone and changed, in whole metres of the district's CRS.

    Parameters
    ----------
    change
        What a file would change.
    most
        Places of each that are drawn.
    """
    here = change.after
    areas = shapely.boundary(here.communities.geometry.to_numpy())
    lines = here.streets.geometry.to_numpy()
    if len(lines) > _LINES:
        lines = lines[np.linspace(0, len(lines) - 1, _LINES).astype(int)]
    places = {
        "new": change.new,
        "gone": change.gone,
        "changed": change.changed.drop_duplicates("id"),
    }
    return {
        "bounds": [float(value) for value in here.communities.total_bounds],
        "areas": paths(areas),
        "lines": paths(lines),
        "points": {name: _spots(table, most) for name, table in places.items()},
    }


def _spots(table: gpd.GeoDataFrame, most: int) -> list[list[int]]:
    middles = shapely.centroid(table.geometry.to_numpy()[:most])
    spots: list[list[int]] = np.rint(shapely.get_coordinates(middles)).astype(int).tolist()
    return spots


def _rows(table: gpd.GeoDataFrame, key: str, *more: str) -> list[dict[str, str]]:
    columns = {"id": key, **{name: name for name in (*more, "name", "kind")}}
    return [
        {name: str(_plain(row.get(column)) or "") for name, column in columns.items()}
        for row in pd.DataFrame(table.drop(columns="geometry")).to_dict("records")
    ]


def _undecided(change: LayerChange, most: int) -> list[dict[str, Any]]:
    """Return the rows to decide, each with those that it may be."""
    told: list[dict[str, Any]] = []
    for row in change.undecided.head(most).to_dict("records"):
        others = [
            {"id": own, "name": change.names.get(own, ""), "added": own in change.added}
            for own in row["others"].split("; ")
        ]
        told.append({str(name): value for name, value in row.items()} | {"others": others})
    return told


def _plain(value: Any) -> Any:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, np.generic):
        value = value.item()
    return value if isinstance(value, bool | int | float | str) else str(value)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
