"""The row of a table that a reader chose, by its number, to which the map beside it moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import pandas as pd
import streamlit as st

from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import tables


def chosen(name: str, question: Hashable, rows: int) -> int | None:
    """Return the number of the row that is chosen under a question, None where none is.

    Parameters
    ----------
    name
        What the rows are called in the address, such as ``"site"``.
    question
        What the table answers: a row chosen under another one is dropped.
    rows
        How many there are; the first has number 1.
    """
    numbers = [str(number + 1) for number in range(rows)]
    return int(choices.under(name, question, numbers) or 0) or None


def taken(name: str) -> Callable[[str], None]:
    """Return what keeps the row that a reader chose, for ``take`` of :func:`tables.draw`."""

    def take(key: str) -> None:
        choices.choices()[name] = tables.chosen_row(key)

    return take


def exact_place(context: Context, table: pd.DataFrame, number: int | None, *more: str) -> None:
    """Draw where the chosen row of a table of :func:`tables.briefly` is; without one how to choose.

    Parameters
    ----------
    number
        Of the row, from 1; None where none is chosen.
    more
        Headings of columns that are told as well.
    """
    if number is None:
        st.caption(context.word("app_tables.row_on_map"))
        return
    told = table[[context.word("app_tables.exact_place"), *more]].iloc[number - 1]
    st.markdown(f"**{number}.** {' · '.join(markdown(str(each)) for each in told)}")
