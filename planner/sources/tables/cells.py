"""A table as it stands in its file: text cells by row, before anything is known about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.arrays import Bool
from planner.errors import Finding

INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
"""Signs without width that come along when text is copied from web pages and chats."""

_PATTERN = f"[{INVISIBLE}]"


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
    """

    rows: pd.DataFrame
    file: str
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    separator: str = ""
    findings: tuple[Finding, ...] = ()


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
