"""A district as one GeoPackage that QGIS opens and edits.

The file holds a table for each layer that has rows, a ``provenance`` table (layer, source, date,
licence, attribution) and a ``planner_metadata`` table (key, value as JSON). Findings of the
validation are not kept: they are drawn anew from the layers, which may have been edited.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from planner.district import (
    LAYERS,
    District,
    Kind,
    KindRecord,
    Kinds,
    Source,
    builtin_kinds,
    read_kinds,
)
from planner.district.columns import check_columns
from planner.district.kinds import is_colour, make_kind
from planner.documents import parse_json
from planner.errors import Finding, InputError, MissingFileError, PlannerError, WorkError, messages
from planner.sources.corrections import corrected
from planner.sources.vector import gdal
from planner.sources.vector.writing import write_error, write_layer

SCHEMA_VERSION = 2
"""Rises when an older program could no longer read the file rightly."""

METADATA_TABLE = "planner_metadata"
PROVENANCE_TABLE = "provenance"

_UNIT_OF_FINDING = {
    "osm.residents_from_buildings": "floor_area_m2",
    "osm.residents_from_streets": "street_m",
}
_SQLITE_HEADER = b"SQLite format 3\x00"
_STALE_SECONDS = 3600.0


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
        Where a column cannot be kept in a GeoPackage.
    """
    path = Path(path)
    for layer, table in district.layers.items():
        _check_columns(layer, table)
    moment = timestamp or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        part = path.parent / f".{path.name}.{os.getpid()}.part.gpkg"
        try:
            with _gdal_date(moment):
                _write_tables(district, part, moment)
            _check_written(district, part)
            os.replace(part, path)  # noqa: PTH105  (the name says that it replaces atomically)
        finally:
            for leftover in part.parent.glob(f"{part.name}*"):
                leftover.unlink()
    except PlannerError:
        raise
    except (*gdal.ERRORS, OSError) as error:
        raise write_error(path, error) from error
    return path


def read_district(
    path: str | Path, *, kinds: Kinds | str | Path | None = None, corrections: bool = True
) -> District:
    """Read a district from a workspace file, also after edits in QGIS.

    Parameters
    ----------
    path
        GeoPackage with a table per layer.
    kinds
        Facility kinds that add to or replace the built-in ones and the file's own: a table of
        kinds, a TOML file, or ``"everyday"``; see :func:`planner.district.read_kinds`.
    corrections
        Whether the corrections kept beside the file are applied, see
        :mod:`planner.sources.corrections`; a finding then tells how many.

    Raises
    ------
    MissingFileError, InputError
        Where there is no such file, it is no GeoPackage, it was written by a newer version, or
        a layer is missing or holds something wrong; the message names layer, row and column.
    """
    path = Path(path)
    more = kinds if isinstance(kinds, Kinds | None) else read_kinds(kinds)
    data = _opened(path)
    present = _layers_in(data)
    metadata = _read_metadata(data, present)
    layers: dict[str, gpd.GeoDataFrame] = {}
    for layer in LAYERS.values():
        if layer.name in present:
            layers[layer.name] = _read_layer(data, layer.name)
        elif layer.required:
            raise InputError(
                "sources.workspace_layer",
                file=str(path),
                layer=layer.name,
                meaning=layer.meaning,
                present=", ".join(present) or "–",
            )
    sources = _read_provenance(data) if PROVENANCE_TABLE in present else []
    findings = _findings(path, metadata.get("findings", []))
    district = District.from_layers(
        str(metadata.get("name", path.stem)),
        layers,
        sources=_with_unit(sources, findings),
        findings=findings,
        synthetic=bool(metadata.get("synthetic", False)),
        island_m=_metres(path, metadata, "island_m"),
        kinds=builtin_kinds() | _kinds(path, metadata.get("kinds", {})) | (more or {}),
        records=_records(path, metadata.get("records", {})),
    )
    district = replace(district, buffer_m=_metres(path, metadata, "buffer_m"))
    return corrected(district, path) if corrections else district


def demo_file() -> Path:
    """Return the path of the demo district's file.

    Raises
    ------
    MissingFileError
        Where neither the package nor a checkout of its source holds it.
    """
    package = Path(__file__).resolve().parents[1]
    places = (package / "data" / "demo.gpkg", package.parent / "data" / "geo" / "demo.gpkg")
    for place in places:
        if place.is_file():
            return place
    raise MissingFileError("sources.no_demo", file=str(places[0]))


