"""A column that says for how many facilities a row stands, beside one that tells their kind."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from planner.errors import Finding
from planner.sources.tables.headers.headers import folded
from planner.sources.tables.values.numbers import number

_HEADERS = frozenset(
    {"数量", "个数", "处数", "设施数", "设施数量", "count", "number", "quantity", "qty"}
)


def unread_counts(
    layer: str, body: pd.DataFrame, read: Collection[str], file: str
) -> list[Finding]:
    """Tell of rows of a list of facilities that stand for none, or for several.

    Each counts as one all the same: where it says 0 there may be none.

    Parameters
    ----------
    layer
        The layer that the table becomes.
    body
        Cells under their headers.
    read
        Headers that have a meaning, or of which something else is told.
    file
        Its name.

    Examples
    --------
    >>> body = pd.DataFrame({"类别": ["诊所", "诊所", "诊所"], "数量": ["0", "1", "2"]})
    >>> unread_counts("facilities", body, ["类别"], "a.csv")[0].params["none"]
    1
    """
    if layer != "facilities":
        return []
    found = []
    for header in map(str, body.columns):
        if header in read or folded(header) not in _HEADERS:
            continue
        counts = body[header].map(lambda cell: number(str(cell))).astype("float64")
        none, several = int((counts == 0).sum()), int((counts > 1).sum())
        if none or several:
            params = {"file": file, "column": header, "none": none, "several": several}
            found.append(Finding("tables.counts_unread", params))
    return found
