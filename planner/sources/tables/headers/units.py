"""Units in headers, and what figures are multiplied with for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from planner.district.defaults import YUAN
from planner.sources.tables.headers.currencies import named_currency
from planner.sources.tables.headers.headers import OTHER_TABLES, folded, header_words, read_header

ABOUT = re.compile(r"余|多|左右|上下|以上|有余|\+$")
"""Words behind a figure that say it is about."""

_YEAR = re.compile(r"(?:19|20)\d\d年?底?末?")
_SIGNS = ("%", "％", "﹪", "‰")
_SCALE = re.compile(
    r"\s*(?:[十百千]?[万亿]|[百千]|[%％﹪‰]|(?:thousand|million|billion|tsd|mio|mill|mrd)s?\b)",
    re.I,
)
_ASIDE = re.compile(r"[(（\[【].*", re.S)


@cache
def unit_words() -> frozenset[str]:
    """Return the units of all columns, as they are written."""
    return frozenset(unit for table in header_words()["units"].values() for unit in table)


@cache
def units(column: str) -> Mapping[str, float]:
    """Return the units of a column with what a figure in each is multiplied with.

    Examples
    --------
    >>> units("population")["万人"], units("floor_area_m2")["m2"]
    (10000.0, 1.0)
    """
    tables = header_words()["units"]
    if column in ("population", "capacity_residents") or column.startswith("pop_"):
        table = tables["people"]
    elif column == "households":
        table = tables["households"]
    else:
        name = {"floor_area_m2": "area", "capacity": "capacity", "cost": "money"}.get(column)
        table = tables.get(name, {})
    return {folded(unit): float(factor) for unit, factor in table.items()}


def foreign_unit(header: str, column: str) -> str:
    """Return a header's unit where it is none of its column, empty where it is one or none is told.

    It stands in brackets, or behind a word that means the column. A year is no unit.

    Examples
    --------
    >>> foreign_unit("人口(户)", "population"), foreign_unit("65岁以上人口(%)", "pop_65plus")
    ('户', '%')
    >>> foreign_unit("人口(万人)", "population"), foreign_unit("人口(2020年)", "population")
    ('', '')
    >>> foreign_unit("population_households", "population"), foreign_unit("总人口", "population")
    ('households', '')
    """
    unit = own_unit(header, column)
    if not unit or unit in units(column) or _YEAR.fullmatch(unit):
        return ""
    return unit


def own_unit(header: str, column: str) -> str:
    """Return what a header says in brackets, or the unit behind a word of its column.

    Examples
    --------
    >>> own_unit("人口（千人）", "population"), own_unit("面积㎡", "floor_area_m2")
    ('千人', 'm2')
    >>> own_unit("人口", "population")
    ''
    """
    return read_header(header).unit or _trailing(header, column)


def _trailing(header: str, column: str) -> str:
    """Return the unit that stands without brackets behind a word of a column, empty where none."""
    plain, words = read_header(header).plain, _words_anywhere(column)
    if plain in words:
        return ""
    for unit in units_longest_first():
        rest = plain.removesuffix(unit)
        if rest != plain and rest in words:
            return unit
    return ""


@cache
def units_longest_first() -> tuple[str, ...]:
    """Return the units of all columns, folded."""
    return tuple(folded(unit) for unit in sorted(unit_words(), key=len, reverse=True))


@lru_cache(maxsize=4096)
def unit_behind(text: str) -> str:
    """Return the unit or sign of what stands behind a figure, empty where it is none.

    Parameters
    ----------
    text
        All that is shown behind the digits: brackets of a negative figure, words for about and a
        remark in brackets are no part of the unit.

    Examples
    --------
    >>> unit_behind("万人)"), unit_behind(" 万人左右"), unit_behind("%(2020年)"), unit_behind("号")
    ('万人', '万人', '%', '')
    """
    whole = text.strip(" \u00a0\u202f()（）[]【】")
    for bare in (whole, ABOUT.sub("", _ASIDE.sub("", text)).strip()):
        if bare in _SIGNS or folded(bare) in units_longest_first():
            return bare
    return ""


def scale_behind(text: str) -> bool:
    """Return whether what stands behind a figure makes it many times more, or a part of something.

    Examples
    --------
    >>> scale_behind("万册"), scale_behind(" Mio. km"), scale_behind("%点"), scale_behind("册")
    (True, True, True, False)
    """
    return _SCALE.match(text) is not None


@cache
def _words_anywhere(column: str) -> frozenset[str]:
    """Return the words that mean a column in some layer, folded."""
    tables = (table for name, table in header_words().items() if name not in OTHER_TABLES)
    return frozenset(folded(word) for table in tables for word in (column, *table.get(column, ())))


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
    return units(column).get(header_unit(header, column), 1.0)


def header_unit(header: str, column: str) -> str:
    """Return the unit of a column that its header names, empty where it names none.

    Examples
    --------
    >>> header_unit("造价（万元）", "cost"), header_unit("造价", "cost")
    ('万元', '')
    >>> header_unit("造价日元", "cost")
    ''
    """
    named = named_currency(header) if column == "cost" else None
    if named and YUAN.currency not in named.codes:  # 造价日元 ends in 元, and is no yuan
        return ""
    told = read_header(header)
    known = units(column)
    if told.unit in known:
        return told.unit
    longest_first = sorted(known, key=len, reverse=True)
    found = (unit for unit in longest_first if told.plain.endswith(unit) and told.plain != unit)
    return next(found, "")
