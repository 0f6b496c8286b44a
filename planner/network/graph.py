"""The routing graph behind a network: nodes along a Hilbert curve, CSR adjacency in int32."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.arrays import F64, I32

__all__ = ["StreetGraph", "hilbert_order"]


@dataclass(frozen=True, eq=False)
class StreetGraph:
    """Adjacency in *inner* node numbers, which follow a Hilbert curve so that near is near.

    ``indptr``, ``neighbour``, ``weight`` and ``edge`` are one CSR: the arcs of inner node ``i``
    are ``indptr[i]:indptr[i + 1]``, both directions of every street, neighbours ascending, loops
    left out, of parallel edges only the cheapest (``edge`` names it). ``ends`` and ``cost`` keep
    every edge, loops and parallels too, for whatever stands upon them.

    Parameters
    ----------
    order
        (N,) int32, public node of each inner node.
    rank
        (N,) int32, inner node of each public node.
    ends
        (E, 2) int32, inner nodes of each edge, first node first.
    cost
        (E,) int32, millimetres or milliseconds of each edge.
    indptr
        (N + 1,) int32.
    neighbour
        (A,) int32, inner node at the other end of each arc.
    weight
        (A,) int32, cost of each arc.
    edge
        (A,) int32, edge of each arc.
    """

    order: I32
    rank: I32
    ends: I32
    cost: I32
    indptr: I32
    neighbour: I32
    weight: I32
    edge: I32

    @classmethod
    def build(cls, node_xy: F64, edge_uv: I32, cost: I32) -> StreetGraph:
        """Order the nodes and build the adjacency.

        Parameters
        ----------
        node_xy
            (N, 2) float64.
        edge_uv
            (E, 2) int32, public node numbers.
        cost
            (E,) int32, not negative.
        """
        order = hilbert_order(node_xy)
        rank = np.empty_like(order)
        rank[order] = np.arange(order.size, dtype=np.int32)
        return cls.ordered(order, rank, rank[edge_uv], cost)

    def with_cost(self, cost: I32) -> StreetGraph:
        """Give the same streets other costs, (E,) int32."""
        return StreetGraph.ordered(self.order, self.rank, self.ends, cost)

    @classmethod
    def ordered(cls, order: I32, rank: I32, ends: I32, cost: I32) -> StreetGraph:
        """Build the adjacency of edges whose ends are inner nodes already."""
        from planner.network.kernels import graph as kernels

        indptr = np.empty(order.size + 1, np.int32)
        neighbour = np.empty(2 * cost.size, np.int32)
        weight = np.empty(2 * cost.size, np.int32)
        edge = np.empty(2 * cost.size, np.int32)
        arcs = kernels.build_csr(order.size, ends, cost, indptr, neighbour, weight, edge)
        if arcs < neighbour.size:
            neighbour, weight, edge = (a[:arcs].copy() for a in (neighbour, weight, edge))
        return cls(order, rank, ends, cost, indptr, neighbour, weight, edge)


def hilbert_order(xy: F64) -> I32:
    """Sort points (n, 2) along a Hilbert curve, as indices; equal keys keep their order."""
    if not len(xy):
        return np.empty(0, np.int32)
    from planner.network.kernels import graph as kernels

    low = xy.min(axis=0)
    extent = float((xy.max(axis=0) - low).max())
    keys = np.empty(len(xy), np.uint32)
    scale = 65535.0 / extent if extent > 0 and np.isfinite(65535.0 / extent) else 0.0
    kernels.hilbert_keys(xy, float(low[0]), float(low[1]), scale, keys)
    return np.argsort(keys, kind="stable").astype(np.int32)
