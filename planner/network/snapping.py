"""Where points join the streets: the nearest point on an edge that a straight leg can reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, I32, Bool
from planner.errors import InputError
from planner.network.barriers import Barriers
from planner.network.boxes import BoxTree
from planner.network.graph import hilbert_order
from planner.network.positions import Positions, own_array

__all__ = ["SegmentIndex", "snap"]


_MAX_MM = 2**31 - 2


@dataclass(frozen=True, eq=False)
class SegmentIndex:
    """The joinable segments of a network's edges under a tree of boxes.

    Parameters
    ----------
    segments
        (M, 4) float64, each from its smaller to its larger coordinate.
    edge
        (M,) int32, the edge each segment belongs to.
    along
        (M, 2) float64, metres along the edge's geometry at the segment's two ends.
    edge_metres
        (E,) float64, length of each edge's geometry.
    tree
        The boxes; segments are in its order already.
    """

    segments: F64
    edge: I32
    along: F64
    edge_metres: F64
    tree: BoxTree

    @classmethod
    def build(cls, coords: F64, start: I32, joinable: Bool) -> SegmentIndex:
        """Cut the polylines coords[start[e]:start[e + 1]] of joinable edges into segments."""
        from planner.network.kernels.snapping import cut_segments, midpoints

        count = int((np.diff(start) - 1)[joinable].sum())
        middle = np.empty((count, 2))
        midpoints(coords, start, joinable, middle)
        order = hilbert_order(middle)
        del middle
        plain = np.arange(count, dtype=np.int32)
        rank = np.empty(count, np.int32)
        rank[order] = plain
        segments, along = np.empty((count, 4)), np.empty((count, 2))
        edge, edge_metres = np.empty(count, np.int32), np.empty(len(joinable))
        cut_segments(coords, start, joinable, rank, segments, edge, along, edge_metres)
        return cls(segments, edge, along, edge_metres, BoxTree.over(segments, plain))


def snap(
    index: SegmentIndex,
    edge_length_mm: I32,
    xy: npt.ArrayLike,
    max_access_m: float,
    barriers: Barriers | None,
) -> Positions:
    """Join points to the network; see :meth:`~planner.network.walk_network.WalkNetwork.snap`."""
    from planner.network.kernels.snapping import snap_points

    points = own_array(xy, np.float64)
    if points.shape == (0,):
        points = points.reshape(0, 2)
    if points.ndim != 2 or points.shape[1] != 2:
        raise InputError("network.bad_shape", name="xy", expected="(n, 2)", found=points.shape)
    if not np.isfinite(points).all():
        row = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[0])
        raise InputError("network.not_finite", name="xy", row=row)
    if not max_access_m >= 0:
        raise InputError("network.bad_limit", name="max_access_m", value=max_access_m)
    n = len(points)
    edge = np.full(n, -1, np.int32)
    offset, access = np.zeros(n, np.int32), np.zeros(n, np.int32)
    join_xy = np.full((n, 2), np.nan)
    if n and len(index.segments):
        walls = barriers if barriers is not None else _NO_BARRIERS
        snap_points(
            points,
            hilbert_order(points),
            int(min(np.floor(max_access_m * 1000 + 1e-6), _MAX_MM)),
            index.segments,
            index.edge,
            index.along,
            index.tree.boxes,
            index.tree.level,
            index.edge_metres,
            edge_length_mm,
            walls.segments,
            walls.tree.boxes,
            walls.tree.level,
            walls.gate_start,
            walls.gates,
            float(walls.gate_reach_m),
            edge,
            offset,
            access,
            join_xy,
        )
    return Positions(edge, offset, access, points, join_xy)


_NO_BARRIERS = Barriers()
