"""Residents by pixel of a GeoTIFF, such as those of WorldPop or the GHSL."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from planner.arrays import F64, Bool
from planner.district.transformers import transformer
from planner.errors import Finding, InputError
from planner.sources.population.cells import clipped
from planner.sources.population.groups import Groups, add_groups
from planner.sources.population.pixels_said import (
    marks_of_no_data,
    other_unit,
    perhaps_other,
    texts_of,
)
from planner.sources.population.totals import Totals
from planner.sources.vector import gdal
from planner.sources.vector.rasters import crs_of, opened_raster, read_window, window_around
from planner.sources.vector.reading import source_of

_FEWEST = 5
"""Pixels of which none holds more than one person before they are called shares."""


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
        Where the file is no GeoTIFF of one band with a CRS, is too large, lies elsewhere, holds
        numbers below zero or marks of no data that it does not declare, or says that its numbers
        are no people by pixel; ``population.needs_rasterio`` where rasterio is not installed.
    """
    file = gdal.local_file(path)
    values, missing, corners, crs, said = _pixels(file, communities)
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
    most = float(values[known].max())
    if 0 < most <= 1.0 and len(known) >= _FEWEST:
        told = {"file": name, "most": f"{most:.3g}", "people": params["people"]}
        findings.insert(1, Finding("population.raster_shares", told))
    if said:
        people = {"file": name, "text": said, "people": params["people"]}
        findings.insert(1, Finding("population.raster_perhaps_other", people))
    return Totals(areas, None, areas.iloc[:0], source_of("demand", file), tuple(findings))


def _pixels(file: Path, communities: gpd.GeoDataFrame) -> tuple[F64, Bool, F64, CRS, str]:
    """Return values (n,), which have no data (n,), corners (n, 4, 2), their CRS.

    And what the file says by which they may be no people by pixel, empty where nothing is.
    """
    with opened_raster(file) as data:
        sure = other_unit(str(data.units[0] or "").strip(), file.stem)
        if sure:
            raise InputError("population.raster_other_unit", file=file.name, text=sure)
        said = perhaps_other(texts_of(data), file.stem)
        crs = crs_of(data)
        read, forth = read_window(data, window_around(data, communities, crs, file.name))
        marks = marks_of_no_data(read, data)
    if marks.any():
        raise InputError(
            "population.raster_undeclared", file=file.name, count=int(marks.sum()),
            value=float(read[marks].max()),
        )  # fmt: skip
    values = read.ravel()
    missing = np.isnan(values)
    rows, columns = np.indices(read.shape).reshape(2, -1)
    column = columns[:, None] + np.array([0, 1, 1, 0])
    row = rows[:, None] + np.array([0, 0, 1, 1])
    corners = np.stack([column, row, np.ones_like(row)], axis=-1) @ forth[:2].T
    return np.where(missing, 0.0, values), missing, corners, crs, said
