"""Rows of a layer and of a file, as far as they tell which they are."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64, I64, Objects, Shapes
from planner.district import LAYERS
from planner.district.identity.doubles import PLACED_M
from planner.district.identity.names import plain_name
from planner.district.layers import WEIGHT
from planner.sources.update.matching import Side

FILE_ID = "file_id"
"""Column of the id that a list has for a row, where the layer keeps another for it."""

PLACED = {"demand": 5.0, "streets": 2.0, "barriers": 5.0, "gates": 5.0}
"""Metres within which rows of layers without kinds or names may be one."""

_NAMED = ("facilities", "candidates", "communities", "gates")


def placed_m(layer: str) -> float:
    """Return the metres within which rows of a layer that have no names may be one."""
    return PLACED.get(layer, PLACED_M)


def side(
    table: gpd.GeoDataFrame, layer: str, ids: Objects | None = None, owner: I64 | None = None
) -> Side:
    """Return rows as they are matched.

    Parameters
    ----------
    table
        The layer, or what was read of a file for it.
    layer
        Its name.
    ids
        The ids that count, those of the table if None.
    owner
        Number of the row that each is a form of; each is its own if None.
    """
    count = len(table)
    shapes = table.geometry.to_numpy()
    xy, sizes = _middles(shapes)
    names = _texts(table, "name") if layer in _NAMED else np.full(count, "", dtype=object)
    names = np.array([plain_name(name) for name in names], dtype=object)
    kinds = _texts(table, "kind") if LAYERS[layer].column("kind") else np.full(count, "", object)
    figures = [
        np.round(pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=np.float64), 2)
        for column in ("population", WEIGHT)
        if column in table
    ]
    parts = [names, kinds, *np.round(xy, 1).T, np.round(sizes), *figures]
    signs = np.array(["|".join(map(str, row)) for row in zip(*parts, strict=True)], dtype=object)
    return Side(
        ids=_own_ids(table, layer) if ids is None else ids,
        names=names,
        kinds=kinds,
        xy=xy,
        sizes=sizes,
        signs=signs,
        owner=np.arange(count, dtype=np.int64) if owner is None else owner,
    )


def _own_ids(table: gpd.GeoDataFrame, layer: str) -> Objects:
    """Return the ids by which lists know the rows of a layer."""
    own = table[LAYERS[layer].key].astype(str).to_numpy(dtype=object)
    listed = _texts(table, FILE_ID)
    ids: Objects = np.where(listed != "", listed, own)
    return ids


def _middles(shapes: Shapes) -> tuple[F64, F64]:
    """Return a place (n, 2) of each shape and its length or area (n,)."""
    dimension = shapely.get_dimensions(shapes)
    spots = shapely.centroid(shapes)
    lines = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    if lines.any():
        spots[lines] = shapely.line_interpolate_point(shapes[lines], 0.5, normalized=True)
    sizes = np.where(dimension == 1, shapely.length(shapes), shapely.area(shapes))
    return shapely.get_coordinates(spots), np.asarray(sizes, dtype=np.float64)


def _texts(table: pd.DataFrame, column: str) -> Any:
    if column not in table:
        return np.full(len(table), "", dtype=object)
    return table[column].fillna("").astype(str).to_numpy(dtype=object)
