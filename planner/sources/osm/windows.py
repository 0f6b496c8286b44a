"""What of an extract lies in a window: one reading of a province serves all of its districts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from planner.arrays import F64, I64, Bool
from planner.sources.osm.objects import OsmData, Tags

BESIDE_M = 2000.0
"""So much farther than the buffer the objects of a district are taken: whether streets end at the
extract's edge or go on is seen by those beyond."""

_METRES_A_DEGREE = 110_000.0


class Windows:
    """An extract of which parts are taken, each object whole or not at all.

    Parameters
    ----------
    data
        As read, in degrees.
    """

    def __init__(self, data: OsmData) -> None:
        self.data = data

    def of(self, window: Sequence[float]) -> OsmData:
        """Return all objects whose box touches a window, in the order of the extract.

        A relation comes with all of its ways and nodes that the extract has, wherever these lie:
        an area is closed or it is none. So each object that reaches into the window is the same
        as in the whole extract.

        Parameters
        ----------
        window
            West, south, east and north, degrees.
        """
        data = self.data
        bounds = np.asarray(window, np.float64)
        nodes, ways = touches(self._node_boxes, bounds), touches(self._way_boxes, bounds)
        relations = touches(self._relation_boxes, bounds)
        for members, taken in ((self._node_members, nodes), (self._way_members, ways)):
            owner, position = members
            taken[position[relations[owner]]] = True
        return _some(data, nodes, ways, relations)

    def areas(self, fits: Callable[[Tags], object]) -> OsmData:  # noqa: ARG002 - all of them are there
        """Return the ways and relations whose tags fit, relations with all their ways, or more."""
        return self.data

    @cached_property
    def _node_boxes(self) -> F64:
        return boxes_of(self.data.node_xy)

    @cached_property
    def _way_boxes(self) -> F64:
        """Box of each way, (ways, 4); none where no point of it is in the extract."""
        data = self.data
        owner = np.repeat(np.arange(len(data.way_id)), np.diff(data.way_start))
        return joined_boxes(boxes_of(data.xy), owner, len(data.way_id))

    @cached_property
    def _relation_boxes(self) -> F64:
        """Box of each relation, (relations, 4): of its ways and nodes that the extract has."""
        count = len(self.data.relations)
        of_nodes = joined_boxes(
            self._node_boxes[self._node_members[1]], self._node_members[0], count
        )
        of_ways = joined_boxes(self._way_boxes[self._way_members[1]], self._way_members[0], count)
        low = np.fmin(of_nodes[:, :2], of_ways[:, :2])
        return np.column_stack([low, np.fmax(of_nodes[:, 2:], of_ways[:, 2:])])

    @cached_property
    def _node_members(self) -> tuple[I64, I64]:
        places = {int(node): i for i, node in enumerate(self.data.node_id)}
        return self._members("n", places)

    @cached_property
    def _way_members(self) -> tuple[I64, I64]:
        return self._members("w", self.data.way_position)

    def _members(self, kind: str, places: dict[int, int]) -> tuple[I64, I64]:
        """Return the relation and the position of each member of a type that the extract has."""
        found = [
            (i, places[ref])
            for i, relation in enumerate(self.data.relations)
            for type_, ref, _ in relation.members
            if type_ == kind and ref in places
        ]
        table = np.array(found, np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]


def window_around(bounds: Sequence[float], beyond_m: float) -> tuple[float, float, float, float]:
    """Return a box in degrees that reaches so many metres or more beyond another."""
    west, south, east, north = bounds
    up = beyond_m / _METRES_A_DEGREE
    farthest = min(max(abs(south), abs(north)) + up, 89.0)
    aside = up / math.cos(math.radians(farthest))
    return west - aside, south - up, east + aside, north + up


def empty(data: OsmData) -> OsmData:
    """Return an extract of the same name and date without any object."""
    nothing = (np.zeros(len(each), bool) for each in (data.node_id, data.way_id, data.relations))
    return _some(data, *nothing)


def _some(data: OsmData, nodes: Bool, ways: Bool, relations: Bool) -> OsmData:
    """Return some of the objects of an extract, in its order."""
    kept = np.flatnonzero(ways)
    rows, owner = data.points(kept)
    starts = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(kept)))])
    return replace(
        data,
        node_id=data.node_id[nodes],
        node_xy=data.node_xy[nodes],
        node_tags=[data.node_tags[i] for i in np.flatnonzero(nodes)],
        way_id=data.way_id[kept],
        way_tags=[data.way_tags[i] for i in kept],
        way_start=starts.astype(np.int64),
        ref=data.ref[rows],
        xy=data.xy[rows],
        relations=[data.relations[i] for i in np.flatnonzero(relations)],
    )


def boxes_of(xy: F64) -> F64:
    """Return the boxes of points, (n, 4): west, south, east, north."""
    return np.column_stack([xy, xy])


def joined_boxes(boxes: F64, owner: I64, count: int) -> F64:
    """Return the box around the boxes of each owner, NaN where it has none."""
    low, high = np.full((count, 2), np.nan), np.full((count, 2), np.nan)
    np.fmin.at(low, owner, boxes[:, :2])
    np.fmax.at(high, owner, boxes[:, 2:])
    return np.column_stack([low, high])


def touches(boxes: F64, window: F64) -> Bool:
    """Return which boxes touch a window; one that is not known touches none."""
    # comparing with NaN is false
    found: Bool = (
        (boxes[:, 0] <= window[2])
        & (boxes[:, 2] >= window[0])
        & (boxes[:, 1] <= window[3])
        & (boxes[:, 3] >= window[1])
    )
    return found
