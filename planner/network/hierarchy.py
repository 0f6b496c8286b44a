"""Elimination of low-degree nodes, by which repeated questions become two sweeps.

Removing a node and linking its neighbours by the way through it keeps all distances among the
rest, as in Gaussian elimination (Carré 1971; contraction hierarchies with witnesses of two arcs:
Dibbelt, Strasser, Wagner 2016). On streets nearly all nodes go while few links each are added.
Distances to the nearest source are then: one sweep over the removed nodes upwards, Dijkstra in
the small core that stays, one sweep downwards. All integers, so that the answer is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.arrays import I32, I64

if TYPE_CHECKING:
    from planner.network.graph import StreetGraph

__all__ = ["Hierarchy"]


_MOST_LINKS = 40
"""Nodes with more links stay in the core. Removing a node compares every two of its neighbours and
may link them, so that a higher limit makes the building slow and adds arcs to every sweep; a lower
one leaves a larger core, which Dijkstra's search has to cross."""


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Nodes in the order of their removal, the core last.

    Parameters
    ----------
    removed
        How many nodes are removed.
    position
        (N,) int32, place of each inner node in the order.
    up_start
        (N + 1,) int32, where the arcs of removed nodes start.
    up_arc
        (U,) int64, their arcs, to places after them: cost above, place below.
    core_start, core_head, core_cost
        CSR of the core, numbered from 0.
    """

    removed: int
    position: I32
    up_start: I32
    up_arc: I64
    core_start: I32
    core_head: I32
    core_cost: I32

    @classmethod
    def build(cls, graph: StreetGraph) -> Hierarchy:
        """Eliminate what has few links."""
        from planner.network.kernels.hierarchy import eliminate

        n = len(graph.order)
        position = np.empty(n, np.int32)
        up_start = np.empty(n + 1, np.int32)
        core_start = np.empty(n + 1, np.int32)
        removed, up_arc, core_head, core_cost = eliminate(
            graph.indptr,
            graph.neighbour,
            graph.weight,
            _MOST_LINKS,
            position,
            up_start,
            core_start,
        )
        core_start = core_start[: n - removed + 1].copy()
        return cls(removed, position, up_start, up_arc, core_start, core_head, core_cost)

    def spread(self, nodes: I32, seeds: I64, count: int, limit: int) -> I64:
        """Give (N,) best labels, in the order of removal, from labels put on inner nodes.

        Labels may be beyond the limit.
        """
        from planner.network.kernels.graph import NONE
        from planner.network.kernels.hierarchy import sweep_down, sweep_up
        from planner.network.kernels.rows import seed_rows
        from planner.network.kernels.spread import spread

        label = np.full(len(self.position), NONE, np.int64)
        seed_rows(nodes, seeds, count, self.position, label.reshape(-1, 1))
        up = (self.removed, self.up_start, self.up_arc.view(np.uint64), label.view(np.uint64))
        sweep_up(*up)
        core = label[self.removed :]
        if core.size:
            reached = np.flatnonzero(core != NONE).astype(np.int32)
            core_seeds = core[reached]
            core[:] = NONE
            arcs = (self.core_start, self.core_head, self.core_cost)
            spread(*arcs, reached, core_seeds, len(reached), limit, core)
        sweep_down(*up)
        return label

    def spread_rows(self, nodes: I32, seeds: I64, count: int, k: int, limit: int) -> I64:
        """Give (N, k) best labels of distinct sources, in the order of removal."""
        from planner.network.kernels import rows as kernels
        from planner.network.kernels.graph import NONE

        labels = np.full((len(self.position), k), NONE, np.int64)
        kernels.seed_rows(nodes, seeds, count, self.position, labels)
        up = (self.removed, self.up_start, self.up_arc, limit, labels)
        kernels.sweep_rows(*up, False)
        core = labels[self.removed :]
        kernels.spread_rows(self.core_start, self.core_head, self.core_cost, limit, core)
        kernels.sweep_rows(*up, True)
        return labels
