"""Units in headers, and what figures are multiplied with for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from planner.sources.tables.headers import folded, header_words, read_header

_YEAR = re.compile(r"(?:19|20)\d\d年?底?末?")


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
