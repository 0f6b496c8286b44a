"""Remarks in columns that nobody reads, by which it is in doubt whether rows count."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import pandas as pd

from planner.sources.tables.unread.states import told_whole
from planner.sources.tables.values.numbers import cell_text
from planner.sources.tables.words.remarks import is_remark_column

_SHOWN = 80


def unread_columns(meaning: Mapping[str, str], table: pd.DataFrame) -> list[str]:
    """Return the columns of a table to which its mapping gives no meaning, and that it still has.

    Examples
    --------
    >>> unread_columns({"名称": "name", "备注": ""}, pd.DataFrame({"name": ["a"], "备注": [""]}))
    ['备注']
    """
    return [str(name) for name in table.columns if meaning.get(str(name), name) == ""]


def remarks_in_doubt(
    table: pd.DataFrame, unread: Collection[str], layer: str, doubts: Callable[[str], bool]
) -> list[str]:
    """Return of each row the first remark that puts it in doubt, as ``column=words``, or nothing.

    A cell that is a known word as a whole is told of its column (``unread_states``), not here.

    Parameters
    ----------
    table
        Rows of a file.
    unread
        Columns that nobody reads.
    layer
        What the rows become.
    doubts
        Whether a text puts a row in doubt.

    Examples
    --------
    >>> from planner.sources.tables.words.remarks import facility_in_doubt
    >>> rows = pd.DataFrame({"备注": ["搬迁中", "24小时开放", "已停业"]})
    >>> remarks_in_doubt(rows, ["备注"], "facilities", facility_in_doubt)
    ['备注=搬迁中', '', '']
    """
    found = [""] * len(table)
    for column in unread:
        if not is_remark_column(column):
            continue
        texts = table[column].astype(object).map(cell_text)
        telling = {
            text
            for text in pd.unique(texts)
            if text and doubts(text) and not told_whole(layer, column, text)
        }
        for row, text in enumerate(texts):
            if text in telling and not found[row]:
                found[row] = f"{column}={text[:_SHOWN]}"
    return found
