"""Community areas, barriers and what is drawn behind the map, from files of one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import Shapes
from planner.district import LAYERS
from planner.errors import Finding, InputError
from planner.sources.files.rows import ReadOptions, Rows, read_rows
from planner.sources.tables.frames import Frame, name_of
from planner.sources.tables.kind_words import data
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import rows_told
from planner.sources.vector.reading import source_of

AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
"""Types of shapes that are areas."""

_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


def read_boundaries(
    path: str | Path | Frame, *, to_crs: Any = None, **how: Unpack[ReadOptions]
) -> Reading:
    """Read community areas.

    Parameters
    ----------
    path
        Vector file of polygons, or a table with a column of well-known text.
    to_crs, how
        As of :func:`planner.sources.read_demand`.

    Returns
    -------
    A table with community_id, name, subdistrict, population, households and groups as far as the
    file has them. Rows without an id are numbered ``"1"``, ``"2"``… as in the file.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent or unreadable, has no CRS or holds no areas; names the row.
    """
    rows = read_rows(path, "communities", **how)
    mend(rows, AREAS, "Polygon")
    rows.read_figures()
    if "name" not in rows.table:
        rows.table["name"] = rows.table.get("community_id", "")
    rows.read_ids("community_id")
    return reading("communities", rows, path, to_crs)


def read_shapes(
    path: str | Path | Frame,
    target: str,
    *,
    to_crs: Any = None,
    **how: Unpack[ReadOptions],
) -> Reading:
    """Read the lines and areas of the layer ``barriers`` or ``context``.

    Parameters and errors as in :func:`read_boundaries`; `target` is the layer's name.
    """
    rows = read_rows(path, target, **how)
    if "kind" not in rows.table:
        column = LAYERS[target].column("kind")
        raise InputError(
            "sources.missing_column",
            file=name_of(path),
            column="kind",
            choices=", ".join(column.choices if column else ()),
            present=", ".join(map(str, rows.table.columns.drop("geometry"))) or "–",
        )
    mend(rows, (*_LINES, *AREAS), "LineString / Polygon")
    if target == "barriers":
        known = {word: kind for kind, words in data()["barriers"].items() for word in words}
        # a word that is not known stays, and is refused with those that are
        rows.table["kind"] = [
            known.get(cell.strip().casefold(), cell) if isinstance(cell, str) else cell
            for cell in rows.table["kind"]
        ]
        rows.read_ids("barrier_id")
    return reading(target, rows, path, to_crs)


def reading(layer: str, rows: Rows, path: str | Path | Frame, to_crs: Any) -> Reading:
    """Return what was read of a file, without the rows set aside.

    Raises
    ------
    InputError
        Where more rows do not fit than may be set aside.
    """
    rows.settle()
    table = rows.table if to_crs is None else rows.table.to_crs(to_crs)
    licence, attribution = rows.credit
    return Reading(
        table.reset_index(drop=True),
        replace(source_of(layer, path), licence=licence, attribution=attribution),
        tuple(rows.findings),
        rows.mapping,
        tuple(rows.aside.rows),
        datum_known=rows.datum_known,
        rows=tuple(rows.table.index.tolist()),
    )


def mend(rows: Rows, allowed: tuple[Any, ...], expected: str) -> None:
    """Make shapes valid, and note the rows whose shape is of another type or hopeless."""
    table, aside = rows.table, rows.aside
    shapes: Shapes = table.geometry.to_numpy().copy()
    wrong = ~np.isin(shapely.get_type_id(shapes), [int(kind) for kind in allowed])
    for place in np.flatnonzero(wrong).tolist():
        found = shapes[place].geom_type
        row = table.index[place]
        aside.add(
            "sources.wrong_geometry", [row], "geometry", [found], found=found, expected=expected
        )
    areas = np.isin(shapely.get_type_id(shapes), [int(kind) for kind in AREAS])
    broken = np.flatnonzero(areas & ~wrong & ~shapely.is_valid(shapes)).tolist()
    mended = []
    for place in broken:
        whole = _areas_of(shapely.make_valid(shapes[place]))
        if whole.is_empty:
            reason = shapely.is_valid_reason(shapes[place])
            row = table.index[place]
            aside.add("sources.hopeless_shape", [row], "geometry", [reason], reason=reason)
        else:
            shapes[place] = whole
            mended.append(table.index[place])
    if mended:
        params = {"file": aside.file, "count": len(mended), "rows": rows_told(mended)}
        rows.findings.append(Finding("sources.mended", params))
    if aside.among(table).all():
        aside.settle()
    placed = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
    rows.table = aside.take(placed)


def _areas_of(shape: Any) -> Any:
    """Return the areas of a collection as one shape, without its lines and points."""
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    kinds = shapely.get_type_id(parts)
    return shapely.union_all(parts[kinds == shapely.GeometryType.POLYGON])
