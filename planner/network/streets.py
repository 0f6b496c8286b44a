"""Streets as arrays: what is built of them once, and places on them.

Inner arrays
------------
Algorithms work on :attr:`Streets.graph`, a :class:`~planner.network.graph.StreetGraph`. Its
nodes are renumbered along a Hilbert curve (``graph.rank[public] == inner``,
``graph.order[inner] == public``); edges keep their public numbers everywhere. ``graph.indptr``,
``graph.neighbour``, ``graph.weight``, ``graph.edge`` are the CSR adjacency (int32; loops left out,
parallel edges reduced to the cheapest), ``graph.ends`` and ``graph.cost`` the inner end nodes and
cost of every edge. A position's cost from its edge's first end is its offset, from the second end
``cost - offset``; :meth:`Streets.legs` gives both offset and access leg in the network's unit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import numpy as np
import numpy.typing as npt
import shapely

from planner.arrays import F64, I32, Bool, Objects
from planner.errors import InputError
from planner.network.graph import StreetGraph
from planner.network.hierarchy import Hierarchy
from planner.network.inputs import MAX_MM, check_range
from planner.network.positions import Positions
from planner.network.snapping import SegmentIndex, snap

if TYPE_CHECKING:
    from planner.network.barriers import Barriers

__all__ = ["Streets"]

Unit = Literal["m", "s"]
_Built = TypeVar("_Built")

_ASKED_OFTEN = 5


class Streets:
    """Streets as edges between nodes, never changed once made, and places on them.

    Attributes
    ----------
    node_xy
        (N, 2) float64, in a projected CRS in metres.
    edge_uv
        (E, 2) int32, first and second node of each edge.
    edge_length_mm
        (E,) int32.
    joinable
        (E,) bool, whether points may join the edge; false for bridges and tunnels.
    coords, coord_start
        (C, 2) float64 and (E + 1,) int32: the polyline of edge ``e``, from its first node to its
        second, is ``coords[coord_start[e]:coord_start[e + 1]]``.
    edge_cost
        (E,) int32, what walking an edge costs: its millimetres, or milliseconds after
        :meth:`~planner.network.walk_network.WalkNetwork.with_weights`.
    unit
        ``"m"`` or ``"s"``: in what distances and limits are told.
    access_speed_m_s
        Speed on access legs, where the unit is ``"s"``.
    """

    def __init__(
        self,
        node_xy: F64,
        edge_uv: I32,
        edge_length_mm: I32,
        joinable: Bool,
        coords: F64,
        coord_start: I32,
    ) -> None:
        self.node_xy = node_xy
        self.edge_uv = edge_uv
        self.edge_length_mm = edge_length_mm
        self.joinable = joinable
        self.coords = coords
        self.coord_start = coord_start
        self.edge_cost = edge_length_mm
        self.unit: Unit = "m"
        self.access_speed_m_s = np.nan
        self._asked = 0
        self._built: dict[str, Any] = {}
        self._building = threading.RLock()

    def __getstate__(self) -> dict[str, Any]:
        """Pack the streets without what is derived from them: others derive it themselves."""
        derived = {"_asked", "_built", "_building"}
        return {name: value for name, value in vars(self).items() if name not in derived}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Unpack them."""
        vars(self).update(state, _asked=0, _built={}, _building=threading.RLock())

    # ------------------------------------------------------------------ what is derived from it

    def _once(self, name: str, build: Callable[[], _Built]) -> _Built:
        """Build a derived structure when it is first needed, once for all threads."""
        if name not in self._built:
            with self._building:
                if name not in self._built:
                    self._built[name] = build()
        return cast("_Built", self._built[name])

    @property
    def graph(self) -> StreetGraph:
        """The routing graph; see the module's docstring."""
        return self._once(
            "graph", lambda: StreetGraph.build(self.node_xy, self.edge_uv, self.edge_cost)
        )

    def prepare(self) -> None:
        """Get ready for repeated questions: about ten times faster answers for one short wait.

        Happens by itself when a network is asked for the fifth time. Answers stay the same.
        """
        self._once("hierarchy", lambda: Hierarchy.build(self.graph))
        self._once("places", self._place_in_hierarchy)

    def hierarchy_if_worthwhile(self) -> Hierarchy | None:
        """Count a question, and give the hierarchy from the fifth on."""
        self._asked += 1
        if self._asked < _ASKED_OFTEN and "places" not in self._built:
            return None
        self.prepare()
        return cast("Hierarchy", self._built["hierarchy"])

    def hierarchy_places(self) -> tuple[I32, I32]:
        """Places in the hierarchy's order of (N,) public nodes and of (E, 2) ends of edges."""
        self.prepare()
        return cast("tuple[I32, I32]", self._built["places"])

    def _place_in_hierarchy(self) -> tuple[I32, I32]:
        position = cast("Hierarchy", self._built["hierarchy"]).position
        return position[self.graph.rank], position[self.graph.ends]

    @property
    def segments(self) -> SegmentIndex:
        """The joinable segments that :meth:`snap` searches."""
        return self._once(
            "segments", lambda: SegmentIndex.build(self.coords, self.coord_start, self.joinable)
        )

    @property
    def component(self) -> I32:
        """(N,) int32, connected component of each node, numbered by their lowest nodes."""
        return self._once("component", self._label_components)

    def _label_components(self) -> I32:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        n = len(self.node_xy)
        links = coo_array((np.ones(len(self.edge_uv), np.int8), tuple(self.edge_uv.T)), (n, n))
        return np.asarray(connected_components(links, directed=False)[1], np.int32)

    def lines(self) -> Objects:
        """(E,) shapely LineStrings of the edges."""
        return np.asarray(
            shapely.linestrings(
                self.coords,
                indices=np.repeat(np.arange(len(self.edge_uv)), np.diff(self.coord_start)),
            )
        )

    # ------------------------------------------------------------------ places on it

    def snap(
        self,
        xy: npt.ArrayLike,
        *,
        max_access_m: float = 250.0,
        barriers: Barriers | None = None,
    ) -> Positions:
        """Join points to the nearest place on a joinable edge that a straight leg can reach.

        The streets are tried segment by segment, nearest first; the first whose leg crosses no
        barrier is taken, of equally near ones the lowest edge. A leg may cross a barrier within
        reach of a gate. Standing on a barrier, walking along it, and joining a street that runs
        along it or comes to it from the same side are not crossings (within a millimetre).

        Parameters
        ----------
        xy
            (n, 2) coordinates in the network's CRS.
        max_access_m
            Longest access leg, inclusive. Beyond it a point's position is unknown (edge −1).
        barriers
            What legs must not cross.

        Raises
        ------
        InputError
            ``network.bad_shape``, ``network.not_finite``, ``network.bad_limit``.

        Examples
        --------
        >>> from planner.network import WalkNetwork
        >>> net = WalkNetwork.from_edges([(0, 0), (100, 0)], [(0, 1)])
        >>> at = net.snap([(30, 4), (30, 400)])
        >>> at.edge.tolist(), at.offset_mm.tolist(), at.access_mm.tolist()
        ([0, -1], [30000, 0], [4000, 0])
        """
        return snap(self.segments, self.edge_length_mm, xy, max_access_m, barriers)

    def at_nodes(self, nodes: npt.ArrayLike | None = None) -> Positions:
        """Positions exactly at nodes (all by default), without access legs.

        A node is reached over its lowest edge; a node without edges is unknown.

        Parameters
        ----------
        nodes
            (n,) public node numbers.

        Raises
        ------
        InputError
            ``network.id_range``.
        """
        n = len(self.node_xy)
        chosen = np.arange(n) if nodes is None else np.atleast_1d(np.asarray(nodes, np.int64))
        check_range(chosen, n, "nodes")
        edge = np.full(n, -1, np.int32)
        count = len(self.edge_uv)
        edge[self.edge_uv[::-1].reshape(-1)] = np.repeat(np.arange(count - 1, -1, -1), 2)
        edge = edge[chosen]
        second = (edge >= 0) & (self.edge_uv[edge, 0] != chosen)
        offset = np.where(second, self.edge_length_mm[edge], 0)
        xy = self.node_xy[chosen]
        join = np.where((edge >= 0)[:, None], xy, np.nan)
        return Positions(edge, offset, np.zeros(len(chosen), np.int32), xy, join)

    def legs(self, positions: Positions) -> tuple[I32, I32]:
        """Cost of positions from their edges' first ends, and of their access legs.

        Parameters
        ----------
        positions
            n positions on this network.

        Returns
        -------
        tuple
            Two (n,) int32 arrays in the network's unit: millimetres or milliseconds.

        Raises
        ------
        InputError
            ``network.id_range`` where an edge does not exist, ``network.offset_range`` where an
            offset lies beyond its edge.
        """
        from planner.network.kernels.graph import first_misplaced

        edge, offset, access = positions.edge, positions.offset_mm, positions.access_mm
        row = first_misplaced(edge, offset, self.edge_length_mm)
        if row >= 0:
            check_range(edge, len(self.edge_uv), "edge", low=-1)
            raise InputError("network.offset_range", row=row)
        if self.unit == "m" or not len(edge):
            return offset, access
        length = self.edge_length_mm[edge]
        part = np.where(edge >= 0, offset / np.maximum(length, 1), 0.0)
        seconds = np.rint(access / self.access_speed_m_s)
        return (
            np.rint(part * self.edge_cost[edge]).astype(np.int32),
            np.minimum(seconds, MAX_MM).astype(np.int32),
        )
