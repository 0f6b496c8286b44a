"""Empty workbooks to fill in, which an import reads: headers in two languages, lists, an example.

They are written by XlsxWriter, as the other workbooks are: it is in Python alone, needs no other
package, and has lists to choose from, comments, formats and charts. It reads nothing; reading is
python-calamine's (:mod:`planner.sources.tables.workbooks.excel`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.district import Kinds
from planner.errors import InputError
from planner.sources.tables.headers.headers import chinese_header
from planner.sources.tables.layout.header_rows import EXAMPLE
from planner.sources.tables.words.kinds import data as words
from planner.sources.write_errors import write_error
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS = 5000
"""Rows in which the lists and limits hold."""

_GROUPS = ("pop_65plus", "pop_0_14", "pop_floating", "pop_low_income", "pop_disabled")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "facilities": (
        "facility_id",
        "name",
        "kind",
        "lon",
        "lat",
        "status",
        "ownership",
        "department",
        "floor_area_m2",
        "capacity",
        "opening_hours",
        "services",
    ),
    "demand": ("demand_id", "name", "lon", "lat", "community_id", "population", *_GROUPS),
    "communities": ("community_id", "name", "subdistrict", "population", "households", *_GROUPS),
    "candidates": (
        "candidate_id",
        "name",
        "lon",
        "lat",
        "cost",
        "floor_area_m2",
        "required",
        "forbidden",
    ),
    "gates": ("gate_id", "name", "lon", "lat", "open"),
}
"""The columns of each template, by the layer that it becomes."""

_EXAMPLES: Mapping[str, Any] = {
    "name": "解放街道东街社区卫生服务站",
    "lon": 114.93351,
    "lat": 25.84722,
    "department": "卫健",
    "floor_area_m2": 150,
    "capacity": 60,
    "opening_hours": "周一至周五 8:30-17:30",
    "services": "全科;预防接种",
    "community_id": "360702001001",
    "subdistrict": "解放街道",
    "population": 2380,
    "households": 810,
    "pop_65plus": 402,
    "pop_0_14": 310,
    "pop_floating": 120,
    "pop_low_income": 18,
    "pop_disabled": 25,
    "cost": 120,
}
_IDS = ("facility_id", "demand_id", "community_id", "candidate_id", "gate_id")
_LIMITS = {"lon": (-180.0, 180.0), "lat": (-90.0, 90.0)}
_MOST = 1e12
_SHEETS = ("填写 Data", "说明 Notes", "选项 Lists")


@dataclass(frozen=True)
class _Lists:
    """What may be chosen in a column, by column."""

    values: Mapping[str, tuple[str, ...]]


def write_template(file: str | Path, layer: str, kinds: Kinds) -> Path:
    """Write an empty workbook for one layer of a district.

    Parameters
    ----------
    file
        The ``.xlsx`` to write.
    layer
        One of :data:`COLUMNS`.
    kinds
        The kinds of facility to choose from.

    Raises
    ------
    InputError
        Where there is no template for the layer, or the file's name does not end in ``.xlsx``.
    WorkError
        Where the file cannot be written.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    path = Path(file)
    if layer not in COLUMNS:
        raise InputError("templates.no_template", layer=layer, known=", ".join(COLUMNS))
    if path.suffix.lower() != ".xlsx":
        raise InputError("templates.not_xlsx", file=path.name)
    lists = _Lists(_choices(layer, kinds))
    try:
        with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheets = [book.add_worksheet(name) for name in _SHEETS]
            _fill(book, sheets[0], layer, lists)
            _note(book, sheets[1], layer)
            _list(sheets[2], lists)
    except (OSError, FileCreateError) as error:
        reason = error if isinstance(error, OSError) else OSError(str(error))
        raise write_error(path.name, reason) from error
    return path


def header(layer: str, column: str) -> str:
    """Return a header in both languages, as an import knows it.

    Examples
    --------
    >>> header("facilities", "floor_area_m2")
    '面积 (floor_area_m2)'
    """
    return f"{chinese_header(layer, column)} ({column})"


