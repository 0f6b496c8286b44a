"""Properties of map files that hold a record or a list where a plain value is meant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import pandas as pd

from planner.errors import InputError

_Table = TypeVar("_Table", bound=pd.DataFrame)


def plain_cells(table: _Table, roles: Mapping[str, str], file: str) -> _Table:
    """Return a table without records and lists: those of columns that are not read become text.

    Parameters
    ----------
    table
        As read; its index is the row told.
    roles
        What each column is read as, empty where it is not.
    file
        Its name.

    Raises
    ------
    InputError
        ``sources.nested_column`` where a column that is read holds such a value: nobody knows
        which of its parts is meant.
    """
    shapes = getattr(table, "_geometry_column_name", None)
    texts = {}
    for column in table.columns:
        if column == shapes or table[column].dtype != object:
            continue
        nested = table[column].map(_is_nested).to_numpy(dtype=bool)
        if not nested.any():
            continue
        first = int(np.flatnonzero(nested)[0])
        if roles.get(str(column)):
            raise InputError(
                "sources.nested_column", file=file, column=str(column), count=int(nested.sum()),
                row=table.index[first], value=_text(table[column].iloc[first])[:100],
            )  # fmt: skip
        texts[column] = table[column].map(lambda cell: _text(cell) if _is_nested(cell) else cell)
    return table.assign(**texts) if texts else table


def _is_nested(cell: object) -> bool:
    return isinstance(cell, dict | list | tuple | np.ndarray)


def _text(cell: object) -> str:
    """Return a record or list as JSON has it.

    Examples
    --------
    >>> _text({"total": 5}), _text(np.array([5]))
    ('{"total": 5}', '[5]')
    """
    return json.dumps(cell, ensure_ascii=False, default=_told)


def _told(part: object) -> object:
    return part.tolist() if isinstance(part, np.ndarray | np.generic) else str(part)
