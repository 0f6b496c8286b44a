"""Rows with a place and columns of ours, out of any file: tables, workbooks and map layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypedDict

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from planner.arrays import Shapes
from planner.district.layers import WEIGHT
from planner.errors import Finding, InputError
from planner.sources.datums.declared import (
    Said,
    against_table,
    checked,
    converted,
    said_by_table,
)
from planner.sources.files import overture
from planner.sources.tables.frames import Frame, name_of
from planner.sources.tables.guessing import guess, guess_columns, with_new_columns
from planner.sources.tables.layout.closing import without_closing
from planner.sources.tables.layout.header_rows import (
    below,
    merged_findings,
    too_long,
    without_totals,
)
from planner.sources.tables.layout.unit_lines import with_unit_of_lines
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.set_aside import Allowance, SetAside
from planner.sources.tables.sheets import header_row, is_table, read_cells
from planner.sources.tables.values import coordinates, figures
from planner.sources.tables.values.coordinates import Spots
from planner.sources.tables.values.ids import read_ids
from planner.sources.tables.values.numbers import number
from planner.sources.tables.values.precision import coarse_findings
from planner.sources.vector.reading import (
    is_shapefile,
    parse_crs,
    read_vector,
    shift_findings,
    without_fid,
)
from planner.sources.vector.records import plain_cells

_WGS84 = CRS.from_epsg(4326)
WIDE_M = 200.0
"""Areas of residents that are wider lie on both sides of many a limit, metres from corner to
corner: a point inside may be a third of the shortest usual limit (300 m) from who lives there."""

_DEGREE_M = 111_320.0
_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass
class Rows:
    """What was read of a file so far.

    Parameters
    ----------
    table
        Rows with a geometry and columns by our names; the index is the row as the user counts.
    mapping
        How the file was read.
    aside
        Rows set aside.
    findings
        What was seen.
    datum_known
        Whether the datum of the coordinates was said or lies in their CRS.
    credit
        Licence of the file and the credit that it asks for, where these are known.
    """

    table: gpd.GeoDataFrame
    mapping: TableMapping
    aside: SetAside
    findings: list[Finding]
    datum_known: bool = True
    credit: tuple[str, str] = ("", "")

    def read_figures(self) -> None:
        """Read the columns of figures, each cell by its own unit or that of its header."""
        for column in list(map(str, self.table.columns)):
            if figures.is_figure(column):
                values, notes = figures.figures(
                    self.table[column],
                    column,
                    self.aside,
                    header=self.mapping.header_of(column),
                    decimal=self.mapping.decimal,
                )
                self.table[column] = values
                self.findings += notes

    def read_ids(self, column: str) -> None:
        """Read the ids of a column, or number the rows."""
        ids, notes = read_ids(self.table, column, self.aside)
        self.table[column] = ids
        self.findings += notes

    def settle(self) -> None:
        """Leave out the rows set aside, and tell.

        Raises
        ------
        InputError
            Where they are more than may be.
        """
        told = self.aside.settle()
        self.table = self.aside.take(self.table)
        self.findings += told


class ReadOptions(TypedDict, total=False):
    """How to read a file of one's own.

    Parameters
    ----------
    layer
        Sheet or layer of a file with several; a sheet is otherwise chosen by its headers.
    crs
        CRS of the coordinates where the file does not say; lon and lat are WGS 84 degrees.
    mapping
        How to read the file, guessed if None.
    allowance
        How many rows may be set aside where they do not fit.
    datum
        Datum of the coordinates, such as ``"gcj02"``, whatever the file says; None: as the mapping
        or the file says. Shifted ones are converted.
    """

    layer: str | None
    crs: Any
    mapping: TableMapping | None
    allowance: Allowance | None
    datum: str | None


def read_rows(
    path: str | Path | Frame,
    target: str,
    *,
    layer: str | None = None,
    crs: Any = None,
    mapping: TableMapping | None = None,
    allowance: Allowance | None = None,
    datum: str | None = None,
) -> Rows:
    """Read a file's rows, with the columns that a layer of a district has under their names.

    Parameters
    ----------
    path
        A table, a workbook or a map layer.
    target
        The layer of a district that it becomes.
    layer, crs, mapping, allowance, datum
        As of :class:`ReadOptions`.

    Raises
    ------
    MissingFileError, InputError
        Names the file, and row and column where there is one at fault.
    """
    allowed = allowance or Allowance()
    given = checked(datum) if datum else ""
    if mapping is not None and mapping.layer != target:
        raise InputError(
            "tables.mapping_layer", file=name_of(path), layer=target, found=mapping.layer
        )
    if crs is None and mapping is not None and mapping.crs:
        crs = mapping.crs
    if isinstance(path, Frame):
        if not isinstance(path.table, gpd.GeoDataFrame):
            return _of_plain_frame(path, target, crs, mapping, allowed, given)
    elif is_table(path):
        return _of_table(Path(path), target, layer, crs, mapping, allowed, given)
    rows = _of_map_layer(path, target, layer, crs, mapping, allowed)
    given = given or rows.mapping.datum
    if given:
        rows.mapping = replace(rows.mapping, datum=given)
        said = Said(np.full(len(rows.table), given, dtype=object))
        rows.table, notes = converted(rows.table, said, name_of(path))
        rows.findings += notes
    return rows


def _of_table(
    path: Path,
    target: str,
    layer: str | None,
    crs: Any,
    mapping: TableMapping | None,
    allowance: Allowance,
    datum: str,
) -> Rows:
    hint = mapping or TableMapping(target)
    datum = datum or (mapping.datum if mapping is not None else "")
    cells = read_cells(path, target, replace(hint, sheet=layer) if layer else hint)
    findings = list(cells.findings)
    kept = mapping
    if mapping is None:
        mapping, notes = guess(cells, target)
        findings += notes
    header = header_row(cells, mapping)
    body = below(cells, header)
    if kept is not None:
        mapping, notes = with_new_columns(kept, body, path.name)
        findings += notes
    aside = SetAside(path.name, cells.sheet, allowance=allowance)
    aside.headers = {role: name for name, role in mapping.columns.items() if role}
    body, closing = without_closing(body, path.name)
    body, notes = without_totals(body, path.name)
    body, units = with_unit_of_lines(body, cells, header, mapping)
    notes += units
    findings += merged_findings(cells, header)
    findings += closing
    findings += notes
    if body.empty:
        raise InputError("sources.empty_file", file=str(path))
    aside.total = len(body)
    width = sum(1 for name in header.names if name)
    aside.add("sources.row_too_long", too_long(cells, header, body), columns=width)
    return _located(body, mapping, aside, crs, datum, findings)


def _of_plain_frame(
    frame: Frame,
    target: str,
    crs: Any,
    mapping: TableMapping | None,
    allowance: Allowance,
    datum: str,
) -> Rows:
    """Read a table in memory that has columns of coordinates and no geometry."""
    datum = datum or (mapping.datum if mapping is not None else "")
    findings: list[Finding] = []
    if mapping is None:
        mapping, findings = guess_columns(frame.table, target, frame.name)
        mapping = replace(mapping, header_depth=0)
    else:
        mapping, findings = with_new_columns(mapping, frame.table, frame.name)
    aside = SetAside(frame.name, allowance=allowance, total=len(frame.table))
    aside.headers = {role: name for name, role in mapping.columns.items() if role}
    return _located(frame.table, mapping, aside, crs, datum, findings)


def _located(
    body: pd.DataFrame,
    mapping: TableMapping,
    aside: SetAside,
    crs: Any,
    datum: str,
    findings: list[Finding],
) -> Rows:
    """Put rows under our names at their places, shifted coordinates converted."""
    said = Said(np.full(len(body), datum, dtype=object))
    if not datum:
        said = said_by_table(body, mapping.columns, aside.file, crs_known=crs is not None)
    else:
        findings += against_table(body, mapping.columns, aside.file, datum)
    renamed = _renamed(body, mapping)
    aside.counts = _counts(renamed, mapping.layer)
    table, notes = _placed(renamed, mapping, aside, crs)
    said = replace(said, datums=said.datums[body.index.get_indexer(table.index)])
    findings += notes
    table, notes = converted(table, said, aside.file)
    mapping = replace(mapping, datum=datum or mapping.datum)
    named_crs = crs is not None and parse_crs(crs).is_geographic
    known = said.any or named_crs or table.crs != _WGS84
    return Rows(table, mapping, aside, [*findings, *notes], known)


def _renamed(body: pd.DataFrame, mapping: TableMapping) -> pd.DataFrame:
    """Return the columns under our names; others that bear one of these get another.

    A GeoPackage tells no capitals apart.
    """
    used = {role.casefold() for role in mapping.columns.values() if role}
    names = {}
    for header in map(str, body.columns):
        role = mapping.columns.get(header, "")
        names[header] = role or (f"{header}_of_file" if header.casefold() in used else header)
    return body.rename(columns=names)


def _counts(table: pd.DataFrame, layer: str) -> pd.Series | None:
    """Return what each row of demand counts, NaN where its cell is no plain number."""
    column = next((name for name in ("population", WEIGHT) if name in table), "")
    if layer not in ("demand", "cells") or not column:
        return None
    values = table[column].map(number).astype("float64")
    return values.where(values > 0)


def _placed(
    table: pd.DataFrame, mapping: TableMapping, aside: SetAside, crs: Any
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Make points of the coordinate columns; rows without a place are noted and taken out."""
    own: CRS | None = None if crs is None else parse_crs(crs)
    shapes: Shapes | None = None
    used: tuple[str, ...]
    if {"lon", "lat"} <= set(table.columns):
        used, degrees = ("lon", "lat"), True
    elif {"x", "y"} <= set(table.columns):
        used, degrees = ("x", "y"), False
    elif "place" in table:
        used, degrees = ("place",), False
    else:
        present = ", ".join(str(column) for column in table.columns) or "–"
        raise InputError("sources.no_coordinates", file=aside.file, present=present)
    if used == ("place",):
        header = mapping.header_of("place")
        spots, shapes = coordinates.pairs(table["place"], header, "place", aside)
    else:
        x, y = (
            coordinates.degrees(table[column], column, aside, mapping.decimal) for column in used
        )
        spots = Spots(x, y, None)
    if mapping.turned:
        spots = Spots(spots.y, spots.x, spots.crs)
    before = spots
    spots = coordinates.settled(spots, named_degrees=degrees, crs=own, aside=aside)
    coordinates.note_off_globe(spots, table.index, aside)
    assert spots.crs is not None
    findings = [*spots.findings, *shift_findings(spots.crs, aside.file)]
    findings += coarse_findings(spots, aside.file)
    if shapes is None:
        shapes = gpd.points_from_xy(spots.x, spots.y).to_numpy()
    elif not np.array_equal(before.x, spots.x, equal_nan=True):
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    rest = without_fid(table.drop(columns=list(used)))
    placed = gpd.GeoDataFrame(rest, geometry=np.asarray(shapes), crs=spots.crs)
    if aside.among(placed).all():
        aside.settle()  # no row is left: say why
    return aside.take(placed), findings


