"""Files that strangers send: refused before any reader that trusts them opens them.

What a file is, is seen by its content, not by its name: GDAL picks its reader by content too, and
some of its readers open other files that the content names.
"""

from __future__ import annotations

import bz2
import gzip
import sqlite3
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.errors import InputError
from planner.sources.osm.extracts import is_osm_file
from planner.sources.untrusted import parquet_files, rasters
from planner.sources.untrusted.geopackages import check_objects, looked_at, quoted
from planner.sources.untrusted.vector_files import check_content
from planner.sources.untrusted.workbooks import check_spreadsheet

WORKSPACE_ENDINGS = (".gpkg",)
OSM_ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
SHEET_ENDINGS = (".xlsx", ".xls", ".et", ".ods")
TABLE_ENDINGS = (".csv", ".tsv", ".txt", *SHEET_ENDINGS, ".geojson", ".json", ".gpkg")

LAYER_ENDINGS = (*TABLE_ENDINGS, ".zip", ".fgb", ".kml", *rasters.ENDINGS, *parquet_files.ENDINGS)
"""Endings of what may be uploaded for a layer: tables, workbooks, maps, packed ones, rasters."""

_SQLITE = b"SQLite format 3\x00"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Limits:
    """The most that a file from a browser may hold.

    Parameters
    ----------
    expanded_bytes
        Size of a compressed file once unpacked.
    ratio
        Times that a compressed file may grow; small files are not held to it.
    layers, columns, rows, cells
        Tables of a GeoPackage, columns of a table, rows of all tables together, cells of a table.
    geometry_bytes
        Size of one geometry.
    seconds
        Time that counting may take.
    """

    expanded_bytes: int = 4_000_000_000
    ratio: float = 60.0
    layers: int = 60
    columns: int = 300
    rows: int = 3_000_000
    cells: int = 60_000_000
    geometry_bytes: int = 50_000_000
    seconds: float = 30.0


def check_workspace(path: str | Path, limits: Limits | None = None) -> None:
    """Refuse a file that is no plain GeoPackage of a size that can be read.

    What its schema may hold is told in :mod:`planner.sources.untrusted.geopackages`.

    Raises
    ------
    InputError
        Says what is wrong, and in which layer.
    """
    path, limits = Path(path), limits or Limits()
    with path.open("rb") as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            raise InputError("uploads.not_geopackage", file=path.name)
    with looked_at(path, limits.seconds) as base:
        check_objects(base, path.name)
        _check_tables(base, path.name, limits)


def _check_tables(base: sqlite3.Connection, file: str, limits: Limits) -> None:
    names = [str(row[0]) for row in base.execute("SELECT table_name FROM gpkg_contents")]
    if len(names) > limits.layers:
        raise InputError("uploads.too_many_layers", file=file, count=len(names), most=limits.layers)
    places = {
        str(table): str(column)
        for table, column in base.execute(
            "SELECT table_name, column_name FROM gpkg_geometry_columns"
        )
    }
    rows = 0
    for name in names:
        rows += _check_table(base, file, name, places.get(name), limits)
        if rows > limits.rows:
            raise InputError("uploads.too_many_rows", file=file, layer=name, most=limits.rows)


def _check_table(
    base: sqlite3.Connection, file: str, layer: str, place: str | None, limits: Limits
) -> int:
    """Refuse a table that is too wide or holds too large a geometry; return its rows."""
    columns = [str(row[1]) for row in base.execute(f"PRAGMA table_info({quoted(layer)})")]
    if len(columns) > limits.columns:
        raise InputError(
            "uploads.too_many_columns",
            file=file,
            layer=layer,
            count=len(columns),
            most=limits.columns,
        )
    if place is not None and place not in columns:
        raise InputError("uploads.no_geometry_column", file=file, layer=layer, column=place)
    table, shape = quoted(layer), quoted(place) if place is not None else "NULL"
    # rows are stepped over one by one: a count of the whole table would not heed the clock
    rows, largest = base.execute(
        f"SELECT count(*), max(length(shape)) FROM (SELECT {shape} AS shape FROM {table} LIMIT ?)",
        (limits.rows + 1,),
    ).fetchone()
    if rows * len(columns) > limits.cells:
        raise InputError("uploads.too_many_cells", file=file, layer=layer, most=limits.cells)
    if (largest or 0) > limits.geometry_bytes:
        row = base.execute(
            f"SELECT n FROM (SELECT row_number() OVER () AS n, length({shape}) AS size "
            f"FROM {table}) WHERE size = ?",
            (largest,),
        ).fetchone()[0]
        raise InputError(
            "uploads.large_geometry",
            file=file,
            layer=layer,
            row=row,
            megabytes=largest // 1_000_000,
            most=limits.geometry_bytes // 1_000_000,
        )
    return int(rows)


