"""Coordinates to degrees and back, in one thread that keeps what PROJ prepared.

PROJ prepares a transformation anew in each thread, which takes a tenth of a second; a dashboard
answers every click in a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely
from pyproj import CRS

from planner.arrays import F64, Objects
from planner.district import District
from planner.district.transformers import transformer

WGS84 = 4326

DIGITS = 6
"""Decimals of a degree, a tenth of a metre."""

_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="projection")


def in_degrees(shapes: Objects | Sequence[shapely.Geometry], crs: CRS) -> Objects:
    """Return shapes of a projected CRS in degrees of WGS 84, longitude first."""
    given = np.asarray(shapes, dtype=object)
    if not given.size:
        return given
    moved: Objects = shapely.transform(
        given, lambda xy: _worker.submit(_moved, crs, xy, inverse=False).result()
    )
    return moved


def in_metres(lon: float, lat: float, crs: CRS) -> tuple[float, float]:
    """Return a place given in degrees of WGS 84 in a projected CRS."""
    place = np.array([[lon, lat]], dtype=np.float64)
    x, y = _worker.submit(_moved, crs, place, inverse=True).result()[0].tolist()
    return float(x), float(y)


def _moved(crs: CRS, xy: F64, *, inverse: bool) -> F64:
    direction = "INVERSE" if inverse else "FORWARD"
    return np.column_stack(
        transformer(crs, WGS84).transform(xy[:, 0], xy[:, 1], direction=direction)
    )


def place_of(district: District, x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude, WGS 84, of a place in metres of the district's CRS."""
    spot = in_degrees([shapely.Point(x, y)], district.crs)[0]
    return round(float(spot.x), DIGITS), round(float(spot.y), DIGITS)
