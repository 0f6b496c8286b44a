"""Layers from GeoJSON, GeoPackage, Shapefile, FlatGeobuf, KML and GeoParquet files."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from planner.district import Source
from planner.district.transformers import transformer
from planner.errors import Finding, InputError
from planner.sources.licences import ODBL, OSM_CREDIT
from planner.sources.tables.frames import Frame, name_of
from planner.sources.tables.set_aside import STRICT, SetAside
from planner.sources.untrusted import parquet_files
from planner.sources.vector import gdal
from planner.sources.vector.geometry import (
    HEIGHTS_M,
    crossings_over_crossings,
    places_over_places,
    plain_shapes,
)
from planner.sources.vector.shapefile_text import AS_BYTES, decoded

_HEAD = 1 << 20
_TIMESTAMP = re.compile(r'"timestamp"\s*:\s*"(\d{4}-\d\d-\d\d)')
_GEOCENTRIC_M = 6_378_137.0
_Table = TypeVar("_Table", bound=pd.DataFrame)


def read_vector(
    path: str | Path | Frame,
    *,
    layer: str | None = None,
    crs: Any = None,
    aside: SetAside | None = None,
    joined: bool = False,
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Read a vector file as it is, without heights, with its rows numbered from 1.

    Parameters
    ----------
    path
        The file, or a GeoDataFrame as :mod:`planner.sources.tables.frames` prepares it.
    layer
        Layer of a file with several.
    crs
        CRS of the coordinates where the file does not say.
    aside
        Where rows without a place are noted, which are then left out; None: they are refused.
    joined
        Whether lines join where they share a vertex, so that it is told where their heights differ.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent, unreadable, empty, has several layers and none is named, no
        geometry, or no CRS.
    """
    name = name_of(path)
    findings: list[Finding] = []
    table = path.table if isinstance(path, Frame) else _read_file(path, layer, findings)
    if not isinstance(table, gpd.GeoDataFrame):
        raise InputError("sources.no_geometry", file=name, layer=layer or Path(name).stem)
    if table.empty:
        raise InputError("sources.empty_file", file=name if isinstance(path, Frame) else str(path))
    table.index = pd.RangeIndex(1, len(table) + 1)
    if table.geometry.name != "geometry":
        table = table.rename_geometry("geometry")
    if table.crs is None:
        table = table.set_crs(_crs(crs, name if isinstance(path, Frame) else str(path)))
    elif crs is not None and _only_by_rule(path) and not _in_degrees(table):
        table = table.set_crs(parse_crs(crs), allow_override=True)
    usable(table.crs)
    table = without_fid(table)
    findings += shift_findings(table.crs, name)
    if joined:
        decimals = 8 if _in_degrees(table) else 3
        over = places_over_places(table.geometry.to_numpy(), decimals)
        told = {"file": name, "count": over, "metres": HEIGHTS_M}
        findings += [Finding("sources.heights_apart", told)] if over else []
        across = crossings_over_crossings(table.geometry.to_numpy(), decimals)
        told = {**told, "count": across}
        findings += [Finding("sources.heights_across", told)] if across else []
    shapes = plain_shapes(table.geometry.to_numpy())
    gone = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    own = aside if aside is not None else SetAside(name, allowance=STRICT)
    own.total = len(table)
    own.add("sources.empty_geometry", table.index[gone], "geometry")
    table["geometry"] = gpd.GeoSeries(shapes, index=table.index, crs=table.crs)
    _note_degrees(table[~gone], own)
    if aside is None or own.among(table).all():
        own.settle()
    return own.take(table), findings


