"""Headers as people write them, in English and Chinese; the words are data."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from planner.sources.tables.cells import MOST_SIGNS

PLACES = ("lon", "lat", "x", "y", "place")
"""Roles of columns that say where a row lies."""

_PLACED = ("communities", "demand", "facilities", "candidates", "gates", "cells", "homes")

_SHAPED = ("streets", "barriers", "context")
"""Layers of lines and areas, which a table tells as well-known text in one column."""

OTHER_TABLES = ("units", "currencies", "rows")
"""Tables of ``headers.toml`` that are no columns."""

_COUNTED = ("communities", "demand", "facilities", "totals", "cells")

_BRACKETS = re.compile(r"[(\[【「〔<](.*?)[)\]】」〕>]")

_DATUMS = tuple(
    (datum, re.compile(pattern, re.IGNORECASE))
    for datum, pattern in (
        ("wgs84", r"wgs[-_ ]?(?:19)?84|gps"),
        ("cgcs2000", r"cgcs[-_ ]?2000|国家2000|2000国家|大地2000|2000坐标系?|天地图"),
        (
            "gcj02",
            (
                r"gcj[-_ ]?0?2|(?<![a-z])gcj(?![a-z0-9])|国测局|火星|高德(?:地图)?|腾讯(?:地图)?|"
                r"gaode|amap|mars"
            ),
        ),
        ("bd09", r"bd[-_ ]?0?9(?:ll)?|百度(?:地图)?|baidu|(?<![a-z])bd(?=[-_ ]?l)"),
    )
)


@cache
def header_words() -> dict[str, Any]:
    """Return the table ``headers.toml``."""
    text = Path(__file__).with_name("headers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def words_of(layer: str) -> Mapping[str, tuple[str, ...]]:
    """Return the words of each column of a layer, its own name the first."""
    data = header_words()
    parts = [data[layer]]
    if layer in _COUNTED:
        parts.append(data["people"])
    if layer in _PLACED:
        parts.append(data["places"])
    if layer in _SHAPED:
        parts.append({"place": data["places"]["place"]})
    return {column: (column, *words) for part in parts for column, words in part.items()}


def roles(layer: str) -> tuple[str, ...]:
    """Return what a column of a layer's table can be.

    Examples
    --------
    >>> "opening_hours" in roles("facilities"), "place" in roles("demand")
    (True, True)
    """
    return tuple(words_of(layer))


def folded(header: str) -> str:
    """Return a header without case, width, spaces, brackets and underscores.

    Examples
    --------
    >>> folded("Community_ID"), folded("６５岁以上 人口（人）")
    ('communityid', '65岁以上人口人')
    """
    return re.sub(r"[\s_()\[\].:：]+", "", unicodedata.normalize("NFKC", header)).casefold()


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
    if len(header) > MOST_SIGNS:  # no header, but a title or a cell below
        return Header(folded(header))
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


def chinese_header(layer: str, column: str) -> str:
    """Return a Chinese word that means a column, by which an import knows it.

    Examples
    --------
    >>> chinese_header("demand", "pop_65plus")
    '65岁以上人口'
    """
    return next(word for word in words_of(layer)[column] if not word.isascii())


@cache
def _all_words() -> frozenset[str]:
    layers = [name for name in header_words() if name not in (*OTHER_TABLES, "people", "places")]
    return frozenset(
        folded(word) for layer in layers for line in words_of(layer).values() for word in line
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
def total_words() -> frozenset[str]:
    """Return the words by which a row is a total, folded."""
    return frozenset(folded(word) for word in header_words()["rows"]["totals"])


@cache
def closing_words() -> frozenset[str]:
    """Return the words by which a line below a table is no row of it, folded."""
    return frozenset(folded(word) for word in header_words()["rows"]["closing"])


@cache
def running_words() -> frozenset[str]:
    """Return the headers of columns that only number the rows, folded."""
    return frozenset(folded(word) for word in header_words()["rows"]["running"])


@cache
def example_words() -> frozenset[str]:
    """Return the words by which a row is an example, folded."""
    return frozenset(folded(word) for word in header_words()["rows"]["examples"])
