"""Forms of files that every export shares: CSV, GeoJSON, JSON and text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.views.maps.drawing import WGS84

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?", re.ASCII)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: object) -> object:
    """Return a cell that a spreadsheet does not take for a formula.

    Examples
    --------
    >>> harmless("=HYPERLINK(1)"), harmless("Mill"), harmless(-3.5)
    ("'=HYPERLINK(1)", 'Mill', -3.5)
    >>> harmless("-12.5"), harmless("+8%"), harmless("-2+3")
    ('-12.5', '+8%', "'-2+3")
    """
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    if cell.lstrip(" ").startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell


def write_csv(table: pd.DataFrame, file: Path) -> None:
    """Write a table as CSV that spreadsheets open rightly: UTF-8 with a mark, no live formulas."""
    safe = table.copy()
    for column in safe:
        if not pd.api.types.is_numeric_dtype(safe[column].dtype):
            safe[column] = safe[column].map(harmless)
    safe.columns = pd.Index([harmless(str(column)) for column in safe.columns])
    safe.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def write_geojson(layer: gpd.GeoDataFrame, about: dict[str, Any], file: Path) -> None:
    """Write a layer as GeoJSON in WGS 84 (RFC 7946) with its credits."""
    shapes = layer.geometry.to_crs(WGS84).to_numpy()
    texts = shapely.to_geojson(shapely.transform(shapes, lambda xy: np.round(xy, 6)))
    rows = layer.drop(columns="geometry").astype(object)
    rows = rows.where(rows.notna(), None).to_dict("records")
    features = [
        f'{{"type":"Feature","properties":{json_text(row)},"geometry":{text}}}'
        for row, text in zip(rows, texts, strict=True)
    ]
    head = {key: about[key] for key in ("district", "attribution", "synthetic", "standard")}
    body = ",\n".join(features)
    write_text(
        f'{{"type":"FeatureCollection",{json_text(head)[1:-1]},"features":[\n{body}\n]}}\n', file
    )


def json_text(value: object) -> str:
    """Return a value as JSON in one line; what JSON has no type for as text."""

    def plain(other: object) -> object:
        return other.item() if isinstance(other, np.generic) else str(other)

    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=plain
    )


def write_text(text: str, file: Path, encoding: str = "utf-8") -> None:
    """Write a text as it is, line ends included."""
    file.write_text(text, encoding=encoding, newline="")
