"""GCJ-02 (高德, 腾讯) and BD-09 (百度) to WGS 84 and back, for whole arrays at once.

In mainland China map services show places some hundred metres from where they are: GCJ-02 moves
WGS 84 by sums of sines of the place, BD-09 turns and moves GCJ-02 once more. Neither was published
by its makers. The formulas here are the reconstructions that all converters share: GCJ-02 as in
coolypf's ``EvilTransform`` (2013, with the ellipsoid Krasovsky 1940), BD-09 as in
``wandergis/coordtransform``. Against points of the services themselves they agree within about a
metre or a few (``vistawn/pygcj`` measured 3 m on average), which no conversion can better.

Own lines, since no package of PyPI fits: ``geocoordinates-rs`` tells its inverse as good to 0.5 m
and takes one point a call (two minutes for a million); ``pybind11-coordtransform`` has arrays for
GCJ-02 only and asks of the first point alone whether it is in China; ``eviltransform``,
``coord-convert``, ``prcoords`` and ``transbigdata`` stopped years ago, and their inverses of BD-09
are off by up to a metre.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import F64, Bool
from planner.district.mainland_china import mainland_china
from planner.district.transformers import transformer

Shifted = Literal["gcj02", "bd09"]
"""Datums whose places are shifted against WGS 84."""

SHIFTED: tuple[Shifted, ...] = ("gcj02", "bd09")

_Move = Callable[[F64, F64], tuple[F64, F64]]

_AXIS_M = 6_378_245.0
_ECCENTRICITY2 = 0.006_693_421_622_965_943_23
_BD_LON, _BD_LAT = 0.0065, 0.006
_BD_RATE = np.pi * 3000.0 / 180.0
_CLOSE_DEG = 2e-9
_MOST_STEPS = 30
_CHUNK = 32_768


def to_wgs84(lon: F64, lat: F64, datum: Shifted) -> tuple[F64, F64]:
    """Return places in WGS 84.

    Parameters
    ----------
    lon, lat
        Degrees in `datum`; NaN stays NaN.
    datum
        ``"gcj02"`` or ``"bd09"``.

    Returns
    -------
    Degrees, the inverse of :func:`from_wgs84` within 1 mm. Places outside the coarse outline of
    mainland China, where GCJ-02 is WGS 84, are not moved.

    Examples
    --------
    >>> lon, lat = to_wgs84(np.array([116.41024450]), np.array([39.91640428]), "gcj02")
    >>> round(float(lon[0]), 6), round(float(lat[0]), 6)
    (116.404, 39.915)
    """
    return _chunked(lon, lat, lambda x, y: _to_wgs84(x, y, datum))


def from_wgs84(lon: F64, lat: F64, datum: Shifted) -> tuple[F64, F64]:
    """Return places of WGS 84 in a shifted datum; parameters and edges as of :func:`to_wgs84`.

    Examples
    --------
    >>> lon, lat = from_wgs84(np.array([116.404]), np.array([39.915]), "gcj02")
    >>> round(float(lon[0]), 8), round(float(lat[0]), 8)
    (116.4102445, 39.91640428)
    """
    return _chunked(lon, lat, lambda x, y: _from_wgs84(x, y, datum))


def unshifted(table: gpd.GeoDataFrame, datum: Shifted) -> gpd.GeoDataFrame:
    """Return a layer with its shapes moved to where they are, in its own CRS.

    The CRS is that in which the shifted degrees were written down, projected or not.
    """
    return _moved(table, lambda lon, lat: to_wgs84(lon, lat, datum))


def shifted(table: gpd.GeoDataFrame, datum: Shifted) -> gpd.GeoDataFrame:
    """Return a layer with its shapes where a shifted datum has them; see :func:`unshifted`."""
    return _moved(table, lambda lon, lat: from_wgs84(lon, lat, datum))


def _moved(table: gpd.GeoDataFrame, convert: _Move) -> gpd.GeoDataFrame:
    to, back = transformer(table.crs, 4326), transformer(4326, table.crs)

    def move(xy: F64) -> F64:
        return np.column_stack(back.transform(*convert(*to.transform(xy[:, 0], xy[:, 1]))))

    # there and back at once: to put places into shapes takes longer than to work them out
    moved = shapely.transform(table.geometry.to_numpy(), move)
    return table.set_geometry(gpd.GeoSeries(moved, index=table.index, crs=table.crs))


def _chunked(lon: F64, lat: F64, move: _Move) -> tuple[F64, F64]:
    """Return moved places, worked out in pieces that fit the processor's cache."""
    lon, lat = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    x, y = lon.ravel(), lat.ravel()
    result = np.empty((2, x.size))
    for start in range(0, x.size, _CHUNK):
        part = slice(start, start + _CHUNK)
        result[0, part], result[1, part] = move(x[part], y[part])
    return result[0].reshape(lon.shape), result[1].reshape(lon.shape)


