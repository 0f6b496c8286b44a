"""The connected pieces of a district's streets, and who joins which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.arrays import F64, I64, Bool
from planner.network import Positions

if TYPE_CHECKING:
    from planner.analysis.distances.reach import Reach
    from planner.analysis.distances.streets import Streets


@dataclass(frozen=True, eq=False)
class Pieces:
    """The p connected pieces of the streets that are walked on, scenarios' links included.

    Parameters
    ----------
    streets
        The streets.
    of_edge
        (E,) int64, piece of each edge of ``streets.network``.
    metres
        (p,) float64, street length of each piece.
    main
        The longest piece.
    cut
        (p,) bool, whether a street of the piece runs on beyond the data, so that it may join others
        there; never said of the longest.
    """

    streets: Streets
    of_edge: I64
    metres: F64
    main: int
    cut: Bool

    @classmethod
    def of(cls, reach: Reach) -> Pieces:
        """Find the pieces."""
        streets, layer = reach.streets, reach.district.streets
        network, ground = streets.network, streets.ground
        of_edge = network.component[network.edge_uv[:, 0]].astype(np.int64)
        metres = np.bincount(of_edge, network.edge_length_mm / 1000).astype(np.float64)
        main = int(metres.argmax())
        runs_on = layer["cut"].to_numpy(dtype=bool)[~layer["link"].to_numpy(dtype=bool)]
        cut = np.zeros(len(metres), np.bool_)
        # links keep the numbers of the nodes on the ground
        cut[network.component[ground.edge_uv[runs_on, 0]]] = True
        cut[main] = False
        return cls(streets, of_edge, metres, main, cut)

    def joined_by(self, positions: Positions) -> I64:
        """(n,) int64, piece that each position on the ground joins, −1 none."""
        edge = self.streets.on_network(positions).edge
        return np.where(edge >= 0, self.of_edge[edge], -1)

    def is_cut(self, piece: I64) -> Bool:
        """(n,) bool, whether each of some pieces is cut off at the edge; −1 is none."""
        return np.asarray((piece >= 0) & self.cut[piece])
