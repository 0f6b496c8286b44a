"""Where streets of one level cross or nearly meet, and have no vertex in common.

Lines of different ``layer`` and those on bridges and in tunnels never meet; so it is for the lines
across squares, which are there to be crossed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64, I64, Bool, Shapes
from planner.network import SAME_PLACE_M, merge_places
from planner.sources.streets.noding import end_points, inner_junctions
from planner.sources.streets.own_meetings import own_crossings, own_ends, with_own_vertices

_SHUT_REACH_M = 1.2
_SHORT = 10.0
_INDOOR = ("corridor", "elevator")


@dataclass(frozen=True, eq=False)
class _Columns:
    """Arrays of one length, one for each field: a place is a row of all of them."""

    def only(self, which: Bool) -> Self:
        """Return some of the rows."""
        return type(self)(*(getattr(self, each.name)[which] for each in fields(self)))

    def beside(self, more: Self) -> Self:
        """Return the rows of both."""
        names = [each.name for each in fields(self)]
        return type(self)(
            *(np.concatenate([getattr(self, name), getattr(more, name)]) for name in names)
        )


@dataclass(frozen=True, eq=False)
class LooseEnds(_Columns):
    """Ends of lines, each place once, and a line that each meets or nearly meets unjoined.

    ``line`` (n,) has the end, ``xy`` (n, 2) is where it is; ``other`` (n,) and ``to`` (n, 2) say
    which line it should join and where; ``apart`` (n,) whether there is a gap between, ``to_end``
    (n,) whether that place is the other line's end.
    """

    line: I64
    xy: F64
    other: I64
    to: F64
    apart: Bool
    to_end: Bool


@dataclass(frozen=True, eq=False)
class Crossings(_Columns):
    """A crossing of two lines, told once for each: ``line`` (n,) and ``xy`` (n, 2)."""

    line: I64
    xy: F64


@dataclass(frozen=True, eq=False)
class StreetLines:
    """Streets as lines; ``plain`` are those that meet others of their ``layer`` on the ground."""

    shapes: Shapes
    plain: Bool
    layer: I64
    shut: F64

    @classmethod
    def of(cls, streets: gpd.GeoDataFrame, shut: F64 | None) -> StreetLines:
        """Take the lines of a layer; `shut` are places (n, 2) where they are cut on purpose."""
        count = len(streets)

        def flags(name: str) -> Bool:
            given = streets.get(name)
            return np.zeros(count, bool) if given is None else given.to_numpy(dtype=bool)

        apart = flags("bridge") | flags("tunnel") | flags("link")
        if "highway" in streets:
            apart |= streets["highway"].isin(_INDOOR).to_numpy()
        apart |= streets["street_id"].astype(str).str.contains(r"/x\d+$", regex=True).to_numpy()
        layer = np.zeros(count, np.int64)
        if "layer" in streets:
            layer = pd.to_numeric(streets["layer"], errors="coerce").fillna(0).to_numpy(np.int64)
        nowhere = np.empty((0, 2)) if shut is None else shut
        return cls(streets.geometry.to_numpy(), ~apart, layer, nowhere)

    def inner(self) -> F64:
        """Find the vertices that plain lines of one layer share and at which not all of them end.

        Ways of other levels may have a vertex at the same spot, and meet nowhere.
        """
        levels = np.unique(self.layer[self.plain])
        found = [inner_junctions(self.shapes[self.plain & (self.layer == n)]) for n in levels]
        return np.concatenate(found) if found else np.empty((0, 2))

    def loose_ends(self, tolerance_m: float) -> LooseEnds:
        """Find the ends that touch another line without a vertex, or nearly do."""
        owner, xy, line_of = self._end_places()
        plain = np.flatnonzero(self.plain)
        points = points_at(xy)
        row, near = shapely.STRtree(self.shapes[plain]).query(
            points, predicate="dwithin", distance=tolerance_m
        )
        other = plain[near]
        fits = self.layer[other] == self.layer[line_of[row]]
        row, other = row[fits], other[fits]
        free = _to_vertices(xy[row], self.shapes[other]) > SAME_PLACE_M
        row, other = row[free], other[free]
        away = shapely.distance(points[row], self.shapes[other])
        apart = away > SAME_PLACE_M
        wanted = ~apart | ~self._joined_nearby(owner, row, other, tolerance_m)
        row, other, away, apart = row[wanted], other[wanted], away[wanted], apart[wanted]
        # every line that it touches, but only the nearest of those across a gap
        order = np.lexsort((other, away, row))
        first = np.zeros(len(row), bool)
        first[order[np.unique(row[order], return_index=True)[1]]] = True
        chosen = np.flatnonzero(~apart | first)
        row, other, apart = row[chosen], other[chosen], apart[chosen]
        to, to_end = self._targets(xy[row], other, tolerance_m)
        to[~apart] = xy[row[~apart]]
        found = LooseEnds(line_of[row], xy[row], other, to, apart, to_end & apart)
        return found.beside(self._own_ends(owner, tolerance_m))

    def _own_ends(self, owner: I64, tolerance_m: float) -> LooseEnds:
        """Find the ends that touch their own line without a vertex, or nearly do.

        `owner` is the place of each end; −1 for ends that join nothing, as at a shut gate.
        """
        own = own_ends(self.shapes, self.plain, tolerance_m)
        row = owner[own.line + len(self.shapes) * own.last]
        wanted = row >= 0
        wanted[wanted] &= ~own.apart[wanted] | ~self._joined_nearby(
            owner, row[wanted], own.line[wanted], tolerance_m, own=True
        )
        to = np.where(own.apart[:, None], own.to, own.xy)
        found = LooseEnds(own.line, own.xy, own.line, to, own.apart, own.to_end & own.apart)
        return found.only(wanted)

    def with_own_vertices(
        self, ends: LooseEnds, crossings: Crossings, tolerance_m: float
    ) -> Shapes:
        """Return the lines with vertices where they pass their own ends, and cross themselves.

        Only at the places told, of which some may be left as they are.
        """
        own, cross = (
            own_ends(self.shapes, self.plain, tolerance_m),
            own_crossings(self.shapes, self.plain),
        )
        at_end = ~own.apart & _told_in(own.line, own.xy, ends.line, ends.xy)
        crossed = _told_in(cross.line, cross.xy, crossings.line, crossings.xy)
        return with_own_vertices(
            self.shapes,
            np.concatenate([own.line[at_end], cross.line[crossed]]),
            np.concatenate([own.segment[at_end], cross.segment[crossed]]),
            np.concatenate([own.xy[at_end], cross.xy[crossed]]),
        )

    def _end_places(self) -> tuple[I64, F64, I64]:
        """Places of plain lines' ends: place of each end (2n,) of all lines, xy, and a line."""
        ends = np.concatenate([end_points(self.shapes, 0), end_points(self.shapes, -1)])
        line = np.tile(np.arange(len(self.shapes)), 2)
        place = merge_places(ends)[1]
        order = np.lexsort((~self.plain[line], place))
        first = order[np.unique(place[order], return_index=True)[1]]
        fits = self.plain[line[first]]
        if len(self.shut):
            tree = shapely.STRtree(points_at(self.shut))
            held = tree.query(
                shapely.points(ends[first]), predicate="dwithin", distance=_SHUT_REACH_M
            )[0]
            fits[held] = False
        number = np.where(fits, np.cumsum(fits) - 1, -1)
        return number[place].astype(np.int64), ends[first[fits]], line[first[fits]].astype(np.int64)

    def _joined_nearby(
        self, place: I64, row: I64, other: I64, tolerance_m: float, *, own: bool = False
    ) -> Bool:
        """Whether a short line leads from an end's place to the line that it nearly meets.

        Two streets that leave a junction at a sharp angle come near each other; that is no gap.
        """
        short = np.flatnonzero(shapely.length(self.shapes) <= _SHORT * tolerance_m)
        at = np.concatenate([place[short], place[short + len(self.shapes)]])
        both = np.tile(short, 2)
        order = np.argsort(at, kind="stable")
        at, both = at[order], both[order]
        low, high = np.searchsorted(at, row), np.searchsorted(at, row, side="right")
        size = high - low
        pair = np.repeat(np.arange(len(row)), size)
        which = np.arange(len(pair)) - np.repeat(np.cumsum(size) - size, size)
        lines = both[np.repeat(low, size) + which]
        touches = shapely.distance(self.shapes[lines], self.shapes[other[pair]]) <= SAME_PLACE_M
        joined = np.zeros(len(row), bool)
        # a line that comes back to itself is not joined to itself by that
        joined[pair[np.where(lines == other[pair], not own, touches)]] = True
        return joined

    def _targets(self, xy: F64, other: I64, tolerance_m: float) -> tuple[F64, Bool]:
        """Where on another line an end should join: an end of it, a vertex, or any place."""
        to, to_end = np.empty((len(xy), 2)), np.zeros(len(xy), bool)
        for i, (place, row) in enumerate(zip(xy, other.tolist(), strict=True)):
            coords = shapely.get_coordinates(self.shapes[row])
            away = np.hypot(*(coords - place).T)
            ends = away[[0, -1]]
            if ends.min() <= tolerance_m:
                to[i], to_end[i] = coords[[0, -1]][int(ends.argmin())], True
            elif away.min() <= tolerance_m:
                to[i] = coords[int(away.argmin())]
            else:
                along = shapely.line_locate_point(self.shapes[row], shapely.Point(place))
                to[i] = shapely.get_coordinates(
                    shapely.line_interpolate_point(self.shapes[row], along)
                )[0]
        return to, to_end

    def crossings(self) -> Crossings:
        """Find where plain lines of one layer cross and have no common vertex."""
        plain = np.flatnonzero(self.plain)
        shapes = self.shapes[plain]
        a, b = shapely.STRtree(shapes).query(shapes)
        keep = (a < b) & (self.layer[plain[a]] == self.layer[plain[b]])
        a, b = a[keep], b[keep]
        ends = np.stack([end_points(shapes, 0), end_points(shapes, -1)], axis=1)
        straight = shapely.get_num_points(shapes) == 2
        gaps = np.abs(ends[a][:, :, None] - ends[b][:, None]).max(axis=-1)
        meet = (gaps <= SAME_PLACE_M).any(axis=(1, 2)) & straight[a] & straight[b]
        a, b = a[~meet], b[~meet]
        touch = shapely.intersects(shapes[a], shapes[b])
        a, b = a[touch], b[touch]
        xy, pair = _places(shapely.intersection(shapes[a], shapes[b]))
        on = [self._at(xy, shapes[side[pair]]) for side in (a, b)]
        at_end = on[0][1] | on[1][1]
        lacks = ~(on[0][0] & on[1][0]) & ~at_end
        line = np.concatenate([plain[a[pair[lacks]]], plain[b[pair[lacks]]]])
        found = Crossings(line.astype(np.int64), np.concatenate([xy[lacks], xy[lacks]]))
        own = own_crossings(self.shapes, self.plain)
        at_end = np.minimum(
            *(np.hypot(*(own.xy - end_points(self.shapes[own.line], n)).T) for n in (0, -1))
        )
        inside = at_end > SAME_PLACE_M  # an end on its own line is told as such
        return found.beside(Crossings(own.line[inside], own.xy[inside]))

    @staticmethod
    def _at(xy: F64, lines: Shapes) -> tuple[Bool, Bool]:
        """Whether each place is a vertex of its line, and whether it is an end of it."""
        to_end = np.minimum(*(np.hypot(*(xy - end_points(lines, i)).T) for i in (0, -1)))
        return _to_vertices(xy, lines) <= SAME_PLACE_M, to_end <= SAME_PLACE_M


