"""Split lines where they meet, and give them the vertices that they meet at."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.arrays import F64, I64, Bool, Shapes
from planner.network import SAME_PLACE_M, merge_places


def node_lines(lines: NDArray[Any]) -> tuple[NDArray[Any], I64]:
    """Split lines at every vertex that another line, or the line itself, has too.

    Vertices at most :data:`~planner.network.SAME_PLACE_M` apart are one: files round them to the
    millimetre, each line for itself. Lines that cross without a common vertex, as a bridge over a
    street, stay apart.

    Parameters
    ----------
    lines
        LineStrings and MultiLineStrings in a metric CRS, shape (n,).

    Returns
    -------
    pieces
        LineStrings, shape (m,), in the order of `lines`; those without length are left out.
    origin
        Position in `lines` of each piece, shape (m,).

    Examples
    --------
    >>> cross = shapely.from_wkt(["LINESTRING (0 0, 5 0, 9 0)", "LINESTRING (5 0, 5 5)"])
    >>> pieces, origin = node_lines(cross)
    >>> origin.tolist(), pieces[0]
    ([0, 0, 1], <LINESTRING (0 0, 5 0)>)
    """
    xy, line, cut, first, part_origin = _cuts(lines)
    if not len(xy):
        return np.array([], dtype=object), np.array([], dtype=np.int64)
    doubled = np.repeat(np.arange(len(xy)), 1 + cut)
    second = np.r_[False, doubled[1:] == doubled[:-1]]
    piece = np.cumsum(second | first[doubled]) - 1
    starts = np.flatnonzero(np.r_[True, piece[1:] != piece[:-1]])
    pieces = np.atleast_1d(np.asarray(shapely.linestrings(xy[doubled], indices=piece)))
    return pieces, part_origin[line[doubled[starts]]].astype(np.int64)


def inner_junctions(lines: NDArray[Any]) -> F64:
    """Return the vertices (n, 2) that lines share, or pass twice, and at which not all of them end.

    Lines join at their ends only, so nobody turns there; :func:`node_lines` splits them.

    Examples
    --------
    >>> cross = shapely.from_wkt(["LINESTRING (0 0, 5 0, 9 0)", "LINESTRING (5 0, 5 5)"])
    >>> inner_junctions(cross).tolist(), len(inner_junctions(node_lines(cross)[0]))
    ([[5.0, 0.0]], 0)
    """
    xy, _, cut, _, _ = _cuts(lines)
    first = np.unique(xy[cut], axis=0, return_index=True)[1]  # those of one place are alike by now
    return np.asarray(xy[cut][np.sort(first)], dtype=np.float64)


def end_points(shapes: Shapes, which: int) -> F64:
    """Return the first (0) or last (−1) places (n, 2) of lines."""
    # out of all vertices at once: to make a point of each end takes ten times as long
    xy, line = shapely.get_coordinates(shapes, return_index=True)
    others = line[1:] != line[:-1]
    begins, ends = np.r_[True, others], np.r_[others, True]
    return np.asarray(xy[(begins if which == 0 else ends)[: len(xy)]])


def with_vertices(shapes: Shapes, line: I64, xy: F64) -> Shapes:
    """Return lines with vertices added at places on them, those that are there already excepted."""
    result = shapes.copy()
    for row in np.unique(line).tolist():
        spots = xy[line == row]
        coords = shapely.get_coordinates(shapes[row])
        away = np.hypot(*(spots[:, None] - coords[None]).transpose(2, 0, 1)).min(axis=1)
        spots = spots[away > SAME_PLACE_M]
        if not len(spots):
            continue
        at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(coords, axis=0).T))])
        along = shapely.line_locate_point(shapes[row], shapely.points(spots))
        every = np.concatenate([at, along])
        order = np.argsort(every, kind="stable")
        result[row] = shapely.LineString(np.concatenate([coords, spots])[order])
    return result


def _cuts(lines: NDArray[Any]) -> tuple[F64, I64, Bool, Bool, I64]:
    """Return the vertices of lines: place, line, whether it is cut there, whether it begins there.

    Vertices of one place have the coordinates of its first. The last is the position in `lines` of
    each line that is counted.
    """
    parts, part_origin = shapely.get_parts(lines, return_index=True)
    xy, line = shapely.get_coordinates(parts, return_index=True)
    if not len(xy):
        nothing = np.zeros(0, dtype=bool)
        return xy, line, nothing, nothing, part_origin
    places, place = merge_places(xy)
    repeated = np.zeros(len(xy), bool)
    repeated[1:] = (line[1:] == line[:-1]) & (place[1:] == place[:-1])
    xy, line, place = xy[~repeated], line[~repeated], place[~repeated]
    long_enough = np.bincount(line, minlength=len(parts))[line] >= 2
    xy, line, place = xy[long_enough], line[long_enough], place[long_enough]
    xy, times = places[place], np.bincount(place, minlength=len(places))
    if not len(xy):
        return _cuts(np.array([], dtype=object))
    new_line = line[1:] != line[:-1]
    first, last = np.r_[True, new_line], np.r_[new_line, True]
    cut = (times[place] > 1) & ~first & ~last
    return xy, line, cut, first, part_origin
