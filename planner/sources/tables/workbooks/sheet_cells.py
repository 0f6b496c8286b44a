"""The cells of a sheet's part, in their order, with what is kept of their formulas."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from planner.sources.tables.workbooks.parts import parse

TRUE = ("1", "true")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class SheetCell(NamedTuple):
    """A cell of a sheet.

    Parameters
    ----------
    row, column
        Counted from 0.
    said
        Its attributes.
    filled
        Whether it holds anything.
    kept
        What is kept as the result of its formula, None where it has no formula.
    """

    row: int
    column: int
    said: dict[str, str]
    filled: bool
    kept: str | None


def sheet_cells(book: zipfile.ZipFile, part: str, hidden: list[int]) -> Iterator[SheetCell]:
    """Yield the cells of a sheet; places that are not said follow on the ones before.

    Parameters
    ----------
    book, part
        The workbook, and the sheet's part.
    hidden
        Takes the rows that are not seen, counted from 1.
    """
    seen = _Cells(hidden)
    for _ in parse(book, part, seen.start, seen.end, seen.text):
        yield from seen.found
        seen.found.clear()


class _Cells:
    """Notes cells in their order, with what stands in their ``v``."""

    def __init__(self, hidden: list[int]) -> None:
        self.found: list[SheetCell] = []
        self._hidden = hidden
        self._row = self._column = -1
        self._said: dict[str, str] = {}
        self._kept = ""
        self._formula = self._filled = self._in_value = False

    def start(self, name: str, said: dict[str, str]) -> None:
        plain = name.rpartition(":")[2]
        if plain == "row":
            self._row = int(said["r"]) - 1 if "r" in said else self._row + 1
            self._column = -1
            if said.get("hidden") in TRUE:
                self._hidden.append(self._row + 1)
        elif plain == "c":
            found = _REFERENCE.fullmatch(said.get("r", ""))
            self._column = _column(found[1]) if found else self._column + 1
            self._said, self._kept = said, ""
            self._formula = self._filled = False
        elif plain == "f":
            self._formula = True
        elif plain in ("v", "is"):
            self._filled = True
        self._in_value = plain == "v"

    def text(self, data: str) -> None:
        if self._in_value:
            self._kept += data

    def end(self, name: str) -> None:
        self._in_value = False
        if name.rpartition(":")[2] == "c":
            kept = self._kept if self._formula else None
            cell = SheetCell(self._row, self._column, self._said, self._filled, kept)
            self.found.append(cell)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
