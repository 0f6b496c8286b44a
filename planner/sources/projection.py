"""Which metric coordinate reference system suits a place."""

from __future__ import annotations

import math

import geopandas as gpd
from pyproj import CRS

from planner.district.mainland_china import in_mainland_china
from planner.district.metres import metre_error
from planner.district.transformers import transformer
from planner.errors import InputError

SCALE_TOLERANCE = 0.002
"""Share by which a projected metre may differ from a true one before the CRS is replaced."""


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
