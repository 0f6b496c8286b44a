"""Residents by pixel of a GeoTIFF, such as those of WorldPop or the GHSL.

Strangers send such files too, and GDAL's readers of rasters are many: only its reader of GeoTIFF is
let near the file, what the file holds is seen before, and nothing beside it is read.
"""

from __future__ import annotations

import importlib
import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from planner.arrays import F64, Bool
from planner.district.transformers import transformer
from planner.errors import Finding, InputError
from planner.sources.population.cells import clipped
from planner.sources.population.groups import Groups, add_groups
from planner.sources.population.totals import Totals
from planner.sources.untrusted.rasters import check_raster
from planner.sources.vector import gdal
from planner.sources.vector.reading import source_of

MOST_PIXELS = 4_000_000
"""Pixels of a district that are read at most."""

MOST_BLOCK_BYTES = 256_000_000
"""A block that unpacks to more is not read: the whole of it would have to be held."""

MOST_BLOCKS = 20_000_000

_CLOSED: dict[str, str | int] = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_GEOREF_SOURCES": "INTERNAL",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_HTTP_PROXY": "off://none",
    "GDAL_HTTPS_PROXY": "off://none",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_CACHEMAX": 64,
    "GDAL_NUM_THREADS": "1",
    "CPL_ALLOW_VSISTDIN": "NO",
}
"""No file beside the raster is looked for or read, and no server is asked."""


def read_raster(path: str | Path, communities: gpd.GeoDataFrame, groups: Groups) -> Totals:
    """Return the pixels of a GeoTIFF that lie in communities, as cells with their people.

    A pixel that is marked as no data, or holds no number, has none: it is no zero. What a pixel
    across the border holds is divided by ground.

    Parameters
    ----------
    path
        One band of people by pixel, not of people by km².
    communities
        The layer, metric.
    groups
        Groups by share of all.

    Raises
    ------
    MissingFileError, InputError
        Where the file is no GeoTIFF of one band with a CRS, is too large, lies elsewhere or holds
        numbers below zero; ``population.needs_rasterio`` where rasterio is not installed.
    """
    file = gdal.local_file(path)
    check_raster(file)
    values, missing, corners, crs = _pixels(file, communities)
    name = file.name
    below = ~missing & (values < 0)
    if below.any():
        worst = float(values[below].min())
        raise InputError(
            "population.raster_negative", file=name, count=int(below.sum()), value=worst
        )
    known = np.flatnonzero(~missing)
    if not len(known):
        raise InputError("population.raster_without_data", file=name)
    rings = corners[known]
    change = transformer(crs, communities.crs).transform
    x, y = change(rings[..., 0], rings[..., 1])
    shapes = np.asarray(shapely.polygons(np.stack([x, y], axis=-1)), dtype=object)
    areas = gpd.GeoDataFrame(
        {
            "area_id": known.astype(str).astype(object),
            "name": known.astype(str).astype(object),
            "population": values[known],
        },
        geometry=shapes,
        crs=communities.crs,
    )
    areas, findings = clipped(areas, communities, name)
    findings += add_groups(areas, groups, areas.iloc[:, :0], name)
    params = {
        "file": name,
        "pixels": len(known),
        "without": int(missing.sum()),
        "people": round(float(values[known].sum())),
    }
    findings.insert(0, Finding("population.raster_read", params))
    return Totals(areas, None, areas.iloc[:0], source_of("demand", file), tuple(findings))


