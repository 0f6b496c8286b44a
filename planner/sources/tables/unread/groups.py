"""Columns of groups of residents that nobody reads, or that do not say whom they count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

import pandas as pd

from planner.district.layers import GROUP_PREFIX
from planner.errors import Finding
from planner.sources.tables.unread.sheet import Sheet
from planner.sources.tables.values.figures import share_of_figures

_LAYERS = ("totals", "communities", "demand", "cells")
_AGE = r"(?<!\d)\d{1,2}"
_GROUP = re.compile(
    r"\d\s*\+|\d[\s_-]*plus(?![a-z])|[<>≥≤]=?\s*\d|\d\s*(?:周?岁|years?\b|yrs?\b)|[一二三四五六七八九十]周?岁|"
    rf"(?<![a-z])ages?d?(?![a-z])|(?:under|over)[ _-]?\d|(?:pop|pct)_?\d|^{_AGE}[_-]\d{{1,2}}$|"
    r"老年|老人|老龄|高龄|儿童|婴幼儿|学龄|未成年|少儿|青少年|残疾|低保|特困|流动人口|外来人口|"
    r"elderly|seniors?\b|child|disab|\binfants?\b",
    re.I,
)
_SAYS_AGE = re.compile(r"\d|[一二三四五六七八九十]")
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
    return sheet.told("tables.groups_unread", found)


def _counts(cells: pd.Series) -> bool:
    if not pd.api.types.is_numeric_dtype(cells):
        cells = cells.astype(object).where(cells.notna(), "").astype(str)
        cells = cells.str.replace(_SIGNS, "", regex=True)
    return share_of_figures(cells, "population", ".") >= _MOST_FIGURES


def ages_not_said(found: Mapping[str, str], file: str) -> Iterator[Finding]:
    """Tell of headers that mean residents of some age and do not say of which.

    "老年人口" are those of 60 and over by the law on the rights of elderly people
    (老年人权益保障法, article 2), and those of 65 and over in many yearbooks.

    Parameters
    ----------
    found
        What headers of a table mean.
    file
        Its name.

    Examples
    --------
    >>> headers = {"老年人口": "pop_60plus", "65+": "pop_65plus"}
    >>> [found.params["group"] for found in ages_not_said(headers, "a.csv")]
    ['pop_60plus']
    """
    for header, role in found.items():
        aged = role.startswith(GROUP_PREFIX) and re.search(r"\d", role)
        if aged and not _SAYS_AGE.search(unicodedata.normalize("NFKC", header)):
            params = {"file": file, "column": header, "group": role}
            yield Finding("tables.age_not_said", params)
