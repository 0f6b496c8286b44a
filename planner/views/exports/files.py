"""Forms of files that every export shares: CSV, GeoJSON, JSON and text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.distances.one_place import ROOM
from planner.sources.vector.writing import write_layer
from planner.views.words.sentence_filling import RESIDENTS
from planner.views.words.widths import width_of

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?", re.ASCII)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_INSTEAD = (("per_resident", "per_unit"), ("residents", "demand"), ("people", "demand"))
_SHAPES = {
    **dict.fromkeys(("communities", "subdistricts", "gaps"), "MultiPolygon"),
    **dict.fromkeys(("exchanges", "links", "link_sequence", "map_work"), "LineString"),
}

Frame = TypeVar("Frame", bound=pd.DataFrame)

DEGREES = 9
"""Decimals of degrees in files: a tenth of a millimetre, so that read back no home moves."""


def harmless(cell: object) -> object:
    """Return a cell that a spreadsheet does not take for a formula.

    Examples
    --------
    >>> harmless("=HYPERLINK(1)"), harmless("Mill"), harmless(-3.5)
    ("'=HYPERLINK(1)", 'Mill', -3.5)
    >>> harmless("-12.5"), harmless("+8%"), harmless("-2+3")
    ('-12.5', '+8%', "'-2+3")
    """
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    if cell.lstrip(" ").startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell


_COUNT = re.compile(r"0|[1-9][0-9]{0,8}")
"""Whole numbers that are figures in a workbook; longer codes, and leading zeros, stay text."""

_WIDEST, _LONGEST = 80, 32_767

CSV_DECIMALS = 9
"""Decimals of figures in tables as files: what sums of binary fractions leave behind is none."""


def write_csv(table: pd.DataFrame, file: Path) -> None:
    """Write a table as CSV that spreadsheets open rightly: UTF-8 with a mark, no live formulas."""
    safe = table.copy()
    for column in safe:
        if not pd.api.types.is_numeric_dtype(safe[column].dtype):
            safe[column] = _harmless_column(safe[column])
        elif pd.api.types.is_float_dtype(safe[column].dtype):
            safe[column] = safe[column].round(CSV_DECIMALS)  # no 20.000000000000004
    safe.columns = pd.Index([harmless(str(column)) for column in safe.columns])
    safe.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _harmless_column(cells: pd.Series) -> pd.Series:
    """Return a column whose texts a spreadsheet does not take for formulas."""
    # Few texts differ in a long column, and hardly any is dangerous: only those are put in place.
    texts = {cell for cell in cells.tolist() if isinstance(cell, str)}
    changed = {text: harmless(text) for text in texts if harmless(text) != text}
    if not changed:
        return cells
    return cells.map(lambda cell: changed.get(cell, cell) if isinstance(cell, str) else cell)


def write_workbook(table: pd.DataFrame, file: Path) -> None:
    """Write a table as a workbook: headings that stay, a filter, and no live formulas.

    Parameters
    ----------
    table
        Texts and figures; whole numbers written as text become figures.
    file
        The ``.xlsx`` to write.
    """
    from xlsxwriter import Workbook

    from planner.views.exports.sheet import Sheet

    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet(None, Sheet)
        head = book.add_format({"bold": True, "bg_color": "#DBEAFE", "border": 1})
        for place, column in enumerate(table.columns):
            cells = table[column].tolist()
            sheet.write_string(0, place, str(column), head)
            widest = max((width_of(str(cell)) for cell in (column, *cells[:200])), default=8)
            sheet.set_column(place, place, min(max(widest + 2, 8), _WIDEST))
            for row, cell in enumerate(cells, start=1):
                if isinstance(cell, int | float | np.number):
                    if np.isfinite(float(cell)):
                        sheet.write_number(row, place, round(float(cell), CSV_DECIMALS))
                elif isinstance(cell, str) and _COUNT.fullmatch(cell):
                    sheet.write_number(row, place, int(cell))
                elif isinstance(cell, str):
                    sheet.write_string(row, place, cell[:_LONGEST])
        sheet.freeze_panes(1, 0)
        if len(table.columns):
            sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def reader_columns(table: Frame, unit: str) -> Frame:
    """Return a table whose column names speak of demand where it is not counted in residents.

    Room that a facility tells in residents stays what it is.

    Examples
    --------
    >>> list(reader_columns(pd.DataFrame(columns=["residents", "cost_per_resident"]), "street_m"))
    ['demand', 'cost_per_unit']
    """
    if unit == RESIDENTS:
        return table
    return table.rename(columns={name: _plain_name(str(name)) for name in table.columns})


def _plain_name(name: str) -> str:
    if name == ROOM:
        return name
    for word, instead in _INSTEAD:
        name = name.replace(word, instead)
    return name


def write_layers(layers: Mapping[str, gpd.GeoDataFrame], file: Path, unit: str) -> None:
    """Write layers into one GeoPackage, their columns named by what is counted.

    Parameters
    ----------
    layers
        By name; areas and lines are known by their names, all others are points.
    file
        Gets the layers added where it is there.
    unit
        What is counted, one of :data:`planner.district.DEMAND_UNITS`.
    """
    for name, layer in layers.items():
        shape = _SHAPES.get(name, "Point")
        table = reader_columns(layer, unit)
        write_layer(table, file, name, shape, promote=shape == "MultiPolygon")


def json_text(value: object) -> str:
    """Return a value as JSON in one line; what JSON has no type for as text."""

    def plain(other: object) -> object:
        return other.item() if isinstance(other, np.generic) else str(other)

    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=plain
    )


def write_notes(lines: Iterable[str], file: Path) -> None:
    """Write what must be read beside tables, a sentence a line, as Windows opens it rightly."""
    write_text("".join(f"{line}\n" for line in lines), file, encoding="utf-8-sig")


def write_text(text: str, file: Path, encoding: str = "utf-8") -> None:
    """Write a text as it is, line ends included."""
    file.write_text(text, encoding=encoding, newline="")
