"""Tables for people, and how columns are shown in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.session.context import Context

TALL = 462
"""Height of a table beside a map, pixels."""

SHORT = 250
"""Height of a table with something below it, pixels."""


def rows(table: pd.DataFrame, key: str, height: Any = SHORT) -> None:
    """Draw a table, numbers as the reader's language writes them."""
    st.dataframe(
        table,
        hide_index=True,
        height=height,
        column_config=localized(table),
        key=key,
        placeholder="–",
    )


def chosen_row(key: str, ids: Sequence[str] | None = None, none: str = "") -> str:
    """Return what a reader chose in a table of single rows.

    Parameters
    ----------
    key
        Name of the table on its page.
    ids
        What each row is known by; the rows' numbers from 1 if None.
    none
        What stands for no row.
    """
    rows = st.session_state[key].selection.rows
    if not rows:
        return none
    return str(rows[0] + 1) if ids is None else ids[rows[0]]


def localized(table: pd.DataFrame, width: Any = None) -> dict[str, Any]:
    """Return how the columns of numbers are shown: with separators."""
    column = st.column_config.NumberColumn(format="localized", width=width)
    return {str(name): column for name in table.select_dtypes("number")}


def count_column(label: str, width: int) -> Any:
    """Return a column of whole numbers, with the separators of the reader's language."""
    return st.column_config.NumberColumn(label, format="localized", width=width)


def metres_column(label: str, width: int) -> Any:
    """Return a column of metres without decimals."""
    return st.column_config.NumberColumn(label, format="%.0f", width=width)


def share_column(context: Context) -> Any:
    """Return the column of a share given in per cent: a bar and its figure."""
    return st.column_config.ProgressColumn(
        context.word("app.share"), min_value=0, max_value=100, format="%.1f%%", width=100
    )
