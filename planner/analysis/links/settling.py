"""Cycleways that nobody says may be walked, as the walk that they would be once that is settled.

What is settled is a way that is there, with the bends that it has and from where it meets one
street to where it meets another. So it is measured along itself: a straight line between two
streets would be a path that nobody asked for, and bring people near whom the way does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.ops import substring

from planner.analysis.distances.streets import streets_of
from planner.analysis.left_out_ways import SERVES, TOUCHING_M, ways_of
from planner.arrays import F64, I64, Bool, Shapes
from planner.district import District
from planner.district.scenarios.scenario import Connect

__all__ = ["BENT", "Settled", "as_settled", "settled"]

BENT = 1.0 + SERVES
"""A walk over cycleways that is longer than a link by more than this factor is another way than the
link: both are places of their own."""

LONGEST_M = 3000.0
"""No way over cycleways longer than this is looked for, metres."""

SAME_SPOT_M = 0.01
"""Spots on a cycleway this near to each other are one, metres."""


@dataclass(frozen=True, eq=False)
class Settled:
    """What cycleways would be for some links, once people may walk on them.

    Parameters
    ----------
    lines
        (n,) the way along cycleways from street to street, None where none leads along the link.
    length_m
        (n,) its length, NaN there.
    walk_m
        (n,) the same with the straight legs to both ends of the link, NaN there.
    """

    lines: Shapes
    length_m: F64
    walk_m: F64

    @property
    def known(self) -> Bool:
        """(n,) whether cycleways lead along each link."""
        return ~np.isnan(self.length_m)


def settled(district: District, lines: Shapes) -> Settled:
    """Return the way along cycleways beside each link, the shortest from end to end.

    Parameters
    ----------
    district
        The district, with the cycleways in its layer ``context``.
    lines
        The links, from end to end. Between its ends and where the cycleways meet streets may lie
        at most :data:`~planner.analysis.left_out_ways.SERVES` of a link's length.
    """
    found: Shapes = np.full(len(lines), None, dtype=object)
    length_m, walk_m = np.full(len(lines), np.nan), np.full(len(lines), np.nan)
    graph = _graph_of(district)
    if len(graph.joints):
        for row in graph.near(lines).tolist():
            best = graph.between(lines[row])
            if best is not None:
                found[row] = graph.line(best)
                length_m[row], walk_m[row] = best.length_m, best.walk_m
    return Settled(found, length_m, walk_m)


def as_settled(district: District, link: Connect, *, bent: bool = True) -> Connect | None:
    """Return a connection as the cycleways along it are: from street to street, with their length.

    Parameters
    ----------
    district
        The district.
    link
        The connection, drawn straight.
    bent
        Whether also cycleways serve that are far longer than it, see :data:`BENT`.

    Returns
    -------
    Connect or None
        None where no cycleway leads along.
    """
    line = shapely.LineString([(link.x1, link.y1), (link.x2, link.y2)])
    found = settled(district, np.array([line], dtype=object))
    if not found.known[0] or (not bent and found.walk_m[0] > BENT * line.length):
        return None
    ends = shapely.get_coordinates(found.lines[0])[[0, -1]].round(3).ravel().tolist()
    x1, y1, x2, y2 = ends
    straight_m = float(np.hypot(x2 - x1, y2 - y1))
    length_m = max(round(float(found.length_m[0]), 3), straight_m)
    return replace(link, x1=x1, y1=y1, x2=x2, y2=y2, length_m=length_m)


class _Way(NamedTuple):
    """A way along cycleways: its two joints, how long it is, and with legs to the link's ends."""

    a: int
    b: int
    length_m: float
    walk_m: float


