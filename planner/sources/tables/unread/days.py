"""Columns of days and times at which facilities are shut or open, beside the one of their hours."""

from __future__ import annotations

import re

import pandas as pd

from planner.errors import Finding
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.unread.sheet import Sheet
from planner.sources.tables.values.numbers import cell_text

_HEADERS = re.compile(
    r"休息日|闭馆日|休馆日|休诊日|公休|开放日|营业日|服务日|开诊日|周末|双休|节假日|节日|"
    r"days? (?:off|closed|open)|(?:closed|open|opening|rest)[ _]?days?|weekend|holiday",
    re.IGNORECASE,
)
_NOT_TIMES = re.compile(r"时间|时段|hours|time", re.IGNORECASE)
"""Headers of hours of a part of the week, of which something else is told."""

_OF_DAY = re.compile(r"(?<!\d)(?:[01]?\d|2[0-4])(?:[:：时点]\d{0,2}|\s?[ap]\.?m\b)", re.IGNORECASE)
_OF_DATE = re.compile(r"\d{4}")
_MOST = 0.5


def unread_hours(sheet: Sheet) -> list[Finding]:
    """Tell of columns of times of day that nobody reads, where no hours are read.

    Lists keep the hours in several: when it opens and when it closes, working days and weekends.

    Parameters
    ----------
    sheet
        The table.

    Examples
    --------
    >>> import pandas as pd
    >>> body = pd.DataFrame({"开门时间": ["8:00", ""], "关门时间": ["18:00", "17:30"]})
    >>> unread_hours(Sheet("facilities", body, [], "a.csv"))[0].params["columns"]
    '开门时间, 关门时间'
    """
    if sheet.layer != "facilities":
        return []
    read = known_columns("facilities", [str(header) for header in sheet.read])
    if "opening_hours" in read.values():
        return []
    found = [header for header, cells in sheet.columns() if _times(cells) >= _MOST]
    return sheet.told("tables.hours_unread", found)


def _times(cells: pd.Series) -> float:
    """Return the share of the cells that tell times of day and no date."""
    texts = [text for text in map(cell_text, cells.astype(object)) if text]
    of_day = [text for text in texts if _OF_DAY.search(text) and not _OF_DATE.search(text)]
    return len(of_day) / len(texts) if texts else 0.0


def unread_days(sheet: Sheet) -> list[Finding]:
    """Tell of columns of days that nobody reads, where the hours beside them are read.

    Hours without days count for every day.

    Parameters
    ----------
    sheet
        The table.

    Examples
    --------
    >>> import pandas as pd
    >>> body = pd.DataFrame({"开放时间": ["9:00-17:00"], "休息日": ["周一"]})
    >>> unread_days(Sheet("facilities", body, ["开放时间"], "a.csv"))[0].params["columns"]
    '休息日'
    """
    if sheet.layer != "facilities":
        return []
    read = known_columns("facilities", [str(header) for header in sheet.read])
    if "opening_hours" not in read.values():
        return []
    found = [
        header
        for header, cells in sheet.columns()
        if _HEADERS.search(header)
        and not _NOT_TIMES.search(header)
        and any(map(cell_text, cells.astype(object)))
    ]
    return sheet.told("tables.days_unread", found)
