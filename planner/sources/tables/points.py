"""Points with columns from CSV tables and vector files: demand, facilities, candidates, gates."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from planner.district import Kinds
from planner.errors import Finding, InputError, MissingFileError
from planner.sources.reading import Reading
from planner.sources.tables.columns import counts, folded, is_blank, known_columns, number, numbers
from planner.sources.tables.facility_tags import (
    kinds_by_tags,
    mark_gone,
    names_a_kind,
    tag_columns,
)
from planner.sources.tables.gates import opened
from planner.sources.tables.offsets import refuse_offset
from planner.sources.vector import (
    flag,
    make_ids,
    parse_crs,
    read_vector,
    rename_columns,
    rows_told,
    shift_findings,
    source_of,
    without_fid,
)

_TABLES = (".csv", ".txt", ".tsv")
_COUNT_WORDS = {
    "clinic": "clinics healthcare health",
    "library": "libraries",
    "police_station": "police",
    "school": "schools education",
    "sports": "sport",
    "service_centre": "servicecentres",
}
_NUMBERS = ("population", "weight", "households", "floor_area_m2", "capacity", "cost")


def read_demand(
    path: str | Path, *, layer: str | None = None, crs: Any = None, to_crs: Any = None
) -> Reading:
    """Read points with residents and group columns.

    Parameters
    ----------
    path
        CSV with lon and lat, or x and y, columns (English or Chinese headers), or a vector file
        of points or areas, which stand for a point inside them.
    layer
        Layer of a vector file with several.
    crs
        CRS of the coordinates where the file does not say; lon and lat are WGS 84 degrees.
    to_crs
        CRS to project into; None keeps the file's.

    Returns
    -------
    A table with demand_id, population (residents) or weight, and pop_ columns of groups.

    Raises
    ------
    MissingFileError, InputError
        Names the file, row (as a spreadsheet counts, header included) and column.
    """
    table, findings = _read_points(path, "demand", layer=layer, crs=crs)
    file = Path(path).name
    totals = [column for column in ("population", "weight") if column in table]
    if not totals:
        raise InputError("sources.no_population", file=file, present=_present(table))
    table[totals[0]] = counts(table[totals[0]], file, totals[0], needed=True)
    _count_columns(table, file)
    table["demand_id"] = make_ids(table, "demand_id", file)
    return _reading("demand", table, path, findings, to_crs)


def read_facilities(
    path: str | Path,
    kinds: Kinds,
    *,
    kind: str | None = None,
    kind_columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: Any = None,
    to_crs: Any = None,
) -> Reading:
    """Read facilities with a kind column, or with a count column per kind.

    With count columns one facility stands at each place whose count is above zero, with the
    count kept in the column ``count``.

    Parameters
    ----------
    path, layer, crs, to_crs
        As in :func:`read_demand`.
    kinds
        The kinds known. The kind column may hold ids, names or category words. A file that has
        none, but columns of OpenStreetMap tags (``amenity``, ``healthcare``…, or ``fclass`` as
        Geofabrik has it), is read by these; rows of no kind are left out and told.
    kind
        Kind of all rows, where the file has no column for it.
    kind_columns
        Count column by kind id, such as ``{"clinic": "healthcare"}``. Further columns that are
        named as a kind are taken as well; findings tell which, and which are left out.

    Raises
    ------
    MissingFileError, InputError
        Names the file, row (as a spreadsheet counts, header included) and column.
    """
    table, findings = _read_points(path, "facilities", layer=layer, crs=crs)
    file = Path(path).name
    for given in (*(kind_columns or {}), *([kind] if kind else [])):
        if given not in kinds:
            raise InputError("sources.kind_not_known", kind=given, known=", ".join(kinds))
    if kind_columns:
        table = _expanded(table, file, kinds, kind_columns, findings)
    elif tag_columns(table, kinds) and not names_a_kind(table, kinds):
        table, notes = kinds_by_tags(table, file, kinds)
        findings += notes
    elif "kind" in table:
        table["kind"] = _kinds_of(table["kind"], file, kinds)
    elif kind:
        table["kind"] = kind
    else:
        table = _expanded(table, file, kinds, {}, findings)
    _count_columns(table, file)
    table["facility_id"] = make_ids(table, "facility_id", file)
    findings += mark_gone(table, file, kinds)
    return _reading("facilities", table, path, findings, to_crs)


def read_candidates(
    path: str | Path, *, layer: str | None = None, crs: Any = None, to_crs: Any = None
) -> Reading:
    """Read candidate sites; parameters and errors as in :func:`read_demand`."""
    table, findings = _read_points(path, "candidates", layer=layer, crs=crs)
    _count_columns(table, Path(path).name)
    for column in ("required", "forbidden"):
        if column in table:
            table[column] = [flag(value) for value in table[column]]
    table["candidate_id"] = make_ids(table, "candidate_id", Path(path).name)
    return _reading("candidates", table, path, findings, to_crs)


def read_gates(
    path: str | Path,
    *,
    words: Mapping[str, bool] | None = None,
    layer: str | None = None,
    crs: Any = None,
    to_crs: Any = None,
) -> Reading:
    """Read gates in barriers, open where nothing is said; other parameters as :func:`read_demand`.

    A word in the column ``open`` that is not known shuts the gate, and is told by row; `words`
    says what such words mean.
    """
    table, findings = _read_points(path, "gates", layer=layer, crs=crs)
    table["open"], notes = opened(table, Path(path).name, words or {})
    findings += notes
    table["gate_id"] = make_ids(table, "gate_id", Path(path).name)
    return _reading("gates", table, path, findings, to_crs)


# ---- the table


def _read_points(
    path: str | Path, target: str, *, layer: str | None, crs: Any
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    path = Path(path)
    if path.suffix.lower() in _TABLES:
        cells, findings = read_csv(path)
        refuse_offset(cells, path.name)
        names = known_columns(target, cells.columns)
        table, notes = _placed(cells.rename(columns=names), path.name, crs)
        return table, [*findings, *notes]
    table, findings = read_vector(path, layer=layer, crs=crs)
    table = rename_columns(table, target)
    shapes = table.geometry.to_numpy()
    types = shapely.get_type_id(shapes)
    areas = np.isin(types, [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON])
    wrong = ~areas & (types != shapely.GeometryType.POINT)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError(
            "sources.wrong_geometry",
            file=path.name,
            row=row + 1,
            found=shapes[row].geom_type,
            expected="Point",
        )
    if areas.any():
        shapes = np.where(areas, shapely.point_on_surface(shapes), shapes)
        table["geometry"] = gpd.GeoSeries(shapes, index=table.index, crs=table.crs)
        findings.append(
            Finding("sources.points_of_areas", {"file": path.name, "count": int(areas.sum())})
        )
    return table, findings


def read_csv(path: str | Path) -> tuple[pd.DataFrame, list[Finding]]:
    """Read a CSV as text cells; the index is the row as a spreadsheet counts, header included.

    UTF-8 with or without a mark, UTF-16 with one, and GB18030 (GBK) are told apart; comma,
    semicolon and tab are.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent, no text, empty, or a row or header does not fit.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingFileError("sources.missing_file", file=str(path))
    text, findings = _decoded(path)
    head = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError("sources.not_table", file=path.name, reason=str(error)) from error
    filled = [
        (n, [cell.strip() for cell in row])
        for n, row in enumerate(rows, start=1)
        if any(cell.strip() for cell in row)
    ]
    if len(filled) < 2:
        raise InputError("sources.empty_file", file=str(path))
    header = filled[0][1]
    while header and not header[-1]:
        header.pop()
    twice = [name for name in header if name and header.count(name) > 1]
    if twice:
        raise InputError("sources.column_twice", file=path.name, column=twice[0])
    width = len(header)
    for n, row in filled[1:]:
        if any(row[width:]):
            raise InputError("sources.row_too_long", file=path.name, row=n, columns=width)
    body = [(row + [""] * width)[:width] for _, row in filled[1:]]
    table = pd.DataFrame(body, columns=header, index=[n for n, _ in filled[1:]], dtype=object)
    return table.loc[:, [name != "" for name in header]], findings


