"""What an OpenDocument sheet says of its cells beside their values: shown, hidden, struck.

A cell holds its number and, as text, what its format makes of it: ``18.6%`` of 0.186, ``0.12万人``
of 0.12. The sign or unit is taken from that text, the figure from the number, which is not rounded.
The digits only tell whether the format drew the number in thousands, 万 or 亿.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from itertools import product

from planner.sources.tables.headers.headers import folded
from planner.sources.tables.headers.units import scale_behind, unit_behind
from planner.sources.tables.workbooks.marks import SheetMarks
from planner.sources.tables.workbooks.parts import parse

CONTENT = "content.xml"
_STYLES = "styles.xml"

_NUMBER = re.compile(r"[.,]?\d[\d.,'’\s]*")
_DRAWN = {
    "十万": -5, "百万": -6, "十": -1, "百": -2, "千": -3, "万": -4, "亿": -8, "thousand": -3,
    "million": -6, "公顷": -4, "ha": -4, "km2": -6, "平方公里": -6, "%": 2, "‰": 3,
}  # fmt: skip
"""Powers of ten by which a format may draw a number, by how the unit begins; longer ones first."""
_LOOKED_AT = 2000
"""Cells whose digits are asked for the sheet's sign of decimals."""
_LINE_STYLE, _LINE_TYPE = "style:text-line-through-style", "style:text-line-through-type"
_MOST_REPEATED = 1_000_000
_HIDDEN = ("collapse", "filter")
_FIGURES = ("float", "percentage", "currency")
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
    # styles that have a name stand in a part of their own, and those of the content refer to them
    for part in (_STYLES, CONTENT) if _STYLES in book.namelist() else (CONTENT,):
        for _ in parse(book, part, seen.start, seen.end, seen.text):
            pass
    seen.decide()


def told(number: float, text: str, *, percentage: bool = False, decimal: str = ".") -> str | None:
    """Return a number with the sign or unit of the text that shows it, None where it has none.

    ``1.234 m²`` shows 1234, and ``1.234千人`` may show 1234 in either way: with a group of
    thousands, or drawn in thousands. The sign of decimals decides there, and only a unit that is
    itself a power of ten is looked at for another drawing than the number as it is.

    Parameters
    ----------
    number
        What the cell holds.
    text
        What it shows.
    percentage
        Whether the cell is one of per cent.
    decimal
        Sign of decimals that is tried first.

    Examples
    --------
    >>> told(0.186, "19%", percentage=True), told(0.12, "约0,1 万人"), told(31200.0, "3.12万")
    ('18.6%', '0.12万人', '3.12万')
    >>> told(1234.0, "1.234 m²"), told(120.0, "120"), told(120.0, "120 ff.")
    ('1234m²', None, None)
    """
    if percentage:
        return f"{_plain(number, 2)}%"
    if len(text) > _MOST_SIGNS:
        return None
    for found in _NUMBER.finditer(text):
        unit = unit_behind(text[found.end() :])
        powers = _powers(unit) if unit else ()
        for _, digits in _readings(found.group(), decimal):
            for power in powers:
                if _draws(number * 10.0**power, digits):
                    return f"{_plain(number, power)}{unit}"
    return None


def _powers(unit: str) -> tuple[int, ...]:
    """Return the powers of ten in which a number of a unit may be drawn, as it is first."""
    begun = (power for word, power in _DRAWN.items() if folded(unit).startswith(word))
    drawn = next(begun, 0)
    return (0, drawn) if drawn else (0,)


def _readings(text: str, first: str = ".") -> Iterator[tuple[str, str]]:
    """Yield what the digits of a text may be by the sign of decimals, with the given one first."""
    digits = re.sub(r"[^\d.,]", "", text)
    for decimal in (first, "," if first == "." else "."):
        group = "," if decimal == "." else "."
        whole = rf"(\d*|\d{{1,3}}({re.escape(group)}\d{{3}})+)({re.escape(decimal)}\d*)?"
        if re.fullmatch(whole, digits):
            yield decimal, digits.replace(group, "").replace(decimal, ".")


