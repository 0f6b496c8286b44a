"""What a file or a person says of the datum of its coordinates, and the conversion that follows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64, Texts
from planner.district.mainland_china import mainland_china
from planner.errors import Finding, InputError
from planner.sources.datums.shifts import SHIFTED, unshifted
from planner.sources.tables.headers.headers import PLACES, folded, named_datum, read_header
from planner.sources.tables.values.numbers import is_blank

AUTO = "auto"
GIVEN = ("wgs84", "cgcs2000", *SHIFTED)
"""Datums that a person may name; else :data:`AUTO`."""

NAMES = {"wgs84": "WGS 84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}
"""Datums as they are written for people, the same in every language."""

POINTS = ("facilities", "demand", "gates", "candidates", "cells")
"""Layers of points, which come from tables; the others from maps."""

_ABOUT = ("坐标系", "坐标系统", "坐标类型", "crs", "coordtype", "coordsys", "srs", "datum")


_CODE = re.compile(r"(?:epsg\s*:?\s*)?(\d{4,6})(?:\.0)?", re.IGNORECASE)
_OF_CODE = {"4326": "wgs84", "4490": "cgcs2000"}
_NO_DATUM = re.compile(
    r"经纬度(?:坐标系?)?|地理坐标系?|大地坐标系?|十进制度?|度|平面坐标系?|投影坐标系?|"
    r"lon\W?lat|lat\W?lon|degrees?|geographic|projected",
    re.IGNORECASE,
)
"""Words about coordinates that say how they are written, and nothing of their datum."""

_DATE = re.compile(
    r"""\s*(?:
    \d{1,4}\s*[./\-年]\s*\d{1,2}(?:\s*[./\-月]\s*\d{0,4}日?)?(?:[T\s].*)?  # 2024-05-01, 1.5.24
    |(?:\d{1,2}\.?[\s-]*)?(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])
        [a-zä]*\.?[\s-]*\d{2,4}  # 1. Mai 2024
    |(?:19|20)\d\d(?:\.0)?  # a year
    |[3-5]\d{4}(?:\.0)?|\d{8,}(?:\.0)?  # a number of days or seconds, 20240501
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
"""A date as it may stand in a column that Germans call ``Datum``."""


