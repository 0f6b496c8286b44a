"""Coordinates of a district in degrees, and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from pyproj import CRS

from planner.arrays import Objects
from planner.district import District
from planner.district.transformers import transformer

WGS84 = 4326

DIGITS = 6
"""Decimals of a degree, a tenth of a metre."""


def in_degrees(shapes: Objects | Sequence[shapely.Geometry], crs: CRS) -> Objects:
    """Return shapes of a projected CRS in degrees of WGS 84, longitude first."""
    given = np.asarray(shapes, dtype=object)
    if not given.size:
        return given
    change = transformer(crs, WGS84).transform
    moved: Objects = shapely.transform(given, lambda xy: np.column_stack(change(*xy.T)))
    return moved


def in_metres(lon: float, lat: float, crs: CRS) -> tuple[float, float]:
    """Return a place given in degrees of WGS 84 in a projected CRS."""
    x, y = transformer(crs, WGS84).transform(lon, lat, direction="INVERSE")
    return float(x), float(y)


def place_of(district: District, x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude, WGS 84, of a place in metres of the district's CRS."""
    spot = in_degrees([shapely.Point(x, y)], district.crs)[0]
    return round(float(spot.x), DIGITS), round(float(spot.y), DIGITS)