def _decoded(path: Path) -> tuple[str, list[Finding]]:
    data = path.read_bytes()
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        guessed = encoding == "gb18030"
        params = {"file": path.name, "encoding": "GB18030"}
        return text, [Finding("sources.decoded", params)] if guessed else []
    raise InputError("sources.not_text", file=str(path))


def _placed(table: pd.DataFrame, file: str, crs: Any) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Make points of the coordinate columns."""
    findings: list[Finding] = []
    own: CRS | None = None if crs is None else parse_crs(crs)
    if {"lon", "lat"} <= set(table.columns):
        columns = ("lon", "lat")
        if own is None or not own.is_geographic:
            own = CRS.from_epsg(4326)
    elif {"x", "y"} <= set(table.columns):
        columns = ("x", "y")
    else:
        raise InputError("sources.no_coordinates", file=file, present=_present(table))
    x, y = (numbers(table[column], file, column) for column in columns)
    for column, values in zip(columns, (x, y), strict=True):
        if values.isna().any():
            row = values.isna().idxmax()
            raise InputError("sources.missing_value", file=file, row=row, column=column)
    fits = bool((x.abs() <= 180).all() and (y.abs() <= 90).all())
    if own is None:
        if not fits:
            raise InputError("sources.no_crs", file=file)
        own = CRS.from_epsg(4326)
        findings.append(Finding("sources.xy_degrees", {"file": file}))
    if own.is_geographic and not fits:
        at = int(np.argmax(((x.abs() > 180) | (y.abs() > 90)).to_numpy()))
        swapped = (x.abs() <= 90).all() and (y.abs() <= 180).all()
        raise InputError(
            "sources.swapped" if swapped else "sources.off_globe",
            file=file,
            row=x.index[at],
            lon=float(x.iloc[at]),
            lat=float(y.iloc[at]),
        )
    findings += shift_findings(own, file)
    rest = without_fid(table.drop(columns=list(columns)))
    return gpd.GeoDataFrame(rest, geometry=gpd.points_from_xy(x, y), crs=own), findings


def _count_columns(table: gpd.GeoDataFrame, file: str) -> None:
    for column in table.columns:
        if column in _NUMBERS or str(column).startswith("pop_"):
            table[column] = counts(table[column], file, str(column))


def _present(table: pd.DataFrame) -> str:
    return ", ".join(str(column) for column in table.columns if column != "geometry") or "–"


# ---- kinds


def _kinds_of(values: pd.Series, file: str, kinds: Kinds) -> pd.Series:
    words = {value: None if is_blank(value) else kinds.of_word(str(value)) for value in set(values)}
    for row, value in values.items():
        if is_blank(value):
            raise InputError("sources.missing_value", file=file, row=row, column="kind")
        if words[value] is None:
            raise InputError(
                "sources.unknown_kind", file=file, row=row, kind=value, known=", ".join(kinds)
            )
    return values.map(words)


def _expanded(
    table: gpd.GeoDataFrame,
    file: str,
    kinds: Kinds,
    given: Mapping[str, str],
    findings: list[Finding],
) -> gpd.GeoDataFrame:
    """Return one row for each place and kind whose count is above zero."""
    for column in given.values():
        if column not in table:
            raise InputError("sources.no_column", file=file, column=column, present=_present(table))
    columns = {**_count_columns_by_kind(table, kinds, given, file, findings), **given}
    if not columns:
        raise InputError(
            "sources.no_kind", file=file, present=_present(table), known=", ".join(kinds)
        )
    ids = make_ids(table, "facility_id", file)
    plain = table.drop(columns=[c for c in {*columns.values(), "kind", "population"} if c in table])
    parts = []
    for kind, column in columns.items():
        amount = counts(table[column], file, column)
        found = amount > 0
        part = plain[found].assign(kind=kind, count=amount[found], facility_id=ids[found])
        part["facility_id"] = part["facility_id"] + "/" + kind
        parts.append(part)
    merged = pd.concat(parts)
    return gpd.GeoDataFrame(merged, geometry="geometry", crs=table.crs)


def _count_columns_by_kind(
    table: gpd.GeoDataFrame,
    kinds: Kinds,
    given: Mapping[str, str],
    file: str,
    findings: list[Finding],
) -> dict[str, str]:
    words = {folded(word): kind for kind, line in _COUNT_WORDS.items() for word in line.split()}
    for kind in kinds.values():
        words.update({folded(word): kind.id for word in (kind.id, kind.en, kind.zh)})
    found: dict[str, str] = {}
    unused = []
    known = set(known_columns("facilities", map(str, table.columns)).values())
    for column in table.columns.drop("geometry"):
        kind_id = words.get(folded(str(column)))
        if column in given.values() or column in known:
            continue
        params = {"file": file, "column": column, "kind": kind_id}
        if kind_id is not None and kind_id not in kinds:
            findings.append(Finding("sources.column_needs_kind", params))
        elif kind_id is not None and kind_id not in given and kind_id not in found:
            found[kind_id] = column
            findings.append(Finding("sources.count_column", params))
        elif all(number(value) is not None for value in table[column]):
            unused.append(column)
    if unused:
        params = {"file": file, "columns": rows_told(unused)}
        findings.append(Finding("sources.unused_columns", params))
    return found


def _reading(
    layer: str, table: gpd.GeoDataFrame, path: str | Path, findings: list[Finding], to_crs: Any
) -> Reading:
    if to_crs is not None:
        table = table.to_crs(to_crs)
    return Reading(table.reset_index(drop=True), source_of(layer, path), tuple(findings))
