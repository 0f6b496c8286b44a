"""A layer as GeoJSON, written a part at a time, so that a city's homes need no room at once."""

from __future__ import annotations

from collections.abc import Iterator
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64
from planner.district.transformers import transformer
from planner.views.exports.files import DEGREES, json_text, reader_columns
from planner.views.maps.base.degrees import WGS84
from planner.views.words.sentence_filling import RESIDENTS

_ROWS = 10_000
"""Features turned into text at a time."""

_FIGURES = ("integer", "floating", "mixed-integer-float", "boolean")


def write_geojson(layer: gpd.GeoDataFrame, about: dict[str, Any], file: Path) -> None:
    """Write a layer as GeoJSON in WGS 84 (RFC 7946, with more decimals) and its credits.

    Parameters
    ----------
    layer
        In any CRS.
    about
        What it rests on, of :func:`planner.views.exports.analysis.assessment.metadata`.
    file
        Written over where it is there.
    """
    head = {key: about[key] for key in ("district", "attribution", "synthetic", "standard")}
    rows = reader_columns(layer.drop(columns="geometry"), about.get("demand_unit", RESIDENTS))
    shapes = layer.geometry.to_numpy()
    degrees = transformer(layer.crs, WGS84)

    def rounded(xy: F64) -> F64:
        return np.round(np.column_stack(degrees.transform(xy[:, 0], xy[:, 1])), DEGREES)

    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(f'{{"type":"FeatureCollection",{json_text(head)[1:-1]},"features":[\n')
        for start in range(0, len(rows), _ROWS):
            part = slice(start, start + _ROWS)
            out.write(",\n" if start else "")
            # projected and rounded at once: to put places into shapes takes longer than either
            there = shapely.transform(shapes[part], rounded)
            out.write(",\n".join(_features(rows.iloc[part], there)))
        out.write("\n]}\n")


def _features(rows: pd.DataFrame, shapes: np.ndarray) -> Iterator[str]:
    """Yield one feature a row."""
    # what lies nowhere has no geometry, which shapely tells by None
    texts = ["null" if text is None else text for text in shapely.to_geojson(shapes)]
    # A column at a time is many times faster than a row at a time; the frame that holds a row's
    # values is the same for all, each % in a name doubled as it is filled by the % operator.
    names = [json_text(str(name)).replace("%", "%%") for name in rows.columns]
    properties = ",".join(f"{name}:%s" for name in names)
    frame = f'{{"type":"Feature","properties":{{{properties}}},"geometry":%s}}'
    columns = [_values(rows.iloc[:, place]) for place in range(rows.shape[1])]
    return (frame % row for row in zip(*columns, texts, strict=True))


def _values(column: pd.Series) -> list[str]:
    """Return the values of a column as JSON, those that are missing as null."""
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if not len(column) or kind == "string":
        # names of communities and kinds come again and again: each is written once
        number, known = pd.factorize(column)
        texts = np.array([*map(encode_basestring, known), "null"], dtype=object)
        return list(texts[number])
    values = column.astype(object).where(column.notna(), None).tolist()
    if kind in _FIGURES or pd.api.types.is_numeric_dtype(column.dtype):
        return json_text(values)[1:-1].split(",")  # no number holds a comma
    return [json_text(each) for each in values]
