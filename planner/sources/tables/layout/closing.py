"""Lines below a table that are no rows of it: who made it, when, seals, remarks."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.errors import Finding
from planner.sources.tables.headers.headers import closing_words, folded, total_words
from planner.sources.tables.set_aside import rows_told
from planner.sources.tables.values.numbers import blank, number

_COLON = re.compile(r"[:：]")
_MOST_SIGNS = 40
_MOST_LINES = 60
"""Rows at the end of a table that are looked at."""


def is_closing(text: str) -> bool:
    """Return whether a cell says who made a table, when, or begins a remark on it.

    Examples
    --------
    >>> [is_closing(text) for text in ("制表人：张三", "单位（盖章）", "Date: May 3")]
    [True, True, True]
    >>> is_closing("赣江社区卫生服务站"), is_closing("说明书博物馆")
    (False, False)
    """
    plain = text.strip()
    before = _COLON.split(plain, maxsplit=1)[0]
    first = plain.split(maxsplit=1)[0] if plain else ""
    return any(
        len(each) <= _MOST_SIGNS and folded(each) in closing_words() for each in (before, first)
    )


def without_closing(body: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Return a table without the lines below it, and a finding that tells them.

    They stand at its end: from the first line that says so, down to the last, each of which says so
    too, or holds a single cell.

    Parameters
    ----------
    body
        Rows below the headers; the index is the row as the user counts.
    file
        Its name.

    Examples
    --------
    >>> cells = {"名称": ["甲", "乙", "备注：", "不含在建"], "人口": ["5", "6", "", ""]}
    >>> table, notes = without_closing(pd.DataFrame(cells, index=[2, 3, 4, 5]), "a.csv")
    >>> table["名称"].tolist(), notes[0].params["rows"]
    (['甲', '乙'], '4, 5')
    """
    if body.empty:
        return body, []
    tail = body.tail(_MOST_LINES)
    filled = np.column_stack([~blank(tail[column]).to_numpy() for column in tail.columns])
    start = len(tail)
    for at in range(len(tail) - 1, -1, -1):
        cells = [str(cell) for cell in tail.iloc[at].to_numpy()[filled[at]]]
        if _closes(cells, len(body.columns)):
            start = at
        elif len(cells) > 1 and folded(cells[0]) not in total_words():
            break
    if start == len(tail):
        return body, []
    rows = tail.index[start + np.flatnonzero(filled[start:].any(axis=1))]
    text = str(tail.iloc[start].to_numpy()[filled[start]][0]).strip()[:_MOST_SIGNS]
    told = {"file": file, "count": len(rows), "rows": rows_told(rows), "text": text}
    return body.iloc[: len(body) - len(tail) + start], [Finding("tables.closing_left_out", told)]


def _closes(cells: Sequence[str], columns: int) -> bool:
    """Whether the filled cells of a row are a closing line: few, and no figure but those of it."""
    if not cells or not is_closing(cells[0]):
        return False
    if _COLON.search(cells[0]):
        return len(cells) <= max(1, (columns + 1) // 2) or all(map(is_closing, cells))
    return all(number(cell) is None for cell in cells[1:])
