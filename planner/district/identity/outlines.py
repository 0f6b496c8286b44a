"""Whether the boundary of an area is another one than before."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from planner.arrays import Bool

MOVED_M = 1.0
"""What lies farther from where it was than this has moved, metres: homes of one id, boundaries."""

_METRES_A_DEGREE = 111_195.0
"""Length of a degree of a meridian: a sphere does, where a strip of a metre decides."""

Outlines = npt.NDArray[Any]
"""(n,) geometries, object."""


def redrawn(before: Outlines, after: Outlines) -> Bool:
    """Return which areas have another boundary: more ground than a strip along it belongs to one.

    The strip is as long as the longer of both boundaries and :data:`MOVED_M` wide.

    Parameters
    ----------
    before, after
        (n,) outlines in metres, of one area each and in one CRS.
    """
    was, now = shapely.make_valid(before), shapely.make_valid(after)
    moved_m2 = shapely.area(shapely.symmetric_difference(was, now))
    slack_m2 = MOVED_M * np.maximum(shapely.length(was), shapely.length(now))
    return np.asarray(moved_m2 > slack_m2)


def redrawn_in_degrees(before: Outlines, after: Outlines) -> Bool:
    """Return the same of outlines in degrees, each measured in metres where it lies."""
    found = np.array([a != b for a, b in zip(before, after, strict=True)], dtype=np.bool_)
    # an outline without ground lies nowhere: it is another one than any that has some
    nothing = shapely.is_empty(before) | shapely.is_empty(after)
    found[nothing] = shapely.is_empty(before)[nothing] != shapely.is_empty(after)[nothing]
    for row in np.flatnonzero(found & ~nothing):
        north = np.radians(shapely.bounds(after[row])[[1, 3]].mean())
        scale = _METRES_A_DEGREE * np.array([np.cos(north), 1.0])
        pair = np.array([before[row], after[row]])
        in_metres = shapely.set_coordinates(pair, shapely.get_coordinates(pair) * scale)
        found[row] = redrawn(in_metres[:1], in_metres[1:])[0]
    return found
