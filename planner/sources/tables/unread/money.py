"""Columns of money beside the price of a site that is read: land, fitting out, running costs."""

from __future__ import annotations

import re
import unicodedata

from planner.errors import Finding
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.unread.sheet import Sheet
from planner.sources.tables.values.figures import share_of_figures
from planner.sources.tables.values.numbers import blank

_MONEY = re.compile(
    r"费|造价|投资|金额|价格|单价|总价|租金|地价|预算|万元|亿元|cost|price|budget|invest|rent\b|fee\b|€|\$|£",
    re.IGNORECASE,
)
_MOST_FIGURES = 0.5


def unread_money(sheet: Sheet) -> list[Finding]:
    """Tell of columns of money of candidate sites that are not read, beside one that is or alone.

    What is paid each year, or for each square metre, is no price of a site.

    Parameters
    ----------
    sheet
        The table.

    Examples
    --------
    >>> import pandas as pd
    >>> body = pd.DataFrame({"造价": ["120"], "土地费用(万元)": ["500"]})
    >>> unread_money(Sheet("candidates", body, ["造价"], "a.csv"))[0].params["columns"]
    '土地费用(万元)'
    """
    read = known_columns("candidates", map(str, sheet.read)) if sheet.layer == "candidates" else {}
    taken = next((header for header, role in read.items() if role == "cost"), "")
    if sheet.layer != "candidates":
        return []
    found = [
        header
        for header, cells in sheet.columns()
        if _MONEY.search(unicodedata.normalize("NFKC", header))
        and not blank(cells).all()
        and share_of_figures(cells, "cost", ".") >= _MOST_FIGURES
    ]
    if not taken:
        return sheet.told("tables.prices_unread", found)
    return sheet.told("tables.money_unread", found, column=taken)
