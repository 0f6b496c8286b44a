"""What an OpenDocument sheet says of its cells beside their values: what is shown, hidden rows.

A cell holds its number and, as text, what its format makes of it: ``18.6%`` of 0.186, ``0.12万人``
of 0.12. The sign or unit is taken from that text, the figure from the number, which is not rounded.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from planner.sources.tables.headers.headers import folded
from planner.sources.tables.values.units import units_longest_first
from planner.sources.tables.workbooks.marks import SheetMarks

CONTENT = "content.xml"

_BLOCK = 1 << 20
_NUMBER = re.compile(r"[-−]?\d[\d.,'’\s\u00a0\u202f]*")
_SCALES = (0, -3, -4, -6, -8)
"""Powers of ten by which a format may draw a number: as it is, thousands, 万, millions, 亿."""
_HIDDEN = ("collapse", "filter")
_MOST_SIGNS = 255


def see_open_document(book: zipfile.ZipFile, sheet: str, marks: SheetMarks) -> None:
    """Note the marks of a sheet of an OpenDocument workbook.

    Parameters
    ----------
    book
        With the part :data:`CONTENT`.
    sheet
        Name of the sheet.
    marks
        Where they are noted.
    """
    seen = _Sheet(sheet, marks)
    parser = expat.ParserCreate()
    parser.StartElementHandler = seen.start
    parser.EndElementHandler = seen.end
    parser.CharacterDataHandler = seen.text
    with book.open(CONTENT) as file:
        while block := file.read(_BLOCK):
            parser.Parse(block, False)
    parser.Parse(b"", True)


def told(number: float, text: str, *, percentage: bool = False) -> str | None:
    """Return a number with the sign or unit of the text that shows it, None where it has none.

    Parameters
    ----------
    number
        What the cell holds.
    text
        What it shows.
    percentage
        Whether the cell is one of per cent.

    Examples
    --------
    >>> told(0.186, "19%", percentage=True), told(0.12, "0,1 万人"), told(31200.0, "3.12万")
    ('18.6%', '0.12万人', '3.12万')
    >>> told(120.0, "120"), told(120.0, "120 ff.")
    (None, None)
    """
    found = _NUMBER.match(text.strip()) if len(text) <= _MOST_SIGNS else None
    if found is None:
        return None
    unit = text.strip()[found.end() :].strip()
    if percentage and unit in ("%", "％"):
        return f"{_plain(number, 2)}%"
    if folded(unit) not in units_longest_first():
        return None
    for digits in _readings(found.group()):
        for power in _SCALES:
            if _draws(number * 10.0**power, digits):
                return f"{_plain(number, power)}{unit}"
    return None


def _readings(text: str) -> Iterator[str]:
    """Yield what the digits of a text may be, first with a point as the sign of decimals."""
    digits = re.sub(r"[^\d.,]", "", text)
    for decimal, group in (".,", ",."):
        whole = rf"(\d+|\d{{1,3}}({re.escape(group)}\d{{3}})+)({re.escape(decimal)}\d*)?"
        if re.fullmatch(whole, digits):
            yield digits.replace(group, "").replace(decimal, ".")


def _draws(number: float, digits: str) -> bool:
    """Return whether digits are a number, rounded to as many decimals as they have."""
    return abs(abs(number) - float(digits)) <= 0.5001 * 10.0 ** -len(digits.partition(".")[2])


def _plain(number: float, power: int) -> str:
    scaled = float(f"{number * 10.0**power:.15g}")
    return str(int(scaled)) if scaled.is_integer() and abs(scaled) < 1e15 else repr(scaled)


class _Sheet:
    """Reads the rows and cells of one table of the content, in their order."""

    def __init__(self, name: str, marks: SheetMarks) -> None:
        self.marks = marks
        self._name, self._depth = name, 0
        self._row, self._rows, self._column, self._columns = 0, 1, 0, 1
        self._number: tuple[float, bool] | None = None
        self._shown: list[str] = []
        self._in_text = self._in_note = 0

    def start(self, name: str, said: dict[str, str]) -> None:
        if name == "table:table" and (self._depth or said.get("table:name") == self._name):
            self._depth += 1
        elif self._depth != 1:
            return
        elif name == "table:table-row":
            self._rows, self._column = int(said.get("table:number-rows-repeated", "1")), 0
            if said.get("table:visibility") in _HIDDEN and self._rows < 1_000_000:
                self.marks.hidden += range(self._row + 1, self._row + self._rows + 1)
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._columns = int(said.get("table:number-columns-repeated", "1"))
            kind, value = said.get("office:value-type", ""), said.get("office:value", "")
            numeric = kind in ("float", "percentage", "currency") and value
            self._number = (float(value), kind == "percentage") if numeric else None
            self._shown = []
        elif name == "office:annotation":
            self._in_note += 1
        elif name == "text:p":
            self._in_text += 1

    def text(self, data: str) -> None:
        if self._depth == 1 and self._in_text and not self._in_note:
            self._shown.append(data)

    def end(self, name: str) -> None:
        if name == "table:table" and self._depth:
            self._depth -= 1
        elif self._depth != 1:
            return
        elif name == "office:annotation":
            self._in_note -= 1
        elif name == "text:p":
            self._in_text -= 1
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._keep()
            self._column += self._columns
        elif name == "table:table-row":
            self._row += self._rows

    def _keep(self) -> None:
        if self._number is None:
            return
        number, percentage = self._number
        text = told(number, "".join(self._shown), percentage=percentage)
        if text is None:
            return
        for row in range(self._row, self._row + self._rows):
            for column in range(self._column, self._column + self._columns):
                self.marks.texts[row, column] = text