def _decimal_of(number: float, text: str) -> str:
    """Return the sign of decimals of a text that shows a number, empty where it does not tell."""
    found = _NUMBER.search(text[:_MOST_SIGNS])
    if found is None or not {".", ","} & set(found.group()):
        return ""
    signs = [sign for sign, digits in _readings(found.group()) if _draws(number, digits)]
    return signs[0] if len(signs) == 1 else ""


def _unclear(text: str) -> bool:
    """Return whether a text shows a number with a scale or sign that :func:`told` cannot tell."""
    text = text[:_MOST_SIGNS]
    return any(scale_behind(text[found.end() :]) for found in _NUMBER.finditer(text))


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
        self._style, self._struck = "", set[str]()
        self._of_row = self._of_cell = ""
        self._name, self._depth = name, 0
        self._row, self._rows, self._column, self._columns = 0, 1, 0, 1
        self._number: tuple[float, bool] | None = None
        self._formula = False
        self._shown: list[str] = []
        self._in_text = self._in_note = 0
        self._signs: list[str] = []
        self._unsure: dict[tuple[int, int], str] = {}

    def start(self, name: str, said: dict[str, str]) -> None:
        if name == "table:table" and (self._depth or said.get("table:name") == self._name):
            self._depth += 1
        elif not self._depth:
            self._see_style(name, said)
        elif self._depth != 1:
            return
        elif name == "table:table-row":
            self._of_row = said.get("table:default-cell-style-name", "")
            self._rows, self._column = int(said.get("table:number-rows-repeated", "1")), 0
            if said.get("table:visibility") in _HIDDEN and self._rows < _MOST_REPEATED:
                self.marks.hidden += range(self._row + 1, self._row + self._rows + 1)
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._columns = int(said.get("table:number-columns-repeated", "1"))
            self._of_cell = said.get("table:style-name", self._of_row)
            self._see_merged(said)
            kind, value = said.get("office:value-type", ""), said.get("office:value", "")
            numeric = kind in _FIGURES and value
            self._number = (float(value), kind == "percentage") if numeric else None
            self._formula = "table:formula" in said
            if self._formula and (kind in _FIGURES or not kind) and not value:
                self.marks.formulas.update(dict.fromkeys(self._places()))
            self._shown = []
        elif name == "office:annotation":
            self._in_note += 1
        elif name == "text:p":
            self._in_text += 1

    def _see_merged(self, said: dict[str, str]) -> None:
        down, across = (
            int(said.get(f"table:number-{way}-spanned", "1")) for way in ("rows", "columns")
        )
        if down > 1 or across > 1:
            last = (self._row + down - 1, self._column + across - 1)
            self.marks.merged.append(((self._row, self._column), last))

    def _see_style(self, name: str, said: dict[str, str]) -> None:
        if name == "style:style":
            self._style = said.get("style:name", "")
            if said.get("style:parent-style-name") in self._struck:
                self._struck.add(self._style)
        elif name == "style:text-properties" and self._style:
            line = said.get(_LINE_STYLE, said.get(_LINE_TYPE))
            if line == "none":
                self._struck.discard(self._style)
            elif line:
                self._struck.add(self._style)

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
        if self._shown and self._of_cell in self._struck and self._rows < _MOST_REPEATED:
            self.marks.struck += range(self._row + 1, self._row + self._rows + 1)
        if self._number is None:
            return
        (number, percentage), shown = self._number, "".join(self._shown)
        if self._formula:
            self.marks.formulas.update(dict.fromkeys(self._places(), number))
        text, other = (
            told(number, shown, percentage=percentage, decimal=sign) for sign in (".", ",")
        )
        if text == other and len(self._signs) < _LOOKED_AT:
            self._signs += _decimal_of(number, shown)
        if text is not None:
            self.marks.texts.update(dict.fromkeys(self._places(), text))
        elif _unclear(shown):
            self.marks.unclear.update(dict.fromkeys(self._places(), shown))
        if other is not None and other != text:
            self._unsure.update(dict.fromkeys(self._places(), other))

    def _places(self) -> Iterator[tuple[int, int]]:
        """Yield row and column of the cell and of those that repeat it."""
        rows = range(self._row, self._row + self._rows)
        return product(rows, range(self._column, self._column + self._columns))

    def decide(self) -> None:
        """Read with a comma of decimals what may be read so, where more of the sheet is."""
        if self._signs.count(",") > self._signs.count("."):
            self.marks.texts.update(self._unsure)