def demo_district() -> District:
    """Read the demo district that travels with the package; the place is made up."""
    return read_district(demo_file())


# ---- writing


def _write_tables(district: District, file: Path, moment: str) -> None:
    for name, table in district.shown_layers.items():
        if not table.empty or LAYERS[name].required:
            _write_layer(name, table, file)
    provenance = pd.DataFrame(
        [asdict(source) for source in district.sources],
        columns=[field.name for field in fields(Source)],
        dtype=object,
    )
    pyogrio.write_dataframe(
        provenance, file, layer=PROVENANCE_TABLE, driver="GPKG", append=file.exists()
    )
    metadata = {key: _json(value) for key, value in _metadata(district, moment).items()}
    rows = pd.DataFrame({"key": list(metadata), "value": list(metadata.values())})
    pyogrio.write_dataframe(rows, file, layer=METADATA_TABLE, driver="GPKG", append=True)


def _write_layer(name: str, table: gpd.GeoDataFrame, file: Path) -> None:
    allowed = LAYERS[name].geometry
    multi = "MultiPolygon" in allowed and not any("Line" in kind for kind in allowed)
    single = {True: "MultiPolygon", False: allowed[0]}[multi]
    shape = single if len(allowed) == 1 or multi else None
    write_layer(table, file, name, shape, promote=multi, geometry="geometry")


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
            {"code": finding.code, "params": dict(finding.params)}
            for finding in district.findings
            if not finding.code.startswith("district.")
        ],
        "kinds": {key: asdict(kind) for key, kind in own.items()},
        "records": {key: asdict(record) for key, record in sorted(district.records.items())},
    }


def _json(value: object) -> str:
    def plain(other: object) -> object:
        return other.item() if isinstance(other, np.generic) else str(other)

    return json.dumps(value, ensure_ascii=False, default=plain)


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


def _check_written(district: District, file: Path) -> None:
    """Hold what is on disk against what was to be written: a full disk may go unnoticed."""
    for name, table in district.layers.items():
        if table.empty:
            continue
        rows = gdal.count(file, name)
        if rows != len(table):
            raise WorkError(
                "sources.cannot_write", file=str(file), reason=f"{name}: {rows} of {len(table)}"
            )


def _sweep(path: Path) -> None:
    """Remove what a killed process left beside `path` long ago."""
    for part in path.parent.glob(f".{path.name}.*.part.gpkg*"):
        if time.time() - part.stat().st_mtime > _STALE_SECONDS:
            part.unlink()


@contextmanager
def _gdal_date(moment: str) -> Iterator[None]:
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


# ---- reading


def _opened(path: Path) -> gdal.Dataset:
    try:
        with gdal.local_file(path).open("rb") as file:
            header = file.read(len(_SQLITE_HEADER))
        if header != _SQLITE_HEADER:
            raise InputError("sources.not_workspace", file=str(path))
        return gdal.geopackage(path)
    except PermissionError as error:
        raise InputError("sources.cannot_read", file=str(path), reason=str(error)) from error


def _layers_in(data: gdal.Dataset) -> list[str]:
    try:
        return list(data.layers())
    except gdal.ERRORS as error:
        raise InputError("sources.not_workspace", file=str(data.path)) from error