def _told_in(line: I64, xy: F64, told: I64, places: F64) -> Bool:
    """Whether each place of a line is among those that are told of it."""
    known = {(int(row), *np.round(place, 3)) for row, place in zip(told, places, strict=True)}
    found = [(int(row), *np.round(place, 3)) in known for row, place in zip(line, xy, strict=True)]
    return np.array(found, dtype=bool)


def points_at(xy: F64) -> Shapes:
    """Return places (n, 2) as points (n,)."""
    return np.atleast_1d(np.asarray(shapely.points(xy), dtype=object))


def _to_vertices(xy: F64, lines: Shapes) -> F64:
    """Return how far each place is from the nearest vertex of its own line, (n,) metres."""
    if not len(lines):
        return np.empty(0)
    vertices, line = shapely.get_coordinates(lines, return_index=True)
    away = np.hypot(*(vertices - xy[line]).T)
    return np.minimum.reduceat(away, np.flatnonzero(np.r_[True, line[1:] != line[:-1]]))


def _places(shapes: Shapes) -> tuple[F64, I64]:
    """Points of intersections, ends of those along a line; and which intersection each is of."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    along = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    spots = [parts[~along], *(shapely.get_point(parts[along], i) for i in (0, -1))]
    rows = [owner[~along], owner[along], owner[along]]
    return shapely.get_coordinates(np.concatenate(spots)), np.concatenate(rows).astype(np.int64)
