"""The marks of a sheet's cells beside their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from planner.sources.tables.cells import MergedCells


@dataclass
class SheetMarks:
    """Marks of the cells of a sheet.

    Parameters
    ----------
    formats
        By row and column, counted from 0, the format of a cell that shows more than its number.
    texts
        Likewise what a cell shows, where the file tells that and not how it is made.
    unclear
        Likewise what a cell shows where nobody knows what that is.
    hidden
        Rows that are not seen, counted from 1.
    struck
        Rows with a filled cell that is struck through, counted from 1, once for each such cell.
    formulas
        By row and column, counted from 0, the figure that is kept as the result of a formula, None
        where there is none.
    to_calculate
        Whether the file asks a spreadsheet to calculate its formulas when it opens it, None where
        nobody knows.
    unread
        Whether the file's marks could not be read, so that nothing is known of them.
    merged
        First and last cell of those that are merged, where they are told by the marks alone.
    """

    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    unclear: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    formulas: dict[tuple[int, int], float | None] = field(default_factory=dict)
    to_calculate: bool | None = None
    unread: bool = False
    merged: MergedCells = field(default_factory=list)


class Shown(NamedTuple):
    """Cells that show more than their number.

    Parameters
    ----------
    cells
        How many.
    value, text
        The number of one of them, and what it shows.
    """

    cells: int = 0
    value: str = ""
    text: str = ""

    def and_one(self, value: str, text: str) -> Shown:
        """Return the same with one cell more, which is the example where it is the first."""
        first = (self.value, self.text) if self.cells else (value, text)
        return Shown(self.cells + 1, *first)


class SeenSheet(NamedTuple):
    """A sheet as a person sees it.

    Parameters
    ----------
    names
        Of the sheets that show something.
    chosen
        The one that was read.
    rows
        Its cells as text.
    merges
        Which of them are merged.
    hidden
        Rows that are not seen, counted from 1.
    struck
        Rows with a filled cell that is struck through, counted from 1.
    as_shown
        Cells that were read as they are shown.
    unclear
        Cells whose number was read, as nobody knows what they show.
    not_computed
        Rows with a formula that nobody has computed, counted from 1, once for each.
    perhaps_not_computed
        Likewise, where the 0 of each formula was read, and nobody knows whether it is a result.
    unread
        Whether it has numbers of which nobody knows what they show.
    unseen
        Hidden sheets that have columns of the layer, and were not read.
    """

    names: list[str]
    chosen: str
    rows: list[list[str]]
    merges: MergedCells
    hidden: list[int]
    struck: list[int]
    as_shown: Shown
    unclear: Shown
    not_computed: list[int]
    perhaps_not_computed: list[int]
    unread: bool
    unseen: list[str]
