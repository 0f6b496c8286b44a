"""Sheets of Excel, WPS and OpenDocument workbooks, as text cells."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeGuard

import pandas as pd

from planner.errors import Finding, InputError, MissingFileError
from planner.sources.tables.cells import Cells, Merged, MergedCells, check_extent, cleaned
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.set_aside import rows_told
from planner.sources.tables.workbooks.formulas import not_computed, perhaps_not_computed
from planner.sources.tables.workbooks.marks import SeenSheet, SheetMarks, Shown
from planner.sources.tables.workbooks.number_formats import shown
from planner.sources.tables.workbooks.number_formats import unclear as is_unclear
from planner.sources.tables.workbooks.old_form import old_sheet
from planner.sources.tables.workbooks.sheet_marks import sheet_marks
from planner.sources.untrusted.workbooks import checked_spreadsheet

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

ENDINGS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")

_HEAD_ROWS = 30
_HEADERS_OF_A_LAYER = 2
_EXACT = 1e15
"""Whole numbers below this are kept exactly by a spreadsheet."""


def read_sheet(path: Path, target: str, *, sheet: str = "") -> Cells:
    """Read one sheet of a workbook as it stands.

    Parameters
    ----------
    path
        An ``.xlsx``, ``.xls``, ``.et`` or ``.ods`` file; what it is is seen by its content.
    target
        The layer that is looked for: of several sheets the one with the most of its headers is
        read, of equally good ones the first.
    sheet
        Name of the sheet to read, empty where it is to be seen.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent, no workbook, locked by a password, too large, or has no such
        sheet.
    """
    if not path.is_file():
        raise MissingFileError("sources.missing_file", file=str(path))
    content = checked_spreadsheet(path)
    if content is None:
        read = old_sheet(path, target, sheet)
    else:
        kept = content.getvalue()
        read = sheet_as_seen(
            content, path, target, sheet, lambda chosen: sheet_marks(BytesIO(kept), chosen)
        )
    names, chosen, rows = read.names, read.chosen, read.rows
    findings = []
    if len(names) > 1:
        others = ", ".join(name for name in names if name != chosen)
        params = {"file": path.name, "layer": chosen, "layers": others}
        findings.append(Finding("tables.sheet_chosen", params))
    if read.unseen:
        params = {"file": path.name, "layer": chosen, "layers": ", ".join(read.unseen)}
        findings.append(Finding("tables.sheets_hidden", params))
    seen = {"cell_formats": read.as_shown, "formats_not_understood": read.unclear}
    for code, (count, number, text) in seen.items():
        if count:
            shows = {"file": path.name, "count": count, "value": number, "shown": text}
            findings.append(Finding(f"tables.{code}", shows))
    if read.unread:
        findings.append(Finding("tables.formats_not_read", {"file": path.name}))
    width = max((len(row) for row in rows), default=0)
    check_extent(path.name, len(rows), width)
    table = pd.DataFrame(
        [row + [""] * (width - len(row)) for row in rows],
        index=range(1, len(rows) + 1),
        dtype=object,
    )
    table, notes = cleaned(table, path.name)
    marks = {
        "hidden_rows": read.hidden,
        "struck_rows": read.struck,
        "formulas_not_computed": read.not_computed,
        "formulas_all_zero": read.perhaps_not_computed,
    }
    for code, marked in marks.items():
        found = [row for row in marked if row in table.index]
        if found:
            told = {"file": path.name, "count": len(found), "rows": rows_told(found)}
            notes.append(Finding(f"tables.{code}", told))
    areas = tuple(
        Merged(top + 1, bottom + 1, left, right) for (top, left), (bottom, right) in read.merges
    )
    return Cells(table, path.name, chosen, tuple(names), findings=(*findings, *notes), merged=areas)


def sheet_as_seen(
    content: BinaryIO,
    path: Path,
    target: str,
    sheet: str,
    marks_of: Callable[[str], SheetMarks],
) -> SeenSheet:
    """Return the sheet that is chosen as a person sees it: its formats in its texts.

    Parameters
    ----------
    content
        The workbook, as it was checked.
    path
        The file, which is named where it cannot be read.
    target, sheet
        As :func:`read_sheet`.
    marks_of
        Returns the marks of the sheet of a name.

    Raises
    ------
    InputError
        As :func:`read_sheet`.
    """
    names, chosen, values, merges, unseen = _rows(content, path, target, sheet)
    marks = marks_of(chosen)
    rows = [[_text(cell) for cell in row] for row in values]
    as_shown, unclear = _put_as_shown(rows, values, marks)
    unread = marks.unread and any(_is_number(cell) for row in values for cell in row)
    struck = sorted(set(marks.struck))
    open_formulas = not_computed(marks.formulas, to_calculate=marks.to_calculate)
    all_zero = perhaps_not_computed(marks.formulas, to_calculate=marks.to_calculate)
    for row, column in open_formulas:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = ""  # its 0 is no figure
    no_result, zero = ([row + 1 for row, _ in places] for places in (open_formulas, all_zero))
    seen = (marks.hidden, struck, as_shown, unclear, no_result, zero)
    merges = [*merges, *marks.merged]
    return SeenSheet(names, chosen, rows, merges, *seen, unread, unseen)


def _put_as_shown(
    rows: list[list[str]], values: list[list[Any]], marks: SheetMarks
) -> tuple[Shown, Shown]:
    """Put what cells show in the place of bare numbers; return those, and the unclear ones."""
    as_shown, unclear = Shown(), Shown()
    for row, column in (*marks.formats, *marks.texts, *marks.unclear):
        value = values[row][column] if row < len(values) and column < len(values[row]) else None
        if not _is_number(value):
            continue
        place, bare = (row, column), rows[row][column]
        code, text = marks.formats.get(place), marks.texts.get(place)
        if code is not None:
            text = shown(float(value), code)
        if text is not None:
            as_shown = as_shown.and_one(bare, text)
            rows[row][column] = text
        elif code is None or is_unclear(float(value), code):
            unclear = unclear.and_one(bare, code or marks.unclear[place])
    return as_shown, unclear


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _rows(
    content: BinaryIO, path: Path, target: str, sheet: str
) -> tuple[list[str], str, list[list[Any]], MergedCells, list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_filelike(content) as book:
            names = [
                each.name
                for each in book.sheets_metadata
                if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
            ]
            if sheet and sheet not in book.sheet_names:
                told = ", ".join(names)
                raise InputError("sources.unknown_layer", file=path.name, layer=sheet, layers=told)
            wanted = [sheet] if sheet else names
            unseen = [] if sheet else _like_a_layer(book, target)
            best: tuple[int, str, list[list[Any]], MergedCells] = (-1, "", [], [])
            for name in wanted:
                read = book.get_sheet_by_name(name)
                rows = read.to_python(skip_empty_area=False)
                if not rows:
                    names = [each for each in names if each != name]
                    continue
                fitness = _fitness(rows, target)
                if fitness > best[0]:
                    best = (fitness, name, rows, list(read.merged_cell_ranges or ()))
    except CalamineError as error:
        reason = str(error) or type(error).__name__
        raise InputError("tables.not_spreadsheet", file=path.name, reason=reason) from error
    if not best[2]:
        raise InputError("sources.empty_file", file=str(path))
    return names, *best[1:], unseen


def _like_a_layer(book: CalamineWorkbook, target: str) -> list[str]:
    """Return the names of sheets that nobody sees and whose headers are those of a layer.

    Lists of words that a form offers in its cells are hidden too, and are no data.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    hidden = [
        each.name
        for each in book.sheets_metadata
        if each.typ == SheetTypeEnum.WorkSheet and each.visible != SheetVisibleEnum.Visible
    ]
    rows = {name: book.get_sheet_by_name(name).to_python() for name in hidden}
    return [name for name in hidden if _fitness(rows[name], target) >= _HEADERS_OF_A_LAYER]


def _fitness(rows: list[list[Any]], target: str) -> int:
    heads = [[cell for cell in row if isinstance(cell, str)] for row in rows[:_HEAD_ROWS]]
    return max((len(known_columns(target, dict.fromkeys(head))) for head in heads), default=0)


def _text(cell: Any) -> str:
    """Return a cell as a person reads it.

    Examples
    --------
    >>> _text(360702001001.0), _text(0.5), _text(True), _text(dt.time(8, 30)), _text(None)
    ('360702001001', '0.5', 'true', '08:30', '')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        whole = math.isfinite(cell) and cell.is_integer() and abs(cell) < _EXACT
        return str(int(cell)) if whole else repr(cell)
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
    if isinstance(cell, dt.time):
        return cell.isoformat("minutes")
    return "" if cell is None else str(cell)
