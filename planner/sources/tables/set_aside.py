"""Rows that do not fit: set aside one by one, so that the rest of a file can be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from planner.arrays import Bool
from planner.errors import Finding, InputError

SET_ASIDE = ".set_aside.csv"
"""Ending of the list beside a workspace of the rows of its files that were set aside."""

USUAL_PERCENT = 5.0
"""Up to this share of a file's rows may be set aside where nothing is said."""

_ROWS_TOLD = 10
_LEAST_PERCENT = 0.5
_Table = TypeVar("_Table", bound=pd.DataFrame)


@dataclass(frozen=True)
class RowSetAside:
    """A row that was left out.

    Parameters
    ----------
    file, layer
        Where it stands: the file's name, and its sheet or layer (empty for a plain table).
    row
        Its number as the user counts: with the header in a table, from 1 in a map layer.
    column
        The column at fault, as the file calls it; empty where it is the whole row.
    value
        What stands there.
    reason
        What is wrong with it.
    """

    file: str
    layer: str
    row: int
    column: str
    value: str
    reason: Finding


@dataclass(frozen=True)
class Allowance:
    """How many rows of a file may be set aside.

    Parameters
    ----------
    rows
        The most rows; None where `percent` decides.
    percent
        The most rows in percent of the file's.

    Examples
    --------
    >>> Allowance().holds(28, 569), Allowance().holds(29, 569), Allowance(rows=0).holds(1, 569)
    (True, False, False)
    """

    rows: int | None = None
    percent: float = USUAL_PERCENT

    def holds(self, count: int, total: int) -> bool:
        """Return whether `count` of `total` rows may be set aside."""
        if self.rows is not None:
            return count <= self.rows
        return count * 100.0 <= self.percent * total

    @property
    def told(self) -> str:
        """The most rows as text, such as ``"5%"`` or ``"12"``."""
        return str(self.rows) if self.rows is not None else f"{self.percent:g}%"


STRICT = Allowance(rows=0)
"""Nothing is set aside: the first row that does not fit is an error."""


def parse_allowance(text: str) -> Allowance:
    """Return what a person wrote: a count of rows, or a share such as ``"10%"``.

    Raises
    ------
    InputError
        Where it is neither.

    Examples
    --------
    >>> parse_allowance("12"), parse_allowance("10 %").percent
    (Allowance(rows=12, percent=5.0), 10.0)
    """
    plain = text.strip()
    number = plain.removesuffix("%").strip()
    try:
        value = float(number)
    except ValueError:
        value = -1.0
    if plain.endswith("%") and 0 <= value <= 100:
        return Allowance(percent=value)
    if not plain.endswith("%") and value >= 0 and value.is_integer():
        return Allowance(rows=int(value))
    raise InputError("tables.bad_allowance", value=text)


@dataclass
class SetAside:
    """What is set aside of one file while it is read.

    Parameters
    ----------
    file, layer
        The file's name, and its sheet or layer.
    total
        Rows of the file.
    allowance
        How many rows may be set aside.
    headers
        How the file calls a column, by our name of it.
    counts
        What each row counts, such as its residents, as far as that is a number; by its number.
    """

    file: str
    layer: str = ""
    total: int = 0
    allowance: Allowance = field(default_factory=Allowance)
    headers: dict[str, str] = field(default_factory=dict)
    counts: pd.Series | None = None
    rows: list[RowSetAside] = field(default_factory=list)
    _noted: set[Any] = field(default_factory=set)

    def add(
        self,
        code: str,
        rows: Iterable[Any],
        column: str = "",
        values: Iterable[Any] | None = None,
        **params: Any,
    ) -> None:
        """Note rows at fault; a row that was noted before keeps its first fault.

        Parameters
        ----------
        code
            The error that each would be by itself.
        rows
            Their numbers as the user counts.
        column
            Our name of the column at fault.
        values
            What stands there, one for each row.
        **params
            Further values of the message.
        """
        numbers = list(rows)
        cells = list(values) if values is not None else [""] * len(numbers)
        for row, cell in zip(numbers, cells, strict=True):
            if row in self._noted:
                continue
            told = {"file": self.file, "row": row, "column": column, "value": cell, **params}
            text = "" if cell is None else str(cell)
            shown = self.headers.get(column, column)
            fault = Finding(code, told)
            self.rows.append(RowSetAside(self.file, self.layer, int(row), shown, text, fault))
        self._noted.update(map(int, numbers))

    def take(self, table: _Table) -> _Table:
        """Return a table without the rows noted so far; its index is the row's number."""
        if not self.rows:
            return table
        return table[~self.among(table)]

    def among(self, table: pd.DataFrame) -> Bool:
        """Return which rows of a table were noted."""
        return np.asarray(table.index.isin([each.row for each in self.rows]))

    def settle(self) -> tuple[Finding, ...]:
        """Return what tells how many rows were set aside, and how much of the demand is in them.

        Raises
        ------
        InputError
            Where they are more than may be: the row's own fault where it is one, or nothing may
            be set aside; else how many, and the first.
        """
        if not self.rows:
            return ()
        self.rows.sort(key=lambda each: each.row)
        ordered = self.rows
        first, count = ordered[0], len(ordered)
        told = {
            "file": self.file,
            "count": count,
            "total": max(self.total, count),
            "rows": rows_told([each.row for each in ordered]),
        }
        whole = count >= max(self.total, 1)
        if whole or not self.allowance.holds(count, max(self.total, 1)):
            if count == 1 or self.allowance.rows == 0 or (len(_codes(ordered)) == 1 and whole):
                raise InputError(first.reason.code, **first.reason.params)
            raise InputError(
                "tables.rows_do_not_fit",
                **told,
                row=first.row,
                column=first.column,
                value=first.value,
                most=self.allowance.told,
            )
        return (Finding("tables.set_aside", told), *self._of_demand())

    def _of_demand(self) -> Iterator[Finding]:
        """Tell how much the rows set aside count: one row may be of many homes."""
        if self.counts is None:
            return
        lost = self.counts[self.counts.index.isin([each.row for each in self.rows])].sum()
        percent = round(100 * float(lost) / max(float(self.counts.sum()), 1e-9), 1)
        if percent >= _LEAST_PERCENT:
            params = {"file": self.file, "count": len(self.rows), "percent": percent}
            yield Finding("tables.set_aside_demand", params)


def _codes(rows: list[RowSetAside]) -> set[str]:
    return {each.reason.code for each in rows}


def rows_told(rows: Iterable[object]) -> str:
    """Return row numbers, ids or names as text, the first ten of them.

    Examples
    --------
    >>> rows_told([2, 5])
    '2, 5'
    """
    texts = [str(row) for row in rows]
    return ", ".join(texts[:_ROWS_TOLD]) + (", …" if len(texts) > _ROWS_TOLD else "")
