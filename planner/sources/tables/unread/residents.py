"""Counts of residents beside the one that is taken: the registered, an older year."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from planner.district.layers import GROUP_PREFIX
from planner.errors import Finding
from planner.sources.tables.unread.sheet import Sheet
from planner.sources.tables.values.figures import share_of_figures

_LAYERS = ("totals", "communities", "demand", "cells")
_RESIDENTS = re.compile(
    r"人口|人数|户籍|常住|住民|popul|\bpop(?![a-z])|resident|inhabitant|person|people|hukou|"
    r"einwohner|bevölkerung|poblaci|habitant|residenti|popolazion|населен|인구",
    re.I,
)
_PARTS = re.compile(
    r"密度|增长|增速|率|占比|比例|比重|男|女|预测|规划|服务|就业|流动|外来|density|growth|rate|share|"
    r"percent|%|male|female|\bper\b|capacity|employ|\d\s*[-~–+至]|岁|\bage",
    re.I,
)
_HOUSEHOLDS = re.compile(r"户数|居住户|住户|households|dwellings", re.I)
_MOST_FIGURES = 0.5


def other_residents(sheet: Sheet, taken: str) -> list[Finding]:
    """Tell of columns that count residents in another way than the one that is taken.

    People who live there and people who are registered there differ by a half in many districts.

    Parameters
    ----------
    sheet
        The table.
    taken
        Header of the column that is taken for all residents, empty where none is.

    Examples
    --------
    >>> body = pd.DataFrame({"常住人口": [1447], "户籍人口": [901], "人口密度": [12]})
    >>> sheet = Sheet("totals", body, ["常住人口"], "a.csv")
    >>> other_residents(sheet, "常住人口")[0].params["others"]
    '户籍人口'
    """
    if sheet.layer not in _LAYERS or not taken:
        return []
    others = [
        header
        for header, cells in sheet.columns()
        # a column that is called as ours counts
        if not header.startswith(GROUP_PREFIX) and _counts_residents(header, cells)
    ]
    params = {"file": sheet.file, "column": taken, "others": ", ".join(others)}
    return [Finding("tables.other_residents", params)] if others else []


def residents_of_buildings(sheet: Sheet) -> list[Finding]:
    """Tell of columns of a file of buildings that count who lives in each: nobody reads them.

    Parameters
    ----------
    sheet
        The table.

    Examples
    --------
    >>> sheet = Sheet("homes", pd.DataFrame({"层数": [6], "人口": [120]}), ["层数"], "a.csv")
    >>> residents_of_buildings(sheet)[0].params["columns"]
    '人口'
    """
    if sheet.layer != "homes":
        return []
    found = [
        header
        for header, cells in sheet.columns()
        if _counts_residents(header, cells) or (_HOUSEHOLDS.search(header) and _figures(cells))
    ]
    return sheet.told("tables.residents_of_buildings", found)


def _counts_residents(header: str, cells: pd.Series) -> bool:
    name = unicodedata.normalize("NFKC", header).replace("_", " ")
    if not _RESIDENTS.search(name) or _PARTS.search(name):
        return False
    return _figures(cells)


def _figures(cells: pd.Series) -> bool:
    filled = cells.notna() & (cells.astype(str).str.strip() != "")
    return bool(filled.any()) and share_of_figures(cells, "population", ".") >= _MOST_FIGURES
