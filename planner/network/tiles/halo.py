"""Which streets can matter to places of which one knows how far they may walk.

A network's costs are whoever made it's: seconds, or lengths that are shorter than the straight line
between the ends of a street. So straight lines alone bound nothing, and this is what does:

Take any speed `v`, in metres of straight line for a unit of cost. A street whose ends lie `d`
metres apart and which costs `c` has the *excess* ``max(0, d - v c)``: so ``d <= v c + excess``.
Walk from a node over streets of together at most `C`, no street twice, since a shortest way need
not. Added up, its end is no farther than ``v C`` and the excesses of these streets from its
beginning.

Let a box hold all that lies within ``v C + more`` of the beginnings, and let the excesses of all
streets with an end in the box add up to no more than `more`. Then the walk never leaves the box: as
long as its nodes lie in it, the street to the next node has an end in it, and the excesses of all
streets so far are among those added up, so that the next node lies in the box too. So a box is
widened until that holds. It does at the latest where `more` is the excess of all streets there are.

The streets with an end in the box then hold every such walk. They are a part of the network, so
that no way among them is shorter than the network's own: distances up to `C` are the same.
"""

from __future__ import annotations

import numpy as np

from planner.arrays import F64, I32, I64
from planner.network.boxes import BoxTree
from planner.network.streets import Streets

__all__ = ["EdgeEnds", "Halo"]


_SHARES = (1.0, 0.9999, 0.999, 0.99, 0.9, 0.5)
"""Speeds that are tried: so large a share of the streets do not exceed them."""

_SLOWER = 0.9
"""Part of the last speed that the next one to be tried has at most."""

_SQUARES, _WIDEST = 4, 4
"""On so many squares they are tried, which are as wide as so many limits at most."""


class EdgeEnds:
    """Where the edges of a network end, to be found by a box; never changed once made.

    Parameters
    ----------
    net
        The streets.
    """

    def __init__(self, net: Streets) -> None:
        self.net = net
        ends = net.node_xy[net.edge_uv]
        with np.errstate(over="ignore"):
            self.straight = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
        self.tree = BoxTree.build(ends.reshape(-1, 4))

    def within(self, low: F64, high: F64) -> I32:
        """Return the edges with an end in a box, ascending."""
        from planner.network.kernels import pieces as kernels

        tree = kernels.Tree(self.tree.order, self.tree.boxes, self.tree.level)
        box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        stack, room = np.empty((96, 2), np.int32), np.empty(1024, np.int32)
        leaves, count = kernels.boxes_near(tree, box, 0.0, stack, room)
        # a leaf has four edges, of which some may be elsewhere
        rows = (4 * leaves[:count, None] + np.arange(4, dtype=np.int32)).reshape(-1)
        edges = np.sort(self.tree.order[rows[rows < len(self.tree.order)]])
        ends = self.net.node_xy[self.net.edge_uv[edges]]
        inside: I32 = edges[((ends >= low) & (ends <= high)).all(axis=2).any(axis=1)]
        return inside


class Halo:
    """Streets around places, by how much one may spend from there.

    Parameters
    ----------
    ends
        Where the edges end.
    limit
        The most that is spent from any place, in whole thousandths of the network's unit.
    size_m
        How wide the places lie that are asked for together, by which a good speed is chosen. Any is
        right.
    """

    def __init__(self, ends: EdgeEnds, limit: int, size_m: float) -> None:
        self._ends = ends
        self._limit = limit
        self._choose(size_m)

    def edges(self, nodes: I32, left: I64) -> I32:
        """Return the edges of all ways from nodes that cost at most what is left at each.

        Parameters
        ----------
        nodes
            (n,) int32, where ways begin.
        left
            (n,) int64, how much may be spent from there, not negative.

        Returns
        -------
        ndarray
            (m,) int32, ascending; others besides.
        """
        if not len(nodes):
            return np.empty(0, np.int32)
        xy, wide = self._ends.net.node_xy[nodes], (self._speed * left)[:, None]
        return self._widened((xy - wide).min(axis=0), (xy + wide).max(axis=0))

    def _choose(self, size_m: float) -> None:
        """Take the speed with which the fewest edges lie around a few squares.

        A high one makes the halo wide by itself, a low one by the streets that exceed it.
        """
        net, tree = self._ends.net, self._ends.tree
        told = (net.edge_cost > 0) & np.isfinite(self._ends.straight)
        ratio = self._ends.straight[told] / net.edge_cost[told]
        speeds = np.quantile(ratio, _SHARES, method="lower") if len(ratio) else np.zeros(1)
        # evenly along the curve that the tree follows: where streets are dense there are more
        at = np.linspace(0, len(tree.order) - 1, _SQUARES + 2)[1:-1].astype(np.int64)
        middle = net.node_xy[net.edge_uv[tree.order[at], 0]]
        best, fewest, last = 0.0, np.inf, np.inf
        for speed in speeds:
            if speed > _SLOWER * last:
                continue
            last = speed
            self._set(float(speed))
            far = float(speed * self._limit)
            wide = far + min(size_m, _WIDEST * far) / 2
            count = 0
            for xy in middle:
                count += len(self._widened(xy - wide, xy + wide, fewest - count))
            if count < fewest:
                best, fewest = float(speed), count
        self._set(best)

    def _set(self, speed: float) -> None:
        net = self._ends.net
        self._speed = speed
        self._excess = np.maximum(self._ends.straight - speed * net.edge_cost, 0.0)
        # sums of floats are right to a part of the largest: far more than that is always added
        largest = float(np.abs(net.node_xy).max())
        self._slack = 1.0 + 1e-6 * speed * self._limit + 1e-9 * largest

    def _widened(self, low: F64, high: F64, enough: float = np.inf) -> I32:
        """Return the edges with an end in a box, widened until nobody walks out of it.

        Where there are more than enough, it is widened no further.
        """
        more = self._slack
        while True:
            edges = self._ends.within(low - more, high + more)
            needed = float(self._excess[edges].sum()) * (1 + 1e-6) + self._slack
            if needed <= more or len(edges) > enough:
                return edges
            # twice as wide at the least, so that few steps lead to any width
            more = max(needed, 2 * more)
