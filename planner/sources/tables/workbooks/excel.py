"""Sheets of Excel, WPS and OpenDocument workbooks, as text cells."""

from __future__ import annotations

import datetime as dt
import math
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from planner.errors import Finding, InputError, MissingFileError
from planner.sources.tables.cells import Cells, Merged, MergedCells, check_extent, cleaned
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.set_aside import rows_told
from planner.sources.tables.workbooks.number_formats import shown
from planner.sources.tables.workbooks.old_form import old_sheet
from planner.sources.tables.workbooks.sheet_marks import SheetMarks, sheet_marks
from planner.sources.untrusted.workbooks import checked_spreadsheet

ENDINGS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")

_HEAD_ROWS = 30
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
    marks = SheetMarks()
    if content is None:
        names, chosen, rows, merges = old_sheet(path, target, sheet)
    else:
        kept = content.getvalue()
        names, chosen, values, merges = _rows(content, path, target, sheet)
        marks = sheet_marks(BytesIO(kept), chosen)
        rows = [[_text(cell) for cell in row] for row in values]
    findings = []
    if len(names) > 1 and not sheet:
        others = ", ".join(name for name in names if name != chosen)
        params = {"file": path.name, "layer": chosen, "layers": others}
        findings.append(Finding("tables.sheet_chosen", params))
    if marks.formats:
        findings += _as_shown(rows, values, marks, path.name)
    width = max((len(row) for row in rows), default=0)
    check_extent(path.name, len(rows), width)
    table = pd.DataFrame(
        [row + [""] * (width - len(row)) for row in rows],
        index=range(1, len(rows) + 1),
        dtype=object,
    )
    table, notes = cleaned(table, path.name)
    hidden = [row for row in marks.hidden if row in table.index]
    if hidden:
        told = {"file": path.name, "count": len(hidden), "rows": rows_told(hidden)}
        notes.append(Finding("tables.hidden_rows", told))
    areas = tuple(Merged(top + 1, bottom + 1, left) for (top, left), (bottom, _) in merges)
    return Cells(table, path.name, chosen, tuple(names), findings=(*findings, *notes), merged=areas)


def _as_shown(
    rows: list[list[str]], values: list[list[Any]], marks: SheetMarks, file: str
) -> list[Finding]:
    """Put what number formats show in the place of bare numbers, and tell."""
    count, example = 0, ("", "")
    for (row, column), code in marks.formats.items():
        value = values[row][column] if row < len(values) and column < len(values[row]) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        text = shown(float(value), code)
        if text is not None:
            count, example = count + 1, example if any(example) else (rows[row][column], text)
            rows[row][column] = text
    params = {"file": file, "count": count, "value": example[0], "shown": example[1]}
    return [Finding("tables.cell_formats", params)] if count else []


def text_rows(
    content: BinaryIO, path: Path, target: str, sheet: str
) -> tuple[list[str], str, list[list[str]], MergedCells]:
    """Return the names of the sheets that show something, the one chosen, its cells as text.

    The last is which of them are merged.

    Parameters
    ----------
    content
        The workbook, as it was checked.
    path
        The file, which is named where it cannot be read.
    target, sheet
        As :func:`read_sheet`.

    Raises
    ------
    InputError
        As :func:`read_sheet`.
    """
    names, chosen, rows, merges = _rows(content, path, target, sheet)
    return names, chosen, [[_text(cell) for cell in row] for row in rows], merges


def _rows(
    content: BinaryIO, path: Path, target: str, sheet: str
) -> tuple[list[str], str, list[list[Any]], MergedCells]:
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
    return names, *best[1:]


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
