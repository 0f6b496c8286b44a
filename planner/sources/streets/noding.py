"""Split lines where they meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.arrays import I64

GRID_M = 0.001
"""Vertices on the same spot of this grid, metres, are one."""


def node_lines(lines: NDArray[Any]) -> tuple[NDArray[Any], I64]:
    """Split lines at every vertex that another line, or the line itself, has too.

    Lines that cross without a common vertex, as a bridge over a street, stay apart.

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
    parts, part_origin = shapely.get_parts(lines, return_index=True)
    xy, line = shapely.get_coordinates(parts, return_index=True)
    spots = np.round(xy / GRID_M).astype(np.int64)
    repeated = np.zeros(len(xy), bool)
    repeated[1:] = (line[1:] == line[:-1]) & (spots[1:] == spots[:-1]).all(axis=1)
    xy, line, spots = xy[~repeated], line[~repeated], spots[~repeated]
    long_enough = np.bincount(line, minlength=len(parts))[line] >= 2
    xy, line, spots = xy[long_enough], line[long_enough], spots[long_enough]
    if not len(xy):
        return np.array([], dtype=object), np.array([], dtype=np.int64)
    _, spot, times = np.unique(spots, axis=0, return_inverse=True, return_counts=True)
    new_line = line[1:] != line[:-1]
    first, last = np.r_[True, new_line], np.r_[new_line, True]
    cut = (times[spot.reshape(-1)] > 1) & ~first & ~last
    doubled = np.repeat(np.arange(len(xy)), 1 + cut)
    second = np.r_[False, doubled[1:] == doubled[:-1]]
    piece = np.cumsum(second | first[doubled]) - 1
    starts = np.flatnonzero(np.r_[True, piece[1:] != piece[:-1]])
    pieces = np.atleast_1d(np.asarray(shapely.linestrings(xy[doubled], indices=piece)))
    return pieces, part_origin[line[doubled[starts]]].astype(np.int64)
