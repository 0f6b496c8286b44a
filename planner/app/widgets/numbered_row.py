"""The row of a table that a reader chose, by its number, to which the map beside it moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

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


def draw(
    context: Context,
    table: pd.DataFrame,
    row: str,
    question: Hashable,
    *,
    name: str,
    first: Sequence[str],
    height: int = tables.SHORT,
    room: int = tables.HALF,
    more: Sequence[str] = (),
    beside: Callable[[], object] | None = None,
) -> None:
    """Draw a table of :func:`tables.briefly` whose rows are chosen, and where the chosen one is.

    Parameters
    ----------
    context
        The reader's language.
    table
        What is shown.
    row, question
        As `name` and `question` of :func:`chosen`.
    name
        Name of the table on its page; under another question no row is chosen.
    first, height, room, beside
        As of :func:`tables.draw`.
    more
        Headings of columns that are told of the chosen row beside its place.
    """
    tables.draw(
        context,
        table,
        f"{name}_{hash(question)}",
        first=first,
        height=height,
        room=room,
        take=taken(row),
        name=name,
        beside=beside,
    )
    _exact_place(context, table, chosen(row, question, len(table)), *more)


def taken(name: str) -> Callable[[str], None]:
    """Return what keeps the row that a reader chose, for ``take`` of :func:`tables.draw`."""

    def take(key: str) -> None:
        choices.choices()[name] = tables.chosen_row(key)

    return take


def _exact_place(context: Context, table: pd.DataFrame, number: int | None, *more: str) -> None:
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
