"""What an access leg must not cross, and the gates where it may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from planner.arrays import F64, I32, I64, Objects
from planner.errors import InputError
from planner.network.boxes import BoxTree
from planner.network.positions import own_array

__all__ = ["Barriers"]


_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING)


@dataclass(frozen=True, eq=False)
class Barriers:
    """Rivers, railways and walls that the way from a door to the street does not cross.

    Parameters
    ----------
    shapes
        Lines and polygons in the network's CRS. Of a polygon the boundary counts: a point inside
        a lake must cross its shore, two points inside a compound need not cross its wall.
    gate_xy
        (g, 2) open gates.
    gate_reach_m
        A leg may cross a barrier within this distance of a gate.

    Raises
    ------
    InputError
        ``network.barrier_type`` where a shape is a point, ``network.not_finite`` where a
        coordinate is no number, ``network.bad_limit`` where the reach is negative or no number.

    Examples
    --------
    >>> import shapely
    >>> river = shapely.LineString([(0, 0), (100, 0)])
    >>> Barriers([river], gate_xy=[(50, 0)]).segments.shape
    (1, 4)
    """

    shapes: Iterable[shapely.Geometry | None] = ()
    gate_xy: npt.ArrayLike = ()
    gate_reach_m: float = 3.0
    segments: F64 = field(init=False, repr=False)
    tree: BoxTree = field(init=False, repr=False)
    gate_start: I32 = field(init=False, repr=False)
    gates: F64 = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not (np.isfinite(self.gate_reach_m) and self.gate_reach_m >= 0):
            raise InputError("network.bad_limit", name="gate_reach_m", value=self.gate_reach_m)
        shapes = np.asarray(list(self.shapes), dtype=object)
        gates = own_array(self.gate_xy, np.float64).reshape(-1, 2)
        if not np.isfinite(gates).all():
            row = int(np.flatnonzero(~np.isfinite(gates).all(axis=1))[0])
            raise InputError("network.not_finite", name="gate_xy", row=row)
        segments = _segments(shapes)
        tree = BoxTree.build(segments)
        segments = segments[tree.order]
        start, members = _gates_by_segment(segments, gates, self.gate_reach_m)
        object.__setattr__(self, "shapes", tuple(shapes))
        object.__setattr__(self, "segments", segments)
        object.__setattr__(self, "tree", tree)
        object.__setattr__(self, "gate_start", start)
        object.__setattr__(self, "gates", np.ascontiguousarray(gates[members]))


def _segments(shapes: Objects) -> F64:
    """All boundary segments (n, 4) of lines, polygons and collections of them."""
    parts, rows = shapely.get_parts(shapes, return_index=True)
    while np.isin(shapely.get_type_id(parts), (4, 5, 6, 7)).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        rows = rows[inner]
    kind = shapely.get_type_id(parts)
    polygons = kind == shapely.GeometryType.POLYGON
    lines = np.isin(kind, _LINES)
    wrong = ~(polygons | lines | (kind < 0)) & ~shapely.is_empty(parts)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise InputError(
            "network.barrier_type", row=int(rows[at]), found=parts[at].geom_type.lower()
        )
    rings, ring_of = shapely.get_rings(parts[polygons], return_index=True)
    outlines = np.concatenate([parts[lines], rings])
    rows = np.concatenate([rows[lines], rows[polygons][ring_of]])
    xy, line = shapely.get_coordinates(outlines, return_index=True)
    if not np.isfinite(xy).all():
        at = int(np.flatnonzero(~np.isfinite(xy).all(axis=1))[0])
        raise InputError("network.not_finite", name="barriers", row=int(rows[line[at]]))
    joined = line[1:] == line[:-1]
    return np.hstack([xy[:-1][joined], xy[1:][joined]]) if len(xy) else np.empty((0, 4))


def _gates_by_segment(segments: F64, gates: F64, reach: float) -> tuple[I32, I64]:
    """For each segment the gates within reach of it, as CSR of gate numbers."""
    start = np.zeros(len(segments) + 1, np.int32)
    if not (len(gates) and len(segments)):
        return start, np.empty(0, np.int64)
    lines = np.asarray(shapely.linestrings(segments.reshape(-1, 2, 2)))
    gate, segment = shapely.STRtree(lines).query(
        shapely.points(gates), predicate="dwithin", distance=reach + 1e-3
    )
    start[1:] = np.cumsum(np.bincount(segment, minlength=len(segments)))
    return start, gate[np.argsort(segment, kind="stable")]