def _choices(layer: str, kinds: Kinds) -> dict[str, tuple[str, ...]]:
    """Return the lists of a template: words that an import takes for what they say."""
    states = {
        column: tuple(
            next(word for word in known if not word.isascii()) for known in words()[column].values()
        )
        for column in ("status", "ownership")
    }
    found = {
        "kind": tuple(kind.zh for kind in kinds.values()),
        **states,
        **dict.fromkeys(("open", "required", "forbidden"), ("是", "否")),
    }
    return {column: found[column] for column in COLUMNS[layer] if column in found}


def _fill(book: Workbook, sheet: Worksheet, layer: str, lists: _Lists) -> None:
    """Write headers with notes, one example, and the limits of what may be filled in."""
    head = book.add_format(
        {"bold": True, "bg_color": "#DBEAFE", "border": 1, "text_wrap": True, "valign": "top"}
    )
    pale = book.add_format({"italic": True, "font_color": "#64748B"})
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)
    for place, column in enumerate(COLUMNS[layer]):
        sheet.write_string(0, place, header(layer, column), head)
        sheet.write_comment(0, place, _notes(column), {"x_scale": 2.2, "y_scale": 1.4})
        # ids as text: a spreadsheet would turn codes of twelve digits into powers of ten
        sheet.set_column(place, place, 18, text if column in _IDS else None)
        example = _example(column, place, lists)
        if isinstance(example, str):
            sheet.write_string(1, place, example, pale)
        elif example is not None:
            sheet.write_number(1, place, example, pale)
        rule = _rule(column, lists)
        if rule:
            sheet.data_validation(1, place, ROWS, place, rule)


def _example(column: str, place: int, lists: _Lists) -> str | float | None:
    if place == 0:
        return EXAMPLE
    if column in lists.values:
        values = lists.values[column]
        clinic = "社区卫生服务站"
        return clinic if column == "kind" and clinic in values else values[0]
    value: str | float | None = _EXAMPLES.get(column)
    return value


def _rule(column: str, lists: _Lists) -> dict[str, Any] | None:
    """Return what may stand in a column: one of a list, or a number within limits."""
    if column in lists.values:
        place = list(lists.values).index(column)
        letter = chr(ord("A") + place)
        last = len(lists.values[column]) + 1
        # other words are warned of, not refused: an import knows more than the list
        return {
            "validate": "list",
            "source": f"='{_SHEETS[2]}'!${letter}$2:${letter}${last}",
            "error_type": "warning",
        }
    if column in _LIMITS or column in ("population", "households", "cost") or "_m2" in column:
        least, most = _LIMITS.get(column, (0.0, _MOST))
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": least,
            "maximum": most,
            "error_type": "warning",
        }
    return None


def _notes(column: str) -> str:
    code = f"templates.note_{'group' if column.startswith('pop_') else column}"
    code = "templates.note_id" if column in _IDS[:1] + _IDS[1:2] + _IDS[3:] else code
    return "\n".join(Labels(language).message(code) for language in ("zh", "en"))


def _note(book: Workbook, sheet: Worksheet, layer: str) -> None:
    """Write what each column is for, and how the table is imported."""
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 2, 60)
    for language, place in (("zh", 1), ("en", 2)):
        labels = Labels(language)
        sheet.write_string(0, place, labels.message("templates.about", layer=layer), bold)
    for row, column in enumerate(COLUMNS[layer], start=1):
        sheet.write_string(row, 0, header(layer, column), bold)
        chinese, english = _notes(column).split("\n", 1)
        sheet.write_string(row, 1, chinese, wrap)
        sheet.write_string(row, 2, english, wrap)


def _list(sheet: Worksheet, lists: _Lists) -> None:
    for place, (column, values) in enumerate(lists.values.items()):
        sheet.set_column(place, place, 26)
        for row, value in enumerate((column, *values)):
            sheet.write_string(row, place, value)
    sheet.protect()
