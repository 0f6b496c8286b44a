"""Streets that meet on the ground but not in the data: found, and joined where that is asked for.

Drawings and shapefiles often have lines that cross without a common vertex, ends that lie on
another line without one, and ends a few centimetres from each other; a line may meet itself so.
Nobody can turn there, and coverage falls without a word. Lines of different ``layer`` and those on
bridges and in tunnels never meet; so it is for the lines across squares, which are there to be
crossed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64, I64, Bool, Objects, Shapes
from planner.errors import Finding
from planner.network import SAME_PLACE_M, merge_places
from planner.sources.streets.noding import inner_junctions, node_lines
from planner.sources.streets.own_meetings import own_crossings, own_ends, with_own_vertices

JOIN_M = 0.5
"""Ends at most this far from another street are joined to it, metres."""

_SHUT_REACH_M = 1.2
_SHORT = 10.0
_INDOOR = ("corridor", "elevator")
_OF_WHOLE = ["length_m", "ascent_m", "descent_m"]
_CM = 0.01


@dataclass(frozen=True, eq=False)
class Unjoined:
    """Places where streets do not join, as points in metres.

    Parameters
    ----------
    crossings
        (k, 2) where two lines cross and have no common vertex.
    tees
        (t, 2) ends that lie on, or within the tolerance of, the middle of another line.
    gaps
        (g, 2) ends within the tolerance of another line's end.
    inner
        (i, 2) vertices that lines share and at which not all of them end, as where a line is drawn
        over others in a GIS.
    """

    crossings: F64
    tees: F64
    gaps: F64
    inner: F64

    def __len__(self) -> int:
        return sum(len(places) for _, places in self.places)

    @property
    def places(self) -> tuple[tuple[str, F64], ...]:
        """The places by what they are: ``crossing``, ``tee``, ``gap``, ``inner``."""
        return (
            ("crossing", self.crossings),
            ("tee", self.tees),
            ("gap", self.gaps),
            ("inner", self.inner),
        )


def find_unjoined(
    streets: gpd.GeoDataFrame, tolerance_m: float = JOIN_M, shut: F64 | None = None
) -> Unjoined:
    """Return where the streets of a layer meet without a common vertex.

    Parameters
    ----------
    streets
        Layer ``streets``.
    tolerance_m
        Longest gap between an end and the street that it should join, metres.
    shut
        (n, 2) places where streets are cut on purpose, such as closed gates.
    """
    lines = _Lines.of(streets, shut)
    return _found(lines, lines.loose_ends(tolerance_m), lines.crossings(), tolerance_m)


def _found(lines: _Lines, ends: _Ends, crossings: _Crossings, tolerance_m: float) -> Unjoined:
    return Unjoined(
        _once(crossings.xy),
        _once(ends.xy[~ends.to_end]),
        _once(ends.xy[ends.to_end], tolerance_m),
        lines.inner(),
    )


def join_streets(
    streets: gpd.GeoDataFrame,
    tolerance_m: float = JOIN_M,
    shut: F64 | None = None,
    apart: F64 | None = None,
) -> tuple[gpd.GeoDataFrame, Unjoined]:
    """Join streets that cross or nearly meet at one level.

    Parameters
    ----------
    streets, tolerance_m, shut
        As of :func:`find_unjoined`.
    apart
        Places (n, 2) of which somebody said that streets do not meet there; within a metre.

    Returns
    -------
    The streets, split where they are joined, and what was joined. Nothing is moved: a short line
    leads across each gap. A piece of street ``"7"`` is called ``"7/1"``, a line across a gap at its
    end ``"7/join1"``; their other columns are those of the street. Its ``length_m``, climb and fall
    are shared out over its pieces, none of them goes to a line across a gap.

    Examples
    --------
    >>> cross = shapely.from_wkt(["LINESTRING (0 0, 10 0)", "LINESTRING (5 -5, 5 5)"])
    >>> table = gpd.GeoDataFrame({"street_id": ["a", "b"]}, geometry=cross, crs=32650)
    >>> joined, what = join_streets(table)
    >>> joined["street_id"].tolist(), len(what.crossings)
    (['a/1', 'a/2', 'b/1', 'b/2'], 1)
    """
    lines = _Lines.of(streets, shut)
    kept = np.empty((0, 2)) if apart is None else apart
    ends, crossings = lines.loose_ends(tolerance_m), lines.crossings()
    if len(kept):
        ends = _these(ends, ~(_near(ends.xy, kept) | _near(ends.to, kept)))
        crossings = _these(crossings, ~_near(crossings.xy, kept))
    bridged, part_of = _connectors(ends)
    rows = streets.iloc[part_of].set_geometry(bridged, crs=streets.crs)
    rows["street_id"] = [f"{key}/join{n + 1}" for n, key in enumerate(rows["street_id"])]
    for column in rows.columns.intersection(_OF_WHOLE):  # the street's, which keeps all of it
        rows[column] = np.nan
    shapes = with_vertices(
        lines.with_own_vertices(ends, crossings, tolerance_m),
        np.concatenate([ends.other, crossings.line]),
        np.concatenate([ends.to, crossings.xy]),
    )
    whole = pd.concat([streets.set_geometry(shapes, crs=streets.crs), rows], ignore_index=True)
    pieces, origin = node_lines(whole.geometry.to_numpy())
    if len(kept):
        pieces, origin = _whole_at(pieces, origin, kept)
    joined = split_table(gpd.GeoDataFrame(whole, crs=streets.crs), pieces, origin)
    found = _found(lines, ends, crossings, tolerance_m)
    return joined, replace(found, inner=found.inner[~_near(found.inner, kept)])


def _near(xy: F64, places: F64) -> Bool:
    """Whether each of some places (n, 2) lies within a metre of one of others."""
    if not len(xy) or not len(places):
        return np.zeros(len(xy), bool)
    return np.asarray(shapely.dwithin(_points(xy), shapely.multipoints(places), 1.0))


def _these(told: _Told, which: Bool) -> _Told:
    return type(told)(**{each.name: getattr(told, each.name)[which] for each in fields(told)})


def _and(told: _Told, more: _Told) -> _Told:
    both = (
        (each.name, getattr(told, each.name), getattr(more, each.name)) for each in fields(told)
    )
    return type(told)(**{name: np.concatenate([one, other]) for name, one, other in both})


def _told_in(line: I64, xy: F64, told: I64, places: F64) -> Bool:
    """Whether each place of a line is among those that are told of it."""
    known = {(int(row), *np.round(place, 3)) for row, place in zip(told, places, strict=True)}
    found = [(int(row), *np.round(place, 3)) in known for row, place in zip(line, xy, strict=True)]
    return np.array(found, dtype=bool)


def _whole_at(pieces: Shapes, origin: I64, places: F64) -> tuple[Shapes, I64]:
    """Return pieces of lines, those that one line was split into at some places one again."""
    at = np.flatnonzero((origin[1:] == origin[:-1]) & _near(_end_points(pieces[:-1], -1), places))
    result, keep = pieces.copy(), np.ones(len(pieces), bool)
    for row in at[::-1].tolist():  # from behind: what follows is whole already
        before, after = (shapely.get_coordinates(result[each]) for each in (row, row + 1))
        result[row] = shapely.LineString(np.concatenate([before, after[1:]]))
        keep[row + 1] = False
    return result[keep], origin[keep]


def split_table(streets: gpd.GeoDataFrame, pieces: Shapes, origin: I64) -> gpd.GeoDataFrame:
    """Return the rows of a table of streets for their pieces.

    A walked length is shared out in proportion to the lines, so that pieces of a street that is
    walked longer than drawn are so too, and what is taken off the line is off the length.

    Parameters
    ----------
    streets
        A table with ``street_id``.
    pieces, origin
        Of :func:`planner.sources.streets.noding.node_lines`.

    Examples
    --------
    >>> cross = shapely.from_wkt(["LINESTRING (0 0, 2 0, 8 0)", "LINESTRING (2 0, 2 5)"])
    >>> columns = {"street_id": ["a", "b"], "length_m": [12.0, None]}
    >>> table = gpd.GeoDataFrame(columns, geometry=cross)
    >>> split_table(table, *node_lines(cross))["length_m"].tolist()
    [3.0, 9.0, nan]
    """
    table = pd.DataFrame(streets.drop(columns=streets.geometry.name)).iloc[origin]
    number = pd.Series(origin).groupby(origin).cumcount().to_numpy() + 1
    cut = pd.Series(origin).duplicated(keep=False).to_numpy()
    ids = table["street_id"].to_numpy(dtype=object)
    table["street_id"] = [
        f"{key}/{n}" if split else key for key, n, split in zip(ids, number, cut, strict=True)
    ]
    metres = pd.Series(shapely.length(pieces))
    if "length_m" in table:
        whole = shapely.length(streets.geometry.to_numpy())[origin]
        part = np.asarray(shapely.length(pieces), dtype=np.float64)
        table["length_m"] = walked_lengths(table["length_m"], whole, part, cut)
    share = (metres / metres.groupby(origin).transform("sum")).to_numpy()
    for column in table.columns.intersection(["ascent_m", "descent_m"]):
        table[column] = table[column] * np.where(cut, share, 1.0)
    result = gpd.GeoDataFrame(table, geometry=pieces, crs=streets.crs)
    return result.reset_index(drop=True)


def walked_lengths(given: pd.Series, before: F64, after: F64, cut: Bool | None = None) -> Objects:
    """Return the walked length of lines that have become longer or shorter, in proportion.

    Parameters
    ----------
    given
        ``length_m`` (n,) of the lines as they were, empty where the line counts as it is drawn.
        What is no number stays as it is, so that who reads the layer is told of it.
    before, after
        Metres drawn (n,), once and now.
    cut
        Which are pieces (n,) of a line; others stay to the digit where they are as long as before.
    """
    values = pd.to_numeric(given, errors="coerce").to_numpy(dtype=np.float64)
    changed = np.abs(after - before) > _CM
    if cut is not None:
        changed |= cut
    changed &= before > 0
    times = np.divide(after, before, out=np.ones(len(before)), where=changed)
    kept = np.isnan(values) | ~changed
    return np.where(kept, given.to_numpy(), values * times)


def unjoined_findings(found: Unjoined, tolerance_m: float = JOIN_M) -> list[Finding]:
    """Tell of streets that do not join, nothing where all do."""
    findings = []
    if len(found.inner):
        findings.append(Finding("sources.inner_junctions", {"count": len(found.inner)}))
    if len(found) > len(found.inner):
        findings.append(Finding("sources.unjoined", _counts(found, tolerance_m)))
    return findings


def joined_findings(found: Unjoined, tolerance_m: float = JOIN_M) -> list[Finding]:
    """Tell what was joined, nothing where nothing was."""
    many = len(found) > len(found.inner)
    return [Finding("sources.joined", _counts(found, tolerance_m))] if many else []


def _counts(found: Unjoined, tolerance_m: float) -> dict[str, Any]:
    return {
        "crossings": len(found.crossings),
        "tees": len(found.tees),
        "gaps": len(found.gaps),
        "metres": tolerance_m,
    }


@dataclass(frozen=True, eq=False)
class _Ends:
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
class _Crossings:
    """A crossing of two lines, told once for each: ``line`` (n,) and ``xy`` (n, 2)."""

    line: I64
    xy: F64


_Told = TypeVar("_Told", _Ends, _Crossings)


@dataclass(frozen=True, eq=False)
class _Lines:
    """Streets as lines; ``plain`` are those that meet others of their ``layer`` on the ground."""

    shapes: Shapes
    plain: Bool
    layer: I64
    shut: F64

    @classmethod
    def of(cls, streets: gpd.GeoDataFrame, shut: F64 | None) -> _Lines:
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

    def loose_ends(self, tolerance_m: float) -> _Ends:
        """Find the ends that touch another line without a vertex, or nearly do."""
        owner, xy, line_of = self._end_places()
        plain = np.flatnonzero(self.plain)
        points = _points(xy)
        row, near = shapely.STRtree(self.shapes[plain]).query(
            points, predicate="dwithin", distance=tolerance_m
        )
        other = plain[near]
        fits = self.layer[other] == self.layer[line_of[row]]
        row, other = row[fits], other[fits]
        vertices = shapely.extract_unique_points(self.shapes[other])
        free = shapely.distance(points[row], vertices) > SAME_PLACE_M
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
        found = _Ends(line_of[row], xy[row], other, to, apart, to_end & apart)
        return _and(found, self._own_ends(owner, tolerance_m))

    def _own_ends(self, owner: I64, tolerance_m: float) -> _Ends:
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
        found = _Ends(own.line, own.xy, own.line, to, own.apart, own.to_end & own.apart)
        return _these(found, wanted)

    def with_own_vertices(self, ends: _Ends, crossings: _Crossings, tolerance_m: float) -> Shapes:
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
        ends = np.concatenate([_end_points(self.shapes, 0), _end_points(self.shapes, -1)])
        line = np.tile(np.arange(len(self.shapes)), 2)
        place = merge_places(ends)[1]
        order = np.lexsort((~self.plain[line], place))
        first = order[np.unique(place[order], return_index=True)[1]]
        fits = self.plain[line[first]]
        if len(self.shut):
            tree = shapely.STRtree(_points(self.shut))
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

    def crossings(self) -> _Crossings:
        """Find where plain lines of one layer cross and have no common vertex."""
        plain = np.flatnonzero(self.plain)
        shapes = self.shapes[plain]
        a, b = shapely.STRtree(shapes).query(shapes)
        keep = (a < b) & (self.layer[plain[a]] == self.layer[plain[b]])
        a, b = a[keep], b[keep]
        ends = np.stack([_end_points(shapes, 0), _end_points(shapes, -1)], axis=1)
        straight = shapely.get_num_points(shapes) == 2
        gaps = np.abs(ends[a][:, :, None] - ends[b][:, None]).max(axis=-1)
        meet = (gaps <= SAME_PLACE_M).any(axis=(1, 2)) & straight[a] & straight[b]
        a, b = a[~meet], b[~meet]
        touch = shapely.intersects(shapes[a], shapes[b])
        a, b = a[touch], b[touch]
        xy, pair = _places(shapely.intersection(shapes[a], shapes[b]))
        points = _points(xy)
        on = [self._at(points, shapes[side[pair]]) for side in (a, b)]
        at_end = on[0][1] | on[1][1]
        lacks = ~(on[0][0] & on[1][0]) & ~at_end
        line = np.concatenate([plain[a[pair[lacks]]], plain[b[pair[lacks]]]])
        found = _Crossings(line.astype(np.int64), np.concatenate([xy[lacks], xy[lacks]]))
        own = own_crossings(self.shapes, self.plain)
        at_end = np.minimum(
            *(np.hypot(*(own.xy - _end_points(self.shapes[own.line], n)).T) for n in (0, -1))
        )
        inside = at_end > SAME_PLACE_M  # an end on its own line is told as such
        return _and(found, _Crossings(own.line[inside], own.xy[inside]))

    @staticmethod
    def _at(points: Shapes, lines: Shapes) -> tuple[Bool, Bool]:
        """Whether each point is a vertex of its line, and whether it is an end of it."""
        if not len(points):
            return np.zeros(0, bool), np.zeros(0, bool)
        vertices = shapely.extract_unique_points(lines)
        ends = [shapely.distance(points, shapely.get_point(lines, i)) for i in (0, -1)]
        return shapely.distance(points, vertices) <= SAME_PLACE_M, np.minimum(*ends) <= SAME_PLACE_M


def _points(xy: F64) -> Shapes:
    return np.atleast_1d(np.asarray(shapely.points(xy), dtype=object))


def _end_points(shapes: Shapes, which: int) -> F64:
    return shapely.get_coordinates(shapely.get_point(shapes, which))


def _places(shapes: Shapes) -> tuple[F64, I64]:
    """Points of intersections, ends of those along a line; and which intersection each is of."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    along = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    spots = [parts[~along], *(shapely.get_point(parts[along], i) for i in (0, -1))]
    rows = [owner[~along], owner[along], owner[along]]
    return shapely.get_coordinates(np.concatenate(spots)), np.concatenate(rows).astype(np.int64)


def _once(xy: F64, apart_m: float = SAME_PLACE_M) -> F64:
    """Return places, of those that are near each other the first only."""
    from scipy.spatial import cKDTree

    if not len(xy):
        return xy
    pairs = cKDTree(xy).query_pairs(apart_m, output_type="ndarray")
    return np.delete(xy, np.unique(pairs[:, 1]), axis=0)


def _connectors(ends: _Ends) -> tuple[Shapes, I64]:
    """Short lines across the gaps, each once, and the street that each is a part of."""
    gap = np.flatnonzero(ends.apart)
    both = np.round(np.stack([ends.xy[gap], ends.to[gap]], axis=1) / SAME_PLACE_M).astype(np.int64)
    order = np.lexsort((both[:, :, 1], both[:, :, 0]), axis=1)
    both = np.take_along_axis(both, order[:, :, None], axis=1).reshape(-1, 4)
    gap = gap[np.sort(np.unique(both, axis=0, return_index=True)[1])]
    lines = shapely.linestrings(np.stack([ends.xy[gap], ends.to[gap]], axis=1))
    return np.atleast_1d(np.asarray(lines, dtype=object)), ends.line[gap]


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
