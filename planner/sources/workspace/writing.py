"""A district written as a workspace, whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from planner.district import LAYERS, District, Source, builtin_kinds
from planner.district.validation.columns import check_columns
from planner.errors import InputError, PlannerError, WorkError
from planner.sources.kept_files import flush
from planner.sources.vector import gdal
from planner.sources.vector.writing import write_layer
from planner.sources.workspace.metadata import (
    METADATA_TABLE,
    PROVENANCE_TABLE,
    SCHEMA_VERSION,
    as_json,
)
from planner.sources.write_errors import write_error

_STALE_SECONDS = 3600.0
_GDAL = threading.RLock()


def write_district(district: District, path: str | Path, *, timestamp: str | None = None) -> Path:
    """Write a district to a workspace file, whole or not at all.

    The file is made beside `path` and put in its place at the end: after a failure the old file
    is as it was. What a killed process left beside it goes with the next write an hour later.

    Parameters
    ----------
    district
        What to write. Optional layers without rows are left out, and so are counts of groups
        that are withheld; a finding tells readers of the file so.
    path
        File to make or replace; missing folders are made.
    timestamp
        Time kept in the file, ISO 8601 in UTC such as ``"2025-01-01T00:00:00.000Z"``; None is
        now. With a fixed time equal districts make equal files.

    Returns
    -------
    The path.

    Raises
    ------
    WorkError
        Where the disk is full, writing is not permitted or the file is held by another program.
    InputError
        Where a column cannot be kept in a GeoPackage, or a layer was changed in place after it was
        checked.
    """
    path = Path(path)
    district.untouched()
    for layer, table in district.layers.items():
        _check_columns(layer, table)
    moment = timestamp or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with _part_beside(path) as (place, part):
        with _gdal_writes_a_part(moment):
            _write_tables(district, part, moment)
        _check_written(district, part, LAYERS)
        flush(part)
        _keep_mode(place, part)
        os.replace(part, place)  # noqa: PTH105  (the name says that it replaces atomically)
    return path


@contextmanager
def rewritten(district: District, layers: Iterable[str], path: Path) -> Iterator[Path]:
    """Give a copy of a workspace with some layers of a district in the place of its own.

    Every other table of the file stays as it is, those of other programs among them; sources,
    findings and kinds are those of the district. The copy lies beside the workspace, on the disk,
    to be moved into its place; where it was not it is removed at the end.

    Parameters
    ----------
    district
        What is written of.
    layers
        Names of the layers that are written.
    path
        The workspace; it stays as it is.

    Raises
    ------
    WorkError, InputError
        As :func:`write_district`.
    """
    names = list(layers)
    for name in names:
        _check_columns(name, district.layers[name])
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with _part_beside(path.resolve()) as (place, part):
        part.unlink(missing_ok=True)  # a link of that name would lead the copy elsewhere
        shutil.copyfile(place, part)
        with _gdal_writes_a_part(moment):
            for name in names:
                _write_layer(name, district.shown_layers[name], part, replace=True)
            _write_about(district, part, moment, replace=True)
        _check_written(district, part, names)
        _keep_mode(place, part)
        flush(part)
        yield part


@contextmanager
def _part_beside(path: Path) -> Iterator[tuple[Path, Path]]:
    """Give the place that a workspace is written to, and a part beside it that is written first.

    What a link names is written, and the link stays one. Where the part was not moved into its
    place it is removed at the end.

    Raises
    ------
    WorkError, InputError
        What GDAL and the system say of writing, as :func:`write_error` words it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        place = path.resolve()
        _sweep(place)
        part = _part_of(place)
        try:
            yield place, part
        finally:
            for leftover in part.parent.glob(f"{part.name}*"):
                leftover.unlink()
    except PlannerError:
        raise
    except (*gdal.ERRORS, OSError) as error:
        raise write_error(path, error) from error


def _write_tables(district: District, file: Path, moment: str) -> None:
    for name, table in district.shown_layers.items():
        if not table.empty or LAYERS[name].required:
            _write_layer(name, table, file)
    _write_about(district, file, moment)


