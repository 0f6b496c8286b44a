"""A column that says for how many facilities a row stands, beside one that tells their kind."""

from __future__ import annotations

from planner.errors import Finding
from planner.sources.tables.headers.headers import folded
from planner.sources.tables.unread.sheet import Sheet
from planner.sources.tables.values.numbers import number

_HEADERS = frozenset(
    {"数量", "个数", "处数", "设施数", "设施数量", "count", "number", "quantity", "qty"}
)


def unread_counts(sheet: Sheet) -> list[Finding]:
    """Tell of rows of a list of facilities that stand for none, or for several.

    Each counts as one all the same: where it says 0 there may be none.

    Parameters
    ----------
    sheet
        The table.

    Examples
    --------
    >>> import pandas as pd
    >>> body = pd.DataFrame({"类别": ["诊所", "诊所", "诊所"], "数量": ["0", "1", "2"]})
    >>> unread_counts(Sheet("facilities", body, ["类别"], "a.csv"))[0].params["none"]
    1
    """
    if sheet.layer != "facilities":
        return []
    found = []
    for header, cells in sheet.columns():
        if folded(header) not in _HEADERS:
            continue
        counts = cells.map(lambda cell: number(str(cell))).astype("float64")
        none, several = int((counts == 0).sum()), int((counts > 1).sum())
        if none or several:
            params = {"file": sheet.file, "column": header, "none": none, "several": several}
            found.append(Finding("tables.counts_unread", params))
    return found
