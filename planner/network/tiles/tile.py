"""One tile of a network, with all that its places can reach, to be asked by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I32
from planner.network import distances
from planner.network.positions import Positions
from planner.network.streets import Streets
from planner.network.walk_network import WalkNetwork

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Tile", "on_edges", "part_of"]


@dataclass(frozen=True, eq=False)
class Tile:
    """Targets of one tile, the streets that they can reach within a limit, the sources on these.

    Made by :meth:`~planner.network.tiles.tiled_network.TiledNetwork.tiles`. Tiles know nothing of
    each other and can be pickled, so that other processes or machines may ask them.

    Parameters
    ----------
    network
        The streets around.
    sources, targets
        Positions on them.
    source
        (s,) int32, ascending, which sources of the whole these are.
    target
        (t,) int32, ascending, which targets of the whole these are.
    at_node
        (t,) int32, nodes of this network, where the targets are nodes; else None.
    limit
        Longest distance of interest, in whole millimetres or milliseconds.
    """

    network: WalkNetwork
    sources: Positions
    targets: Positions
    source: I32
    target: I32
    at_node: I32 | None
    limit: int

    def nearest(self) -> distances.Nearest:
        """Answer :meth:`WalkNetwork.nearest` for these targets, with sources of the whole."""
        aims = self.targets if self.at_node is None else None
        return self._of_whole(distances.nearest(self.network, self.sources, aims, self.limit))

    def k_nearest(self, k: int) -> distances.Nearest:
        """Answer :meth:`WalkNetwork.k_nearest` for these targets, with sources of the whole."""
        aims = self.targets if self.at_node is None else None
        return self._of_whole(distances.k_nearest(self.network, self.sources, aims, k, self.limit))

    def count_within(self, weights: npt.ArrayLike | None = None) -> F64:
        """Answer :meth:`WalkNetwork.count_within` for these targets.

        Parameters
        ----------
        weights
            What each source of the whole counts.
        """
        each = None if weights is None else np.asarray(weights, np.float64)[self.source]
        return distances.count_within(self.network, self.sources, self.targets, self.limit, each)

    def matrix(self) -> csr_array:
        """Answer :meth:`WalkNetwork.matrix` for these sources and targets, in their order here."""
        return distances.matrix(self.network, self.sources, self.targets, self.limit)

    def _of_whole(self, found: distances.Nearest) -> distances.Nearest:
        value, source = found.value, found.source
        if self.at_node is not None:
            value, source = value[self.at_node], source[self.at_node]
        return distances.Nearest(
            value, np.where(source >= 0, self.source[source], np.int32(-1)), found.unit
        )


def part_of(net: Streets, edges: I32) -> tuple[WalkNetwork, I32]:
    """Return the network of some edges, ascending, and which nodes of the whole its nodes are.

    Edges and nodes keep their order.
    """
    nodes, uv = np.unique(net.edge_uv[edges], return_inverse=True)
    first, count = net.coord_start[edges], np.diff(net.coord_start)[edges]
    start = np.zeros(len(edges) + 1, np.int32)
    start[1:] = np.cumsum(count)
    along = np.repeat(first - start[:-1], count) + np.arange(start[-1])
    part = WalkNetwork(
        net.node_xy[nodes],
        uv.reshape(-1, 2).astype(np.int32),
        net.edge_length_mm[edges],
        net.joinable[edges],
        net.coords[along],
        start,
    )
    part.edge_cost, part.unit = net.edge_cost[edges], net.unit
    part.access_speed_m_s = net.access_speed_m_s
    return part, nodes


def on_edges(positions: Positions, edges: I32) -> Positions:
    """Return places on some edges, ascending, as places on the network of these."""
    return Positions(
        np.searchsorted(edges, positions.edge).astype(np.int32),
        positions.offset_mm,
        positions.access_mm,
        positions.xy,
        positions.join_xy,
    )
