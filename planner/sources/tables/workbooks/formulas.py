"""Formulas of an Excel sheet whose results nobody has computed.

A program that writes a workbook does not calculate: it keeps 0 as the result of each formula, and
asks the spreadsheet to calculate when it opens the file. No spreadsheet did before it came here.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.parsers import expat

_BLOCK = 1 << 20

Place = tuple[int, int]
"""Row and column, counted from 0."""


def not_computed(kept: dict[Place, bool], *, to_calculate: bool) -> list[Place]:
    """Return the formulas whose 0 is no result.

    Parameters
    ----------
    kept
        By place of a formula whether its result is kept as 0.
    to_calculate
        Whether the file asks to be calculated when it is opened. Where it does not, its results
        are those of a spreadsheet, unless every one is 0.

    Examples
    --------
    >>> not_computed({(1, 0): True, (2, 0): False}, to_calculate=True)
    [(1, 0)]
    >>> not_computed({(1, 0): True, (2, 0): False}, to_calculate=False)
    []
    """
    if not to_calculate and not all(kept.values()):
        return []
    return [place for place, zero in kept.items() if zero]


def formula_cells(book: zipfile.ZipFile, part: str) -> Iterator[tuple[dict[str, str], str, bool]]:
    """Yield of each row and cell of a sheet its attributes, and of a formula its kept result.

    Parameters
    ----------
    book
        The workbook.
    part
        Of the sheet.

    Yields
    ------
    Attributes, what is kept, and whether the cell has a formula; of a row the attributes with
    ``row`` for what is kept.
    """
    seen = _Cells()
    parser = expat.ParserCreate()
    parser.StartElementHandler = seen.start
    parser.EndElementHandler = seen.end
    parser.CharacterDataHandler = seen.text
    with book.open(part) as file:
        while block := file.read(_BLOCK):
            parser.Parse(block, False)
            yield from seen.found
            seen.found.clear()
    parser.Parse(b"", True)
    yield from seen.found


class _Cells:
    """Notes cells in their order, with what stands in their ``v``."""

    def __init__(self) -> None:
        self.found: list[tuple[dict[str, str], str, bool]] = []
        self._said: dict[str, str] = {}
        self._kept = ""
        self._formula = self._in_value = False

    def start(self, name: str, said: dict[str, str]) -> None:
        plain = name.rpartition(":")[2]
        if plain == "row":
            self.found.append((said, "row", False))
        elif plain == "c":
            self._said, self._kept, self._formula = said, "", False
        elif plain == "f":
            self._formula = True
        self._in_value = plain == "v"

    def text(self, data: str) -> None:
        if self._in_value:
            self._kept += data

    def end(self, name: str) -> None:
        self._in_value = False
        if name.rpartition(":")[2] == "c":
            self.found.append((self._said, self._kept, self._formula))