def _read_metadata(data: gdal.Dataset, present: list[str]) -> Mapping[str, Any]:
    if METADATA_TABLE not in present:
        return {}
    rows = _read_table(data, METADATA_TABLE)
    try:
        metadata = {key: parse_json(value) for key, value in zip(rows.key, rows.value, strict=True)}
        version = int(metadata.get("schema_version", SCHEMA_VERSION))
    except (AttributeError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise InputError(
            "sources.broken_metadata", file=str(data.path), layer=METADATA_TABLE, reason=str(error)
        ) from error
    if version > SCHEMA_VERSION:
        raise InputError(
            "sources.newer_version", file=str(data.path), version=version, known=SCHEMA_VERSION
        )
    return metadata


def _read_table(data: gdal.Dataset, name: str) -> Any:
    try:
        return data.read(name)
    except (*gdal.ERRORS, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("sources.cannot_read", file=str(data.path), reason=str(error)) from error


def _read_layer(data: gdal.Dataset, name: str) -> gpd.GeoDataFrame:
    table = _read_table(data, name)
    if not isinstance(table, gpd.GeoDataFrame):
        raise InputError("sources.no_geometry", file=str(data.path), layer=name)
    table = table.rename_geometry("geometry") if table.geometry.name != "geometry" else table
    table["geometry"] = gpd.GeoSeries(plain_shapes(table.geometry.to_numpy()), crs=table.crs)
    return table


def plain_shapes(shapes: np.ndarray) -> np.ndarray:
    """Drop heights, and turn multi-part shapes of a single part into that part.

    Parameters
    ----------
    shapes
        Shapely geometries, shape (n,); None stays.

    Examples
    --------
    >>> plain_shapes(shapely.from_wkt(["MULTIPOINT Z (1 2 3)"])).tolist()
    [<POINT (1 2)>]
    """
    flat = shapely.force_2d(shapes)
    single = (shapely.get_type_id(flat) >= shapely.GeometryType.MULTIPOINT) & (
        shapely.get_num_geometries(flat) == 1
    )
    flat[single] = shapely.get_geometry(flat[single], 0)
    return flat


def _read_provenance(data: gdal.Dataset) -> list[Source]:
    rows = _read_table(data, PROVENANCE_TABLE).astype(object)
    known = [field.name for field in fields(Source) if field.name in rows]
    texts = rows[known].where(rows[known].notna(), "").astype(str)
    return [Source(**{"layer": "", "source": "", **row}) for row in texts.to_dict("records")]


def _with_unit(sources: list[Source], findings: list[Finding]) -> list[Source]:
    """Tell the unit of estimated demand where an older file does not, by its findings."""
    if any(source.unit for source in sources if source.layer == "demand"):
        return sources
    codes = {finding.code for finding in findings}
    units = [unit for code, unit in _UNIT_OF_FINDING.items() if code in codes]
    if len(units) != 1 or "osm.scaled" in codes:
        return sources
    return [replace(s, unit=units[0]) if s.layer == "demand" else s for s in sources]


def _findings(path: Path, entries: Any) -> list[Finding]:
    if not isinstance(entries, list) or not all(map(_is_finding, entries)):
        raise _broken(path, "findings")
    return [_finding(entry) for entry in entries]


def _is_finding(entry: object) -> bool:
    if not isinstance(entry, Mapping):
        return False
    return isinstance(entry.get("code"), str) and isinstance(entry.get("params", {}), Mapping)


def _finding(entry: Mapping[str, Any]) -> Finding:
    finding = Finding(entry["code"], dict(entry.get("params", {})))
    if finding.code in messages():
        return finding
    return Finding("sources.unknown_finding", {"code": finding.code, "values": _json(entry)})


def _metres(path: Path, metadata: Mapping[str, Any], name: str) -> float | None:
    value = metadata.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _broken(path, name)
    return float(value)


def _broken(path: Path, reason: str) -> InputError:
    return InputError(
        "sources.broken_metadata", file=str(path), layer=METADATA_TABLE, reason=reason
    )


def _records(path: Path, entries: Any) -> dict[str, KindRecord]:
    """Return who tells of each kind; a file of format 1 says it by its facilities alone."""
    if not isinstance(entries, Mapping) or not all(
        isinstance(entry, Mapping) for entry in entries.values()
    ):
        raise _broken(path, "records")
    return {
        str(kind): KindRecord(
            str(entry.get("source", "")),
            str(entry.get("date", "")),
            entry.get("complete", False) is True,
        )
        for kind, entry in entries.items()
    }


def _kinds(path: Path, entries: Any) -> Kinds:
    if not isinstance(entries, Mapping):
        raise _broken(path, "kinds")
    return Kinds({key: make_kind(key, _known(entry), path.name) for key, entry in entries.items()})


def _known(entry: Any) -> Any:
    """Return the fields of a kind that this program knows; a colour that is none is left out."""
    if not isinstance(entry, Mapping):
        return entry
    names = {field.name for field in fields(Kind)} - {"id"}
    return {
        name: value
        for name, value in entry.items()
        if name in names and (name != "colour" or is_colour(value))
    }
