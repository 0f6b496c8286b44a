"""Where a line crosses itself, or ends on or beside its own middle, without a common vertex."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from planner.arrays import F64, I64, Bool, Shapes
from planner.network import SAME_PLACE_M
from planner.sources.streets.noding import end_points

_FEWEST_POINTS = 4
_REACH = 10.0
"""Times the tolerance that lie between an end and the place beside it, along the line: a line that
turns back at its end, as on a map drawn by hand, meets nothing."""


@dataclass(frozen=True, eq=False)
class OwnEnds:
    """Ends of lines that lie on, or near, another place of the same line.

    Parameters
    ----------
    line
        The line, (n,).
    last
        Whether it is its last end, (n,).
    xy, to
        The end, and the place that it should join, (n, 2).
    segment
        In which segment of the line that place lies, (n,).
    apart, to_end
        Whether there is a gap between, and whether the place is the line's other end, (n,).
    """

    line: I64
    last: Bool
    xy: F64
    to: F64
    segment: I64
    apart: Bool
    to_end: Bool


@dataclass(frozen=True, eq=False)
class OwnCrossings:
    """Places ``xy`` (n, 2) where ``line`` (n,) meets itself, and the ``segment`` (n,) there."""

    line: I64
    segment: I64
    xy: F64


def own_crossings(shapes: Shapes, which: Bool) -> OwnCrossings:
    """Return where lines cross themselves and one of the two segments has no vertex.

    Parameters
    ----------
    shapes
        Lines.
    which
        The lines that are looked at.
    """
    asked = np.flatnonzero(which & (shapely.get_num_points(shapes) >= _FEWEST_POINTS))
    asked = asked[~shapely.is_simple(shapes[asked])]
    line: list[int] = []
    segment: list[int] = []
    xy: list[F64] = []
    for row in asked.tolist():
        coords = shapely.get_coordinates(shapes[row])
        ends = np.stack([coords[:-1], coords[1:]], axis=1)
        parts = np.atleast_1d(np.asarray(shapely.linestrings(ends), dtype=object))
        first, second = shapely.STRtree(parts).query(parts, predicate="intersects")
        apart = second > first + 1
        first, second = first[apart], second[apart]
        meet = shapely.intersection(parts[first], parts[second])
        spots, owner = shapely.get_coordinates(meet, return_index=True)
        for own in (first[owner], second[owner]):
            inside = _from_ends(spots, coords, own) > SAME_PLACE_M
            line += [row] * int(inside.sum())
            segment += own[inside].tolist()
            xy.append(spots[inside])
    places = np.concatenate(xy) if xy else np.empty((0, 2))
    return OwnCrossings(np.array(line, np.int64), np.array(segment, np.int64), places)


def _from_ends(spots: F64, coords: F64, segment: I64) -> F64:
    """Return how far places are from the nearer end of a segment."""
    ends = (coords[segment], coords[segment + 1])
    return np.asarray(np.minimum(*(np.hypot(*(spots - end).T) for end in ends)))


def own_ends(shapes: Shapes, which: Bool, tolerance_m: float) -> OwnEnds:
    """Return the ends of lines that lie on, or within a tolerance of, another place of the line.

    Each segment is held against the two ends of its line; of the segments that are near, and not
    near along the line, the nearest is the one.

    Parameters
    ----------
    shapes, which
        As of :func:`own_crossings`.
    tolerance_m
        Longest gap, metres.
    """
    asked = np.flatnonzero(which & (shapely.get_num_points(shapes) >= _FEWEST_POINTS))
    coords, owner = shapely.get_coordinates(shapes[asked], return_index=True)
    starts = np.flatnonzero(owner[1:] == owner[:-1])
    line, a, b = owner[starts], coords[starts], coords[starts + 1]
    begins = np.searchsorted(owner, np.arange(len(asked)))
    ends = np.append(begins, len(owner))[1:] - 1
    metres = np.hypot(*(b - a).T)
    along = np.cumsum(metres) - metres
    first_of = np.searchsorted(line, np.arange(len(asked)))
    along -= along[first_of][line]
    whole = np.bincount(line, metres, minlength=len(asked))
    found: list[tuple[I64, Bool, F64, F64, I64, F64]] = []
    for last in (False, True):
        end = coords[ends if last else begins][line]
        share = ((end - a) * (b - a)).sum(axis=1) / np.maximum(metres, 1e-9) ** 2
        to = a + np.clip(share, 0.0, 1.0)[:, None] * (b - a)
        away = np.hypot(*(to - end).T)
        here = along + np.hypot(*(to - a).T)
        between = whole[line] - here if last else here
        near = np.flatnonzero((away <= tolerance_m) & (between > _REACH * tolerance_m))
        near = near[np.lexsort((away[near], line[near]))]
        near = near[np.unique(line[near], return_index=True)[1]]
        own = line[near]
        told = np.full(len(near), last), end[near], to[near], near - first_of[own], away[near]
        found.append((asked[own], *told))
    row, lasts, xy, to, segment, away = (
        np.concatenate([each[n] for each in found]) for n in range(6)
    )
    ends_of = [end_points(shapes[row], n) for n in (0, -1)]
    other = np.where(lasts[:, None], *ends_of)
    to_end = np.hypot(*(to - other).T) <= SAME_PLACE_M
    apart = away > SAME_PLACE_M
    # an end at a vertex of its own line, or at its other end, joins there already
    inside = _inside(shapes, row, segment, to)
    keep = apart | inside
    return OwnEnds(
        row[keep], lasts[keep], xy[keep], to[keep], segment[keep], apart[keep], to_end[keep]
    )


def _inside(shapes: Shapes, line: I64, segment: I64, xy: F64) -> Bool:
    """Whether places on segments are no vertices of theirs."""
    away = [
        np.hypot(*(xy - shapely.get_coordinates(shapely.get_point(shapes[line], at))).T)
        for at in (segment, segment + 1)
    ]
    return np.asarray(np.minimum(*away) > SAME_PLACE_M)


def with_own_vertices(shapes: Shapes, line: I64, segment: I64, xy: F64) -> Shapes:
    """Return lines with vertices added in given segments, where others of the same line pass.

    Parameters
    ----------
    shapes
        Lines.
    line, segment, xy
        As of :class:`OwnCrossings`.
    """
    result = shapes.copy()
    for row in np.unique(line).tolist():
        coords = shapely.get_coordinates(shapes[row])
        own = line == row
        at, spots = segment[own], xy[own]
        along = np.hypot(*(spots - coords[at]).T)
        every = np.concatenate([coords, spots])
        order = np.lexsort(
            (
                np.concatenate([np.zeros(len(coords)), along]),
                np.concatenate([np.arange(len(coords)), at]),
            )
        )
        result[row] = shapely.LineString(every[order])
    return result
