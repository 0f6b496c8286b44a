"""Facilities mapped by an outline that an extract does not hold whole: they stand nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import shapely

from planner.errors import Finding
from planner.sources.osm.lifecycle import NAMED
from planner.sources.osm.objects import OsmData, Tags, relation_shape


def cut_outlines(data: OsmData, within: Any, fits: Callable[[Tags], object]) -> Iterator[Finding]:
    """Tell of ways and relations whose tags fit, which lie in an area and are no whole outlines.

    Parameters
    ----------
    data
        Projected objects.
    within
        Area in the same CRS.
    fits
        Whether tags are those of a facility.
    """
    cut = [
        (f"way/{data.way_id[way]}", data.way_tags[way])
        for way in data.ways_where(fits).tolist()
        if not data.closed[way] and _lies_in(data, [way], within)
    ]
    for relation in data.relations:
        if relation.tags.get("type") not in ("multipolygon", "boundary") or not fits(relation.tags):
            continue
        shape, whole = relation_shape(data, relation)
        if shape is not None and whole:
            continue
        there = [
            data.way_position.get(member) for kind, member, _ in relation.members if kind == "w"
        ]
        if _lies_in(data, [way for way in there if way is not None], within):
            cut.append((f"relation/{relation.id}", relation.tags))
    if cut:
        words = [f"{tags['name']} ({key})" if tags.get("name") else key for key, tags in cut]
        told = "; ".join(words[:NAMED]) + ("; …" if len(words) > NAMED else "")
        yield Finding("osm.outlines_cut", {"count": len(cut), "facilities": told})


def _lies_in(data: OsmData, ways: list[int], within: Any) -> bool:
    """Whether a point of some ways that the extract holds lies in an area."""
    rows, _ = data.points(ways)
    xy = data.xy[rows]
    known = xy[np.isfinite(xy).all(axis=1)]
    return bool(shapely.intersects(within, shapely.points(known)).any()) if len(known) else False
