"""Squares: walkable areas, crossed along their outline and straight between their entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planner.arrays import F64, I64, Bool
from planner.sources.osm.objects import OsmData, Tags, relation_shape
from planner.sources.osm.rules import WalkRules

MOST_SPOTS = 24
"""Entries and corners of one square that are joined pairwise, 276 lines at the most."""

_SLACK_M = 0.05
_CORNER_SLACK_M = 1.0


@dataclass(frozen=True)
class Square:
    """A walkable area.

    Parameters
    ----------
    id
        ``"way/12"`` or ``"relation/7"``.
    tags
        Its tags.
    outline
        Positions of the ways that bound it.
    shape
        Polygon in metres; None where its relation is not whole, so that only the outline is walked.
    """

    id: str
    tags: Tags
    outline: I64
    shape: Any


def is_area(tags: Tags, closed: bool) -> bool:
    """Return whether a walkable way is the outline of an area rather than a line.

    Examples
    --------
    >>> is_area({"highway": "pedestrian", "area": "yes"}, closed=True)
    True
    >>> is_area({"highway": "pedestrian"}, closed=True)
    False
    """
    if not closed or tags.get("area") == "no":
        return False
    if "highway" not in tags:
        return True
    return tags.get("area") == "yes" or tags["highway"] in ("platform", "elevator")


def find_squares(data: OsmData, walked: I64, rules: WalkRules) -> list[Square]:
    """Return the walkable areas among the walked ways and the multipolygon relations.

    Parameters
    ----------
    data
        Projected objects.
    walked
        Positions of the ways that are walked.
    rules
        Decide about relations, by their own tags.
    """
    ways = [w for w in walked if is_area(data.way_tags[w], bool(data.closed[w]))]
    chosen = np.array(ways, np.int64)
    squares = [
        Square(f"way/{data.way_id[w]}", data.way_tags[w], np.array([w]), shape)
        for w, shape in zip(chosen, data.polygons(chosen), strict=True)
    ]
    for relation in data.relations:
        if relation.tags.get("type") == "multipolygon" and rules.walked(relation.tags):
            shape, _ = relation_shape(data, relation)
            members = (
                data.way_position.get(ref) for kind, ref, _ in relation.members if kind == "w"
            )
            outline = np.array(sorted({m for m in members if m is not None}), np.int64)
            squares.append(Square(f"relation/{relation.id}", relation.tags, outline, shape))
    return squares


def crossings(data: OsmData, square: Square, entries: I64) -> tuple[NDArray[Any], I64]:
    """Return straight lines across a square.

    Lines join the entries pairwise where they stay inside the square, around its holes too. Where
    some pair cannot see each other, the corners that stand in the way are joined as well, so that
    the way around them is the shortest inside the square. Of more than :data:`MOST_SPOTS` spots
    those farthest from one another are taken; the rest is reached along the outline.

    Parameters
    ----------
    data
        Projected objects.
    square
        The square.
    entries
        Node ids where other walked ways meet the outline, ascending.

    Returns
    -------
    Lines (k,) and the node ids at their two ends (k, 2).
    """
    rows, _ = data.points(square.outline)
    rows = rows[~np.isnan(data.xy[rows, 0])]
    ids, first = np.unique(data.ref[rows], return_index=True)
    xy = data.xy[rows][first]
    place = np.minimum(np.searchsorted(entries, ids), max(len(entries) - 1, 0))
    is_entry = entries[place] == ids if len(entries) else np.zeros(len(ids), bool)
    if square.shape is None or is_entry.sum() < 2:
        return np.array([], object), np.empty((0, 2), np.int64)
    # a round corner of a few centimetres has two points: each more makes every test below dearer
    inside = shapely.buffer(square.shape, _SLACK_M, quad_segs=1)
    shapely.prepare(inside)
    spots = np.flatnonzero(is_entry)
    spots = spots[_spread(xy[spots], MOST_SPOTS)]
    lines, pairs, seen = _sight_lines(xy, spots, inside)
    if not seen.all() and len(spots) < MOST_SPOTS:
        corners = np.flatnonzero(_corners(square.shape, xy) & ~is_entry)
        corners = corners[_spread(xy[corners], MOST_SPOTS - len(spots))]
        lines, pairs, seen = _sight_lines(xy, np.concatenate([spots, corners]), inside)
    along = shapely.buffer(square.shape.boundary, _SLACK_M * 2, quad_segs=1)
    shapely.prepare(along)
    useful = seen & ~shapely.covers(along, lines)
    return lines[useful], ids[pairs[useful]]


def _sight_lines(
    xy: F64,
    spots: I64,
    inside: Any,
) -> tuple[NDArray[Any], I64, Bool]:
    a, b = np.triu_indices(len(spots), 1)
    pairs = np.column_stack([spots[a], spots[b]])
    lines = np.asarray(shapely.linestrings(xy[pairs]))
    return lines, pairs, np.asarray(shapely.covers(inside, lines))


def _spread(xy: F64, most: int) -> I64:
    """Return the places of at most `most` points, each as far as can be from those before it."""
    if len(xy) <= most:
        return np.arange(len(xy))
    chosen = [0]
    distance = np.hypot(*(xy - xy[0]).T)
    while len(chosen) < most:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, np.hypot(*(xy - xy[chosen[-1]]).T))
    return np.array(chosen, np.int64)


def _corners(shape: Any, xy: F64) -> Bool:
    """Return which points are corners that jut into the square."""
    plain = shapely.simplify(shapely.orient_polygons(shape), _CORNER_SLACK_M)
    found = []
    for polygon in shapely.get_parts(plain):
        for ring in (polygon.exterior, *polygon.interiors):
            points = np.asarray(ring.coords)[:-1]
            before, after = points - np.roll(points, 1, 0), np.roll(points, -1, 0) - points
            turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
            found.append(points[turn < 0])
    corners = np.vstack(found) if found else np.empty((0, 2))
    if not len(corners):
        return np.zeros(len(xy), bool)
    tree = shapely.STRtree(np.asarray(shapely.points(corners)))
    near = tree.query(shapely.points(xy), predicate="dwithin", distance=1e-6)[0]
    result = np.zeros(len(xy), bool)
    result[near] = True
    return result
