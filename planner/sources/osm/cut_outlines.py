"""Facilities mapped by an outline that an extract does not hold whole: they stand nowhere."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import shapely

from planner.errors import Finding
from planner.sources.osm.doubts import NAMED
from planner.sources.osm.lifecycle import state_of
from planner.sources.osm.objects import SITE, OsmData, Relation, Tags, relation_shape, sites_where

_OUTLINES = ("multipolygon", "boundary", SITE)
"""Types of relations whose ways are outlines, or of which some are."""


def cut_outlines(
    data: OsmData, within: Any, kinds_of: Callable[[Tags], tuple[str, ...]], today: dt.date
) -> Iterator[Finding]:
    """Tell of facilities in an area that are mapped by ways and relations without a whole outline.

    A way that repeats the tags of its relation is told by that, or stands with it; one that is gone
    or to come would not count either.

    Parameters
    ----------
    data
        Projected objects.
    within
        Area in the same CRS.
    kinds_of
        The kinds of facilities that tags make.
    today
        Day on which the facilities must be there.
    """

    def counts(tags: Tags) -> bool:
        return bool(kinds_of(tags)) and state_of(tags, today).status == "existing"

    relations = [
        relation
        for relation in data.relations
        if relation.tags.get("type") in _OUTLINES and kinds_of(relation.tags)
    ]
    by_relation: dict[int, set[str]] = defaultdict(set)
    for relation in relations:
        for way in _ways(data, relation):
            by_relation[way].update(kinds_of(relation.tags))
    cut = [
        (f"way/{data.way_id[way]}", data.way_tags[way])
        for way in data.ways_where(counts).tolist()
        if not data.closed[way]
        and not by_relation[way].issuperset(kinds_of(data.way_tags[way]))
        and _lies_in(data, [way], within)
    ]
    placed = {site.id for site in sites_where(data, kinds_of)}
    for relation in relations:
        if relation.tags["type"] == SITE:
            there = f"relation/{relation.id}" in placed
        else:
            shape, whole = relation_shape(data, relation)
            there = shape is not None and whole
        if there or not counts(relation.tags):
            continue
        if _lies_in(data, _ways(data, relation), within):
            cut.append((f"relation/{relation.id}", relation.tags))
    if cut:
        words = [f"{tags['name']} ({key})" if tags.get("name") else key for key, tags in cut]
        told = "; ".join(words[:NAMED]) + ("; …" if len(words) > NAMED else "")
        yield Finding("osm.outlines_cut", {"count": len(cut), "facilities": told})


def _ways(data: OsmData, relation: Relation) -> list[int]:
    """Return the positions of a relation's ways that the extract holds."""
    there = [data.way_position.get(member) for kind, member, _ in relation.members if kind == "w"]
    return [way for way in there if way is not None]


def _lies_in(data: OsmData, ways: list[int], within: Any) -> bool:
    """Whether a point of some ways that the extract holds lies in an area."""
    rows, _ = data.points(ways)
    xy = data.xy[rows]
    known = xy[np.isfinite(xy).all(axis=1)]
    return bool(shapely.intersects(within, shapely.points(known)).any()) if len(known) else False
