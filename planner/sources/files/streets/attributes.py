"""Columns of street files that are called as tags: surface, kerb, incline, width and the like."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from planner.sources.streets.attributes import CROSSING_KEYS, PLAIN_KEYS, attribute_columns
from planner.sources.tables.values.numbers import cell_text

_KEYS = (*PLAIN_KEYS, *CROSSING_KEYS, "crossing", "ramp", "ramp:wheelchair", "width")


def with_attributes(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return streets with the columns of the layer that columns called as tags amount to.

    Columns of the layer that are there already, and are no tag, stay as they are.

    Examples
    --------
    >>> import shapely
    >>> line = shapely.LineString([(0, 0), (9, 0)])
    >>> table = gpd.GeoDataFrame({"Surface": ["Asphalt"], "incline": ["8%"]}, geometry=[line])
    >>> with_attributes(table)[["surface", "slope_percent"]].to_numpy().tolist()
    [['asphalt', 8.0]]
    """
    named = {str(column).casefold(): column for column in table.columns}
    present = [key for key in _KEYS if key in named]
    if not present:
        return table
    texts = [table[named[key]].map(_text).tolist() for key in present]
    tags = [
        {key: value for key, value in zip(present, row, strict=True) if value}
        for row in zip(*texts, strict=True)
    ]
    made = attribute_columns(tags).set_index(table.index)
    if not any(key in named for key in CROSSING_KEYS):
        # a layer of ours has no other key: what it says of a crossing, it says here
        made["crossing"] = [each.get("crossing", "") for each in tags]
    result = table.copy()
    for name in made:
        as_tag = name in _KEYS
        if name in named and not as_tag:
            continue
        if name in named and named[name] != name:
            result = result.drop(columns=named[name])
        told = made[name].notna() if pd.api.types.is_float_dtype(made[name]) else made[name] != ""
        if name in named or told.any():
            result[name] = made[name]
    return result


def _text(cell: object) -> str:
    """Return a cell as a tag has it: of the lists that OSMnx makes of merged streets all words."""
    if isinstance(cell, list | tuple | set):
        return ";".join(sorted(str(each) for each in cell)).casefold()
    text = cell_text(cell).casefold()
    return "" if text in ("nan", "none") else text
