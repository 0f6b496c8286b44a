"""Headers and figures as people write them, in English and Chinese; the words are data."""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.district.validation import MOST_NUMBER
from planner.errors import InputError

PLACES = ("lon", "lat", "x", "y", "place")
"""Roles of columns that say where a row lies."""

_POINTS = ("demand", "facilities", "candidates", "gates")
_COUNTED = ("communities", "demand", "facilities")
_CUT_BYTES = 10
_CUT_ENCODINGS = ("utf-8", "gb18030")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")
_BRACKETS = re.compile(r"[(\[【「〔<](.*?)[)\]】」〕>]")
_DATUMS = tuple(
    (datum, re.compile(pattern, re.IGNORECASE))
    for datum, pattern in (
        ("wgs84", r"wgs[-_ ]?(?:19)?84|gps"),
        ("cgcs2000", r"cgcs[-_ ]?2000|国家2000|2000国家|大地2000|2000坐标系?"),
        ("gcj02", r"gcj[-_ ]?0?2|火星|高德(?:地图)?|腾讯(?:地图)?|gaode|amap|mars"),
        ("bd09", r"bd[-_ ]?0?9(?:ll)?|百度(?:地图)?|baidu|(?<![a-z])bd(?=[-_ ]?l)"),
    )
)


@cache
def _data() -> dict[str, Any]:
    text = Path(__file__).with_name("headers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _headers(layer: str) -> Mapping[str, tuple[str, ...]]:
    """Return the words of each column of a layer, its own name the first."""
    data = _data()
    parts = [data[layer]]
    if layer in _COUNTED:
        parts.append(data["people"])
    if layer in _POINTS or layer == "communities":
        parts.append(data["places"])
    return {column: (column, *words) for part in parts for column, words in part.items()}


def roles(layer: str) -> tuple[str, ...]:
    """Return what a column of a layer's table can be.

    Examples
    --------
    >>> "opening_hours" in roles("facilities"), "place" in roles("demand")
    (True, True)
    """
    return tuple(_headers(layer))


def folded(header: str) -> str:
    """Return a header without case, width, spaces, brackets and underscores.

    Examples
    --------
    >>> folded("Community_ID"), folded("６５岁以上 人口（人）")
    ('communityid', '65岁以上人口人')
    """
    return re.sub(r"[\s_()\[\].:：]+", "", unicodedata.normalize("NFKC", header)).casefold()


_YEAR = re.compile(r"(?:19|20)\d\d年?底?末?")


@dataclass(frozen=True)
class Header:
    """What a header says beside its name.

    Parameters
    ----------
    plain
        The name, folded, without unit and datum.
    unit
        Text in brackets, or after the name: a unit, folded.
    datum
        ``"wgs84"``, ``"cgcs2000"``, ``"gcj02"``, ``"bd09"``, or empty where none is named.
    """

    plain: str
    unit: str = ""
    datum: str = ""


def read_header(header: str) -> Header:
    """Return what a header says.

    Examples
    --------
    >>> read_header("人口（万人）"), read_header("gcj02_lng").datum
    (Header(plain='人口', unit='万人', datum=''), 'gcj02')
    >>> read_header("经度(GCJ-02)").plain, read_header("百度坐标").plain
    ('经度', '坐标')
    """
    text = unicodedata.normalize("NFKC", header)
    datum = ""
    for name, pattern in _DATUMS:
        if pattern.search(text):
            datum, text = name, pattern.sub("", text)
            break
    inner = [folded(found) for found in _BRACKETS.findall(text)]
    plain = folded(_BRACKETS.sub("", text)).strip("-/、,，") or folded(text)
    unit = next((found for found in inner if found), "")
    return Header(plain, unit, datum)


def named_datum(text: str) -> str:
    """Return the datum that a header or cell names, empty where none.

    Examples
    --------
    >>> named_datum("GCJ-02"), named_datum("百度坐标系"), named_datum("西安80")
    ('gcj02', 'bd09', '')
    """
    plain = unicodedata.normalize("NFKC", text)
    return next((name for name, pattern in _DATUMS if pattern.search(plain)), "")


def known_columns(layer: str, headers: Iterable[str], *, cut: bool = False) -> dict[str, str]:
    """Return the layer's column of each header that means one.

    A header that is a column's own name goes before one that only means it; of several that mean
    the same, the first counts, and of coordinates those whose datum is named.

    Parameters
    ----------
    layer
        Name of a layer.
    headers
        The headers of a file.
    cut
        Whether they may be cut at ten bytes, as in a Shapefile.

    Examples
    --------
    >>> known_columns("demand", ["编号", "经度", "人口", "65岁以上人口", "备注"])
    {'编号': 'demand_id', '经度': 'lon', '人口': 'population', '65岁以上人口': 'pop_65plus'}
    >>> known_columns("communities", ["community_", "subdistric"], cut=True)
    {'community_': 'community_id', 'subdistric': 'subdistrict'}
    """
    columns = _headers(layer)
    words = {folded(word): column for column, line in columns.items() for word in reversed(line)}
    names = list(headers)
    if "fclass" in map(folded, names):
        names = [name for name in names if folded(name) != "code"]  # a class, no id
    found: dict[str, str] = {}
    for name in names:
        # a name as long as a cut one is rather our own, cut, than a word that happens to be so long
        own = _cut(name, {each: (each,) for each in columns}) if cut else None
        column = name if name in columns else own or words.get(folded(name)) or _meant(name, words)
        if column is not None:
            found[name] = column
    if cut:
        for name in names:
            if name not in found and (column := _cut(name, columns)) is not None:
                found[name] = column
    return _first_of_each(found, columns)


def _meant(name: str, words: Mapping[str, str]) -> str | None:
    """Return the column of a name with a unit, remark or datum about it."""
    header = read_header(name)
    column = words.get(header.plain)
    if column is not None or not header.plain:
        return column
    for unit in sorted(_unit_words(), key=len, reverse=True):
        rest = header.plain.removesuffix(folded(unit))
        if rest != header.plain and rest in words:
            return words[rest]
    return None


def _cut(name: str, columns: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the column whose word begins with a name that was cut at ten bytes.

    The last sign may have been cut in the middle and be gone.
    """
    plain = unicodedata.normalize("NFKC", name).casefold().rstrip("\ufffd?")

    def fits(word: str) -> bool:
        return any(
            len(word.encode(encoding)) > _CUT_BYTES
            and _CUT_BYTES - 3 < len(plain.encode(encoding)) <= _CUT_BYTES
            for encoding in _CUT_ENCODINGS
        ) and word.casefold().startswith(plain)

    meant = {column for column, words in columns.items() if any(map(fits, words))}
    return meant.pop() if len(meant) == 1 else None


def _first_of_each(
    found: Mapping[str, str], columns: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Keep one header for each column: its own name, else the best word, else the first."""
    order = {"wgs84": 0, "cgcs2000": 1, "gcj02": 2, "bd09": 3, "": 4}

    def rank(name: str) -> tuple[int, int, int]:
        column = found[name]
        datum = order[read_header(name).datum] if column in PLACES else 0
        plain = folded(name)
        line = [folded(word) for word in columns[column]]
        return (datum, name != column, line.index(plain) if plain in line else len(line))

    best: dict[str, str] = {}
    for name in found:
        column = found[name]
        if column not in best or rank(name) < rank(best[column]):
            best[column] = name
    return {name: column for name, column in found.items() if best[column] == name}


def chinese_header(layer: str, column: str) -> str:
    """Return a Chinese word that means a column, by which an import knows it.

    Examples
    --------
    >>> chinese_header("demand", "pop_65plus")
    '65岁以上人口'
    """
    return next(word for word in _headers(layer)[column] if not word.isascii())


@cache
def _all_words() -> frozenset[str]:
    layers = [name for name in _data() if name not in ("units", "rows", "people", "places")]
    return frozenset(
        folded(word) for layer in layers for line in _headers(layer).values() for word in line
    )


def known_headers(cells: Iterable[str]) -> int:
    """Return how many cells are headers of some layer.

    Examples
    --------
    >>> known_headers(["名称", "经度(°)", "赣江社区", "12"])
    2
    """
    words = _all_words()
    return sum(
        1
        for cell in cells
        if cell and len(cell) < 60 and (folded(cell) in words or read_header(cell).plain in words)
    )


@cache
def _unit_words() -> frozenset[str]:
    return frozenset(unit for table in _data()["units"].values() for unit in table)


@cache
def units(column: str) -> Mapping[str, float]:
    """Return the units of a column with what a figure in each is multiplied with.

    Examples
    --------
    >>> units("population")["万人"], units("floor_area_m2")["m2"]
    (10000.0, 1.0)
    """
    tables = _data()["units"]
    if column == "population" or column.startswith("pop_"):
        table = tables["people"]
    elif column == "households":
        table = tables["households"]
    else:
        name = {"floor_area_m2": "area", "capacity": "capacity", "cost": "money"}.get(column)
        table = tables.get(name, {})
    return {folded(unit): float(factor) for unit, factor in table.items()}


def foreign_unit(header: str, column: str) -> str:
    """Return what stands in a header's brackets and is no unit of its column, empty where none.

    A year is no unit.

    Examples
    --------
    >>> foreign_unit("人口(户)", "population"), foreign_unit("65岁以上人口(%)", "pop_65plus")
    ('户', '%')
    >>> foreign_unit("人口(万人)", "population"), foreign_unit("人口(2020年)", "population")
    ('', '')
    """
    unit = read_header(header).unit
    if not unit or unit in units(column) or _YEAR.fullmatch(unit):
        return ""
    return unit


def counts_others(unit: str, column: str) -> bool:
    """Return whether a unit counts another thing than the column: households, areas, shares.

    Examples
    --------
    >>> counts_others("户", "population"), counts_others("%", "capacity")
    (True, True)
    >>> counts_others("常住", "population")
    False
    """
    if unit in ("%", "percent", "比例", "占比", "百分比", "share", "‰"):
        return True
    others = {"population": "households", "households": "population"}
    return any(
        unit in units(other) and unit not in units(column)
        for other in (others.get(column, "households"), "floor_area_m2", "cost")
    )


def header_factor(header: str, column: str) -> float:
    """Return what a column's figures are multiplied with by the unit in its header.

    Examples
    --------
    >>> header_factor("人口（万人）", "population"), header_factor("面积㎡", "floor_area_m2")
    (10000.0, 1.0)
    """
    known = units(column)
    told = read_header(header)
    if told.unit in known:
        return known[told.unit]
    for unit in sorted(known, key=len, reverse=True):
        if told.plain.endswith(unit) and told.plain != unit:
            return known[unit]
    return 1.0


def same_meaning(
    layer: str, headers: Iterable[str], chosen: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return further headers that mean a column of figures for which another was chosen.

    Examples
    --------
    >>> same_meaning("demand", ["人口", "常住人口"], {"常住人口": "population"})
    {'常住人口': ['人口']}
    """
    words = {folded(word): column for column, line in _headers(layer).items() for word in line}
    further: dict[str, list[str]] = {}
    of_column = {column: name for name, column in chosen.items() if column}
    for name in headers:
        column = words.get(folded(name)) or _meant(name, words)
        if column in of_column and not chosen.get(name):
            further.setdefault(of_column[column], []).append(name)
    return further


@cache
def total_words() -> frozenset[str]:
    """Return the words by which a row is a total, folded."""
    return frozenset(folded(word) for word in _data()["rows"]["totals"])


@cache
def example_words() -> frozenset[str]:
    """Return the words by which a row is an example, folded."""
    return frozenset(folded(word) for word in _data()["rows"]["examples"])


@cache
def _blanks() -> frozenset[str]:
    return frozenset(_data()["rows"]["blanks"])


def is_blank(value: object) -> bool:
    """Return whether a cell says nothing."""
    if value is None or value is pd.NA:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return str(value).strip().casefold() in _blanks()


def blank(values: pd.Series) -> pd.Series:
    """Return which cells of a column say nothing."""
    if pd.api.types.is_numeric_dtype(values):
        return values.isna()
    cells = values.astype(object)
    known = {value: is_blank(value) for value in pd.unique(cells)}
    return pd.Series([known[value] for value in cells], index=values.index, dtype=bool)


def number(value: object) -> float | None:
    """Return the number that a cell holds, NaN for a blank, None for what is no number.

    Thousands separators and full-width digits are understood; units and words are not, see
    :func:`planner.sources.tables.figures.figure`.

    Examples
    --------
    >>> number("１，２３４．５"), number("1 234"), number(7), number("1,23"), number("many")
    (1234.5, 1234.0, 7.0, None, None)
    """
    if is_blank(value):
        return math.nan
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "").replace(" ", "")
    if "_" in text:
        return None
    try:
        result = float(text)
    except ValueError:
        return None
    return result if math.isfinite(result) else None


def numbers(values: pd.Series, file: str, column: str) -> pd.Series:
    """Return a column's numbers; the index of `values` is the row told in errors.

    Raises
    ------
    InputError
        Names the file, row and column of what is no number.
    """
    parsed = [number(value) for value in values]
    for row, value, result in zip(values.index, values, parsed, strict=True):
        if result is None:
            raise InputError("sources.not_a_number", file=file, row=row, column=column, value=value)
    return pd.Series(np.array(parsed, dtype="float64"), index=values.index)


def counts(values: pd.Series, file: str, column: str, *, needed: bool = False) -> pd.Series:
    """Return a column's numbers, none below zero and, where `needed`, none missing.

    Raises
    ------
    InputError
        Names the file, row and column of the first fault.
    """
    result = numbers(values, file, column)
    for row, value in result.items():
        if value < 0:
            raise InputError("sources.negative", file=file, row=row, column=column, value=value)
        if needed and math.isnan(value):
            raise InputError("sources.missing_value", file=file, row=row, column=column)
        if value > MOST_NUMBER:
            raise InputError(
                "sources.too_large",
                file=file,
                row=row,
                column=column,
                value=value,
                most=MOST_NUMBER,
            )
    return result