def _from_wgs84(lon: F64, lat: F64, datum: Shifted) -> tuple[F64, F64]:
    inside = mainland_china(lon, lat)
    x, y = _gcj_of_wgs(lon, lat)
    if datum == "bd09":
        x, y = _bd_of_gcj(x, y)
    return _where(inside, x, lon), _where(inside, y, lat)


def _to_wgs84(lon: F64, lat: F64, datum: Shifted) -> tuple[F64, F64]:
    x, y = lon, lat
    if datum == "bd09":
        x, y = _inverse(_bd_of_gcj, x, y)
    x, y = _inverse(_gcj_of_wgs, x, y)
    inside = mainland_china(x, y)
    return _where(inside, x, lon), _where(inside, y, lat)


def _where(inside: Bool, moved: F64, kept: F64) -> F64:
    return np.where(inside, moved, kept)


def _inverse(move: _Move, lon: F64, lat: F64) -> tuple[F64, F64]:
    """Return whence a place was moved: each step takes the shift where the last one ended.

    The shift changes by less than a fiftieth of a step, so that an error shrinks as much each time.
    """
    x, y = lon, lat
    for _ in range(_MOST_STEPS):
        there_x, there_y = move(x, y)
        step_x, step_y = lon - there_x, lat - there_y
        x, y = x + step_x, y + step_y
        far = np.fmax(np.abs(step_x), np.abs(step_y))
        if not bool((far > _CLOSE_DEG).any()):
            break
    return x, y


def _gcj_of_wgs(lon: F64, lat: F64) -> tuple[F64, F64]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    px, py = np.pi * x, np.pi * y
    third_x, third_y = np.sin(px / 3.0), np.sin(py / 3.0)
    once_x, once_y = _sin_of_triple(third_x), _sin_of_triple(third_y)
    twice_x = 2.0 * once_x * np.cos(px)
    shared = (20.0 * _sin_of_triple(twice_x) + 20.0 * twice_x) * (2.0 / 3.0)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared
    north += (20.0 * once_y + 40.0 * third_y) * (2.0 / 3.0)
    north += (160.0 * np.sin(py / 12.0) + 320.0 * np.sin(py / 30.0)) * (2.0 / 3.0)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared
    east += (20.0 * once_x + 40.0 * third_x) * (2.0 / 3.0)
    east += (150.0 * np.sin(px / 12.0) + 300.0 * np.sin(px / 30.0)) * (2.0 / 3.0)
    angle = np.radians(lat)
    bulge = 1.0 - _ECCENTRICITY2 * np.sin(angle) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY2) / (bulge * np.sqrt(bulge))
    parallel_m = _AXIS_M / np.sqrt(bulge) * np.cos(angle)
    return lon + np.degrees(east / parallel_m), lat + np.degrees(north / meridian_m)


def _sin_of_triple(sine: F64) -> F64:
    """Return the sine of three times an angle, of its sine."""
    return sine * (3.0 - 4.0 * sine * sine)


def _bd_of_gcj(lon: F64, lat: F64) -> tuple[F64, F64]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_RATE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_RATE)
    return radius * np.cos(angle) + _BD_LON, radius * np.sin(angle) + _BD_LAT
