"""What covering problems are given, checked at the door and brought into their leanest form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.arrays import F64, I8, I32, I64
from planner.errors import InputError
from planner.location.covering import patterns
from planner.location.covering.model import CoverModel, turned
from planner.location.inputs import FIXED, FORBIDDEN

__all__ = ["Table", "areas", "conflict_pairs", "reduced", "regions"]


_MOST_ENTRIES = 400_000_000


@dataclass(frozen=True, eq=False)
class Table:
    """Which candidate covers which demand, and how much of it.

    Parameters
    ----------
    shape
        Demand, candidates.
    start, site, share
        Rows: (demand + 1,) int64, (entries,) int32 ascending in each row, (entries,) float64 in
        (0, 1].
    """

    shape: tuple[int, int]
    start: I64
    site: I32
    share: F64

    @classmethod
    def of(cls, covers: object) -> Table:
        """Check a matrix of demand × candidates, sparse or dense, of bool or of shares 0 to 1.

        Raises
        ------
        InputError
            ``covering.not_a_table``, ``.bad_share`` or ``.double_cover``.
        """
        if sparse.issparse(covers):
            table = sparse.csr_array(covers)
        else:
            dense = np.asarray(covers)
            if dense.ndim != 2:
                raise InputError("covering.not_a_table", found=str(dense.shape))
            table = sparse.csr_array(dense)
        if len(table.shape) != 2 or 0 in table.shape:
            raise InputError("covering.not_a_table", found=str(table.shape))
        sizes = np.diff(table.indptr)
        share = table.data.astype(np.float64)
        site = table.indices.astype(np.int32)
        row = np.repeat(np.arange(len(sizes)), sizes)
        wrong = ~((share >= 0) & (share <= 1))
        if wrong.any():
            at = int(np.argmax(wrong))
            raise InputError(
                "covering.bad_share", row=int(row[at]), column=int(site[at]), value=float(share[at])
            )
        if not table.has_sorted_indices:
            order = np.lexsort((site, row))
            site, share = site[order], share[order]
        double = (np.diff(row) == 0) & (np.diff(site) == 0)
        if double.any():
            at = int(np.argmax(double))
            raise InputError("covering.double_cover", row=int(row[at]), column=int(site[at]))
        kept = share > 0
        start = np.append(0, np.cumsum(np.bincount(row[kept], minlength=len(sizes))))
        rows, columns = table.shape
        return cls((int(rows), int(columns)), start.astype(np.int64), site[kept], share[kept])

    @property
    def graded(self) -> bool:
        """Whether some share is less than the whole."""
        return bool((self.share < 1).any())

    def levels(self) -> tuple[I64, I32, I64, F64]:
        """Split rows so that every entry is yes or no: start, site, row of each part, its share.

        The best share among the open sites of a row is the sum of the parts that they cover: a
        row of shares 1 and 0.4 is 0.6 for those that give 1, and 0.4 for both.

        Raises
        ------
        InputError
            ``covering.too_many_shares`` where that would not fit into memory.
        """
        if not self.graded:
            return self.start, self.site, np.arange(self.shape[0]), np.ones(self.shape[0])
        row = np.repeat(np.arange(self.shape[0]), np.diff(self.start))
        order = np.lexsort((self.site, -self.share, row))
        site, share = self.site[order], self.share[order]
        rows, entries = patterns.count_levels(self.start, share)
        if entries > _MOST_ENTRIES:
            raise InputError("covering.too_many_shares", entries=entries)
        start, index = np.empty(rows + 1, np.int64), np.empty(entries, np.int32)
        of, part = np.empty(rows, np.int64), np.empty(rows)
        patterns.split_levels(self.start, site, share, start, index, of, part)
        columns = turned(start, index, self.shape[1])
        return *turned(*columns, rows), of, part

    def shares(self, sites: npt.NDArray[np.integer], backup: float) -> F64:
        """(demand,) float64, what the best open site gives, and the second best as ``backup``."""
        row = np.repeat(np.arange(self.shape[0]), np.diff(self.start))
        kept = np.isin(self.site, sites)
        row, share = row[kept], self.share[kept]
        order = np.lexsort((-share, row))
        row, share = row[order], share[order]
        first = np.append(True, np.diff(row) > 0)[: len(row)]
        second = np.append(False, first[:-1])[: len(row)] & ~first
        result = np.zeros(self.shape[0])
        result[row[first]] = (1 - backup) * share[first]
        result[row[second]] += backup * share[second]
        return result


def conflict_pairs(conflicts: Any, count: int) -> tuple[I64, I32]:
    """Candidates that may not be open together, as symmetric CSR pattern.

    Parameters
    ----------
    conflicts
        (pairs, 2) whole numbers, or a sparse matrix of candidates × candidates; None for none.
    count
        Number of candidates.

    Raises
    ------
    InputError
        ``covering.bad_conflicts`` or ``.no_conflict_candidate``.
    """
    if conflicts is None:
        return np.zeros(count + 1, np.int64), np.empty(0, np.int32)
    if sparse.issparse(conflicts):
        if conflicts.shape != (count, count):
            raise InputError("covering.bad_conflicts", found=str(conflicts.shape), count=count)
        entries = sparse.coo_array(conflicts)
        pairs = np.column_stack([entries.row, entries.col])[entries.data != 0]
    else:
        pairs = np.asarray(conflicts)
        if pairs.size == 0:
            pairs = np.empty((0, 2), np.int64)
        if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
            raise InputError("covering.bad_conflicts", found=str(pairs.shape), count=count)
    wrong = (pairs < 0) | (pairs >= count)
    if wrong.any():
        raise InputError("covering.no_conflict_candidate", value=int(pairs[wrong][0]), count=count)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    both = np.concatenate([pairs, pairs[:, ::-1]])
    data = np.ones(len(both), np.bool_)
    table = sparse.csr_array((data, (both[:, 0], both[:, 1])), shape=(count, count))
    table.sum_duplicates()
    table.sort_indices()
    return table.indptr.astype(np.int64), table.indices.astype(np.int32)


def areas(area: object, count: int) -> tuple[list[object], I32]:
    """Names of the areas, sorted, and the number of the area of each demand.

    Raises
    ------
    InputError
        ``covering.bad_area`` where there is not one for each demand.
    """
    if area is None:
        return [None], np.zeros(count, np.int32)
    names, number = _numbered(area, count, "covering.bad_area")
    return names, number.astype(np.int32)


def regions(region: object, count: int) -> I64:
    """Return the region of each candidate, numbered from 0.

    Raises
    ------
    InputError
        ``covering.bad_region`` where there is not one for each candidate.
    """
    return _numbered(region, count, "covering.bad_region")[1]


def _numbered(labels: object, count: int, code: str) -> tuple[list[object], I64]:
    """Return the different labels and the number of each; refuse what are not so many labels."""
    given = np.asarray(labels)
    if given.shape != (count,):
        raise InputError(code, found=str(given.shape), count=count)
    try:
        names, number = np.unique(given, return_inverse=True)
    except TypeError:  # of different types, such as None among texts
        raise InputError("covering.mixed_labels") from None
    return names.tolist(), number.astype(np.int64)


def reduced(
    table: Table,
    weight: F64,
    kinds: I8,
    p: int,
    budget: float,
    cost: F64,
    *,
    backup: float,
    conflicts: tuple[I64, I32],
    group: I32,
    lean: bool,
    wanted: int | None,
) -> CoverModel:
    """Turn a checked question into a model of the free candidates, as small as is safe.

    Fixed sites are worked into the values of the rows. Forbidden candidates, those in conflict
    with a fixed one, too dear or of no use are left out, and equal rows merged. Without ``lean``
    the fixed sites stay, and so does a candidate that another could replace. Where more sites than
    the fixed are ``wanted``, some candidate must cover more, be it too dear or in conflict.

    Raises
    ------
    InputError
        ``covering.fixed_conflict``, ``.nothing_coverable``, ``.all_covered`` or
        ``covering.too_many_shares``.
    """
    fixed = np.flatnonzero(kinds == FIXED)
    k_start, k_other = conflicts
    # a fixed site is open in every choice, so that nothing in conflict with it is in any
    beside = np.zeros(len(kinds), np.bool_)
    for j in fixed:
        beside[k_other[k_start[j] : k_start[j + 1]]] = True
    if beside[fixed].any():
        raise InputError("covering.fixed_conflict", site=int(fixed[beside[fixed]][0]))
    # of shares, parts that are covered or not: all that follows knows only these
    start, site, row, part = table.levels()
    worth = weight[row] * part
    full = CoverModel(
        start,
        site,
        worth * (1 - backup),
        worth * backup,
        group[row],
        np.arange(len(kinds)),
        cost,
        p,
        budget,
        k_start,
        k_other,
    )
    # what may not be chosen need not be looked at
    allowed = np.flatnonzero(kinds != FORBIDDEN)
    if not lean:
        whole = full.taking(allowed)
        if not whole.entries:
            raise InputError("covering.nothing_coverable", candidates=len(allowed))
        return whole
    # what the fixed sites cover is counted once and for all, and only what is left is searched
    places = np.searchsorted(allowed, fixed)
    model = full.taking(allowed).fixing(places)
    # money for all does not bind, and a problem without a budget is easier to bound
    if model.cost.sum() <= model.budget:
        model = replace(model, budget=np.inf)
    if model.base == 0 and not model.entries:
        raise InputError("covering.nothing_coverable", candidates=int((kinds != FORBIDDEN).sum()))
    if not model.entries and wanted is not None and wanted > len(fixed):
        free = np.zeros_like(k_start), np.empty_like(k_other, shape=0)
        unbound = replace(full, budget=np.inf, k_start=free[0], k_other=free[1])
        if not unbound.taking(allowed).fixing(places).entries:
            raise InputError("covering.all_covered", fixed=len(fixed), p=wanted)
    # some best choice does without a candidate that covers nothing more, or no more than another
    # that costs no more
    return model.taking(np.flatnonzero(np.diff(model.columns[0]) > 0)).undominated()
