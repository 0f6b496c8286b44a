"""Residents by the cells of a grid: areas, hexagons, or points that are the middles of cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import F64, Shapes
from planner.errors import Finding, InputError
from planner.sources.files.rows import ReadOptions, Rows, read_rows
from planner.sources.files.shapes import AREAS, mend, reading
from planner.sources.population.apportioning import STEP
from planner.sources.population.groups import Groups, add_groups
from planner.sources.population.totals import Totals, counted
from planner.sources.tables.frames import Frame, name_of
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import rows_told

ALIKE = 0.05
"""Middles of cells whose distances to their neighbours differ by less than this form a grid."""

REACH = 0.72
"""A cell reaches no farther than this part of the spacing: a square's corner lies 0.71 of it from
the middle, a hexagon's 0.58."""

_OVERLAP = 0.01
_POINT = shapely.GeometryType.POINT


def read_cells(
    path: str | Path | Frame, *, to_crs: Any = None, **how: Unpack[ReadOptions]
) -> Reading:
    """Read residents by cell: areas, or points in the middle of each.

    Parameters as of :func:`planner.sources.read_demand`. A cell without a figure has no data, which
    is not zero; it is left out and told.

    Raises
    ------
    MissingFileError, InputError
        Names the file, row and column.
    """
    rows = read_rows(path, "cells", **how)
    if "population" not in rows.table:
        present = ", ".join(map(str, rows.table.columns.drop("geometry"))) or "–"
        raise InputError("sources.no_population", file=name_of(path), present=present)
    types = shapely.get_type_id(rows.table.geometry.to_numpy())
    if not (types == _POINT).all():
        mend(rows, AREAS, "Polygon")
    rows.read_figures()
    _without_data(rows, name_of(path))
    rows.read_ids("cell_id")
    return reading("cells", rows, path, to_crs)


def _without_data(rows: Rows, file: str) -> None:
    """Leave out the cells without a figure, and tell how many."""
    empty = rows.table["population"].isna().to_numpy() & ~rows.aside.among(rows.table)
    if empty.any():
        params = {"file": file, "count": int(empty.sum()), "cells": len(rows.table)}
        rows.findings.append(Finding("population.cells_without_data", params))
        rows.table = rows.table[~empty]


def cells_within(found: Reading, communities: gpd.GeoDataFrame, groups: Groups) -> Totals:
    """Return the parts of cells that lie in communities, with their part of the people by area.

    Parameters
    ----------
    found
        Of :func:`read_cells`.
    communities
        The layer, metric.
    groups
        Groups by share or column.

    Raises
    ------
    InputError
        ``population.no_grid`` where points form no grid, ``population.cells_elsewhere``.
    """
    file = found.source.source
    table = found.table.to_crs(communities.crs).reset_index(drop=True)
    findings = list(found.findings)
    shapes: Shapes = table.geometry.to_numpy()
    if (shapely.get_type_id(shapes) == _POINT).all():
        shapes, note = around_middles(shapes, file)
        findings.append(note)
    areas = gpd.GeoDataFrame(
        {"area_id": table["cell_id"].astype(str), "name": table["cell_id"].astype(str)}
        | {column: table[column].astype(float) for column in counted(table)},
        geometry=shapes,
        crs=communities.crs,
    )
    findings += add_groups(areas, groups, table, file)
    findings += _overlapping(shapes, file)
    areas, notes = clipped(areas, communities, file)
    source = replace(found.source, layer="demand")
    return Totals(areas, None, table.iloc[:0], source, (*findings, *notes))