def _of_map_layer(
    path: str | Path | Frame,
    target: str,
    layer: str | None,
    crs: Any,
    mapping: TableMapping | None,
    allowance: Allowance,
) -> Rows:
    aside = SetAside(name_of(path), layer or "", allowance=allowance)
    wanted = layer or (mapping.sheet if mapping and mapping.sheet else None)
    table, findings = read_vector(
        path, layer=wanted, crs=crs, aside=aside, joined=target == "streets"
    )
    credit = ("", "")
    if overture.is_overture(table, target):
        table, notes = overture.made_plain(table, target, name_of(path))
        findings += notes
        credit = overture.CREDITS[target]
    plain = table.drop(columns=table.geometry.name)
    if mapping is None:
        mapping, notes = guess_columns(plain, target, name_of(path), cut=is_shapefile(path))
        roles = {
            h: "" if r in ("lon", "lat", "x", "y", "place") else r
            for h, r in mapping.columns.items()
        }
        mapping = replace(mapping, columns=roles, sheet=layer or "", header_depth=0, datum="")
        findings += notes
    elif not mapping.fits([str(column) for column in plain.columns]):
        lacking = [h for h, role in mapping.columns.items() if role and h not in plain]
        raise InputError(
            "tables.mapping_columns",
            file=name_of(path),
            columns=", ".join(lacking),
            present=", ".join(map(str, plain.columns)),
        )
    else:
        named = name_of(path)
        mapping, notes = with_new_columns(mapping, plain, named, cut=is_shapefile(path))
        findings += notes
    aside.headers = {role: name for name, role in mapping.columns.items() if role}
    renamed = _renamed(plain_cells(plain, mapping.columns, name_of(path)), mapping)
    aside.counts = _counts(renamed, target)
    shapes = table.geometry.to_numpy()
    if mapping.turned:
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    table = gpd.GeoDataFrame(renamed, geometry=shapes, crs=table.crs)
    return Rows(table, mapping, aside, findings, credit=credit)