def raster_size(path: str | Path) -> tuple[int, int]:
    """Return columns and rows of pixels of a GeoTIFF of one band.

    Raises
    ------
    MissingFileError, InputError
        As :func:`read_raster`.
    """
    file = gdal.local_file(path)
    check_raster(file)
    rasterio = _rasterio()
    try:
        with (
            rasterio.Env(**_CLOSED),
            rasterio.open(str(file), driver="GTiff", sharing=False) as data,
        ):
            _check_size(data, file.name)
            return int(data.width), int(data.height)
    except (rasterio.errors.RasterioError, ValueError, OSError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("population.raster_broken", file=file.name, reason=str(error)) from error


def _rasterio() -> Any:
    try:
        return importlib.import_module("rasterio")
    except ImportError as error:
        raise InputError("population.needs_rasterio") from error


def _pixels(file: Path, communities: gpd.GeoDataFrame) -> tuple[F64, Bool, F64, CRS]:
    """Return values (n,), which have no data (n,), corners (n, 4, 2) and their CRS."""
    rasterio = _rasterio()
    try:
        with (
            rasterio.Env(**_CLOSED),
            rasterio.open(str(file), driver="GTiff", sharing=False) as data,
        ):
            _check_size(data, file.name)
            if data.crs is None:
                raise InputError("sources.no_crs", file=file.name)
            crs = CRS.from_wkt(data.crs.to_wkt())
            window = _window(data, communities, crs, file.name)
            read = data.read(1, window=window, masked=True)
            transform = data.transform
            # whole numbers may stand for parts of people: value = stored x scale + offset
            scale, offset = float(data.scales[0]), float(data.offsets[0])
            first = int(window.row_off), int(window.col_off)
    except (rasterio.errors.RasterioError, ValueError, OSError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("population.raster_broken", file=file.name, reason=str(error)) from error
    values = np.asarray(np.ma.getdata(read), dtype=np.float64).ravel() * scale + offset
    missing = np.ma.getmaskarray(read).ravel() | ~np.isfinite(values)
    rows, columns = np.indices(read.shape).reshape(2, -1) + np.array(first)[:, None]
    across = np.array([0, 1, 1, 0])
    down = np.array([0, 0, 1, 1])
    column, row = columns[:, None] + across, rows[:, None] + down
    x = transform.a * column + transform.b * row + transform.c
    y = transform.d * column + transform.e * row + transform.f
    return np.where(missing, 0.0, values), missing, np.stack([x, y], axis=-1), crs


def _check_size(data: Any, name: str) -> None:
    """Refuse several bands, numbers that are none, and blocks that would unpack to too much."""
    if data.count != 1:
        raise InputError("population.several_bands", file=name, bands=data.count)
    kind = np.dtype(data.dtypes[0])
    if kind.kind not in "iuf":
        raise InputError("population.raster_broken", file=name, reason=str(kind))
    down, across = data.block_shapes[0]
    blocks = math.ceil(data.height / down) * math.ceil(data.width / across)
    size = down * across * kind.itemsize
    if size > MOST_BLOCK_BYTES or blocks > MOST_BLOCKS:
        raise InputError("population.raster_block", file=name, megabytes=round(size / 1e6))


def _window(data: Any, communities: gpd.GeoDataFrame, crs: CRS, name: str) -> Any:
    """Return the window of pixels around the communities.

    Raises
    ------
    InputError
        ``population.raster_elsewhere``, ``population.raster_too_large``.
    """
    windows = importlib.import_module("rasterio.windows")
    change = transformer(communities.crs, crs)
    west, south, east, north = communities.total_bounds
    bounds = change.transform_bounds(west, south, east, north)
    if not np.isfinite(bounds).all():
        raise InputError("population.raster_elsewhere", file=name)
    a, b, c, d, e, f = (float(each) for each in data.transform[:6])
    if a * e - b * d == 0:
        raise InputError("population.raster_elsewhere", file=name)
    corners = np.array([(x - c, y - f) for x in bounds[::2] for y in bounds[1::2]])
    columns, rows = np.linalg.solve(np.array([[a, b], [d, e]]), corners.T)
    left, right = math.floor(columns.min()) - 1, math.ceil(columns.max()) + 1
    top, bottom = math.floor(rows.min()) - 1, math.ceil(rows.max()) + 1
    left, right = max(left, 0), min(right, data.width)
    top, bottom = max(top, 0), min(bottom, data.height)
    if left >= right or top >= bottom:
        raise InputError("population.raster_elsewhere", file=name)
    if (right - left) * (bottom - top) > MOST_PIXELS:
        pixels = (right - left) * (bottom - top)
        raise InputError("population.raster_too_large", file=name, pixels=pixels, most=MOST_PIXELS)
    return windows.Window(left, top, right - left, bottom - top)