def clipped(
    areas: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, file: str
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the parts of areas in communities, each with its part of the people by ground.

    Raises
    ------
    InputError
        ``population.cells_elsewhere`` where no cell with people lies in a community.
    """
    district = shapely.union_all(communities.geometry.to_numpy())
    shapely.prepare(district)
    shapes: Shapes = areas.geometry.to_numpy()
    whole = shapely.covers(district, shapes)
    partly = np.flatnonzero(~whole & shapely.intersects(district, shapes))
    inside = np.where(whole, 1.0, 0.0)
    kept = shapes.copy()
    if len(partly):
        cut = shapely.intersection(shapes[partly], district)
        inside[partly] = shapely.area(cut) / shapely.area(shapes[partly])
        kept[partly] = cut
    here = inside > 0
    before = float(areas["population"].sum())
    result = areas[here].reset_index(drop=True).set_geometry(
        gpd.GeoSeries(kept[here], crs=areas.crs)
    )  # fmt: skip
    for column in counted(areas):
        part = areas[column].to_numpy(dtype=np.float64)[here] * inside[here]
        result[column] = np.rint(part / STEP) * STEP
    after = float(result["population"].sum())
    if not after > 0:
        raise InputError("population.cells_elsewhere", file=file, cells=len(areas))
    params = {
        "file": file,
        "cells": int(here.sum()),
        "of": len(areas),
        "cut": int((here & (inside < 1)).sum()),
        "before": round(before),
        "after": round(after),
    }
    findings = [Finding("population.cells_clipped", params)]
    parts = shapely.intersection(
        communities.geometry.to_numpy(), shapely.union_all(result.geometry.to_numpy())
    )
    covered = shapely.area(parts) / shapely.area(communities.geometry.to_numpy())
    bare = covered < 0.99
    if bare.any():
        told = {
            "file": file,
            "count": int(bare.sum()),
            "percent": round(100 * float(1 - shapely.area(parts).sum() / district.area), 1),
            "names": rows_told(communities["name"][bare].tolist()),
        }
        findings.append(Finding("population.no_data_in", told))
    return result, findings


def around_middles(points: Shapes, file: str) -> tuple[Shapes, Finding]:
    """Return the cells around points of a grid: what lies nearer to each than to any other.

    Parameters
    ----------
    points
        The middles, in metres.
    file
        Name of the file.

    Raises
    ------
    InputError
        ``population.no_grid`` where the points form none, ``population.middles_twice``.

    Examples
    --------
    >>> middles = shapely.points([[x, y] for x in (0.0, 100.0, 200.0) for y in (0.0, 100.0, 200.0)])
    >>> cells, _ = around_middles(middles, "grid.csv")
    >>> round(cells[4].area)
    10000
    """
    from scipy.spatial import cKDTree

    xy: F64 = shapely.get_coordinates(points)
    if len(np.unique(xy, axis=0)) < len(xy):
        raise InputError("population.middles_twice", file=file)
    if len(xy) < 4:
        raise InputError("population.no_grid", file=file)
    near = cKDTree(xy).query(xy, k=2)[0][:, 1]
    low, high = np.quantile(near, [0.1, 0.9])
    spacing = float(np.median(near))
    if high - low > ALIKE * high:
        raise InputError("population.no_grid", file=file)
    parts = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(points),
            extend_to=shapely.box(*shapely.total_bounds(points)).buffer(2 * spacing),
            ordered=True,
        )
    )
    # cells at the edge have no neighbour to end at: they are as the smallest, which has them all
    least = int(np.argmin(shapely.area(parts)))
    disc = shapely.buffer(points[least], REACH * spacing, quad_segs=16)
    shape = shapely.get_coordinates(shapely.intersection(parts[least], disc)) - xy[least]
    usual = shapely.polygons(xy[:, None] + shape[None])
    cells = shapely.intersection(parts, usual)
    params = {"file": file, "cells": len(xy), "metres": round(spacing)}
    return cells, Finding("population.cells_around_middles", params)


def _overlapping(shapes: Shapes, file: str) -> list[Finding]:
    """Tell of cells that lie over one another: a home in both belongs to the first."""
    once = float(shapely.union_all(shapes).area)
    percent = 100 * (float(shapely.area(shapes).sum()) / once - 1) if once > 0 else 0.0
    if percent <= 100 * _OVERLAP:
        return []
    return [Finding("population.cells_overlap", {"file": file, "percent": round(percent, 1)})]