def _wide_areas(rows: Rows, areas: gpd.GeoSeries) -> Iterator[Finding]:
    """Tell of areas of residents so wide that a limit may run through them.

    A layer of cells is told by each assessment, by the spacing of its points; a compound among
    houses, or a row whose parts lie far apart, is not.
    """
    if rows.mapping.layer != "demand" or areas.crs is None:
        return
    west, south, east, north = areas.to_crs(4326).bounds.to_numpy().T
    east_m = (east - west) * np.cos(np.radians((south + north) / 2))
    across_m = _DEGREE_M * np.hypot(east_m, north - south)
    wide = across_m > WIDE_M
    if wide.any():
        params = {
            "file": rows.aside.file,
            "count": int(wide.sum()),
            "metres": round(WIDE_M),
            "across_m": round(float(across_m.max())),
        }
        yield Finding("sources.wide_areas", params)


def as_points(rows: Rows) -> None:
    """Let a point inside stand for each area; rows of other shapes are noted and taken out."""
    shapes = rows.table.geometry.to_numpy()
    types = shapely.get_type_id(shapes)
    single = types == shapely.GeometryType.MULTIPOINT
    single &= shapely.get_num_geometries(shapes) == 1
    if single.any():
        shapes = np.where(single, shapely.get_geometry(shapes, 0), shapes)
        types = shapely.get_type_id(shapes)
    areas = np.isin(types, [int(kind) for kind in _AREAS])
    wrong = ~areas & (types != shapely.GeometryType.POINT)
    for name in sorted({shape.geom_type for shape in shapes[wrong]}):
        at = wrong & np.asarray([shape.geom_type == name for shape in shapes])
        count = int(at.sum())
        rows.aside.add(
            "sources.wrong_geometry",
            rows.table.index[at],
            "geometry",
            [name] * count,
            found=name,
            expected="Point",
        )
    if areas.any():
        params = {"file": rows.aside.file, "count": int(areas.sum())}
        rows.findings.append(Finding("sources.points_of_areas", params))
        rows.findings += _wide_areas(rows, rows.table.geometry[areas])
        shapes = np.where(areas, shapely.point_on_surface(shapes), shapes)
    if areas.any() or single.any():
        table, crs = rows.table, rows.table.crs
        rows.table = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=crs))
    if wrong.all():
        rows.aside.settle()
    rows.table = rows.aside.take(rows.table)