def check_osm(path: str | Path, limits: Limits | None = None) -> None:
    """Refuse a file that is no OpenStreetMap extract, or one that unpacks to too much.

    Raises
    ------
    InputError
        Says what it is instead, or how large it would be.
    """
    path, limits = Path(path), limits or Limits()
    if not is_osm_file(path.name):
        raise InputError("uploads.not_osm", file=path.name)
    name = path.name.casefold()
    if name.endswith(".pbf"):
        with path.open("rb") as file:
            start = file.read(64)
        if b"OSMHeader" not in start:
            raise InputError("uploads.not_osm", file=path.name)
        return
    opener = gzip.open if name.endswith(".gz") else bz2.open if name.endswith(".bz2") else open
    packed = opener is not open
    try:
        with opener(path, "rb") as stream:
            start = stream.read(4096)
            if b"<osm" not in start and b"<osm" not in start.replace(b"\x00", b""):
                raise InputError("uploads.not_osm", file=path.name)
            if packed:
                _check_growth(stream, len(start), path, limits)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError("uploads.broken_archive", file=path.name, reason=str(error)) from error


def _check_growth(stream: Any, read: int, path: Path, limits: Limits) -> None:
    most = min(limits.expanded_bytes, max(int(path.stat().st_size * limits.ratio), 64 * _BLOCK))
    total = read
    while block := stream.read(_BLOCK):
        total += len(block)
        if total > most:
            raise InputError("uploads.bomb", file=path.name, megabytes=most // 1_000_000)


def check_table(path: str | Path, limits: Limits | None = None) -> None:
    """Refuse a table of residents or facilities whose content is not what its name says.

    Raises
    ------
    InputError
        Where the ending is not one of :data:`TABLE_ENDINGS`, or the content is something else.
    """
    path, name = _named(path, TABLE_ENDINGS, "uploads.not_a_points_file")
    if name.endswith(".gpkg"):
        check_workspace(path, limits)
    elif name.endswith(SHEET_ENDINGS):
        check_spreadsheet(path)
    elif name.endswith("json"):
        check_content(path, "GeoJSON")


def check_layer(path: str | Path, limits: Limits | None = None) -> None:
    """Refuse a file for a layer of a district whose content is not what its name says.

    An archive is held to its own limits when it is unpacked
    (:mod:`planner.sources.untrusted.archives`).

    Raises
    ------
    InputError
        Where the ending is not one of :data:`LAYER_ENDINGS`, or the content is something else.
    """
    path, name = _named(path, LAYER_ENDINGS, "uploads.not_a_layer_file")
    if name.endswith(TABLE_ENDINGS):
        check_table(path, limits)
    elif name.endswith(rasters.ENDINGS):
        rasters.check_raster(path)
    elif name.endswith(parquet_files.ENDINGS):
        _check_parquet(path, limits or Limits())
    elif not name.endswith(".zip"):
        check_content(path, "FlatGeobuf" if name.endswith(".fgb") else "LIBKML")


def _check_parquet(path: Path, limits: Limits) -> None:
    """Refuse a Parquet file that says itself that it holds too much; others may lie."""
    footer = parquet_files.read_footer(path)
    told = {"file": path.name, "layer": path.stem}
    if footer.leaves > limits.columns:
        raise InputError(
            "uploads.too_many_columns", **told, count=footer.leaves, most=limits.columns
        )
    if footer.rows > limits.rows:
        raise InputError("uploads.too_many_rows", **told, most=limits.rows)
    if footer.expanded_bytes > limits.expanded_bytes:
        raise InputError(
            "uploads.bomb", file=path.name, megabytes=limits.expanded_bytes // 1_000_000
        )


def _named(path: str | Path, endings: tuple[str, ...], refusal: str) -> tuple[Path, str]:
    """Return the file and its name in small letters; one of another ending is refused."""
    path = Path(path)
    name = path.name.casefold()
    if not name.endswith(endings):
        raise InputError(refusal, file=path.name)
    return path, name
