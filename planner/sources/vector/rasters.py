"""GeoTIFFs: opened by one driver alone, with nothing read beside the file.

Strangers send such files too, and GDAL's readers of rasters are many: only its reader of GeoTIFF is
let near a file, and what the file holds is seen before.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from pyproj import CRS

from planner.arrays import F64
from planner.district.transformers import transformer
from planner.errors import InputError
from planner.sources.untrusted.rasters import check_raster

MOST_PIXELS = 4_000_000
"""Pixels of a district that are read at most."""

MOST_BLOCK_BYTES = 256_000_000
"""A block that unpacks to more is not read: the whole of it would have to be held."""

MOST_BLOCKS = 20_000_000

METRES = ("m", "metre", "meter", "metres", "meters")
"""Units of a band that are metres."""

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


@contextmanager
def opened_raster(file: Path) -> Iterator[Any]:
    """Open a GeoTIFF of one band of numbers with a CRS, and nothing else.

    Parameters
    ----------
    file
        On this machine, see :func:`planner.sources.vector.gdal.local_file`.

    Yields
    ------
    rasterio.DatasetReader

    Raises
    ------
    InputError
        Where the file is none such or is broken, also while it is read;
        ``population.needs_rasterio`` where rasterio is not installed.
    """
    check_raster(file)
    rasterio = _rasterio()
    try:
        with (
            rasterio.Env(**_CLOSED),
            rasterio.open(str(file), driver="GTiff", sharing=False) as data,
        ):
            _check_size(data, file.name)
            if data.crs is None:
                raise InputError("sources.no_crs", file=file.name)
            yield data
    except (rasterio.errors.RasterioError, ValueError, OSError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("population.raster_broken", file=file.name, reason=str(error)) from error


@dataclass(frozen=True)
class Head:
    """What a raster tells before it is read.

    Parameters
    ----------
    columns, rows
        Pixels across and down.
    unit, description
        Of its band, empty where nothing is told.
    dtype
        Of its numbers, as of NumPy.
    scaled
        Whether the numbers are stored by a scale or an offset.
    """

    columns: int
    rows: int
    unit: str
    description: str
    dtype: str
    scaled: bool

    @property
    def in_metres(self) -> bool:
        """Whether its numbers are said to be metres."""
        return self.unit.casefold() in METRES


def read_head(file: Path) -> Head:
    """Return what a GeoTIFF of one band tells of itself.

    Raises
    ------
    InputError
        As :func:`opened_raster`.
    """
    with opened_raster(file) as data:
        scaled = (float(data.scales[0]), float(data.offsets[0])) != (1.0, 0.0)
        unit, description = (str(each or "").strip() for each in (*data.units, *data.descriptions))
        return Head(data.width, data.height, unit, description, str(data.dtypes[0]), scaled)


def read_window(data: Any, window: Any) -> tuple[F64, F64]:
    """Return numbers of an open raster, and where its pixels lie.

    Parameters
    ----------
    data
        The raster.
    window
        Of it, see :func:`window_around`.

    Returns
    -------
    Numbers by row and column, scaled as the file says, NaN where there is no data or no number; and
    the matrix (3, 3) that leads from column, row and 1, counted from the corner of the window's
    first pixel, to x, y and 1 in the raster's CRS.
    """
    read = data.read(1, window=window, masked=True)
    scale, offset = float(data.scales[0]), float(data.offsets[0])
    values = np.ma.getdata(read).astype(np.float64) * scale + offset
    values[np.ma.getmaskarray(read) | ~np.isfinite(values)] = np.nan
    first = np.array([[1, 0, window.col_off], [0, 1, window.row_off], [0, 0, 1]], np.float64)
    return values, np.array(data.transform, np.float64).reshape(3, 3) @ first


def crs_of(data: Any) -> CRS:
    """Return the CRS of an open raster."""
    return CRS.from_wkt(data.crs.to_wkt())


def _rasterio() -> Any:
    try:
        return importlib.import_module("rasterio")
    except ImportError as error:
        raise InputError("population.needs_rasterio") from error


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


def window_around(
    data: Any,
    layer: gpd.GeoDataFrame,
    crs: CRS,
    name: str,
    most: int = MOST_PIXELS,
    margin: int = 1,
) -> Any:
    """Return the window of an open raster's pixels around a layer.

    Parameters
    ----------
    data, crs, name
        The raster, its CRS and its name for messages.
    layer
        In any CRS.
    most
        Pixels that may be read.
    margin
        Pixels more on every side.

    Raises
    ------
    InputError
        ``population.raster_elsewhere``, ``population.raster_too_large``.
    """
    windows = importlib.import_module("rasterio.windows")
    change = transformer(layer.crs, crs)
    west, south, east, north = layer.total_bounds
    bounds = change.transform_bounds(west, south, east, north)
    if not np.isfinite(bounds).all():
        raise InputError("population.raster_elsewhere", file=name)
    a, b, c, d, e, f = (float(each) for each in data.transform[:6])
    if a * e - b * d == 0:
        raise InputError("population.raster_elsewhere", file=name)
    corners = np.array([(x - c, y - f) for x in bounds[::2] for y in bounds[1::2]])
    columns, rows = np.linalg.solve(np.array([[a, b], [d, e]]), corners.T)
    left, right = math.floor(columns.min()) - margin, math.ceil(columns.max()) + margin
    top, bottom = math.floor(rows.min()) - margin, math.ceil(rows.max()) + margin
    left, right = max(left, 0), min(right, data.width)
    top, bottom = max(top, 0), min(bottom, data.height)
    if left >= right or top >= bottom:
        raise InputError("population.raster_elsewhere", file=name)
    if (right - left) * (bottom - top) > most:
        pixels = (right - left) * (bottom - top)
        raise InputError("population.raster_too_large", file=name, pixels=pixels, most=most)
    return windows.Window(left, top, right - left, bottom - top)
