"""A street network for walking, exact in integer millimetres.

A place is a position on an edge (:class:`Positions`), not a node, and a distance is::

    access leg + walk along edges + access leg

with every term a whole number of millimetres, so that "within 500 m" has one answer, the same
in both directions. Streets are walked both ways; directed edges are not supported.

Networks do not change after they are made and may be shared between threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from planner.arrays import F64, I32, Objects
from planner.errors import InputError
from planner.network import distances
from planner.network.inputs import (
    MAX_MM,
    along_edges,
    edge_ends,
    per_edge,
    points,
    polylines,
    thousandths,
)
from planner.network.places import merge_places
from planner.network.positions import Positions
from planner.network.streets import Streets

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from planner.network.areas import ServiceAreas
    from planner.network.barriers import Barriers

__all__ = ["MAX_MM", "WalkNetwork"]


class WalkNetwork(Streets):
    """Streets as edges between nodes; made by :meth:`from_edges` or :meth:`from_lines`.

    Its arrays are those of :class:`~planner.network.streets.Streets`.

    Examples
    --------
    A crossroads of two streets, a home beside one and a clinic on the other:

    >>> net = WalkNetwork.from_edges([(0, 0), (100, 0), (0, 100)], [(0, 1), (0, 2)])
    >>> home, clinic = net.snap([(40, 10)]), net.snap([(0, 30)])
    >>> net.nearest(clinic, home).distance_m
    array([80.])
    """

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
        """Make a network from lines that join where their ends meet, within two millimetres.

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
            ``network.bad_limit``, ``network.wrong_unit``, and those of
            :meth:`~planner.network.streets.Streets.legs`.
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
            ``network.one_position`` and those of :meth:`~planner.network.streets.Streets.legs`.

        Examples
        --------
        >>> net = WalkNetwork.from_edges([(0, 0), (100, 0), (0, 100)], [(0, 1), (0, 2)])
        >>> way = net.path(net.snap([(40, 10)]), net.snap([(0, 30)]))
        >>> way.value, way.xy.tolist()
        (80.0, [[40.0, 10.0], [40.0, 0.0], [0.0, 0.0], [0.0, 30.0]])
        """
        return distances.path(self, start, end)
