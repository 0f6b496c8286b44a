"""Names of places in the language of who reads: put into what a report says, once it is made."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar, cast

from planner.reports.content import Block, Figure, Part, Points, Table
from planner.views.words.names_of_places import IDS, PlaceNames

T = TypeVar("T")


def named(part: Part, names: PlaceNames) -> Part:
    """Return a part with the names of places in its texts as the reader's language has them.

    Parameters
    ----------
    part
        A part of a report, with the names that the data has.
    names
        Of :meth:`planner.views.words.names_of_places.PlaceNames.of_district`.
    """
    if not names:
        return part
    return replace(part, blocks=tuple(_block(block, names) for block in part.blocks))


def named_texts(texts: T, names: PlaceNames) -> T:
    """Return texts, or tuples of them as deep as they are, with the names put in."""
    if isinstance(texts, str):
        return cast("T", names.of(texts))
    if isinstance(texts, tuple):
        return cast("T", tuple(named_texts(each, names) for each in texts))
    return texts


def _block(block: Block, names: PlaceNames) -> Block:
    if isinstance(block, Table):
        return _table(block, names)
    if isinstance(block, Figure):
        return replace(block, caption=names.of(block.caption))
    if isinstance(block, Points):
        return Points(names.of(block.said), named_texts(block.points, names))
    return names.of(block)


def _table(table: Table, names: PlaceNames) -> Table:
    """Return a table with the names in its cells; ids stay as the data has them."""
    keys = {place for place, column in enumerate(table.columns) if column.heading in IDS}
    rows = tuple(
        tuple(
            names.of(cell) if isinstance(cell, str) and place not in keys else cell
            for place, cell in enumerate(row)
        )
        for row in table.rows
    )
    return replace(table, caption=names.of(table.caption), rows=rows)
