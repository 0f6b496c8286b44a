"""The same streets for somebody whom some of them stop, and others cost more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planner.arrays import I32, Bool
from planner.errors import InputError
from planner.network.inputs import per_edge, thousandths
from planner.network.positions import Positions
from planner.network.snapping import SegmentIndex, snap
from planner.network.walk_network import WalkNetwork

if TYPE_CHECKING:
    from planner.network.barriers import Barriers

__all__ = ["HinderedNetwork"]


@dataclass(frozen=True, eq=False)
class HinderedNetwork:
    """A network of which some edges are shut and the metres of others count more than once.

    Edges keep their numbers. A shut edge stays, but joins no other and nobody joins it. A place at
    its end, where an open edge that one may join ends too, is as near to that one.

    Parameters
    ----------
    base
        The streets as everyone walks them.
    network
        The same with the costs; its lengths are metres that count.
    shut
        (E,) bool.

    Examples
    --------
    Two ways round a block, the short one over steps:

    >>> net = WalkNetwork.from_edges([(0, 0), (50, 0), (0, 60)], [(0, 1), (0, 2), (2, 1)])
    >>> hindered = HinderedNetwork.of(net, [True, False, False], [1.0, 1.0, 2.0])
    >>> home, clinic = net.at_nodes([2]), net.at_nodes([1])
    >>> round(float(net.nearest(clinic, home).distance_m[0]), 1)
    78.1
    >>> hindered.network.edge_length_mm.tolist()
    [50000, 60000, 156204]
    """

    base: WalkNetwork
    network: WalkNetwork
    shut: Bool

    @classmethod
    def of(cls, base: WalkNetwork, shut: npt.ArrayLike, factor: npt.ArrayLike) -> HinderedNetwork:
        """Make the network.

        Parameters
        ----------
        base
            A network that measures in metres.
        shut
            (E,) bool, edges that one does not get along.
        factor
            (E,) how often each metre counts, 1 or more.

        Raises
        ------
        InputError
            ``network.bad_shape``, ``network.bad_length`` where a factor is below 1 or none,
            ``network.too_long``.
        """
        count = len(base.edge_uv)
        stopped = per_edge(shut, "shut", np.bool_, count)
        times = per_edge(factor, "factor", np.float64, count)
        wrong = ~(np.isfinite(times) & (times >= 1))
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise InputError("network.bad_length", name="factor", row=row, value=float(times[row]))
        length = thousandths(base.edge_length_mm / 1000 * times, "length_m")
        edges = np.flatnonzero(stopped)
        uv = base.edge_uv.copy()
        first = len(base.node_xy)
        # a shut edge gets two ends of its own
        uv[edges] = first + np.arange(2 * len(edges), dtype=np.int32).reshape(-1, 2)
        nodes = np.concatenate([base.node_xy, base.node_xy[base.edge_uv[edges]].reshape(-1, 2)])
        network = WalkNetwork(
            nodes, uv, length, base.joinable & ~stopped, base.coords, base.coord_start
        )
        return cls(base, network, stopped)

    @cached_property
    def _open(self) -> SegmentIndex:
        return SegmentIndex.build(
            self.network.coords, self.network.coord_start, self.network.joinable
        )

    def on_network(
        self,
        positions: Positions,
        *,
        rejoin_m: float | None = None,
        barriers: Barriers | None = None,
    ) -> Positions:
        """Give places of the base network as places of this one.

        A place where a shut edge meets an open one is on the open one, by the same straight leg.

        Parameters
        ----------
        positions
            On the base network.
        rejoin_m
            Another place on a shut edge joins the nearest edge that is open, by a straight leg no
            longer than this that crosses no barrier; None: it becomes unknown.
        barriers
            What legs must not cross.
        """
        positions = self._where_open(positions)
        before, after = self.base.edge_length_mm, self.network.edge_length_mm
        edge = positions.edge
        at = np.maximum(edge, 0)
        part = positions.offset_mm / np.maximum(before[at], 1)
        offset = np.minimum(np.rint(part * after[at]), after[at]).astype(np.int32)
        known = positions.known & ~self.shut[at]
        moved = Positions(
            np.where(known, edge, -1).astype(np.int32),
            np.where(known, offset, 0).astype(np.int32),
            np.where(known, positions.access_mm, 0).astype(np.int32),
            positions.xy,
            np.where(known[:, None], positions.join_xy, np.nan),
        )
        lost = np.flatnonzero(positions.known & ~known)
        if rejoin_m is None or not lost.size:
            return moved
        found = snap(self._open, after, positions.xy[lost], rejoin_m, barriers)
        edge, offset, access, join = (
            np.array(getattr(moved, name)) for name in ("edge", "offset_mm", "access_mm", "join_xy")
        )
        edge[lost], offset[lost], access[lost] = found.edge, found.offset_mm, found.access_mm
        join[lost] = found.join_xy
        return Positions(edge, offset, access, positions.xy, join)

    def _where_open(self, positions: Positions) -> Positions:
        """Return places on the base network, those where a shut edge meets an open one on that.

        Which of the edges that meet at a point a place on it was given does not matter as everyone
        walks; here it does. A bridge's deck, above the place, is not taken for the shut stairs to
        it: nobody joins it from beside.
        """
        uv, length = self.base.edge_uv, self.base.edge_length_mm
        at = np.maximum(positions.edge, 0)
        at_start, at_end = positions.offset_mm == 0, positions.offset_mm == length[at]
        stopped = positions.known & self.shut[at] & (at_start | at_end)
        if not stopped.any():
            return positions
        node = np.where(at_start, uv[at, 0], uv[at, 1])
        meeting = self._open_at_nodes[node]
        moved = stopped & (meeting >= 0)
        instead = np.maximum(meeting, 0)
        offset = np.where(uv[instead, 0] == node, 0, length[instead])
        return Positions(
            np.where(moved, instead, positions.edge).astype(np.int32),
            np.where(moved, offset, positions.offset_mm).astype(np.int32),
            positions.access_mm,
            positions.xy,
            positions.join_xy,
        )

    @cached_property
    def _open_at_nodes(self) -> I32:
        """The first open edge at each node of the base network that one may join, −1 for none."""
        found = np.full(len(self.base.node_xy), -1, dtype=np.int32)
        last_first = np.flatnonzero(self.network.joinable)[::-1].astype(np.int32)
        for end in (1, 0):
            found[self.base.edge_uv[last_first, end]] = last_first
        return found
