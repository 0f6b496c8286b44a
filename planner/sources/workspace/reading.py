"""A district read from a workspace, with the corrections kept beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import geopandas as gpd

from planner.district import (
    LAYERS,
    Defaults,
    District,
    Kind,
    KindRecord,
    Kinds,
    Source,
    builtin_kinds,
    read_kinds,
)
from planner.district.kinds import is_colour, make_kind
from planner.district.records import without_unlisted
from planner.documents import parse_json
from planner.errors import Finding, InputError, messages
from planner.sources.corrections import corrected
from planner.sources.vector import gdal
from planner.sources.vector.geometry import plain_shapes
from planner.sources.workspace.metadata import (
    METADATA_TABLE,
    PROVENANCE_TABLE,
    SCHEMA_VERSION,
    as_json,
)
from planner.sources.workspace.texts_in_figures import refuse_texts

_UNIT_OF_FINDING = {
    "osm.residents_from_buildings": "floor_area_m2",
    "osm.residents_from_streets": "street_m",
}

_SQLITE_HEADER = b"SQLite format 3\x00"


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
    refuse_texts(path, [name for name in LAYERS if name in present])
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
    # a GIS may have taken out every facility of a kind: that tells no more of it than a list does
    # but of those that had none already when it was written, as after a scenario
    had = set(district.records) - set(metadata.get("emptied", []))
    listed = without_unlisted(district.records, had, district.facilities["kind"])
    district = replace(district, records=listed)
    said = _defaults(path, metadata.get("defaults", {}))
    district = replace(district, buffer_m=_metres(path, metadata, "buffer_m")).judged_by(
        said, first=True
    )
    return corrected(district, path) if corrections else district


def district_name(path: str | Path) -> str:
    """Return what a workspace calls its district, without reading its layers.

    Raises
    ------
    MissingFileError, InputError
        As :func:`read_district`, as far as the file is opened.
    """
    path = Path(path)
    data = _opened(path)
    return str(_read_metadata(data, _layers_in(data)).get("name", path.stem))


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
        return data.read_columns(name)
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


_RENAMED = {
    "osm.facilities_doubtful": "sources.facilities_doubtful",
    "osm.facilities_gone": "sources.facilities_gone",
}
"""Codes of findings that older files have, and what they are called now."""


def _finding(entry: Mapping[str, Any]) -> Finding:
    code = _RENAMED.get(entry["code"], entry["code"])
    finding = Finding(code, dict(entry.get("params", {})))
    if finding.code in messages():
        return finding
    return Finding("sources.unknown_finding", {"code": finding.code, "values": as_json(entry)})


def _metres(path: Path, metadata: Mapping[str, Any], name: str) -> float | None:
    value = metadata.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _broken(path, name)
    return float(value)


def _defaults(path: Path, entries: Any) -> Defaults:
    """Return what the place is judged by and priced in; an older file says nothing of it."""
    if not isinstance(entries, Mapping):
        raise _broken(path, "defaults")
    names = [field.name for field in fields(Defaults)]
    said = {name: entries[name] for name in names if name in entries}
    if not all(isinstance(value, str) for value in said.values()):
        raise _broken(path, "defaults")
    return Defaults(**said).checked()


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
