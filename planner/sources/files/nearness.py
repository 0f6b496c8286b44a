"""Whether a layer lies where the communities are, and whether it would with its axes exchanged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from planner.errors import Finding, InputError
from planner.sources.datums.declared import POINTS
from planner.sources.tables.reading import Reading

FAR_M = 20_000.0
"""A layer further than this from the communities lies elsewhere."""


def left_out_code(layer: str) -> str:
    """Return the code of what is told of rows far from every community.

    Lines of a whole city are left out beyond the district by rule; a home, a facility or a gate
    that lies far away may have been placed wrongly.
    """
    return "sources.left_out_far" if layer in POINTS else "sources.lines_left_out_far"


def near(reading: Reading, areas: Reading) -> Reading:
    """Return a layer that lies near the communities; points with exchanged axes are turned.

    Raises
    ------
    InputError
        Where it lies elsewhere: a wrong CRS, or files of other places.
    """
    place = shapely.box(*areas.table.total_bounds)
    table, layer = reading.table, reading.source.layer
    bounds = table.total_bounds
    if table.empty:
        return reading
    away = np.inf
    if np.isfinite(bounds).all():
        away = float(shapely.distance(place, shapely.box(*bounds)))
    if away <= FAR_M:
        return reading
    file, km = reading.source.source, round(away / 1000) if np.isfinite(away) else "?"
    turned = _turned(table, place)
    if turned is None:
        raise InputError("sources.lies_elsewhere", file=file, layer=layer, km=km)
    if layer not in POINTS:
        raise InputError("sources.turned", file=file, layer=layer, km=km)
    note = Finding("tables.turned_by_place", {"file": file, "layer": layer, "km": km})
    mapping = reading.mapping
    if mapping is not None:
        mapping = replace(mapping, turned=not mapping.turned)
    return replace(reading, table=turned, findings=(*reading.findings, note), mapping=mapping)


def _turned(table: gpd.GeoDataFrame, place: Any) -> gpd.GeoDataFrame | None:
    """Return the layer with longitude and latitude exchanged if it then lies here, else None."""
    crs: CRS = table.crs
    degrees = table.geometry.to_crs(4326)
    spots = shapely.get_coordinates(degrees.to_numpy())
    if not len(spots) or not (np.abs(spots) <= 90).all():
        return None
    shapes = shapely.transform(degrees.to_numpy(), lambda xy: xy[:, ::-1])
    there = gpd.GeoSeries(shapes, index=table.index, crs=4326).to_crs(crs)
    if not np.isfinite(there.total_bounds).all():
        return None
    if float(shapely.distance(place, shapely.box(*there.total_bounds))) > FAR_M:
        return None
    return table.set_geometry(there)