@dataclass(frozen=True, eq=False)
class Said:
    """What is said of the datum of a table's rows.

    Parameters
    ----------
    datums
        Datum of each row, empty where nothing is said.
    told
        The header or cell that says so, empty where a person does.
    by_datum
        The cell that says so of each datum, where rows have cells of their own.
    """

    datums: Texts
    told: str = ""
    by_datum: Mapping[str, str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether something is said."""
        return bool((self.datums != "").any())


def checked(datum: str) -> str:
    """Return a datum as a person wrote it, empty for ``"auto"``.

    Raises
    ------
    InputError
        ``datums.unknown``.

    Examples
    --------
    >>> checked("GCJ-02"), checked("bd09"), checked("auto")
    ('gcj02', 'bd09', '')
    """
    plain = datum.strip().casefold()
    name = plain if plain in (*GIVEN, AUTO) else named_datum(datum)
    if not name:
        raise InputError("datums.unknown", value=datum, known=", ".join((*GIVEN, AUTO)))
    return "" if name == AUTO else name


def by_layer(datum: str | Mapping[str, str], layers: Iterable[str]) -> dict[str, str]:
    """Return the datum that was named for each layer, empty where none was.

    Parameters
    ----------
    datum
        One for all layers of points, or by layer.
    layers
        Layers of a district.

    Raises
    ------
    InputError
        ``datums.unknown``, ``datums.unknown_layer``.

    Examples
    --------
    >>> by_layer("gcj02", ["streets", "demand"]), by_layer({"streets": "bd09"}, ["streets"])
    ({'streets': '', 'demand': 'gcj02'}, {'streets': 'bd09'})
    """
    known = sorted(layers)
    if isinstance(datum, str):
        name = checked(datum)
        return {layer: name if layer.partition(":")[0] in POINTS else "" for layer in layers}
    for layer in datum:
        if layer not in known:
            raise InputError("datums.unknown_layer", layer=layer, known=", ".join(known))
    return {layer: checked(datum.get(layer, AUTO)) for layer in layers}


def said_by_table(
    table: pd.DataFrame, columns: Mapping[str, str], file: str, *, crs_known: bool = False
) -> Said:
    """Return what the headers of coordinates, or a column about them, say of the datum.

    Parameters
    ----------
    table
        Cells under the headers of the file.
    columns
        Role of each header.
    file
        Its name.
    crs_known
        Whether a person said the CRS, so that a word that is not known does no harm.

    Raises
    ------
    InputError
        ``datums.word_not_known`` for a word in a column about coordinates that names no datum that
        is known, such as Beijing 54; ``datums.contradiction`` where two headers, or a header and a
        cell, name different datums,
        ``datums.partly_said`` where the column says something of some rows only.
    """
    datums = np.full(len(table), "", dtype=object)
    headers = [header for header, role in columns.items() if role in PLACES]
    named = {read_header(header).datum: header for header in headers}
    named.pop("", None)
    told, by_datum = ", ".join(named.values()), dict[str, str]()
    if len(named) > 1:
        raise InputError("datums.contradiction", file=file, told=told)
    if named:
        datums[:] = next(iter(named))
    for header in map(str, table.columns):
        if folded(header) not in _ABOUT:
            continue
        cells = table[header].astype(str)
        known = {cell: _datum_of_cell(cell) for cell in cells.unique()}
        strange = [cell for cell, datum in known.items() if datum is None]
        dates = folded(header) == "datum" and all(map(_DATE.fullmatch, strange))  # as in German
        if strange and not crs_known and not dates:
            raise InputError(
                "datums.word_not_known", file=file, column=header, value=", ".join(strange[:5])
            )
        known = {cell: datum or "" for cell, datum in known.items()}
        found = cells.map(known).to_numpy(dtype=object)
        other = (found != "") & (datums != "") & (found != datums)
        if other.any():
            cell = f"{header} = {cells[other].iloc[0]}"
            raise InputError("datums.contradiction", file=file, told=f"{told}, {cell}")
        for cell, datum in known.items():
            by_datum.setdefault(datum or "", f"{header} = {cell}")
        first = next((cell for cell, datum in known.items() if datum), "")
        told = told or (f"{header} = {first}" if first else "")
        datums = np.where(found != "", found, datums)
    if 0 < (count := int((datums == "").sum())) < len(datums):
        raise InputError("datums.partly_said", file=file, told=told, count=count, total=len(datums))
    return Said(datums, told, by_datum)


def against_table(
    table: pd.DataFrame, columns: Mapping[str, str], file: str, given: str
) -> list[Finding]:
    """Return a finding where a person names another datum than the headers or cells do.

    WGS 84 and CGCS2000 are the same here. Where the table contradicts itself, a person decides.

    Parameters
    ----------
    table, columns, file
        As of :func:`said_by_table`.
    given
        The datum that the person named.
    """
    try:
        said = said_by_table(table, columns, file, crs_known=True)
    except InputError:
        return []
    same = {given} | ({"wgs84", "cgcs2000"} if given in ("wgs84", "cgcs2000") else set())
    others = sorted(set(said.datums[said.datums != ""].tolist()) - same)
    if not others:
        return []
    names = ", ".join(NAMES[datum] for datum in others)
    params = {"file": file, "told": said.told, "said": names, "given": NAMES[given]}
    return [Finding("datums.against_table", params)]


def _datum_of_cell(cell: str) -> str | None:
    """Return the datum that a cell names, empty where it says nothing, None where it is not known.

    Examples
    --------
    >>> [_datum_of_cell(each) for each in ("国测局", "EPSG:4326", "经纬度", "北京54", "EPSG:4214")]
    ['gcj02', 'wgs84', '', None, None]
    """
    named = named_datum(cell)
    if named:
        return named
    code = _CODE.fullmatch(cell.strip())
    if code:
        return _OF_CODE.get(code[1])
    return "" if is_blank(cell) or _NO_DATUM.fullmatch(cell.strip()) else None


def converted(
    table: gpd.GeoDataFrame, said: Said, file: str
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return a layer in WGS 84 and what was converted.

    Parameters
    ----------
    table
        A layer as it was read.
    said
        The datum of each of its rows.
    file
        Its name.
    """
    findings = []
    for datum in SHIFTED:
        rows = said.datums == datum
        if rows.any():
            code = "datums.converted_as_said" if said.told else "datums.converted_as_given"
            told = said.by_datum.get(datum, said.told)
            moved, note = moved_by(table[rows], datum, file, code, told=told)
            shapes = table.geometry.to_numpy().copy()
            shapes[rows] = moved.geometry.to_numpy()
            table = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
            findings.append(note)
    return table, findings


def moved_by(
    table: gpd.GeoDataFrame, datum: str, file: str, code: str, **params: object
) -> tuple[gpd.GeoDataFrame, Finding]:
    """Return a layer out of a shifted datum, and the finding that tells how far it moved.

    Outside mainland China, where nothing moves, the finding is ``datums.no_shift``.
    """
    moved = unshifted(table, "bd09" if datum == "bd09" else "gcj02")
    before, after = (_middles(each) for each in (table, moved))
    shift = np.deg2rad(after - before) * 6_371_000.0
    shift[:, 0] *= np.cos(np.deg2rad(after[:, 1]))
    metres = float(np.nanmean(np.hypot(shift[:, 0], shift[:, 1])))
    told = {"file": file, "count": len(table), "datum": NAMES[datum]}
    if not mainland_china(after[:, 0], after[:, 1]).any():
        return moved, Finding("datums.no_shift", told)
    return moved, Finding(code, {**told, "metres": round(metres), **params})


def _middles(table: gpd.GeoDataFrame) -> F64:
    """Return a place in degrees (n, 2) for each row."""
    bounds = shapely.bounds(table.geometry.to_crs(4326).to_numpy())
    return np.column_stack([bounds[:, [0, 2]].mean(1), bounds[:, [1, 3]].mean(1)])
