"""A street network for walking, exact in integer millimetres.

A place is a position on an edge (:class:`Positions`), not a node, and a distance is::

    access leg + walk along edges + access leg

with every term a whole number of millimetres, so that "within 500 m" has one answer, the same
in both directions. Streets are walked both ways; directed edges are not supported.

Inner arrays
------------
Algorithms work on :attr:`WalkNetwork.graph`, a :class:`~planner.network.graph.StreetGraph`. Its
nodes are renumbered along a Hilbert curve (``graph.rank[public] == inner``,
``graph.order[inner] == public``); edges keep their public numbers everywhere. ``graph.indptr``,
``graph.neighbour``, ``graph.weight``, ``graph.edge`` are the CSR adjacency (int32; loops left out,
parallel edges reduced to the cheapest), ``graph.ends`` and ``graph.cost`` the inner end nodes and
cost of every edge. A position's cost from its edge's first end is its offset, from the second end
``cost - offset``; :meth:`WalkNetwork.legs` gives both offset and access leg in the network's unit.

Networks do not change after they are made and may be shared between threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import numpy as np
import numpy.typing as npt
import shapely

from planner.arrays import F64, I32, Bool, Objects
from planner.errors import InputError
from planner.network import distances
from planner.network.graph import StreetGraph
from planner.network.hierarchy import Hierarchy
from planner.network.inputs import (
    MAX_MM,
    along_edges,
    check_range,
    edge_ends,
    merge_places,
    per_edge,
    points,
    polylines,
    thousandths,
)
from planner.network.positions import Positions
from planner.network.snapping import SegmentIndex, snap

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from planner.network.areas import ServiceAreas
    from planner.network.barriers import Barriers

__all__ = ["MAX_MM", "WalkNetwork"]

Unit = Literal["m", "s"]
_Built = TypeVar("_Built")

_ASKED_OFTEN = 5


class WalkNetwork:
    """Streets as edges between nodes; made by :meth:`from_edges` or :meth:`from_lines`.

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
        :meth:`with_weights`.
    unit
        ``"m"`` or ``"s"``: in what distances and limits are told.
    access_speed_m_s
        Speed on access legs, where the unit is ``"s"``.

    Examples
    --------
    A crossroads of two streets, a home beside one and a clinic on the other:

    >>> net = WalkNetwork.from_edges([(0, 0), (100, 0), (0, 100)], [(0, 1), (0, 2)])
    >>> home, clinic = net.snap([(40, 10)]), net.snap([(0, 30)])
    >>> net.nearest(clinic, home).distance_m
    array([80.])
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

    # ------------------------------------------------------------------ making one

    @classmethod
    def from_edges(
        cls,
        node_xy: npt.ArrayLike,
        edge_uv: npt.ArrayLike,
        length_m: npt.ArrayLike | None = None,
        *,
        geometry: Sequence[shapely.LineString] | Objects | None = None,
        joinable: npt.ArrayLike | None = None,
        directed: bool = False,
    ) -> WalkNetwork:
        """Make a network from numbered nodes and edges.

        Parameters
        ----------
        node_xy
            (N, 2) coordinates in metres.
        edge_uv
            (E, 2) integer node numbers. Loops and parallel edges are fine.
        length_m
            (E,) metres; zero is fine. None takes the length of the geometry.
        geometry
            (E,) LineStrings between the edges' nodes, in either direction. None: straight lines.
        joinable
            (E,) bool, default all true.
        directed
            Not supported: every edge is walked both ways.

        Raises
        ------
        InputError
            ``network.no_edges``, ``network.bad_shape``, ``network.not_finite``,
            ``network.id_range``, ``network.bad_length``, ``network.too_long``,
            ``network.geometry_type``, ``network.geometry_ends``, ``network.directed``.
        """
        if directed:
            raise InputError("network.directed")
        nodes = points(node_xy, "node_xy")
        uv = edge_ends(edge_uv, len(nodes))
        if geometry is None:
            coords = nodes[uv].reshape(-1, 2)
            start = np.arange(0, 2 * len(uv) + 1, 2, dtype=np.int32)
        else:
            if len(geometry) != len(uv):
                raise InputError(
                    "network.bad_shape",
                    name="geometry",
                    expected=f"({len(uv)},)",
                    found=(len(geometry),),
                )
            coords, start = along_edges(nodes, uv, *polylines(geometry))
        return cls._checked(nodes, uv, coords, start, length_m, joinable)

    @classmethod
    def from_lines(
        cls,
        lines: Sequence[shapely.LineString] | Objects,
        *,
        length_m: npt.ArrayLike | None = None,
        joinable: npt.ArrayLike | None = None,
    ) -> WalkNetwork:
        """Make a network from lines that join where their ends meet, within half a millimetre.

        Lines that cross elsewhere do not join, so that a bridge does not lead onto the street
        below it. The edges are the lines, in their order.

        Parameters
        ----------
        lines
            (E,) LineStrings in metres.
        length_m, joinable
            As in :meth:`from_edges`.

        Raises
        ------
        InputError
            As :meth:`from_edges`.

        Examples
        --------
        >>> import shapely
        >>> net = WalkNetwork.from_lines(shapely.linestrings([[(0, 0), (5, 0)], [(5, 0), (5, 7)]]))
        >>> net.edge_uv.tolist(), net.edge_length_mm.tolist()
        ([[0, 1], [1, 2]], [5000, 7000])
        """
        if not len(lines):
            raise InputError("network.no_edges")
        coords, start = polylines(lines)
        ends = np.stack([coords[start[:-1]], coords[start[1:] - 1]], axis=1).reshape(-1, 2)
        nodes, number = merge_places(ends)
        return cls._checked(nodes, number.reshape(-1, 2), coords, start, length_m, joinable)

    @classmethod
    def _checked(
        cls,
        nodes: F64,
        uv: I32,
        coords: F64,
        start: I32,
        length_m: npt.ArrayLike | None,
        joinable: npt.ArrayLike | None,
    ) -> WalkNetwork:
        if length_m is None:
            piece = np.hypot(*np.diff(coords, axis=0).T)
            piece[start[1:-1] - 1] = 0.0
            metres = np.add.reduceat(piece, start[:-1])
        else:
            metres = per_edge(length_m, "length_m", np.float64, len(uv))
        joins = (
            np.ones(len(uv), np.bool_)
            if joinable is None
            else per_edge(joinable, "joinable", np.bool_, len(uv))
        )
        return cls(nodes, uv, thousandths(metres, "length_m"), joins, coords, start)

    def with_weights(
        self, edge_seconds: npt.ArrayLike, *, access_speed_m_s: float = 1.2
    ) -> WalkNetwork:
        """Cost the same streets in seconds.

        Positions stay valid: part of an edge takes the same part of its time, and access legs
        take their length at ``access_speed_m_s``. Distances and limits are then in seconds
        (``time_s``, ``cutoff_s``), in whole milliseconds inside.

        Parameters
        ----------
        edge_seconds
            (E,) seconds to walk each edge, the same both ways; see :mod:`planner.network.weights`.
        access_speed_m_s
            Walking speed on access legs.

        Raises
        ------
        InputError
            ``network.bad_length``, ``network.too_long``, ``network.bad_speed``,
            ``network.bad_shape``.

        Examples
        --------
        >>> net = WalkNetwork.from_edges([(0, 0), (120, 0)], [(0, 1)])
        >>> slow = net.with_weights([150.0], access_speed_m_s=0.8)
        >>> slow.nearest(net.snap([(0, 8)]), net.snap([(60, 0)])).time_s
        array([85.])
        """
        if not (np.isfinite(access_speed_m_s) and access_speed_m_s > 0):
            raise InputError("network.bad_speed", value=access_speed_m_s)
        seconds = per_edge(edge_seconds, "edge_seconds", np.float64, len(self.edge_uv))
        timed = WalkNetwork(
            self.node_xy,
            self.edge_uv,
            self.edge_length_mm,
            self.joinable,
            self.coords,
            self.coord_start,
        )
        timed.edge_cost = thousandths(seconds, "edge_seconds")
        timed.unit = "s"
        timed.access_speed_m_s = float(access_speed_m_s)
        timed._built["segments"] = self.segments
        timed._built["graph"] = self.graph.with_cost(timed.edge_cost)
        return timed

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

    # ------------------------------------------------------------------ distances

    def nearest(
        self,
        sources: Positions,
        targets: Positions | None = None,
        *,
        cutoff_m: float = np.inf,
        cutoff_s: float = np.inf,
    ) -> distances.Nearest:
        """Distance from each target to its nearest source, and which source that is.

        Parameters
        ----------
        sources
            Facilities; those of unknown position reach nothing.
        targets
            Homes; None takes all nodes, without access legs.
        cutoff_m, cutoff_s
            Longest distance of interest, inclusive, in the network's unit.

        Returns
        -------
        Nearest
            ``distance_m`` (n,) float64: NaN where the target's position is unknown, inf where no
            source is within the cutoff; ``source`` (n,) int32: −1 where none, of equally near
            sources the lowest.

        Raises
        ------
        InputError
            ``network.bad_limit``, ``network.wrong_unit``, and those of :meth:`legs`.
        """
        limit = distances.limit_in(self, cutoff_m, cutoff_s)
        return distances.nearest(self, sources, targets, limit)

    def k_nearest(
        self,
        sources: Positions,
        targets: Positions | None,
        k: int,
        *,
        cutoff_m: float = np.inf,
        cutoff_s: float = np.inf,
    ) -> distances.Nearest:
        """Distances from each target to its k nearest sources, nearest first.

        Parameters
        ----------
        sources, targets, cutoff_m, cutoff_s
            As in :meth:`nearest`.
        k
            How many, at least 1.

        Returns
        -------
        Nearest
            Arrays (n, k); where fewer are within the cutoff, inf and −1 fill up.

        Raises
        ------
        InputError
            ``network.bad_count`` and those of :meth:`nearest`.
        """
        limit = distances.limit_in(self, cutoff_m, cutoff_s)
        return distances.k_nearest(self, sources, targets, k, limit)

    def count_within(
        self,
        sources: Positions,
        targets: Positions | None,
        limit_m: float = np.inf,
        *,
        limit_s: float = np.inf,
        weights: npt.ArrayLike | None = None,
    ) -> F64:
        """How many sources are within a limit of each target, or the sum of their weights.

        Parameters
        ----------
        sources, targets
            As in :meth:`nearest`.
        limit_m, limit_s
            The limit, inclusive, in the network's unit.
        weights
            (len(sources),) what each source counts, such as its capacity; default 1.

        Returns
        -------
        ndarray
            (n,) float64; NaN where the target's position is unknown.

        Raises
        ------
        InputError
            ``network.bad_shape`` and those of :meth:`nearest`.
        """
        limit = distances.limit_in(self, limit_m, limit_s, "limit")
        return distances.count_within(self, sources, targets, limit, weights)

    def matrix(
        self,
        sources: Positions,
        targets: Positions | None,
        cutoff_m: float = np.inf,
        *,
        cutoff_s: float = np.inf,
    ) -> csr_array:
        """All distances within a cutoff, as a sparse matrix grown from the smaller side.

        Parameters
        ----------
        sources, targets
            Rows and columns; None takes all nodes as columns.
        cutoff_m, cutoff_s
            Inclusive, in the network's unit.

        Returns
        -------
        scipy.sparse.csr_array
            (len(sources), len(targets)) float64, rows sorted. A distance of zero is stored as an
            explicit zero; what is not stored is beyond the cutoff, unreachable or unknown.

        Raises
        ------
        InputError
            Those of :meth:`nearest`.
        """
        limit = distances.limit_in(self, cutoff_m, cutoff_s)
        return distances.matrix(self, sources, targets, limit)

    def service_areas(
        self,
        sources: Positions,
        limits_m: npt.ArrayLike,
        *,
        barriers: Barriers | None = None,
        access_m: float = 40.0,
        polygons: bool = True,
    ) -> ServiceAreas:
        """Find the streets, and the ground beside them, within limits of each source by itself.

        :func:`planner.network.service_areas` documents the parameters and the answer.
        """
        from planner.network.areas import service_areas

        return service_areas(
            self, sources, limits_m, barriers=barriers, access_m=access_m, polygons=polygons
        )

    def path(self, start: Positions, end: Positions) -> distances.Path:
        """Find the shortest way between two positions, to be drawn.

        Parameters
        ----------
        start, end
            One position each.

        Returns
        -------
        Path
            Length, line from point to point with both access legs, and edges; length inf and an
            empty line where there is no way or a position is unknown.

        Raises
        ------
        InputError
            ``network.one_position`` and those of :meth:`legs`.

        Examples
        --------
        >>> net = WalkNetwork.from_edges([(0, 0), (100, 0), (0, 100)], [(0, 1), (0, 2)])
        >>> way = net.path(net.snap([(40, 10)]), net.snap([(0, 30)]))
        >>> way.value, way.xy.tolist()
        (80.0, [[40.0, 10.0], [40.0, 0.0], [0.0, 0.0], [0.0, 30.0]])
        """
        return distances.path(self, start, end)
