"""Layers from GeoJSON, GeoPackage, Shapefile, FlatGeobuf, KML and GeoParquet files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from planner.district import LAYERS, Source
from planner.errors import Finding, InputError
from planner.sources import gdal
from planner.sources.reading import Reading
from planner.sources.tables.columns import counts, is_blank, known_columns
from planner.sources.workspace import plain_shapes

_ROWS_TOLD = 10
_HEAD = 1 << 20
_GEOCENTRIC_M = 6_378_137.0
_Table = TypeVar("_Table", bound=pd.DataFrame)
_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)
_NO = {"", "no", "0", "false", "f", "n", "否", "none", "nan"}


def read_boundaries(
    path: str | Path, *, layer: str | None = None, crs: Any = None, to_crs: Any = None
) -> Reading:
    """Read community areas.

    Parameters
    ----------
    path
        Vector file of polygons.
    layer
        Layer of a file with several.
    crs
        CRS of the coordinates where the file does not say.
    to_crs
        CRS to project into; None keeps the file's.

    Returns
    -------
    A table with community_id, name, subdistrict, population, households and groups as far as the
    file has them. Rows without an id are numbered ``"1"``, ``"2"``… as in the file.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent or unreadable, has no CRS or holds no areas; names the row.
    """
    table, findings = read_vector(path, layer=layer, crs=crs)
    name = Path(path).name
    table = rename_columns(table, "communities")
    shapes, notes = _mended(table, name, _AREAS, "Polygon")
    table = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
    for column in table.columns:
        if column in ("population", "households") or str(column).startswith("pop_"):
            table[column] = counts(table[column], name, str(column))
    if "name" not in table:
        table["name"] = table.get("community_id", "")
    table["community_id"] = make_ids(table, "community_id", name)
    return _reading("communities", table, path, [*findings, *notes], to_crs)


def read_shapes(
    path: str | Path,
    target: str,
    *,
    layer: str | None = None,
    crs: Any = None,
    to_crs: Any = None,
) -> Reading:
    """Read the lines and areas of the layer ``barriers`` or ``context``.

    Parameters and errors as in :func:`read_boundaries`; `target` is the layer's name.
    """
    table, findings = read_vector(path, layer=layer, crs=crs)
    name = Path(path).name
    table = rename_columns(table, target)
    if "kind" not in table:
        raise InputError(
            "sources.missing_column",
            file=name,
            column="kind",
            choices=", ".join(_choices(target)),
            present=", ".join(map(str, table.columns.drop(table.geometry.name))) or "–",
        )
    shapes, notes = _mended(table, name, (*_LINES, *_AREAS), "LineString / Polygon")
    table = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
    if target == "barriers":
        table["barrier_id"] = make_ids(table, "barrier_id", name)
    return _reading(target, table, path, [*findings, *notes], to_crs)


def read_vector(
    path: str | Path, *, layer: str | None = None, crs: Any = None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Read a vector file as it is, without heights, with its rows numbered from 1.

    Parameters
    ----------
    path, layer, crs
        As in :func:`read_boundaries`.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent, unreadable, empty, has several layers and none is named, no
        geometry, or no CRS.
    """
    gdal.local_file(path)
    path = Path(path)
    findings: list[Finding] = []
    try:
        if path.suffix.lower() in (".parquet", ".geoparquet"):
            table = _read_parquet(path)
        else:
            table = _read_ogr(path, layer, findings)
    except (*gdal.ERRORS, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("sources.not_vector", file=str(path), reason=str(error)) from error
    if not isinstance(table, gpd.GeoDataFrame):
        raise InputError("sources.no_geometry", file=str(path), layer=layer or path.stem)
    if table.empty:
        raise InputError("sources.empty_file", file=str(path))
    table.index = pd.RangeIndex(1, len(table) + 1)
    if table.geometry.name != "geometry":
        table = table.rename_geometry("geometry")
    if table.crs is None:
        table = table.set_crs(_crs(crs, path))
    elif crs is not None and _only_by_rule(path) and not _in_degrees(table):
        table = table.set_crs(parse_crs(crs), allow_override=True)
    table = without_fid(table)
    findings += shift_findings(table.crs, path.name)
    shapes = plain_shapes(table.geometry.to_numpy())
    gone = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if gone.any():
        raise InputError("sources.empty_geometry", file=path.name, row=int(np.argmax(gone)) + 1)
    table["geometry"] = gpd.GeoSeries(shapes, index=table.index, crs=table.crs)
    _check_degrees(table, path.name)
    return table, findings


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


def _only_by_rule(path: Path) -> bool:
    """Whether a file's degrees are what its format says, not what the file says: bare GeoJSON."""
    if path.suffix.lower() not in (".geojson", ".json"):
        return False
    with path.open("rb") as file:
        return b'"crs"' not in file.read(_HEAD)


def _in_degrees(table: gpd.GeoDataFrame) -> bool:
    west, south, east, north = table.total_bounds
    return bool(west >= -180 and east <= 180 and south >= -90 and north <= 90)


def flag(value: object) -> bool:
    """Return whether a cell says yes; a bridge's type, such as ``"viaduct"``, does.

    Examples
    --------
    >>> flag("viaduct"), flag("F"), flag(None), flag(1.0)
    (True, False, False, True)
    """
    if is_blank(value):
        return False
    if isinstance(value, float | int):
        return bool(value)
    return str(value).strip().casefold() not in _NO


def source_of(layer: str, path: str | Path) -> Source:
    """Return the provenance of a layer that came from a file, dated by the file."""
    path = Path(path)
    moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Source(layer, path.name, moment.date().isoformat())


def rows_told(rows: list[Any]) -> str:
    """Return row numbers as text, the first ten of them.

    Examples
    --------
    >>> rows_told([2, 5])
    '2, 5'
    """
    told = ", ".join(str(row) for row in rows[:_ROWS_TOLD])
    return told + (", …" if len(rows) > _ROWS_TOLD else "")


def _read_ogr(path: Path, layer: str | None, findings: list[Finding]) -> Any:
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
        inner = dataset.path
        if inner.suffix.lower() != ".shp" or inner.with_suffix(".cpg").exists():
            return dataset.read(chosen)
        try:
            return dataset.read(chosen, encoding="UTF-8")
        except UnicodeDecodeError:
            table = dataset.read(chosen, encoding="GB18030")
            findings.append(Finding("sources.decoded", {"file": path.name, "encoding": "GB18030"}))
            return table


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    with gdal.local_file(path).open("rb") as file:
        if file.read(4) != b"PAR1":
            raise InputError(
                "sources.other_content", file=path.name, expected="GeoParquet", found="?"
            )
        file.seek(0)
        try:
            return gpd.read_parquet(file)
        except ImportError as error:
            raise InputError("sources.needs_pyarrow", file=str(path)) from error


def _crs(crs: Any, path: Path) -> CRS:
    if crs is None:
        raise InputError("sources.no_crs", file=str(path))
    return parse_crs(crs)


def parse_crs(crs: Any) -> CRS:
    """Return a CRS from what a person wrote, such as ``"EPSG:4547"``.

    Raises
    ------
    InputError
        Where it names none.
    """
    try:
        return CRS.from_user_input(crs)
    except CRSError as error:
        raise InputError("sources.unknown_crs", crs=str(crs)) from error


def _check_degrees(table: gpd.GeoDataFrame, file: str) -> None:
    if not table.crs.is_geographic:
        return
    bounds = shapely.bounds(table.geometry.to_numpy())
    far = (np.abs(bounds[:, [0, 2]]) > 180).any(1) | (np.abs(bounds[:, [1, 3]]) > 90).any(1)
    if not far.any():
        return
    row = int(np.argmax(far))
    swapped = (np.abs(bounds[:, [1, 3]]) <= 180).all() and (np.abs(bounds[:, [0, 2]]) <= 90).all()
    raise InputError(
        "sources.swapped" if swapped else "sources.off_globe",
        file=file,
        row=row + 1,
        lon=float(bounds[row, 0]),
        lat=float(bounds[row, 1]),
    )


def rename_columns(table: gpd.GeoDataFrame, layer: str) -> gpd.GeoDataFrame:
    """Return the table with the headers that mean a column of the layer renamed to it."""
    names = known_columns(layer, [str(c) for c in table.columns if c != "geometry"])
    clash = [c for c in table.columns if c in names.values() and names.get(c, c) != c]
    return table.drop(columns=clash).rename(columns=names)


def make_ids(table: pd.DataFrame, column: str, file: str) -> pd.Series:
    """Return the ids of a column, or row numbers; refuses repeated ones."""
    numbered = pd.Series([str(row) for row in table.index], index=table.index)
    if column not in table:
        return numbered
    ids = table[column].map(cell_text)
    ids = ids.where(ids != "", numbered)
    repeated = ids.duplicated()
    if repeated.any():
        at = int(np.argmax(repeated.to_numpy()))
        raise InputError(
            "sources.duplicate_id",
            file=file,
            row=table.index[at],
            column=column,
            value=ids.iloc[at],
        )
    return ids


def cell_text(value: object) -> str:
    """Return a cell as text: empty for a blank, a whole number without its decimals."""
    if is_blank(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _mended(
    table: gpd.GeoDataFrame, file: str, allowed: tuple[Any, ...], expected: str
) -> tuple[np.ndarray, list[Finding]]:
    """Return shapes that are valid and of the types allowed, and a finding on those mended."""
    shapes = table.geometry.to_numpy().copy()
    types = [int(kind) for kind in allowed]
    wrong = ~np.isin(shapely.get_type_id(shapes), types)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            "sources.wrong_geometry",
            file=file,
            row=row + 1,
            found=shapes[row].geom_type,
            expected=expected,
        )
    areas = np.isin(shapely.get_type_id(shapes), [int(kind) for kind in _AREAS])
    broken = np.flatnonzero(areas & ~shapely.is_valid(shapes)).tolist()
    for row in broken:
        mended = _areas_of(shapely.make_valid(shapes[row]))
        if mended.is_empty:
            reason = shapely.is_valid_reason(shapes[row])
            raise InputError("sources.hopeless_shape", file=file, row=row + 1, reason=reason)
        shapes[row] = mended
    notes = []
    if len(broken):
        rows = rows_told([row + 1 for row in broken])
        notes.append(Finding("sources.mended", {"file": file, "count": len(broken), "rows": rows}))
    return shapes, notes


def _areas_of(shape: Any) -> Any:
    """Return the areas of a collection as one shape, without its lines and points."""
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    kinds = shapely.get_type_id(parts)
    return shapely.union_all(parts[kinds == shapely.GeometryType.POLYGON])


def _choices(target: str) -> tuple[str, ...]:
    column = LAYERS[target].column("kind")
    return column.choices if column else ()


def _reading(
    layer: str, table: gpd.GeoDataFrame, path: str | Path, findings: list[Finding], to_crs: Any
) -> Reading:
    if to_crs is not None:
        table = table.to_crs(to_crs)
    return Reading(table.reset_index(drop=True), source_of(layer, path), tuple(findings))