class _Graph:
    """Cycleways as a network: spots on them, and the pieces between.

    Parameters
    ----------
    ways
        The cycleways, lines.
    streets
        The streets that they may be joined to, lines.
    """

    def __init__(self, ways: Shapes, streets: Shapes) -> None:
        self._ways = ways
        self._spots: list[tuple[int, float]] = []
        self._number: dict[tuple[int, int], int] = {}
        self._edges: list[tuple[int, int, float]] = []
        self._met: dict[int, Any] = {}
        for way, line in enumerate(ways):
            self._spot(way, 0.0)
            self._spot(way, line.length)
        self._meet_each_other()
        self._meet(streets)
        self._cut()
        self._from: dict[int, tuple[I64, F64]] = {}

    @cached_property
    def joints(self) -> I64:
        """Numbers of the spots at which cycleways meet streets, ascending."""
        return np.array(sorted(self._met), dtype=np.int64)

    @cached_property
    def _joint_points(self) -> list[Any]:
        return [self._met[each] for each in self.joints.tolist()]

    @cached_property
    def _joint_xy(self) -> F64:
        return np.asarray(
            shapely.get_coordinates([self._met[each] for each in self.joints.tolist()])
        )

    @cached_property
    def _matrix(self) -> csr_array:
        if not self._edges:
            return csr_array((len(self._spots), len(self._spots)))
        ends_a, ends_b, metres = zip(*self._edges, strict=True)
        # older releases of SciPy search numbers of 32 bits only
        a, b = (np.array(each, dtype=np.int32) for each in (ends_a, ends_b))
        # a length of nothing would be no edge
        length_m = np.maximum(np.array(metres, dtype=np.float64), 1e-9)
        # of two pieces between the same spots the shorter counts, and they are not added up
        order = np.lexsort((length_m, b, a))
        a, b, length_m = a[order], b[order], length_m[order]
        first = np.ones(len(a), dtype=bool)
        first[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
        size = (len(self._spots), len(self._spots))
        return csr_array((length_m[first], (a[first], b[first])), shape=size)

    def near(self, lines: Shapes) -> I64:
        """Return which links have a joint near enough to be served by cycleways, ascending."""
        tree = shapely.STRtree(self._joint_points)
        reach_m = SERVES * shapely.length(lines)
        return np.unique(tree.query(lines, predicate="dwithin", distance=reach_m)[0])

    def between(self, line: shapely.LineString) -> _Way | None:
        """Return the shortest way over cycleways from end to end of a link, None for none."""
        most_m = SERVES * line.length
        ends = shapely.get_coordinates(line)[[0, -1]]
        leg_a, leg_b = (np.hypot(*(self._joint_xy - end).T) for end in ends)
        best: _Way | None = None
        for one in np.flatnonzero(leg_a <= most_m).tolist():
            along = self._along(int(self.joints[one]))
            walk_m = leg_a[one] + along + leg_b
            walk_m[(leg_a[one] + leg_b > most_m) | (along < TOUCHING_M)] = np.inf
            other = int(walk_m.argmin())
            if walk_m[other] < (np.inf if best is None else best.walk_m):
                a, b = int(self.joints[one]), int(self.joints[other])
                best = _Way(a, b, float(along[other]), float(walk_m[other]))
        return best

    def line(self, way: _Way) -> shapely.LineString:
        """Return the course of a way, from street to street."""
        _, before = dijkstra(self._matrix, directed=False, indices=way.a, return_predecessors=True)
        spots = [way.b]
        while spots[-1] != way.a:
            spots.append(int(before[spots[-1]]))
        course = [shapely.get_coordinates(self._met[way.a])]
        for one, other in pairwise(reversed(spots)):
            course.append(self._piece(one, other))
        course.append(shapely.get_coordinates(self._met[way.b]))
        corners = np.vstack(course)
        moves = np.hypot(*np.diff(corners, axis=0).T) > 0.0
        return shapely.LineString(corners[np.concatenate([[True], moves])])

    def _along(self, joint: int) -> F64:
        """Return how far it is from a joint to each other, inf where cycleways lead not there."""
        if joint not in self._from:
            away = dijkstra(self._matrix, directed=False, indices=joint, limit=LONGEST_M)
            away = away[self.joints]
            there = np.flatnonzero(np.isfinite(away))
            self._from[joint] = there, away[there]
        there, metres = self._from[joint]
        found = np.full(len(self.joints), np.inf)
        found[there] = metres
        return found

    def _piece(self, one: int, other: int) -> F64:
        """Return the corners from a spot to the next one."""
        (way, start_m), (same, end_m) = self._spots[one], self._spots[other]
        if way != same:  # a step from one cycleway to another that it meets
            step = [self._ways[way].interpolate(start_m), self._ways[same].interpolate(end_m)]
            return np.asarray(shapely.get_coordinates(step))
        return np.asarray(shapely.get_coordinates(substring(self._ways[way], start_m, end_m)))

    def _spot(self, way: int, at_m: float) -> int:
        """Return the number of a spot on a cycleway, a new one where none is there yet."""
        key = (way, round(at_m / SAME_SPOT_M))
        if key not in self._number:
            self._number[key] = len(self._spots)
            self._spots.append((way, at_m))
        return self._number[key]

    def _meet_each_other(self) -> None:
        """Join cycleways where one ends on the other, or both have a corner.

        Each pair is looked at from both sides.
        """
        one, other = shapely.STRtree(self._ways).query(
            self._ways, predicate="dwithin", distance=TOUCHING_M
        )
        for a, b in zip(one.tolist(), other.tolist(), strict=True):
            if a == b:
                continue
            ends_of_one = _meetings(self._ways[a], self._ways[b])
            for spot in chain(ends_of_one, _shared_corners(self._ways[a], self._ways[b])):
                ends = [self._spot(each, self._ways[each].project(spot)) for each in (a, b)]
                self._edges.append((ends[0], ends[1], self._ways[b].distance(spot)))

    def _meet(self, streets: Shapes) -> None:
        """Join cycleways to streets where they end on one, or the street has a corner on them.

        What only crosses a street need not meet it: one may pass over the other.
        """
        way, street = shapely.STRtree(streets).query(
            self._ways, predicate="dwithin", distance=TOUCHING_M
        )
        for a, b in zip(way.tolist(), street.tolist(), strict=True):
            ends = _meetings(self._ways[a], streets[b])
            for spot in chain(ends, _corners_on(streets[b], self._ways[a])):
                at = self._spot(a, self._ways[a].project(spot))
                place = streets[b].interpolate(streets[b].project(spot))
                self._met.setdefault(at, place)

    def _cut(self) -> None:
        """Make a piece of each cycleway between one spot and the next."""
        of: dict[int, list[tuple[float, int]]] = {}
        for number, (way, at_m) in enumerate(self._spots):
            of.setdefault(way, []).append((at_m, number))
        for spots in of.values():
            for (start_m, one), (end_m, other) in pairwise(sorted(spots)):
                self._edges.append((one, other, end_m - start_m))


def _meetings(line: Any, other: Any) -> Iterator[Any]:
    """Yield the ends of a line that lie on another."""
    for at in (0, -1):
        end = shapely.get_point(line, at)
        if shapely.distance(end, other) <= TOUCHING_M:
            yield end


def _corners_on(line: Any, other: Any) -> Iterator[Any]:
    """Yield the corners of a line that lie on another."""
    corners = np.asarray(shapely.points(shapely.get_coordinates(line)), dtype=object)
    yield from corners[shapely.distance(corners, other) <= TOUCHING_M]


def _shared_corners(line: Any, other: Any) -> Iterator[Any]:
    """Yield the corners of a line at which another has one too."""
    corners = np.asarray(shapely.points(shapely.get_coordinates(line)), dtype=object)
    those = shapely.multipoints(shapely.get_coordinates(other))
    yield from corners[shapely.distance(corners, those) <= TOUCHING_M]


_GRAPHS: WeakKeyDictionary[District, _Graph] = WeakKeyDictionary()


def _graph_of(district: District) -> _Graph:
    """Return the cycleways of a district as a network, made once."""
    if district not in _GRAPHS:
        ways = shapely.get_parts(ways_of(district, "cycleway"))
        ground = streets_of(district).ground
        # the ends of bridges and tunnels are those of the streets that lead on
        lines = ground.lines()[ground.joinable]
        _GRAPHS[district] = _Graph(np.asarray(ways, dtype=object), np.asarray(lines, dtype=object))
    return _GRAPHS[district]
