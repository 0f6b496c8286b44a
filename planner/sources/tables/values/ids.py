"""Ids of rows: kept as text, made where there are none, rescued from a spreadsheet's figures."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from planner.errors import Finding
from planner.sources.tables.set_aside import SetAside
from planner.sources.tables.values.numbers import blank

_POWER = re.compile(r"([1-9])(?:\.(\d+))?[eE]\+?(\d{1,2})")
_WHOLE = re.compile(r"(\d+)\.0+")


def read_ids(table: pd.DataFrame, column: str, aside: SetAside) -> tuple[pd.Series, list[Finding]]:
    """Return the ids of a column as text, row numbers where it is blank or not there.

    A code that a spreadsheet shows as 3.60702001001E+11 is put together again; where digits are
    lost, and where an id stands more than once, the row is noted.

    Parameters
    ----------
    table
        Rows; the index is the row told.
    column
        Our name of the column of ids.
    aside
        Where rows at fault are noted.

    Examples
    --------
    >>> table = pd.DataFrame({"id": ["3.60702001001E+11", "7.0", ""]}, index=[2, 3, 4])
    >>> ids, notes = read_ids(table, "id", SetAside("a.csv"))
    >>> ids.tolist(), notes[0].code
    (['360702001001', '7.0', '4'], 'tables.ids_of_powers')
    """
    numbered = pd.Series([str(row) for row in table.index], index=table.index, dtype=object)
    if column not in table:
        return numbered, []
    values = table[column]
    if pd.api.types.is_float_dtype(values):
        values = values.map(_whole)
    text = values.where(~blank(values), "").astype(object).map(lambda cell: str(cell).strip())
    text = text.str.replace(_WHOLE, r"\1", regex=True) if _all_whole(text) else text
    powers = text.str.fullmatch(_POWER).to_numpy(dtype=bool)
    findings = []
    if powers.any():
        whole = text[powers].map(_expanded)
        lost = whole.index[whole == ""]
        aside.add("tables.id_digits_lost", lost, column, text[lost])
        text = text.where(~powers, whole.reindex(text.index))
        if len(lost) < powers.sum():
            params = {"file": aside.file, "column": column, "count": int(powers.sum()) - len(lost)}
            findings.append(Finding("tables.ids_of_powers", params))
    ids = text.where(text != "", numbered)
    repeated = ids.duplicated().to_numpy() & ~aside.among(table)
    aside.add("sources.duplicate_id", ids.index[repeated], column, ids[repeated])
    return ids, findings


def _whole(value: object) -> object:
    if isinstance(value, float) and np.isfinite(value) and value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else repr(value)
    return value


def _all_whole(text: pd.Series) -> bool:
    """Whether all filled cells are whole numbers with decimals, as a number column gives them."""
    filled = text[text != ""]
    return bool(len(filled)) and bool(filled.str.fullmatch(r"\d+(\.0+)?").all())


def _expanded(text: str) -> str:
    """Return the digits that a power of ten stands for, empty where some are lost.

    A spreadsheet that shortens a code shows six digits; a code of which all but zeros at its end
    are shown cannot be told from a shortened one, so there must be as many as the power says.
    """
    found = _POWER.fullmatch(text)
    assert found is not None
    first, rest, power = found[1], found[2] or "", int(found[3])
    return first + rest if len(rest) == power else ""
