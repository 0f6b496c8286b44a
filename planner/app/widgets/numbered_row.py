"""The row of a table that a reader chose, by its number, to which the map beside it moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from planner.app.session import choices
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
