"""Running numbers: columns that only number the rows of a file, and tell nothing of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from planner.sources.tables.headers.headers import folded, running_words

_FEWEST = 2


def numbers_rows(values: Iterable[object], rows: Sequence[object]) -> bool:
    """Return whether values only count the rows in their order.

    They are whole numbers that grow with the rows, by no more than rows lie between: rows that
    were set aside leave gaps. They may begin anew at 0 or 1, as under the headings of a list.

    Parameters
    ----------
    values
        One for each row; blank cells tell nothing.
    rows
        Numbers of the rows as the user counts, in their order.

    Examples
    --------
    >>> numbers_rows(["1", "2", "4"], [4, 5, 7]), numbers_rows([1, 2, 1, 2], [3, 4, 6, 7])
    (True, True)
    >>> numbers_rows([3, 1, 2], [2, 3, 4]), numbers_rows([1, 2, 9], [2, 3, 4])
    (False, False)
    """
    cells = pd.Series(list(values), dtype=object)
    own = pd.to_numeric(cells, errors="coerce")
    at = pd.to_numeric(pd.Series(list(rows), dtype=object), errors="coerce")
    told = own.notna() & at.notna()
    if told.sum() < _FEWEST or not (told | cells.isna() | (cells == "")).all():
        return False
    number, row = own[told].to_numpy(dtype=np.float64), at[told].to_numpy(dtype=np.float64)
    if (number != np.rint(number)).any():
        return False
    step, between = np.diff(number), np.diff(row)
    grows = (step >= 1) & (step <= between)
    anew = np.isin(number[1:], (0, 1)) & (step < 0) & (number[0] in (0, 1))
    return bool((grows | anew).all())


def running_columns(table: pd.DataFrame, rows: Sequence[object], known: Iterable[str]) -> list[str]:
    """Return the columns of a table that only number its rows, by header (序号) and by cells.

    Parameters
    ----------
    table
        The rows in their order.
    rows
        Their numbers as the user counts.
    known
        Columns that have a meaning of their own.
    """
    passed = set(known)
    return [
        str(column)
        for column in table.columns
        if column not in passed
        and folded(str(column)) in running_words()
        and numbers_rows(table[column], rows)
    ]
