"""Tables as sheets of a workbook that spreadsheets open."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.sources.write_errors import write_error

_WIDEST = 60
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def write_workbook(sheets: Mapping[str, pd.DataFrame], file: Path, note: str = "") -> Path:
    """Write tables into a workbook: headings stay in sight, texts are never formulas.

    Parameters
    ----------
    sheets
        Tables by the names of their sheets.
    file
        Ends in ``.xlsx``.
    note
        A sentence below the first table.

    Raises
    ------
    WorkError
        Where the file cannot be written.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    book = Workbook(file, _OPTIONS)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for number, (name, table) in enumerate(sheets.items()):
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(map(str, table.columns)):
            sheet.write_string(0, column, heading, head)
            cells = table.iloc[:, column].tolist()
            for row, cell in enumerate(cells, start=1):
                _write(sheet, row, column, cell)
            texts = [heading, *(str(cell) for cell in cells)]
            sheet.set_column(column, column, min(max(map(len, texts)) * 1.3 + 2, _WIDEST))
        if note and number == 0:
            sheet.write_string(len(table) + 2, 0, note)
    try:
        book.close()
    except (OSError, FileCreateError) as error:
        reason = error if isinstance(error, OSError) else OSError(str(error))
        raise write_error(file.name, reason) from error
    return file


def _write(sheet: Any, row: int, column: int, cell: object) -> None:
    """Write a cell by what it is; what is missing stays empty."""
    if isinstance(cell, bool | np.bool_):
        sheet.write_boolean(row, column, bool(cell))
    elif isinstance(cell, int | float | np.number):
        if math.isfinite(cell):
            sheet.write_number(row, column, float(cell))
    elif cell is not None and not pd.isna(cell):
        sheet.write_string(row, column, str(cell))
