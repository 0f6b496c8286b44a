"""Columns that say on which days facilities are shut or open, beside the one of their hours."""

from __future__ import annotations

import re

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
