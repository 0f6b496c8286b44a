"""A report as a workbook: the text, a sheet a table, and a dictionary of the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from planner.reports.content import DIGITS, Column, Points, Style, Table
from planner.reports.document import BULLET
from planner.reports.manuscript import Manuscript
from planner.views.maps.parts.palettes import COVERAGE
from planner.views.words.widths import width_of

FORMATS: dict[Style, str] = {
    "whole": "#,##0",
    "tenth": "#,##0.0;[Red]-#,##0.0",
    "percent": "0.0",
    "given": "General",
}
"""How figures are shown."""

HEADINGS = 2
"""Row of the headings, counted from 0: above them stand the caption and the sums."""

_WIDEST, _LONGEST_NAME, _LONGEST_TEXT = 60, 31, 32_767
_FORBIDDEN, _EDGES = re.compile(r"[\[\]:*?/\\]"), "' "


def written(report: Manuscript) -> bytes:
    """Return a report as an .xlsx file.

    Texts are written as texts, so that none that begins with ``=`` becomes a formula; the only
    formulas are the sums, which follow the filter.
    """
    from xlsxwriter import Workbook

    from planner.views.exports.sheet import Sheet

    buffer = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(buffer, options) as book:
        book.set_properties({"title": report.title, "created": report.at})
        looks = _looks(book)
        names = _Names()
        first = book.add_worksheet(names.free(report.labels.message("reports.sheet_text")), Sheet)
        placed = [(names.free(table.name), caption, table) for caption, table in report.tables()]
        for name, caption, table in placed:
            _sheet(book.add_worksheet(name, Sheet), caption, table, report, looks)
        _maps(book, names, report)
        last = names.free(report.labels.message("reports.sheet_dictionary"))
        _dictionary(book.add_worksheet(last), placed, report, looks)
        _text(first, placed, report, looks)
    return buffer.getvalue()


class _Names:
    """Names of sheets, each once, as Excel takes them."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, wanted: str) -> str:
        """Return a name that no sheet has yet."""
        plain = _FORBIDDEN.sub(" ", wanted).strip(_EDGES)
        # what is cut may end with a sign that no name ends with
        name, number = plain[:_LONGEST_NAME].rstrip(_EDGES), 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{plain[: _LONGEST_NAME - 4].rstrip(_EDGES)} {number}"
        self._taken.add(name.casefold())
        return name


def _looks(book: Any) -> dict[str, Any]:
    looks: dict[str, Any] = {
        style: book.add_format({"num_format": form}) for style, form in FORMATS.items()
    }
    looks["text"] = book.add_format({"text_wrap": True, "valign": "top"})
    looks["head"] = book.add_format(
        {"bold": True, "bg_color": "#DBEAFE", "border": 1, "text_wrap": True, "valign": "top"}
    )
    looks["title"] = book.add_format({"bold": True, "font_size": 14})
    looks["part"] = book.add_format({"bold": True, "font_size": 12})
    looks["sum"] = book.add_format({"italic": True})
    looks["sum_whole"] = book.add_format({"italic": True, "num_format": FORMATS["whole"]})
    looks["link"] = book.add_format({"font_color": "#1D4ED8", "underline": 1})
    looks["classes"] = [
        book.add_format({"bg_color": colour, "font_color": "#000000"})
        for colour in COVERAGE.colours
    ]
    return looks


def _sheet(
    sheet: Any, caption: str, table: Table, report: Manuscript, looks: dict[str, Any]
) -> None:
    """Write a table below its caption and sums; its headings stay, and it can be filtered."""
    sheet.write_string(0, 0, caption, looks["part"])
    last = HEADINGS + len(table.rows)
    for place, column in enumerate(table.columns):
        sheet.write_string(HEADINGS, place, column.heading, looks["head"])
        cells = [row[place] for row in table.rows]
        sheet.set_column(place, place, _column_width(column, cells))
        for row, cell in enumerate(cells, start=HEADINGS + 1):
            if isinstance(cell, str):
                sheet.write_string(row, place, cell[:_LONGEST_TEXT], looks["text"])
            else:
                sheet.write_number(row, place, cell, looks[column.style])
        if column.style == "percent" and table.rows:
            _colour(sheet, (HEADINGS + 1, place, last, place), looks)
    if table.has_sums:
        _sums(sheet, table, last, report, looks)
    sheet.freeze_panes(HEADINGS + 1, table.keys)
    sheet.autofilter(HEADINGS, 0, last, len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADINGS)


