"""Covering models in their leanest form: equal demand merged, useless candidates left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.arrays import F64, I32, I64
from planner.location.covering import patterns
from planner.location.covering.moves import Cover, Sums

__all__ = ["CoverModel"]


_DOMINATION_WORK = 30_000_000
_LOOKS, _DEEPEST = 24, 50
"""Rows by which a column looks for one like it, and steps to one that is summed anew: sums from
one to the next lose no more than some 1e-13 of their value."""


@dataclass(frozen=True, eq=False)
class CoverModel:
    """Choose at most ``p`` columns within a budget so that the rows are worth most.

    Parameters
    ----------
    r_start, r_col
        Rows as CSR pattern, (m + 1,) int64 and (entries,) int32; columns ascend in a row.
    first, second
        (m,) float64, what a row is worth once covered, and what more once covered twice.
    group
        (m,) int32, area of each row; rows of different areas are never merged.
    site
        (n,) int64, the candidate that each column stands for.
    cost
        (n,) float64.
    p
        Columns at most.
    budget
        Total cost at most, inf for none.
    k_start, k_other
        Pairs of columns that may not both be chosen, as symmetric CSR pattern.
    base
        What fixed sites are worth already.
    """

    r_start: I64
    r_col: I32
    first: F64
    second: F64
    group: I32
    site: I64
    cost: F64
    p: int
    budget: float
    k_start: I64
    k_other: I32
    base: float = 0.0

    @classmethod
    def plain(cls, start: I64, site: I32, weight: F64, count: int) -> CoverModel:
        """Make a model of all demand and candidates, without limits."""
        none = np.zeros(len(weight))
        return cls(
            start,
            site,
            weight,
            none,
            none.astype(np.int32),
            np.arange(count),
            np.zeros(count),
            count,
            np.inf,
            np.zeros(count + 1, np.int64),
            np.empty(0, np.int32),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.first), len(self.site)

    @property
    def entries(self) -> int:
        """Stored pairs of row and column."""
        return len(self.r_col)

    @property
    def limited(self) -> bool:
        """Whether anything but the number of columns limits the choice."""
        return bool(np.isfinite(self.budget)) or len(self.k_other) > 0

    @property
    def paired(self) -> bool:
        """Whether a second cover is worth anything."""
        return bool((self.second > 0).any())

    @cached_property
    def columns(self) -> tuple[I64, I32]:
        """The pattern by column: (n + 1,) int64 and (entries,) int32."""
        return turned(self.r_start, self.r_col, len(self.site))

    @cached_property
    def sums(self) -> Sums:
        """What sums over the rows of all columns are made of, as the kernels take it."""
        start, row = self.columns
        parent = np.empty(len(self.site), np.int32)
        more, fewer = patterns.most_alike(
            start, row, self.r_start, self.r_col, _LOOKS, _DEEPEST, parent
        )
        ends = [np.empty(len(start), np.int64) for _ in range(2)]
        rows = [np.empty(int(count), np.int32) for count in (more, fewer)]
        patterns.differences(start, row, parent, ends[0], rows[0], ends[1], rows[1])
        return Sums(parent, ends[0], rows[0], ends[1], rows[1])

    @cached_property
    def pattern(self) -> sparse.csr_array:
        """The pattern as a matrix of ones."""
        ones = np.ones(len(self.r_col))
        return sparse.csr_array((ones, self.r_col, self.r_start), shape=self.shape)

    @cached_property
    def cover(self) -> Cover:
        """The arrays as the kernels take them."""
        return Cover(
            *self.columns,
            self.r_start,
            self.r_col,
            self.first,
            self.second,
            self.cost,
            self.k_start,
            self.k_other,
        )

    def value(self, columns: npt.NDArray[np.integer]) -> float:
        """Tell what a choice is worth, the base included."""
        return self.base + float(self.row_values(columns).sum())

    def row_values(self, columns: npt.NDArray[np.integer]) -> F64:
        """(m,) float64, what each row is worth under a choice, the base left out."""
        start, row = self.columns
        chosen = np.zeros(len(self.site), np.bool_)
        chosen[columns] = True
        count = np.bincount(row[np.repeat(chosen, np.diff(start))], minlength=len(self.first))
        return np.asarray(self.first * (count >= 1) + self.second * (count >= 2))

    def feasible(self, columns: npt.NDArray[np.integer]) -> bool:
        """Whether a choice keeps the number, the budget and the pairs."""
        if len(columns) > self.p or self.cost[columns].sum() > self.budget:
            return False
        chosen = np.zeros(len(self.site), np.bool_)
        chosen[columns] = True
        one = np.repeat(chosen, np.diff(self.k_start))
        return not bool(chosen[self.k_other[one]].any())

    def taking(self, columns: npt.NDArray[np.integer]) -> CoverModel:
        """Keep some of the columns only, ascending, and make the model lean again."""
        columns = np.sort(columns)
        place = np.full(len(self.site), -1, np.int32)
        place[columns] = np.arange(len(columns), dtype=np.int32)
        start, index = picked(*self.columns, columns)
        pairs_start, pairs = picked(self.k_start, self.k_other, columns)
        other = place[pairs]
        inside = np.append(0, np.cumsum(other >= 0))
        r_start, r_col = turned(start, index, len(self.first))
        return replace(
            self,
            r_start=r_start,
            r_col=r_col,
            site=self.site[columns],
            cost=self.cost[columns],
            k_start=inside[pairs_start],
            k_other=other[other >= 0],
        ).merged()

    def fixing(self, columns: npt.NDArray[np.integer]) -> CoverModel:
        """Choose some columns for good: they leave the model, their worth goes to its base."""
        chosen = np.zeros(len(self.site), np.bool_)
        chosen[columns] = True
        row = np.repeat(np.arange(len(self.first)), np.diff(self.r_start))
        count = np.bincount(row[chosen[self.r_col]], minlength=len(self.first))
        left = self.budget - float(self.cost[chosen].sum())
        beside = np.zeros(len(self.site), np.bool_)
        beside[self.k_other[np.repeat(chosen, np.diff(self.k_start))]] = True
        open_to = ~chosen & ~beside & (self.cost <= left)
        return replace(
            self,
            first=np.select([count == 0, count == 1], [self.first, self.second], 0.0),
            second=np.where(count == 0, self.second, 0.0),
            p=self.p - int(chosen.sum()),
            budget=left,
            base=self.base + float(self.first[count >= 1].sum() + self.second[count >= 2].sum()),
        ).taking(np.flatnonzero(open_to))

    def merged(self) -> CoverModel:
        """Merge rows of the same columns and area, and leave out idle rows."""
        rows = np.flatnonzero((np.diff(self.r_start) > 0) & (self.first + self.second > 0))
        start, index = picked(self.r_start, self.r_col, rows)
        group = self.group[rows]
        keys = np.empty(len(rows), np.uint64)
        patterns.row_keys(start, index, group, keys)
        into = np.empty(len(rows), np.int64)
        patterns.same_rows(start, index, group, keys, np.argsort(keys, kind="stable"), into)
        kept = np.unique(into)
        start, index = picked(start, index, kept)
        return replace(
            self,
            r_start=start,
            r_col=index,
            first=_sums(into, self.first[rows])[kept],
            second=_sums(into, self.second[rows])[kept],
            group=group[kept],
        )

    def undominated(self) -> CoverModel:
        """Leave out columns that another replaces at no loss, where that is safe."""
        if self.paired or len(self.k_other):
            return self
        out = np.zeros(len(self.site), np.bool_)
        patterns.dominated(
            *self.columns, self.r_start, self.r_col, self.cost, _DOMINATION_WORK, out
        )
        return self.taking(np.flatnonzero(~out)) if out.any() else self


def picked(start: I64, index: I32, rows: npt.NDArray[np.integer]) -> tuple[I64, I32]:
    """Take some rows of a sparse pattern."""
    out_start = np.empty(len(rows) + 1, np.int64)
    sizes = np.diff(start)[rows] if len(rows) else np.empty(0, np.int64)
    out_index = np.empty(int(sizes.sum()), np.int32)
    patterns.pick(start, index, np.asarray(rows, np.int64), out_start, out_index)
    return out_start, out_index


def turned(start: I64, index: I32, columns: int) -> tuple[I64, I32]:
    """Give the columns of a sparse pattern."""
    t_start = np.empty(columns + 1, np.int64)
    t_index = np.empty(len(index), np.int32)
    patterns.transpose(start, index, columns, t_start, t_index)
    return t_start, t_index


def _sums(into: I64, values: F64) -> F64:
    return np.bincount(into, values, len(into)).astype(np.float64)
