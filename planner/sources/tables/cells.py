"""A table as it stands in its file: text cells by row, before anything is known about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from planner.arrays import Bool
from planner.errors import Finding, InputError

INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
"""Signs without width that come along when text is copied from web pages and chats."""

MOST_SIGNS = 1000
"""Signs of a cell that words, figures, hours and places are looked for in; no such cell is longer.

The outline of an area may be: it is read by a parser. To match longer ones against patterns takes
time that grows with the square of their length, and a file of 30 kB may take minutes.
"""

MOST_CELLS = 30_000_000
"""Cells of a text table from its first to its last, as of a workbook."""

MOST_COLUMNS = 4_000
"""Columns of a table; each takes its time, however few rows there are."""

_PATTERN = f"[{INVISIBLE}]"
_NOTE = re.compile(
    r"\d\s?[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]"
)


MergedCells = list[tuple[tuple[int, int], tuple[int, int]]]
"""Row and column of the first and the last cell of each merged area, counted from 0."""


class Merged(NamedTuple):
    """An area of merged cells of a sheet: its rows as a spreadsheet counts, its columns from 0."""

    first: int
    last: int
    column: int
    last_column: int


@dataclass(frozen=True, eq=False)
class Cells:
    """A sheet or text table.

    Parameters
    ----------
    rows
        Text cells; the index is the row as a spreadsheet counts, blank rows are left out.
    file
        Name of the file.
    sheet, sheets
        The sheet that was read, and all that could be; empty for text.
    encoding, separator
        Of a text table.
    findings
        What was seen while reading.
    merged
        Areas of merged cells, of which only the first holds a value.
    """

    rows: pd.DataFrame
    file: str
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    separator: str = ""
    findings: tuple[Finding, ...] = ()
    merged: tuple[Merged, ...] = ()


def has_note(text: str) -> bool:
    """Return whether the mark of a footnote stands behind a digit of a cell.

    What makes wide digits plain makes a small ``²`` one more digit of the figure before it.

    Examples
    --------
    >>> has_note("120²"), has_note("114.9 ①"), has_note("120m²"), has_note("１２")
    (True, True, False, False)
    """
    return _NOTE.search(text) is not None


def check_extent(file: str, rows: int, columns: int) -> None:
    """Refuse a table that is larger, from its first to its last cell, than is read.

    Raises
    ------
    InputError
        ``tables.large_sheet`` or ``tables.many_columns``.
    """
    if rows * columns > MOST_CELLS:
        raise InputError(
            "tables.large_sheet", file=file, rows=rows, columns=columns, most=MOST_CELLS
        )
    if columns > MOST_COLUMNS:
        raise InputError("tables.many_columns", file=file, count=columns, most=MOST_COLUMNS)


def cleaned(table: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Finding]]:
    r"""Return text cells without invisible signs and outer spaces, blank rows left out.

    Examples
    --------
    >>> table, notes = cleaned(pd.DataFrame({0: ["1\u200b", " "], 1: [" a", ""]}), "a.csv")
    >>> table.to_numpy().tolist(), notes[0].params["count"]
    ([['1', 'a']], 1)
    """
    invisible = 0
    columns = {}
    for name in table.columns:
        cells = table[name].astype(object)
        text = cells.str.strip()
        hidden = text.str.contains(_PATTERN, regex=True).to_numpy(dtype=bool)
        if hidden.any():
            invisible += int(hidden.sum())
            text = text.str.replace(_PATTERN, "", regex=True).str.strip()
        columns[name] = text
    result = pd.DataFrame(columns, index=table.index)
    filled = has_text(result)
    notes = []
    if invisible:
        params = {"file": file, "count": invisible}
        notes.append(Finding("tables.invisible_signs", params))
    return result[filled], notes


def has_text(table: pd.DataFrame) -> Bool:
    """Return which rows of text cells hold any."""
    found = np.zeros(len(table), dtype=bool)
    for column in table.columns:
        found |= (table[column] != "").to_numpy(dtype=bool)
    return found
