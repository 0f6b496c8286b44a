"""What a network is made from: checked, and brought into the arrays that it keeps.

The codes of what is refused are those that
:meth:`~planner.network.walk_network.WalkNetwork.from_edges` names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planner.arrays import F64, I32, Objects
from planner.errors import InputError
from planner.network.positions import own_array

__all__ = [
    "MAX_MM",
    "along_edges",
    "check_range",
    "edge_ends",
    "link_costs",
    "per_edge",
    "points",
    "polylines",
    "thousandths",
]

MAX_MM = 2**31 - 2
"""Longest edge and longest distance that is told: 2147 km (or, in time, 24 days)."""

_ENDS_APART_M = 1.0


def points(values: npt.ArrayLike, name: str) -> F64:
    """(n, 2) finite coordinates."""
    points = own_array(values, np.float64)
    if points.ndim != 2 or points.shape[1] != 2:
        raise InputError("network.bad_shape", name=name, expected="(n, 2)", found=points.shape)
    if not np.isfinite(points).all():
        row = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[0])
        raise InputError("network.not_finite", name=name, row=row)
    return points


def edge_ends(values: npt.ArrayLike, nodes: int) -> I32:
    """(E, 2) numbers of nodes, of which there are so many."""
    ends = np.asarray(values)
    if not ends.size:
        raise InputError("network.no_edges")
    if ends.ndim != 2 or ends.shape[1] != 2:
        raise InputError("network.bad_shape", name="edge_uv", expected="(n, 2)", found=ends.shape)
    if ends.dtype.kind not in "iu":
        raise InputError("network.not_integer", name="edge_uv", found=ends.dtype)
    check_range(ends, nodes, "edge_uv")
    return own_array(ends, np.int32)


def check_range(values: npt.NDArray[Any], count: int, name: str, low: int = 0) -> None:
    """Refuse numbers below the lowest, or of which there are only so many."""
    wrong = (values < low) | (values >= count)
    if wrong.any():
        row = int(np.argwhere(wrong)[0][0])
        value = values[wrong][0]
        raise InputError("network.id_range", name=name, row=row, value=int(value), count=count)


def per_edge(values: npt.ArrayLike, name: str, dtype: Any, edges: int) -> npt.NDArray[Any]:
    """(E,) values, one an edge."""
    array = own_array(values, dtype)
    if array.shape != (edges,):
        raise InputError("network.bad_shape", name=name, expected=f"({edges},)", found=array.shape)
    return array


def thousandths(values: F64, name: str) -> I32:
    """Metres as whole millimetres, seconds as whole milliseconds."""
    wrong = ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError("network.bad_length", name=name, row=row, value=float(values[row]))
    scaled = np.rint(values * 1000.0)
    if (scaled > MAX_MM).any():
        row = int(np.flatnonzero(scaled > MAX_MM)[0])
        raise InputError("network.too_long", name=name, row=row, value=float(values[row]))
    return own_array(scaled, np.int32)


def polylines(
    lines: Sequence[shapely.LineString] | Objects,
) -> tuple[F64, I32]:
    """Coordinates of lines and where each begins."""
    shapes = np.asarray(lines, dtype=object)
    wrong = (shapely.get_type_id(shapes) != shapely.GeometryType.LINESTRING) | shapely.is_empty(
        shapes
    )
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        found = "none" if shapes[row] is None else shapes[row].geom_type
        raise InputError("network.geometry_type", row=row, found=found)
    coords, line = shapely.get_coordinates(shapes, return_index=True)
    if not np.isfinite(coords).all():
        row = int(line[np.flatnonzero(~np.isfinite(coords).all(axis=1))[0]])
        raise InputError("network.not_finite", name="geometry", row=row)
    start = np.zeros(len(shapes) + 1, np.int32)
    start[1:] = np.cumsum(np.bincount(line, minlength=len(shapes)))
    return coords, start


def along_edges(nodes: F64, uv: I32, coords: F64, start: I32) -> tuple[F64, I32]:
    """Turn polylines round where they run from the second node to the first."""

    def gap(first: F64, last: F64) -> F64:
        ends = np.stack([first - nodes[uv[:, 0]], last - nodes[uv[:, 1]]], axis=1)
        return np.asarray(np.hypot(ends[..., 0], ends[..., 1]).max(axis=1))

    first, last = coords[start[:-1]], coords[start[1:] - 1]
    as_drawn, reversed_ = gap(first, last), gap(last, first)
    apart = np.minimum(as_drawn, reversed_) > _ENDS_APART_M
    if apart.any():
        raise InputError("network.geometry_ends", row=int(np.flatnonzero(apart)[0]))
    turn = reversed_ < as_drawn
    if not turn.any():
        return coords, start
    count = np.diff(start)
    within = np.arange(len(coords)) - np.repeat(start[:-1], count)
    backwards = np.repeat(start[1:] - 1, count) - within
    return coords[np.where(np.repeat(turn, count), backwards, np.arange(len(coords)))], start


def link_costs(length: npt.ArrayLike) -> I32:
    """Lengths of links, one or many, in whole thousandths.

    Raises
    ------
    InputError
        ``network.bad_link_length`` where one is negative, no number or beyond int32.
    """
    metres = np.atleast_1d(np.asarray(length, np.float64))
    scaled = np.rint(metres * 1000.0)
    wrong = ~((scaled >= 0) & (scaled <= 2**31 - 2))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError("network.bad_link_length", row=row, value=float(metres[row]))
    return np.ascontiguousarray(scaled, np.int32)
