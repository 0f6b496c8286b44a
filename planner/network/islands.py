"""Small pieces of street that join no other, and places joined past them to the streets around.

A platform, a pier or a private stub that is mapped for itself would catch the home or the facility
that stands beside it, and from there nobody walks on. Routers prune such pieces: R5 those of fewer
than 40 vertices, GraphHopper those of fewer than 200 edges. Vertices and edges say more of how a
street is drawn than of how long it is; with some fifty metres between junctions the two are two
and ten kilometres, and the lower is taken here as :data:`ISLAND_M`.

Nothing is removed. A place joins a piece that is no island wherever a straight leg reaches one
without crossing a barrier, and an island where none does: a walled compound keeps its own streets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, Bool
from planner.errors import InputError
from planner.network.positions import Positions
from planner.network.snapping import SegmentIndex, snap

if TYPE_CHECKING:
    from planner.network.barriers import Barriers
    from planner.network.walk_network import WalkNetwork

__all__ = ["ISLAND_M", "Islands", "island_edges"]

ISLAND_M = 2000.0
"""Street length below which a piece that joins no other is an island, metres."""

MAIN_SHARE = 0.1
"""An island is also shorter than this share of the longest piece: a hamlet of two streets has none.
"""


@dataclass(frozen=True, eq=False)
class Islands:
    """The small loose pieces of a network.

    Parameters
    ----------
    network
        The streets.
    edge
        (E,) bool, whether each edge lies on an island.
    piece_m
        (E,) float64, street length of the piece that each edge belongs to, metres.
    main, rest
        The joinable segments off the islands and on them.

    Examples
    --------
    A street of 4 km, and beside a home a platform that hangs on nothing:

    >>> from planner.network import WalkNetwork
    >>> net = WalkNetwork.from_edges([(0, 0), (4000, 0), (50, 8), (60, 8)], [(0, 1), (2, 3)])
    >>> islands = Islands.of(net)
    >>> islands.edge.tolist(), islands.snap([(55, 10)]).edge.tolist(), net.snap([(55, 10)]).edge[0]
    ([False, True], [0], np.int32(1))
    """

    network: WalkNetwork
    edge: Bool
    piece_m: F64
    main: SegmentIndex
    rest: SegmentIndex | None

    @classmethod
    def of(cls, network: WalkNetwork, island_m: float = ISLAND_M) -> Islands:
        """Find the islands of a network.

        Parameters
        ----------
        network
            The streets.
        island_m
            Street length below which a loose piece is an island, metres; 0: there are none.

        Raises
        ------
        InputError
            ``network.bad_limit`` where the length is negative or no number.
        """
        edge, piece_m = island_edges(network, island_m)
        if not (edge & network.joinable).any():
            return cls(network, edge, piece_m, network.segments, None)
        main, rest = (
            SegmentIndex.build(network.coords, network.coord_start, network.joinable & side)
            for side in (~edge, edge)
        )
        return cls(network, edge, piece_m, main, rest)

    def snap(
        self, xy: npt.ArrayLike, *, max_access_m: float = 250.0, barriers: Barriers | None = None
    ) -> Positions:
        """Join points to the nearest street off the islands, and only else to an island.

        Parameters and errors as of :meth:`WalkNetwork.snap`, which is the same without islands.
        """
        length = self.network.edge_length_mm
        found = snap(self.main, length, xy, max_access_m, barriers)
        lost = np.flatnonzero(~found.known)
        if self.rest is None or not lost.size:
            return found
        stranded = snap(self.rest, length, found.xy[lost], max_access_m, barriers)
        for name in ("edge", "offset_mm", "access_mm", "join_xy"):
            getattr(found, name)[lost] = getattr(stranded, name)
        return found

    def passed(
        self, positions: Positions, *, max_access_m: float = 250.0, barriers: Barriers | None = None
    ) -> Positions:
        """Where places off the islands would have joined, had a nearer island caught them.

        Parameters
        ----------
        positions
            n positions that :meth:`snap` gave under the same limit and barriers.

        Returns
        -------
        Positions
            n positions on islands, unknown for places that the rule did not move.
        """
        if self.rest is None:
            return _none(positions)
        near = snap(self.rest, self.network.edge_length_mm, positions.xy, max_access_m, barriers)
        moved = near.known & positions.known & ~self.edge[positions.edge]
        moved &= near.access_mm < positions.access_mm
        near.edge[~moved] = -1
        near.join_xy[~moved] = np.nan
        near.offset_mm[~moved] = near.access_mm[~moved] = 0
        return near

    def on_island(self, positions: Positions) -> Bool:
        """(n,) bool, whether each position lies on an island."""
        return np.asarray(positions.known & self.edge[positions.edge])


def island_edges(network: WalkNetwork, island_m: float = ISLAND_M) -> tuple[Bool, F64]:
    """(E,) bool, whether each edge lies on an island, and the street length of its piece, metres.

    Raises
    ------
    InputError
        ``network.bad_limit`` where the length is negative or no number.
    """
    if not (np.isfinite(island_m) and island_m >= 0):
        raise InputError("network.bad_limit", name="island_m", value=island_m)
    piece = network.component[network.edge_uv[:, 0]]
    metres = np.bincount(piece, network.edge_length_mm / 1000.0).astype(np.float64)
    small = metres < min(island_m, MAIN_SHARE * metres.max())
    return np.asarray(small[piece]), metres[piece]


def _none(positions: Positions) -> Positions:
    """Return the same places joined to nothing."""
    n = len(positions)
    nought = np.zeros(n, np.int32)
    return Positions(
        np.full(n, -1, np.int32), nought, nought, positions.xy, np.full((n, 2), np.nan)
    )
