"""Covering at least cost: what is left of the problem once the obvious is decided.

The reductions are those of Garfinkel, R. S. and Nemhauser, G. L. (1972), Integer Programming, and
of Beasley, J. E. (1987), An algorithm for set covering problem, European Journal of Operational
Research 31.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from planner.arrays import F64, I32, I64, Bool

__all__ = ["Cover", "merged_rows"]


_PASSES = 20
"""Every pass compares all rows and candidates; what is left after so many goes on as it is."""


@dataclass(frozen=True, eq=False)
class Cover:
    """Rows to be covered by candidates, and what was decided already.

    Parameters
    ----------
    matrix
        CSR (rows, candidates); all entries cover.
    weight
        (rows,) float64, above 0.
    need
        Weight that must still be covered.
    whole
        Whether every row must be covered.
    cost
        (candidates,) float64.
    candidate
        (candidates,) int64, their numbers in the question.
    chosen
        Numbers of the candidates that are decided for.
    spent
        What the chosen cost.
    """

    matrix: sparse.csr_array
    weight: F64
    need: float
    whole: bool
    cost: F64
    candidate: I64
    chosen: tuple[int, ...] = ()
    spent: float = 0.0

    @cached_property
    def rows(self) -> tuple[I64, I32]:
        """Start and candidates of the rows."""
        return _lists(self.matrix)

    @cached_property
    def columns(self) -> tuple[I64, I32]:
        """Start and rows of the candidates."""
        return _lists(sparse.csr_array(self.matrix.T))

    @property
    def impossible(self) -> bool:
        """Whether what is left cannot cover what is needed."""
        reached = np.diff(self.rows[0]) > 0
        if self.whole:
            return not bool(reached.all())
        return float(self.weight[reached].sum()) < self.need * (1 - 1e-9)

    @property
    def done(self) -> bool:
        """Whether nothing is left to be covered."""
        return self.need <= 0 or not len(self.weight)

    def decided(self, taken: Bool, dropped: Bool) -> Cover:
        """Take some candidates, drop others."""
        lists = np.diff(self.rows[0])
        hit = self.matrix @ taken.astype(np.int32) > 0
        keep = ~(taken | dropped)
        rows = ~hit if self.whole else ~hit & (lists > 0)
        return replace(
            self,
            matrix=sparse.csr_array(self.matrix[rows][:, keep]),
            weight=self.weight[rows],
            need=self.need - float(self.weight[hit].sum()),
            cost=self.cost[keep],
            candidate=self.candidate[keep],
            chosen=(*self.chosen, *self.candidate[taken].tolist()),
            spent=self.spent + float(self.cost[taken].sum()),
        )

    def presolved(self) -> Cover:
        """Drop rows and candidates that others stand for; take candidates that rows depend on."""
        cover = self
        # a row that goes can make a candidate superfluous, and a candidate that goes another row,
        # so that both are looked through until neither moves
        for _ in range(_PASSES):
            if cover.done or cover.impossible:
                break
            before = (cover.matrix.shape, len(cover.chosen))
            cover = cover._without_rows()._without_candidates()
            # a row that one candidate alone covers decides for it, if no row may be left out:
            # whoever leaves some of the weight uncovered may leave that row
            if cover.whole:
                start, site = cover.rows
                taken = np.zeros(len(cover.cost), np.bool_)
                taken[site[start[:-1][np.diff(start) == 1]]] = True
                if taken.any():
                    cover = cover.decided(taken, np.zeros_like(taken))
            if (cover.matrix.shape, len(cover.chosen)) == before:
                break
        return cover

    def _without_rows(self) -> Cover:
        """Whoever covers the smaller row covers the larger; equal rows of a share are added up."""
        from planner.location.set_covering.kernels import contained

        if self.whole:
            dropped = np.zeros(len(self.weight), np.bool_)
            contained(*self.rows, *self.columns, self.weight, True, dropped)
            return self._with_rows(~dropped, self.weight)
        # a row within another says nothing here, since the share may do without either; only rows
        # with the very same candidates are always covered together
        weight = merged_rows(self.matrix, self.weight)
        return self._with_rows(weight > 0, weight)

    def _with_rows(self, keep: Bool, weight: F64) -> Cover:
        if keep.all():
            return self
        kept = weight[keep]
        need = float(kept.sum()) if self.whole else self.need
        return replace(self, matrix=sparse.csr_array(self.matrix[keep]), weight=kept, need=need)

    def _without_candidates(self) -> Cover:
        from planner.location.set_covering.kernels import contained

        dropped = np.zeros(len(self.cost), np.bool_)
        # whatever a plan covers with the candidate that lies within another, it covers with that
        # other one as well, at no higher cost
        contained(*self.columns, *self.rows, self.cost, False, dropped)
        return self.decided(np.zeros_like(dropped), dropped) if dropped.any() else self

    def parts(self) -> Sequence[Cover]:
        """Split into covers that share neither rows nor candidates, the smallest first."""
        # the cheapest cover is made of the cheapest covers of its parts, each far smaller; a share
        # ties all rows together by their sum and leaves nothing to split
        if not self.whole or self.done:
            return [self]
        n = self.matrix.shape[0]
        # rows and candidates as the two sides of one graph: what is not connected in it does not
        # meet
        graph = sparse.block_array([[None, self.matrix], [self.matrix.T, None]])
        count, label = sparse.csgraph.connected_components(graph, directed=False)
        parts = []
        # the smallest first: where the time runs out, as many parts as can be are solved
        for part in np.argsort(np.bincount(label, minlength=count), kind="stable"):
            rows, columns = label[:n] == part, label[n:] == part
            if rows.any():
                parts.append(
                    replace(
                        self,
                        matrix=sparse.csr_array(self.matrix[rows][:, columns]),
                        weight=self.weight[rows],
                        need=float(self.weight[rows].sum()),
                        cost=self.cost[columns],
                        candidate=self.candidate[columns],
                        chosen=(),
                        spent=0.0,
                    )
                )
        return parts


def _lists(matrix: sparse.csr_array) -> tuple[I64, I32]:
    matrix.sort_indices()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)


def merged_rows(matrix: sparse.csr_array, weight: F64) -> F64:
    """Give the weight (rows,) of rows with equal entries to the first of them, 0 to the others.

    Rows are compared by sums of random 64-bit numbers, one for each column.
    """
    # a sum does not depend on the order and needs no comparison of pairs; that two different rows
    # have the same sum happens by chance only, for a pair once in some 2**63
    keys = np.random.default_rng(0).integers(0, 2**63, matrix.shape[1], np.uint64)
    start, site = _lists(matrix)
    sums = np.concatenate([[np.uint64(0)], np.cumsum(keys[site], dtype=np.uint64)])
    same = np.stack([sums[start[1:]] - sums[start[:-1]], np.diff(start).astype(np.uint64)])
    _, first, group = np.unique(same, axis=1, return_index=True, return_inverse=True)
    merged = np.zeros(len(weight))
    merged[first] = np.bincount(group.ravel(), weight)
    return merged