def _write_about(district: District, file: Path, moment: str, *, replace: bool = False) -> None:
    """Write what is told of the layers."""
    provenance = pd.DataFrame(
        [asdict(source) for source in district.sources],
        columns=[field.name for field in fields(Source)],
        dtype=object,
    )
    pyogrio.write_dataframe(
        provenance,
        file,
        layer=PROVENANCE_TABLE,
        driver="GPKG",
        append=file.exists() and not replace,
    )
    metadata = {key: as_json(value) for key, value in _metadata(district, moment).items()}
    rows = pd.DataFrame({"key": list(metadata), "value": list(metadata.values())})
    pyogrio.write_dataframe(rows, file, layer=METADATA_TABLE, driver="GPKG", append=not replace)


def _write_layer(name: str, table: gpd.GeoDataFrame, file: Path, *, replace: bool = False) -> None:
    allowed = LAYERS[name].geometry
    multi = "MultiPolygon" in allowed and not any("Line" in kind for kind in allowed)
    single = {True: "MultiPolygon", False: allowed[0]}[multi]
    shape = single if len(allowed) == 1 or multi else None
    write_layer(table, file, name, shape, promote=multi, geometry="geometry", replace=replace)


_WRITTEN = {"corrections.applied": "corrections.held"}
"""Findings that are no more so once a district is a file of its own, and what is so then."""


def _metadata(district: District, moment: str) -> dict[str, Any]:
    builtin = builtin_kinds()
    own = {key: kind for key, kind in district.kinds.items() if builtin.get(key) != kind}
    return {
        "schema_version": SCHEMA_VERSION,
        "name": district.name,
        "synthetic": district.synthetic,
        "created": moment,
        "island_m": district.island_m,
        "buffer_m": district.buffer_m,
        "findings": [
            {"code": _WRITTEN.get(finding.code, finding.code), "params": dict(finding.params)}
            for finding in district.findings
            if not finding.code.startswith("district.")
        ],
        "kinds": {key: asdict(kind) for key, kind in own.items()},
        "defaults": asdict(district.defaults),
        "records": {key: asdict(record) for key, record in sorted(district.records.items())},
        # known to have none by now, which no reader takes for a layer that lost its rows
        "emptied": sorted(set(district.records) - set(district.facilities["kind"])),
    }


def _check_columns(layer: str, table: gpd.GeoDataFrame) -> None:
    """Refuse columns that a GeoPackage cannot hold, and names that it cannot tell apart."""
    check_columns(layer, table)
    seen = {"geometry": "geometry"}
    for column in table.columns.drop("geometry"):
        folded = str(column).casefold()
        if folded in seen:
            raise InputError(
                "sources.column_clash", layer=layer, column=str(column), other=seen[folded]
            )
        seen[folded] = str(column)


def _check_written(district: District, file: Path, names: Iterable[str]) -> None:
    """Hold what is on disk against what was to be written: a full disk may go unnoticed."""
    for name in names:
        table = district.layers[name]
        if table.empty:
            continue
        rows = gdal.count(file, name)
        if rows != len(table):
            raise WorkError(
                "sources.cannot_write", file=str(file), reason=f"{name}: {rows} of {len(table)}"
            )


def _part_of(path: Path) -> Path:
    """Return where a file is written before it takes its place, another for each writer."""
    return path.parent / f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part.gpkg"


def _keep_mode(before: Path, part: Path) -> None:
    """Let who may read and write a file do so of what takes its place."""
    if before.exists():
        shutil.copymode(before, part)


def _sweep(path: Path) -> None:
    """Remove what a killed process left beside `path` long ago."""
    for part in path.parent.glob(f".{path.name}.*.part.gpkg*"):
        # one that is gone meanwhile is another writer's, and stands in its place now
        with suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime > _STALE_SECONDS:
                part.unlink()


@contextmanager
def _gdal_writes_a_part(moment: str) -> Iterator[None]:
    """Let GDAL write a file that nobody reads yet, of a given date.

    It would wait for the disk after each layer and table, some 30 times. Until the file stands in
    its place nothing of it is needed, so that it is seen onto the disk once, by who puts it there.
    """
    asked = {"OGR_CURRENT_DATE": moment, "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    # the options are those of the whole process: of two writers one would give back the other's
    with _GDAL:
        before = {option: pyogrio.get_gdal_config_option(option) for option in asked}
        pyogrio.set_gdal_config_options(asked)
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options(before)
