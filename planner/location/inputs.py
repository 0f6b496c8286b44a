"""What location problems are given, checked at the door and turned into arrays for the kernels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from numbers import Real
from typing import NamedTuple

import numpy as np
from scipy import sparse

from planner.arrays import F64, I8, I32, I64, Bool
from planner.errors import InputError
from planner.location.sparse_tables import by_column, sort_rows

__all__ = ["Table", "amounts", "candidate_kinds", "site_count", "stored"]


FREE, FIXED, FORBIDDEN = 0, 1, 2


class Rows(NamedTuple):
    """Distances by demand, ascending in each row."""

    start: I64  # (n + 1,)
    site: I32  # (entries,)
    metres: F64  # (entries,)


class Columns(NamedTuple):
    """Distances by candidate, ascending in each column."""

    start: I64  # (m + 1,)
    row: I32  # (entries,)
    metres: F64  # (entries,)


@dataclass(frozen=True, eq=False)
class Table:
    """A sparse table of distances, by demand and by candidate, ascending in distance.

    Parameters
    ----------
    shape
        Demand, candidates.
    start, site, metres
        Rows: (n + 1,) int64, (entries,) int32, (entries,) float64.
    c_start, c_row, c_metres
        The same by candidate.
    """

    shape: tuple[int, int]
    start: I64
    site: I32
    metres: F64
    c_start: I64
    c_row: I32
    c_metres: F64

    @classmethod
    def of(cls, distances: object, below: float | F64 = np.inf) -> Table:
        """Take the distances that are smaller than ``below``, a number or one for each demand.

        Raises
        ------
        InputError
            As :func:`stored`.
        """
        start, site, metres, shape = stored(distances)
        row = np.repeat(np.arange(shape[0]), np.diff(start))
        limit = np.broadcast_to(np.asarray(below, np.float64), (shape[0],))
        keep = np.isfinite(metres) & (metres < limit[row])
        return cls.sorted(row[keep], site[keep], metres[keep], shape)

    @classmethod
    def sorted(cls, row: I64, site: I32, metres: F64, shape: tuple[int, int]) -> Table:
        """Build the table from entries in ascending row order."""
        start = np.zeros(shape[0] + 1, np.int64)
        np.cumsum(np.bincount(row, minlength=shape[0]), out=start[1:])
        site, metres = site.copy(), metres.copy()
        sort_rows(start, site, metres)
        c_start = np.zeros(shape[1] + 1, np.int64)
        c_row, c_metres = np.empty(len(site), np.int32), np.empty(len(site))
        by_column(start, site, metres, c_start, c_row, c_metres)
        sort_rows(c_start, c_row, c_metres)
        return cls(shape, start, site, metres, c_start, c_row, c_metres)

    @property
    def rows(self) -> Rows:
        """The arrays of the rows, for the kernels."""
        return Rows(self.start, self.site, self.metres)

    @property
    def columns(self) -> Columns:
        """The arrays of the columns, for the kernels."""
        return Columns(self.c_start, self.c_row, self.c_metres)

    @property
    def row_of(self) -> I64:
        """(entries,) demand of each entry of the rows."""
        return np.repeat(np.arange(self.shape[0]), np.diff(self.start))


def stored(distances: object) -> tuple[I64, I32, F64, tuple[int, int]]:
    """Entries of a distance table, CSR or dense: start, candidate, metres, shape.

    Entries that are not stored, and infinite ones, are out of reach.

    Raises
    ------
    InputError
        ``location.not_a_table``, ``.nan_distance``, ``.negative_distance`` or
        ``.double_distance``.
    """
    if sparse.issparse(distances):
        table = sparse.csr_array(distances)
        shape, start = table.shape, table.indptr.astype(np.int64)
        site, metres = table.indices.astype(np.int32), table.data.astype(np.float64)
    else:
        dense = np.asarray(distances, np.float64)
        shape = dense.shape
        rows, columns = shape if dense.ndim == 2 else (0, 0)
        start = np.arange(rows + 1, dtype=np.int64) * columns
        site, metres = np.tile(np.arange(columns, dtype=np.int32), rows), dense.ravel()
    if len(shape) != 2 or 0 in shape:
        raise InputError("location.not_a_table", found=str(shape))
    row = np.repeat(np.arange(shape[0]), np.diff(start))
    _refuse("nan_distance", np.isnan(metres), row, site)
    _refuse("negative_distance", metres < 0, row, site)
    order = np.lexsort((site, row)) if sparse.issparse(distances) else np.empty(0, np.int64)
    double = np.zeros(len(site), np.bool_)
    double[order[1:]] = (np.diff(row[order]) == 0) & (np.diff(site[order]) == 0)
    _refuse("double_distance", double, row, site)
    return start, site, metres, (int(shape[0]), int(shape[1]))


def _refuse(code: str, wrong: Bool, row: I64, site: I32) -> None:
    if wrong.any():
        at = int(np.argmax(wrong))
        raise InputError(
            f"location.{code}",
            row=int(row[at]),
            column=int(site[at]),
            count=int(wrong.sum()),
        )


def amounts(values: object, count: int, name: str, *, fill: float | None = None) -> F64:
    """(count,) float64 of non-negative, finite numbers.

    Parameters
    ----------
    values
        One for each, or None for ``fill``.
    count
        How many there must be.
    name
        What they are called, for the message.
    fill
        The value where none are given.

    Raises
    ------
    InputError
        ``location.wrong_length`` or ``.bad_amount``.
    """
    if values is None and fill is not None:
        return np.full(count, fill)
    array = np.asarray(values, np.float64)
    if array.shape != (count,):
        raise InputError("location.wrong_length", name=name, found=str(array.shape), count=count)
    wrong = ~(np.isfinite(array) & (array >= 0))
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise InputError("location.bad_amount", name=name, row=at, value=float(array[at]))
    return array.copy()


def candidate_kinds(fixed: Collection[int], forbidden: Collection[int], count: int) -> I8:
    """(count,) int8 of FREE, FIXED and FORBIDDEN candidates.

    Raises
    ------
    InputError
        ``location.no_candidate``, ``.fixed_and_forbidden`` or ``.all_forbidden``.
    """
    kinds = np.zeros(count, np.int8)
    for name, wanted in (("fixed", fixed), ("forbidden", forbidden)):
        for j in wanted:
            if not 0 <= int(j) < count or int(j) != j:
                raise InputError("location.no_candidate", name=name, value=j, count=count)
    both = sorted({int(j) for j in fixed} & {int(j) for j in forbidden})
    if both:
        raise InputError("location.fixed_and_forbidden", sites=", ".join(map(str, both)))
    kinds[np.asarray(list(fixed), np.int64)] = FIXED
    kinds[np.asarray(list(forbidden), np.int64)] = FORBIDDEN
    if (kinds == FORBIDDEN).all():
        raise InputError("location.all_forbidden", count=count)
    return kinds


def is_number(value: object) -> bool:
    """Whether a value is a number that can be counted with; a text of digits is none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def site_count(p: int | None, budget: float | None, cost: F64, kinds: I8) -> tuple[int, float]:
    """How many sites there may be at most, and how much they may cost, inf for no limit.

    Raises
    ------
    InputError
        ``location.no_limit``, ``.bad_p``, ``.too_many_sites``, ``.too_many_fixed``,
        ``.bad_option`` or ``.budget_too_small``.
    """
    if p is None and budget is None:
        raise InputError("location.no_limit")
    open_to = int((kinds != FORBIDDEN).sum())
    fixed = int((kinds == FIXED).sum())
    if p is not None:
        if isinstance(p, bool) or p != int(p) or p < 1:
            raise InputError("location.bad_p", p=p)
        if p > open_to:
            raise InputError("location.too_many_sites", p=p, count=open_to)
        if p < fixed:
            raise InputError("location.too_many_fixed", p=p, fixed=fixed)
    if budget is not None:
        if not is_number(budget) or not budget >= 0:
            raise InputError("location.bad_option", option="budget", value=budget)
        least = float(cost[kinds == FIXED].sum())
        if not fixed and open_to:
            least = float(cost[kinds == FREE].min())
        if budget < least:
            raise InputError("location.budget_too_small", budget=budget, least=least)
    return (
        open_to if p is None else int(p),
        np.inf if budget is None else float(budget) * (1 + 1e-9),  # 0.1 + 0.2 fits into 0.3
    )
