"""What a sheet says of its cells beside their values: formats, formulas, hidden and struck rows.

The reader of workbooks gives values only, so these are read from the sheet's own part. Cells are
looked at one by one only where the workbook has a format that says more than the number, or a font
that strikes through, or where the sheet has formulas or hidden rows.
"""

from __future__ import annotations

import posixpath
import zipfile
from typing import BinaryIO
from xml.parsers import expat

from planner.sources.tables.workbooks.marks import SheetMarks
from planner.sources.tables.workbooks.number_formats import BUILT_IN, tells_more
from planner.sources.tables.workbooks.open_document_marks import CONTENT, see_open_document
from planner.sources.tables.workbooks.parts import elements, holds
from planner.sources.tables.workbooks.sheet_cells import TRUE, sheet_cells

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


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
    except (expat.ExpatError, ValueError):
        return SheetMarks(unread=True)
    return marks


def _part_of(book: zipfile.ZipFile, sheet: str) -> str:
    """Return the part of the archive that holds a sheet, empty where there is none."""
    wanted = ""
    for name, told in elements(book, _WORKBOOK):
        if name == "sheet" and told.get("name") == sheet:
            wanted = next((told[each] for each in told if each.endswith(":id")), "")
    for name, told in elements(book, _RELATIONS):
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
    for name, told in elements(book, "xl/styles.xml"):
        if name == "numFmt":
            codes[told.get("numFmtId", "")] = told.get("formatCode", "")
        elif name in ("fonts", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            part = name
        elif name == "xf" and part == "cellXfs":
            styles.append((told.get("numFmtId", ""), told.get("fontId", "")))
        elif name == "font" and part == "fonts":
            fonts.append(False)
        elif name == "strike" and part == "fonts":
            fonts[-1] = told.get("val", "1") in TRUE
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
    """Note formats, rows and results of formulas, in one pass where the sheet has any."""
    if not codes and not struck and not holds(book, part, b"hidden", b"<f", b":f"):
        return
    for _, told in elements(book, _WORKBOOK, "calcPr"):
        if told.get("fullCalcOnLoad") in TRUE:
            marks.to_calculate = True
        elif "calcId" in told:  # the program that has calculated it
            marks.to_calculate = False
    for cell in sheet_cells(book, part, marks.hidden):
        style, number = cell.said.get("s", ""), cell.said.get("t", "n") == "n"
        if cell.filled and style in struck:
            marks.struck.append(cell.row + 1)
        if number and style in codes:
            marks.formats[cell.row, cell.column] = codes[style]
        if number and cell.kept is not None:
            result = _figure(cell.kept) if cell.kept.strip() else None
            marks.formulas[cell.row, cell.column] = result


def _figure(kept: str) -> float:
    """Return a result; what is no figure is none that is 0 or lacks."""
    try:
        return float(kept)
    except ValueError:
        return float("nan")