def _read_file(
    path: str | Path, layer: str | None, findings: list[Finding], most: int | None = None
) -> Any:
    """Read a layer of a file of any format, of maps no more than so many rows where it is said."""
    gdal.local_file(path)
    path = Path(path)
    try:
        if parquet_files.is_parquet(path):
            return _read_parquet(path)
        return _read_ogr(path, layer, findings, most)
    except (*gdal.ERRORS, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("sources.not_vector", file=str(path), reason=str(error)) from error


def read_head(path: str | Path, layer: str | None, rows: int) -> pd.DataFrame:
    """Return the columns of the first rows of a map file, without its shapes.

    Parameters
    ----------
    path
        The file.
    layer
        Layer of a file with several.
    rows
        How many.

    Raises
    ------
    MissingFileError, InputError
        As :func:`read_vector`.
    """
    if parquet_files.is_parquet(path):
        shapes = parquet_files.read_footer(gdal.local_file(path)).shapes
        first = parquet_files.read_first(path, rows)
        return first.drop(columns=shapes) if shapes in first else first
    table = _read_file(path, layer, [], rows)
    plain = table.drop(columns=table.geometry.name) if "geometry" in table else table
    return pd.DataFrame(plain.head(rows))


def without_fid(table: _Table) -> _Table:
    """Return a table whose own column ``fid``, if it has one, is called ``source_fid``.

    A GeoPackage keeps its row numbers under that name.
    """
    names = {c: f"source_{c}" for c in table.columns if str(c).casefold() == "fid"}
    return table.rename(columns=names) if names else table


def shift_findings(crs: CRS, file: str) -> list[Finding]:
    """Tell where PROJ knows no shift from a file's datum to WGS 84 and would take it for the same.

    Examples
    --------
    >>> [finding.code for finding in shift_findings(CRS("EPSG:2383"), "a.shp")]
    ['sources.unknown_shift']
    >>> shift_findings(CRS("EPSG:4547"), "b.shp")
    []
    """
    ellipsoid = crs.ellipsoid
    if ellipsoid is None or abs(ellipsoid.semi_major_metre - _GEOCENTRIC_M) < 0.5:
        return []  # CGCS2000, ETRS89 and other datums about the earth's centre: within some metres
    known = TransformerGroup(crs.geodetic_crs or crs, CRS.from_epsg(4326)).transformers
    if not known or "ballpark" not in known[0].description.casefold():
        return []
    params = {"file": file, "crs": crs.name, "to_crs": "WGS 84"}
    return [Finding("sources.unknown_shift", params)]


def _only_by_rule(source: str | Path | Frame) -> bool:
    """Whether a file's degrees are what its format says, not what the file says: bare GeoJSON."""
    if isinstance(source, Frame):
        return False
    path = Path(source)
    if path.suffix.lower() not in (".geojson", ".json"):
        return False
    with path.open("rb") as file:
        return b'"crs"' not in file.read(_HEAD)


def _in_degrees(table: gpd.GeoDataFrame) -> bool:
    west, south, east, north = table.total_bounds
    return bool(west >= -180 and east <= 180 and south >= -90 and north <= 90)


def source_of(layer: str, path: str | Path | Frame) -> Source:
    """Return the provenance of a layer that came from a file, read today.

    Its date is the one that the file states, and unknown where it states none: the date that a disk
    keeps of a file is that of its last copying or unpacking, not of what it tells.
    """
    if isinstance(path, Frame):
        return path.source(layer)
    path = Path(path)
    date, licence, attribution = stated(path)
    today = datetime.now(UTC).date().isoformat()
    return Source(layer, path.name, date, licence, attribution, read_on=today)


def stated(path: Path) -> tuple[str, str, str]:
    """Return date, licence and credit that a GeoJSON file of Overpass states, else empty texts."""
    if path.suffix.lower() not in (".geojson", ".json"):
        return "", "", ""
    with path.open("rb") as file:
        head = file.read(_HEAD).partition(b'"features"')[0].decode("utf-8", "replace")
    found = _TIMESTAMP.search(head)
    date = found.group(1) if found else ""
    of_osm = "openstreetmap" in head.casefold() and "odbl" in head.casefold()
    return (date, ODBL, OSM_CREDIT) if of_osm else (date, "", "")


def _read_ogr(
    path: Path, layer: str | None, findings: list[Finding], most: int | None = None
) -> Any:
    with gdal.opened(path) as dataset:
        kinds = dataset.layers()
        if layer is not None and layer not in kinds:
            raise InputError(
                "sources.unknown_layer", file=str(path), layer=layer, layers=", ".join(kinds)
            )
        spatial = [name for name, kind in kinds.items() if kind is not None]
        if layer is None and len(spatial) > 1:
            raise InputError("sources.several_layers", file=str(path), layers=", ".join(spatial))
        if not kinds:
            raise InputError("sources.empty_file", file=str(path))
        chosen = layer or (spatial or list(kinds))[0]
        if dataset.encoding:
            params = {"file": path.name, "encoding": dataset.encoding}
            findings.append(Finding("sources.decoded", params))
        if dataset.path.suffix.lower() != ".shp":
            return dataset.read(chosen, most=most)
        raw = dataset.read(chosen, encoding=AS_BYTES, most=most)
        table, encoding, told = decoded(raw, dataset.path)
        if told:
            findings.append(Finding(told, {"file": path.name, "encoding": encoding}))
        return table


def is_shapefile(path: str | Path | Frame) -> bool:
    """Return whether a file is a Shapefile, in an archive perhaps: its headers may be cut."""
    return not isinstance(path, Frame) and Path(path).suffix.lower() in (".shp", gdal.ARCHIVE)


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    parquet_files.check_magic(gdal.local_file(path))
    with path.open("rb") as file:
        try:
            return gpd.read_parquet(file)
        except ImportError as error:
            raise InputError("sources.needs_pyarrow", file=str(path)) from error


def _crs(crs: Any, file: str) -> CRS:
    if crs is None:
        raise InputError("sources.no_crs", file=file)
    return parse_crs(crs)


def parse_crs(crs: Any) -> CRS:
    """Return a CRS from what a person wrote, such as ``"EPSG:4547"``.

    Raises
    ------
    InputError
        Where it names none, or one that cannot be converted.
    """
    try:
        return usable(CRS.from_user_input(crs))
    except CRSError as error:
        raise InputError("sources.unknown_crs", crs=str(crs)) from error


def usable(crs: CRS) -> CRS:
    """Return a CRS whose places can be put on a map.

    Raises
    ------
    InputError
        ``sources.unusable_crs`` for one around the middle of the earth, or with axes that the
        library of projections does not convert.
    """
    name = crs.to_string()[:100]
    if crs.is_geocentric:
        raise InputError("sources.unusable_crs", crs=name)
    try:
        transformer(crs, 4326)
    except ProjError as error:
        raise InputError("sources.unusable_crs", crs=name) from error
    return crs


def _note_degrees(table: gpd.GeoDataFrame, aside: SetAside) -> None:
    """Note the rows whose degrees are no place on the globe."""
    if not table.crs.is_geographic or table.empty:
        return
    bounds = shapely.bounds(table.geometry.to_numpy())
    far = (np.abs(bounds[:, [0, 2]]) > 180).any(1) | (np.abs(bounds[:, [1, 3]]) > 90).any(1)
    swapped = (np.abs(bounds[:, [1, 3]]) <= 180).all() and (np.abs(bounds[:, [0, 2]]) <= 90).all()
    for place in np.flatnonzero(far).tolist():
        aside.add(
            "sources.swapped" if swapped else "sources.off_globe",
            [table.index[place]],
            "geometry",
            lon=float(bounds[place, 0]),
            lat=float(bounds[place, 1]),
        )
