"""Covering models as mixed-integer programs for HiGHS (Church and ReVelle 1974)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I64
from planner.location.mip import Model, closed_bound

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from planner.location.covering.model import CoverModel
    from planner.location.search import Search

__all__ = ["cliques", "program", "solve_exactly"]


def program(model: CoverModel) -> Model:
    """Minimise the value that is missed; columns are the sites, then the rows, then second covers.

    A row is covered as often as its sites are open: ``once + twice <= sum of sites``. Where a
    second cover is worth more than the first, it must wait for the first.
    """
    from scipy import sparse

    rows, columns = model.shape
    twice = np.flatnonzero(model.second > 0)
    later = twice[model.second[twice] > model.first[twice]]
    ones = np.ones(model.entries)
    covers = sparse.csr_array((ones, model.r_col, model.r_start), shape=(rows, columns))
    # Church and ReVelle (1974): a row counts once a site that covers it is open
    second = _unit(twice, np.arange(len(twice)), rows, len(twice))
    blocks = [[covers, -sparse.eye_array(rows, format="csr"), -second]]
    low, high = [np.zeros(rows)], [np.full(rows, np.inf)]

    def limit(part: csr_array, most: F64) -> None:
        blocks.append([part, None, None])
        low.append(np.full(part.shape[0], -np.inf))
        high.append(most)

    if model.p < columns:
        limit(sparse.csr_array(np.ones((1, columns))), np.array([float(model.p)]))
    if np.isfinite(model.budget):
        limit(sparse.csr_array(model.cost[None, :]), np.array([model.budget]))
    # one row for a whole group of conflicts is a tighter relaxation than one for each pair
    if len(model.k_other):
        together = cliques(model.k_start, model.k_other)
        limit(together, np.ones(together.shape[0]))
    if len(later):
        number = np.arange(len(later))
        place = np.searchsorted(twice, later)
        first = _unit(number, later, len(later), rows)
        blocks.append([None, first, -_unit(number, place, len(later), len(twice))])
        low.append(np.zeros(len(later)))
        high.append(np.full(len(later), np.inf))
    if not len(twice):
        blocks = [line[:2] for line in blocks]
    whole = np.zeros(columns + rows + len(twice), np.bool_)
    whole[:columns] = True
    whole[columns + later] = True
    whole[columns + rows + np.searchsorted(twice, later)] = True
    return Model(
        np.concatenate([np.zeros(columns), -model.first, -model.second[twice]]),
        sparse.block_array(blocks, format="csr"),
        np.concatenate(low),
        np.concatenate(high),
        np.ones(len(whole)),
        whole,
    )


def values(model: CoverModel, sites: npt.NDArray[np.integer]) -> F64:
    """Values of all columns of :func:`program` under a choice of sites."""
    start, row = model.columns
    chosen = np.zeros(model.shape[1])
    chosen[sites] = 1.0
    of = np.repeat(chosen, np.diff(start)) > 0
    count = np.bincount(row[of], minlength=model.shape[0])
    twice = np.flatnonzero(model.second > 0)
    return np.concatenate([chosen, count >= 1, count[twice] >= 2]).astype(np.float64)


def solve_exactly(
    model: CoverModel,
    search: Search,
    known: npt.NDArray[np.integer],
    *,
    seconds: float = np.inf,
    nodes: int | None = None,
) -> tuple[I64, float]:
    """Solve a model as far as the limits allow.

    Parameters
    ----------
    model, search
        What to solve, and how long that may take.
    known
        Columns of a feasible choice to start from.
    seconds, nodes
        Limits of this solve.

    Returns
    -------
    tuple
        Columns of the best choice, and what no choice of this model is worth more than.
    """
    solved = program(model).solve(search, start=values(model, known), seconds=seconds, nodes=nodes)
    best = np.asarray(known, np.int64)
    if solved.values is not None:
        found = np.flatnonzero(solved.values[: model.shape[1]] > 0.5)
        if model.feasible(found) and model.value(found) >= model.value(best):
            best = found
    reached = model.value(best)
    return best, max(closed_bound(model.base - solved.bound, reached), reached)


def cliques(start: I64, other: npt.NDArray[np.int32]) -> csr_array:
    """Find groups of candidates of which one may be open, so that every pair is in a group.

    Groups are grown greedily around each pair that no earlier group holds.
    """
    from scipy import sparse

    # that no two of a pair are both open lets the relaxation open half of each of many; that only
    # one of a whole group may be does not (clique inequalities: Padberg 1973, On the facial
    # structure of set packing polyhedra, Mathematical Programming 5)
    near = [set(other[start[j] : start[j + 1]].tolist()) for j in range(len(start) - 1)]
    done: set[tuple[int, int]] = set()
    row: list[int] = []
    column: list[int] = []
    count = 0
    for j, around in enumerate(near):
        for k in sorted(around):
            if k < j or (j, k) in done:
                continue
            group = [j, k]
            # whoever is in conflict with all of the group so far may join it; the largest group
            # would be a hard problem of its own, and any is valid
            common = around & near[k]
            while common:
                new = min(common)
                group.append(new)
                common = common & near[new]
            group.sort()
            done.update((a, b) for at, a in enumerate(group) for b in group[at + 1 :])
            row += [count] * len(group)
            column += group
            count += 1
    return sparse.csr_array(
        (np.ones(len(row)), (row, column)), shape=(count, len(near)), dtype=np.float64
    )


def _unit(row: I64, column: I64, rows: int, columns: int) -> csr_array:
    from scipy import sparse

    return sparse.csr_array((np.ones(len(row)), (row, column)), shape=(rows, columns))
