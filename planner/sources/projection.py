"""Which metric coordinate reference system suits a place."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
from pyproj import CRS

from planner.arrays import F64, Bool
from planner.district.metres import metre_error
from planner.district.transformers import transformer
from planner.errors import InputError

SCALE_TOLERANCE = 0.002
"""Share by which a projected metre may differ from a true one before the CRS is replaced."""

# (south, west, north, east) in degrees. A coarse outline of mainland China: land in a rectangle
# of the first list and in none of the second. Near a border either CRS is a sound choice.
_CHINA = (
    (42.8899, 79.4462, 49.2204, 96.3300),
    (39.3742, 109.6872, 54.1415, 135.0002),
    (29.5297, 73.1246, 42.8899, 124.1433),
    (26.7186, 82.9684, 29.5297, 97.0352),
    (20.4141, 97.0253, 29.5297, 124.3674),
    (17.8715, 107.9758, 20.4141, 111.7441),
)
_NOT_CHINA = (
    (21.7850, 119.9213, 25.3986, 122.4976),
    (20.0988, 101.8652, 22.2840, 106.6650),
    (20.4878, 106.4525, 21.5422, 108.0510),
    (50.3257, 109.0323, 55.8175, 119.1270),
    (49.5574, 127.4568, 55.8175, 137.0227),
    (42.5692, 131.2662, 44.8922, 137.0227),
)


def in_mainland_china(lon: float, lat: float) -> bool:
    """Return whether a place lies in the coarse outline of mainland China.

    Parameters
    ----------
    lon, lat
        Degrees.

    Examples
    --------
    >>> in_mainland_china(114.93, 25.85), in_mainland_china(24.94, 60.17)
    (True, False)
    """
    return bool(mainland_china(np.asarray([lon]), np.asarray([lat]))[0])


def mainland_china(lon: F64, lat: F64) -> Bool:
    """Return which places lie in the coarse outline of mainland China, as `in_mainland_china`."""

    def inside(boxes: tuple[tuple[float, float, float, float], ...]) -> Bool:
        found = np.zeros(lon.shape, dtype=np.bool_)
        for south, west, north, east in boxes:
            found |= (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)
        return found

    return inside(_CHINA) & ~inside(_NOT_CHINA)


def metric_crs(lon: float, lat: float) -> CRS:
    """Return the projected CRS, in metres, that suits a place.

    In mainland China CGCS2000 / 3-degree Gauss-Kruger with the central meridian nearest to the
    place and no zone prefix in the easting (EPSG:4534 to 4554); elsewhere UTM on WGS 84.

    Parameters
    ----------
    lon, lat
        Degrees, of the middle of the place.

    Raises
    ------
    InputError
        Where they are not degrees on the globe; perhaps the two are swapped.

    Examples
    --------
    >>> metric_crs(114.93, 25.85).to_string()
    'EPSG:4547'
    >>> metric_crs(24.94, 60.17).to_string()
    'EPSG:32635'
    """
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise InputError("sources.not_on_globe", lon=lon, lat=lat)
    if in_mainland_china(lon, lat):
        meridian = min(max(3 * round(lon / 3), 75), 135)
        return CRS.from_epsg(4534 + (meridian - 75) // 3)
    zone = min(int((lon + 180) // 6) + 1, 60)
    return CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)


def metric_crs_for(table: gpd.GeoDataFrame) -> CRS:
    """Return the CRS in which to measure a layer: its own where that is metric and true.

    Parameters
    ----------
    table
        A layer with a CRS and at least one geometry. Web Mercator and the like, whose metres
        are longer than true ones, are replaced as degrees are.

    Raises
    ------
    InputError
        Where the coordinates do not lie on the globe.
    """
    own: CRS = table.crs
    west, south, east, north = table.total_bounds
    x, y = (west + east) / 2, (south + north) / 2
    if own.is_projected and metre_error(own, x, y) <= SCALE_TOLERANCE:
        return own
    lon, lat = transformer(own, 4326).transform(x, y)
    return metric_crs(lon, lat)
