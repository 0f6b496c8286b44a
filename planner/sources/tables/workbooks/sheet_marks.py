"""What a sheet says of its cells beside their values: formats, formulas, hidden and struck rows.

The reader of workbooks gives values only, so these are read from the sheet's own part. Cells are
looked at one by one only where the workbook has a format that says more than the number, or a font
that strikes through.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from planner.sources.tables.workbooks.formulas import formula_cells
from planner.sources.tables.workbooks.marks import SheetMarks
from planner.sources.tables.workbooks.number_formats import BUILT_IN, tells_more
from planner.sources.tables.workbooks.open_document_marks import CONTENT, see_open_document

_BLOCK = 1 << 20
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_TRUE = ("1", "true")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def sheet_marks(content: BinaryIO, sheet: str) -> SheetMarks:
    """Return the marks of a sheet of Excel's newer form or of OpenDocument, unread where they fail.

    Parameters
    ----------
    content
        The workbook, as :func:`planner.sources.untrusted.workbooks.checked_spreadsheet` gives it.
    sheet
        Name of the sheet.
    """
    marks = SheetMarks()
    try:
        with zipfile.ZipFile(content) as book:
            names = set(book.namelist())
            if CONTENT in names:
                see_open_document(book, sheet, marks)
                return marks
            part = _part_of(book, sheet) if {_WORKBOOK, _RELATIONS} <= names else ""
            if part not in names:
                return SheetMarks(unread=True)
            codes, struck = _codes(book) if "xl/styles.xml" in names else ({}, frozenset[str]())
            _see_sheet(book, part, codes, struck, marks)
            _see_formulas(book, part, marks)
    except (expat.ExpatError, ValueError):
        return SheetMarks(unread=True)
    return marks


def _part_of(book: zipfile.ZipFile, sheet: str) -> str:
    """Return the part of the archive that holds a sheet, empty where there is none."""
    wanted = ""
    for name, told in _tags(book, _WORKBOOK):
        if name == "sheet" and told.get("name") == sheet:
            wanted = next((told[each] for each in told if each.endswith(":id")), "")
    for name, told in _tags(book, _RELATIONS):
        if wanted and name == "Relationship" and told.get("Id") == wanted:
            target = told.get("Target", "")
            return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return ""


def _codes(book: zipfile.ZipFile) -> tuple[dict[str, str], frozenset[str]]:
    """Return by the number of the style of a cell what it tells beside the value.

    Formats that show more than a number, and which styles strike through.
    """
    codes = {str(number): code for number, code in BUILT_IN.items()}
    styles: list[tuple[str, str]] = []
    fonts: list[bool] = []
    part = ""
    for name, told in _tags(book, "xl/styles.xml"):
        if name == "numFmt":
            codes[told.get("numFmtId", "")] = told.get("formatCode", "")
        elif name in ("fonts", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            part = name
        elif name == "xf" and part == "cellXfs":
            styles.append((told.get("numFmtId", ""), told.get("fontId", "")))
        elif name == "font" and part == "fonts":
            fonts.append(False)
        elif name == "strike" and part == "fonts":
            fonts[-1] = told.get("val", "1") in _TRUE
    crossed = {str(place) for place, strikes in enumerate(fonts) if strikes}
    return {
        str(place): codes[number]
        for place, (number, _) in enumerate(styles)
        if number in codes and tells_more(codes[number])
    }, frozenset(str(place) for place, (_, font) in enumerate(styles) if font in crossed)


def _see_sheet(
    book: zipfile.ZipFile,
    part: str,
    codes: dict[str, str],
    struck: frozenset[str],
    marks: SheetMarks,
) -> None:
    """Note formats and rows; places that are not said follow on the ones before."""
    if not codes and not struck and not _holds(book, part, b"hidden"):
        return
    row, column = -1, -1
    crossed = False
    for name, told in _tags(book, part, ("row", "c", "v", "is") if struck else ("row", "c")):
        if name == "row":
            row = int(told["r"]) - 1 if "r" in told else row + 1
            column = -1
            if told.get("hidden") in _TRUE:
                marks.hidden.append(row + 1)
            continue
        if name != "c":  # a cell that is filled
            if crossed:
                marks.struck.append(row + 1)
            continue
        found = _REFERENCE.fullmatch(told.get("r", ""))
        column = _column(found[1]) if found else column + 1
        crossed = told.get("s") in struck
        if told.get("s") in codes and told.get("t", "n") == "n":
            marks.formats[row, column] = codes[told["s"]]


def _see_formulas(book: zipfile.ZipFile, part: str, marks: SheetMarks) -> None:
    """Note what is kept as results of formulas; places follow on as in :func:`_see_sheet`."""
    if not _holds(book, part, b"<f") and not _holds(book, part, b":f"):
        return
    for _, told in _tags(book, _WORKBOOK, ("calcPr",)):
        if told.get("fullCalcOnLoad") in _TRUE:
            marks.to_calculate = True
        elif "calcId" in told:  # the program that has calculated it
            marks.to_calculate = False
    row, column = -1, -1
    for told, kept, has_formula in formula_cells(book, part):
        if kept == "row":
            row, column = int(told["r"]) - 1 if "r" in told else row + 1, -1
            continue
        found = _REFERENCE.fullmatch(told.get("r", ""))
        column = _column(found[1]) if found else column + 1
        if has_formula and told.get("t", "n") == "n":
            marks.formulas[row, column] = _figure(kept) if kept.strip() else None


def _figure(kept: str) -> float:
    """Return a result; what is no figure is none that is 0 or lacks."""
    try:
        return float(kept)
    except ValueError:
        return float("nan")


def _holds(book: zipfile.ZipFile, part: str, word: bytes) -> bool:
    before = b""
    with book.open(part) as file:
        while block := file.read(_BLOCK):
            if word in before + block:
                return True
            before = block[-len(word) :]
    return False


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _tags(
    book: zipfile.ZipFile, part: str, only: tuple[str, ...] = ()
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the names and attributes of a part's elements, in their order."""
    seen: list[tuple[str, dict[str, str]]] = []

    def start(name: str, told: dict[str, str]) -> None:
        plain = name.rpartition(":")[2]
        if not only or plain in only:
            seen.append((plain, told))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with book.open(part) as file:
        while block := file.read(_BLOCK):
            parser.Parse(block, False)
            yield from seen
            seen.clear()
    parser.Parse(b"", True)
    yield from seen
