"""Columns that look like groups of residents and are not read as one."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from planner.district.layers import GROUP_PREFIX
from planner.errors import Finding
from planner.sources.tables.unread.sheet import Sheet
from planner.sources.tables.values.figures import share_of_figures

_LAYERS = ("totals", "communities", "demand", "cells")
_GROUP = re.compile(
    r"\d\s*\+|\d\s*(?:周?岁|years?\b|yrs?\b)|\bage[ds]?\b|(?:under|over)[ _-]?\d|pop_?\d|"
    r"老年|老人|高龄|儿童|婴幼儿|少儿|青少年|残疾|低保|特困|流动人口|外来人口|"
    r"elderly|seniors?\b|child|disab|\binfants?\b",
    re.I,
)
_MOST_FIGURES = 0.5
_SIGNS = re.compile(r"\s*[%％﹪‰]\s*$")


def unread_groups(sheet: Sheet) -> list[Finding]:
    """Tell of columns that by their headers and cells are groups of residents, and are not read.

    Parameters
    ----------
    sheet
        The table.

    Examples
    --------
    >>> body = pd.DataFrame({"社区": ["甲"], "75岁以上占比": ["8.1%"], "备注": ["老人多"]})
    >>> unread_groups(Sheet("totals", body, ["社区"], "a.csv"))[0].params["columns"]
    '75岁以上占比'
    """
    if sheet.layer not in _LAYERS:
        return []
    found = [
        header
        for header, cells in sheet.columns()
        # a column that is called as ours counts
        if not header.startswith(GROUP_PREFIX)
        and _GROUP.search(unicodedata.normalize("NFKC", header))
        and _counts(cells)
    ]
    params = {"file": sheet.file, "columns": ", ".join(found)}
    return [Finding("tables.groups_unread", params)] if found else []


def _counts(cells: pd.Series) -> bool:
    if not pd.api.types.is_numeric_dtype(cells):
        cells = cells.astype(object).where(cells.notna(), "").astype(str)
        cells = cells.str.replace(_SIGNS, "", regex=True)
    return share_of_figures(cells, "population", ".") >= _MOST_FIGURES