def _sums(sheet: Any, table: Table, last: int, report: Manuscript, looks: dict[str, Any]) -> None:
    """Write the sums of the rows that the filter shows, above the headings."""
    from xlsxwriter.utility import xl_range

    sheet.write_string(1, 0, report.labels.message("reports.sum_shown"), looks["sum"])
    for place, value in enumerate(table.sums()):
        if value is not None:
            rows = xl_range(HEADINGS + 1, place, last, place)
            known = round(value, DIGITS[table.columns[place].style])
            sheet.write_formula(1, place, f"=SUBTOTAL(109,{rows})", looks["sum_whole"], known)


def _colour(sheet: Any, where: tuple[int, int, int, int], looks: dict[str, Any]) -> None:
    """Colour shares by the classes of the maps."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    bounds = [bound * 100 for bound in COVERAGE.breaks]
    # Excel takes words for more than any number, and these are no shares
    cell = xl_rowcol_to_cell(where[0], where[1])
    for low, high, look in zip((-1.0, *bounds), (*bounds, 1000.0), looks["classes"], strict=True):
        rule = f"=AND(ISNUMBER({cell}),{cell}>={low:g},{cell}<{high:g})"
        sheet.conditional_format(*where, {"type": "formula", "criteria": rule, "format": look})


def _column_width(column: Column, cells: list[Any]) -> float:
    texts = [cell if isinstance(cell, str) else f"{cell:,.1f}" for cell in cells[:200]]
    longest = max(map(width_of, texts), default=0)
    return min(max(longest + 2, width_of(column.heading) / 2 + 2, 9), _WIDEST)


def _text(sheet: Any, placed: list[Any], report: Manuscript, looks: dict[str, Any]) -> None:
    """Write title, fields and sentences, and where each table is."""
    labels = report.labels
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, report.title, looks["title"])
    row = 1
    day = labels.message("reports.dated", at=labels.date(report.at.date()))
    for line in (*report.form.lines(labels), day, *report.remarks):
        sheet.write_string(row, 0, line, looks["text"])
        row += 1
    names = iter(placed)
    for heading, part in zip(report.headings(), report.parts, strict=True):
        row += 1
        sheet.write_string(row, 0, heading, looks["part"])
        row += 1
        for block in part.blocks:
            if isinstance(block, str):
                sheet.write_string(row, 0, block[:_LONGEST_TEXT], looks["text"])
            elif isinstance(block, Points):
                for line in (block.said, *(f"{BULLET}{each}" for each in block.points)):
                    sheet.write_string(row, 0, line[:_LONGEST_TEXT], looks["text"])
                    row += 1
                continue
            elif isinstance(block, Table):
                name, caption, _table = next(names)
                place = f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1"
                sheet.write_url(row, 0, place, looks["link"], caption[:255])
            else:
                sheet.write_string(row, 0, block.caption, looks["text"])
            row += 1


def _maps(book: Any, names: _Names, report: Manuscript) -> None:
    """Write the maps and charts, one below the other."""
    figures = list(report.figures())
    if not figures:
        return
    labels = report.labels
    sheet = book.add_worksheet(names.free(labels.message("reports.sheet_figures")))
    row = 0
    for number, figure in enumerate(figures, start=1):
        caption = labels.message("reports.figure", number=number, caption=figure.caption)
        sheet.write_string(row, 0, caption)
        if figure.note:
            sheet.write_string(row + 1, 0, figure.note)
        options = {"image_data": BytesIO(figure.png), "description": figure.caption}
        sheet.insert_image(row + 2, 0, "figure.png", options | {"x_scale": 0.6, "y_scale": 0.6})
        row += 40


def _dictionary(sheet: Any, placed: list[Any], report: Manuscript, looks: dict[str, Any]) -> None:
    """Write what each column of each sheet tells, and in which unit."""
    names = ("sheet", "column", "unit", "meaning")
    for place, name in enumerate(names):
        heading = report.labels.message(f"reports.col_{name}")
        sheet.write_string(0, place, heading, looks["head"])
        sheet.set_column(place, place, (24, 36, 16, 80)[place])
    row = 0
    for row, cells in enumerate(_meanings(placed, report), start=1):
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, looks["text"])
    sheet.write_string(row + 2, 0, report.labels.message("reports.colours"), looks["sum"])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row, len(names) - 1)


def _meanings(placed: list[Any], report: Manuscript) -> Iterator[tuple[str, str, str, str]]:
    for name, _caption, table in placed:
        for column in table.columns:
            unit = column.unit or report.labels.message(f"reports.unit_{column.style}")
            yield name, column.heading, unit, column.meaning
