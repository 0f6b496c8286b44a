"""Units that a table names once for all: in its title, in the line above its headers, or below.

Yearbooks write ``单位：千人`` above the headers and mean every column of people that names no unit
itself. Its cells are read as if each named the unit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import pandas as pd

from planner.errors import Finding
from planner.sources.tables.cells import MOST_SIGNS, Cells
from planner.sources.tables.headers.currencies import named_currency
from planner.sources.tables.headers.headers import folded
from planner.sources.tables.headers.units import own_unit, unit_words, units
from planner.sources.tables.layout.header_rows import HeaderRow
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.set_aside import rows_told
from planner.sources.tables.values.figures import figure, has_unit, is_figure
from planner.sources.tables.values.numbers import blank, number

_TAIL = 60
"""Lines at the end of a table that are looked at."""

_FEW_CELLS = 2
_SAID = re.compile(r"(?<![填制报编主办设])单位(?:\s*均?[为是]|\s*[:：]|\s)\s*([^。)）\]】]+)")
_IN_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]+)[)）\]】]")
_BETWEEN = re.compile(r"[、,，;；及和]|\s+and\s+")
_NEXT = re.compile(r"\s\S+:")
"""What is said behind a unit: a year, or a unit of something else."""
_SCALED = re.compile(r"[十百千万亿]+\s*(?:人|户|家|元|床|张|个|位|名|口|平|公|亩|m)")
_NOT_OURS = re.compile(
    r"(?:[十百千]?[万亿]|[十百千])(?:人次?|户|家|元|床|张|个|位|平方米|平米|m2|㎡)?"
)
"""Units that make a figure many times more, where no column has them: hundreds of households."""

_ROUND = (
    r"(?:(?<!\d)['’‘]000s?|000s|1[,. ]?000s"
    r"|1[,. ]?000(?=\s*(?:$|[),;.]|people|persons|inhabitants|residents)))"
)
_THOUSANDS, _ROMANCE = r"thousands?|tausend|tsd\.?", r"\ben (?:milliers|miles)|\bem milhares"
_OTHER = tuple(
    (unit, re.compile(rf"(?:{words})(?!\w)", re.I))
    for unit, words in (
        ("million", r"(?:\bin|\()\s*(?:millions?|millionen)|\ben millones|\bem milh[õo]es"),
        (
            "thousand",
            rf"(?:\bin|\bunits?\s*:|\()\s*(?:{_THOUSANDS}|{_ROUND})|[ ,]['’‘]000s?|{_ROMANCE}",
        ),
        ("hundred", r"(?:\bin|\()\s*(?:hundreds?|100s)"),
    )
)


def with_unit_of_lines(
    body: pd.DataFrame, cells: Cells, header: HeaderRow, mapping: TableMapping
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return a table whose cells name the unit that a line beside it names, and what to tell.

    Parameters
    ----------
    body
        Rows below the headers.
    cells, header
        The table as it stands, and where its headers are.
    mapping
        What its columns mean.

    Returns
    -------
    The rows, and findings: which columns were read in a unit of a line, and lines that name one in
    which none could be read.
    """
    findings: list[Finding] = []
    columns = {
        head: role
        for head, role in mapping.columns.items()
        if is_figure(role) and head in body and not _names_unit(head, role)
    }
    for line in _lines(cells, header) if columns else ():
        read: list[str] = []
        named = _units(line)
        for head, role in columns.items():
            unit = next((unit for unit in named if folded(unit) in units(role)), "")
            if unit and (role == "cost" or units(role)[folded(unit)] != 1.0):
                body = body.assign(**{head: _each_in(body[head], unit, role, mapping.decimal)})
                read.append(head)
        columns = {head: role for head, role in columns.items() if head not in read}
        told = {"file": cells.file, "line": line[:60], "columns": rows_told(read)}
        if read:
            findings.append(Finding("tables.unit_of_line", told))
        elif _matters(line, named, columns.values()):
            told["columns"] = rows_told(columns)
            findings.append(Finding("tables.unit_line_unread", told))
    return body, findings


def _lines(cells: Cells, header: HeaderRow) -> list[str]:
    """Return the texts that may name a unit for all: the sheet's name, above and below the rows."""
    at = cells.rows.index.get_loc(header.row)
    assert isinstance(at, int)
    above = cells.rows.iloc[:at]
    below = cells.rows.iloc[at + header.depth :].tail(_TAIL)
    below = below[(below != "").sum(axis=1) <= _FEW_CELLS]
    texts = [cells.sheet, *(str(cell) for part in (above, below) for cell in part.to_numpy().flat)]
    plain = (
        unicodedata.normalize("NFKC", text).strip() for text in texts if len(text) <= MOST_SIGNS
    )
    return [text for text in dict.fromkeys(plain) if text and number(text) is None]


def _units(line: str) -> list[str]:
    """Return the units that a line names for all, in their order.

    Examples
    --------
    >>> _units("各社区人口（单位：百人）"), _units("单位:万人、公顷"), _units("人口统计表(千人)")
    (['百人'], ['万人', '公顷'], ['千人'])
    >>> _units("Population, in thousands"), _units("填报单位:解放街道"), _units("万人社区统计表")
    (['thousand'], [], [])
    >>> _units("单位:千人  年份:2023"), _units("人数（千人、千户）"), _units("People ('000)")
    (['千人'], ['千人', '千户'], ['thousand'])
    """
    found = []
    for said in _SAID.findall(line):
        for told in _NEXT.split(said):
            parts = ["".join(told.split()), told.strip(), *_BETWEEN.split(told), *told.split()]
            found += [part.strip() for part in parts if _of_some_scale(part.strip())]
    for said in _IN_BRACKETS.findall(line):
        parts = [part.strip() for part in _BETWEEN.split(said)]
        if any(map(_is_unit, parts)) and all(map(_of_some_scale, parts)):
            found += parts
    found += [unit for unit, pattern in _OTHER if pattern.search(line)]
    return list(dict.fromkeys(found))


@cache
def _known() -> frozenset[str]:
    return frozenset(folded(unit) for unit in unit_words())


def _is_unit(text: str) -> bool:
    return folded(text) in _known()


def _of_some_scale(text: str) -> bool:
    return _is_unit(text) or _NOT_OURS.fullmatch(text) is not None


def _names_unit(head: str, role: str) -> bool:
    """Return whether a header names its unit, which goes before that of a line."""
    own = own_unit(head, role)
    money = role == "cost" and named_currency(head) is not None
    return money or own in _known() or own in ("%", "‰")


def _each_in(values: pd.Series, unit: str, role: str, decimal: str) -> pd.Series:
    """Return cells of which each figure names the unit; those that name one keep theirs."""
    texts = values.astype(object).where(~blank(values), "").astype(str)
    known = {
        text: bool(text) and not has_unit(text) and figure(text, role, decimal) is not None
        for text in pd.unique(texts)
    }
    bare = texts.map(known).astype(bool)
    return values.astype(object).where(~bare, texts + unit)


def _matters(line: str, named: list[str], roles: Iterable[str]) -> bool:
    """Return whether a line names a scale, or a currency of prices, in which nothing was read."""
    asked = list(roles)
    if "cost" in asked and named_currency(line) is not None:
        return True
    unread = (found for said in _SAID.findall(line) for found in _SCALED.findall(said))
    if asked and any("".join(found.split()) not in "".join(named) for found in unread):
        return True
    scales = [unit for unit in named if _NOT_OURS.fullmatch(unit) or unit in dict(_OTHER)]
    return bool(asked and scales) and not any(
        folded(unit) in units(role) for unit in named for role in asked
    )
