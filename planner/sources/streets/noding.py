"""Split lines where they meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.arrays import F64, I64, Bool
from planner.network.inputs import merge_places


def node_lines(lines: NDArray[Any]) -> tuple[NDArray[Any], I64]:
    """Split lines at every vertex that another line, or the line itself, has too.

    Vertices are one by the rule of the network, which joins the ends of pieces. Lines that cross
    without a common vertex, as a bridge over a street, stay apart.

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
    return np.asarray(merge_places(xy[cut])[0], dtype=np.float64)


def _cuts(lines: NDArray[Any]) -> tuple[F64, I64, Bool, Bool, I64]:
    """Return the vertices of lines: place, line, whether it is cut there, whether it begins there.

    The last is the position in `lines` of each line that is counted.
    """
    parts, part_origin = shapely.get_parts(lines, return_index=True)
    xy, line = shapely.get_coordinates(parts, return_index=True)
    spot = merge_places(xy)[1] if len(xy) else np.zeros(0, np.int32)
    repeated = np.zeros(len(xy), bool)
    repeated[1:] = (line[1:] == line[:-1]) & (spot[1:] == spot[:-1])
    xy, line, spot = xy[~repeated], line[~repeated], spot[~repeated]
    long_enough = np.bincount(line, minlength=len(parts))[line] >= 2
    xy, line, spot = xy[long_enough], line[long_enough], spot[long_enough]
    if not len(xy):
        nothing = np.zeros(0, dtype=bool)
        return xy, line, nothing, nothing, part_origin
    new_line = line[1:] != line[:-1]
    first, last = np.r_[True, new_line], np.r_[new_line, True]
    cut = (np.bincount(spot)[spot] > 1) & ~first & ~last
    return xy, line, cut, first, part_origin
