"""Tables that are too wide for the terminal, in parts that fit."""

from __future__ import annotations

import re
from typing import Any

from rich.cells import cell_len
from rich.table import Column, Table

HEADING_WIDTH = 11
"""Cells that one word of a heading takes at most before it is folded."""

WORD_WIDTH = 24
"""Cells that a column of words gets at least, where it has words so long."""

_PADDING = 3
"""Cells beside each column."""

_FIGURE = re.compile(r"[\d\s.,:;+\-–—−%‰∞≥≤<>~/()]*")
"""A cell of nothing but figures."""


def fitting(grid: Table, room: int) -> list[Table]:
    """Return a table that fits, or several that together have its columns, each with the first.

    A figure torn in two is another figure, and words of which the end is cut become the same.

    Parameters
    ----------
    grid
        With all its rows.
    room
        Cells that a line holds.
    """
    needs = [_least_width(column) + _PADDING for column in grid.columns]
    # what tells rows apart stands in each part, as long as that leaves room for figures
    keys = 1
    for column in grid.columns[1:]:
        if column.justify != "left" or sum(needs[: keys + 2]) >= room // 2:
            break
        keys += 1
    parts: list[list[int]] = [[]]
    for place in range(keys, len(needs)):
        taken = sum(needs[each] for each in (*range(keys), *parts[-1], place))
        if parts[-1] and taken > room - _PADDING:
            parts.append([])
        parts[-1].append(place)
    if len(parts) == 1:
        for column in grid.columns:
            column.min_width = _least_width(column)
        return [grid]
    return [
        _with_columns(grid, [*range(keys), *part], grid.title if not number else None)
        for number, part in enumerate(parts)
    ]


def _least_width(column: Column) -> int:
    """Return how many cells a column needs: of figures their whole, of words the longest one."""
    cells = [str(cell) for cell in column.cells]
    head = max((cell_len(word) for word in str(column.header).split()), default=1)
    least = min(head, column.max_width or HEADING_WIDTH)
    if all(_FIGURE.fullmatch(cell) for cell in cells):
        return max([least, *map(cell_len, cells)])
    words = [cell_len(word) for cell in cells for word in cell.split()]
    return max(least, min(max(words, default=1), WORD_WIDTH))


def _with_columns(grid: Table, places: list[int], title: Any) -> Table:
    made = Table(
        title=title,
        title_justify=grid.title_justify,
        title_style=grid.title_style or "",
        box=grid.box,
    )
    for place in places:
        column = grid.columns[place]
        made.add_column(
            column.header,
            justify=column.justify,
            overflow=column.overflow,
            max_width=column.max_width,
            min_width=_least_width(column),
        )
    for row in zip(*(grid.columns[place].cells for place in places), strict=True):
        made.add_row(*row)
    return made
