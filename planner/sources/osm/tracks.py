"""Railway tracks: which of them nobody walks across, and which lesser ones people do cross.

Spurs, sidings and yards are tracks for single trains at walking pace. A main line is fenced, or
crossed at level crossings and bridges only; a spur in a harbour street is neither. So a lesser
track is no wall

- where the map shows it crossed: a level crossing stands on it, or a way that is walked shares a
  node with it;
- where the map shows nothing that keeps people off: no wall or fence runs within
  :data:`FENCE_M` along half its length. A yard, whose tracks lie side by side and hold standing
  trains, stays a wall all the same unless it is crossed.

A fence beside a track is a barrier of its own.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import shapely

from planner.arrays import I64, Bool, Shapes
from planner.errors import InputError
from planner.sources.osm.objects import OsmData, Tags
from planner.sources.osm.rules import WalkRules

LesserTracks = Literal["rule", "walls", "open"]

LESSER = ("spur", "siding", "yard", "crossover")
"""Values of ``service`` that make a railway a lesser track."""

FENCE_M = 15.0
"""A wall or fence this near to a track keeps people off it, metres."""

_STEP_M = 20.0
_CROSSINGS = ("level_crossing", "crossing")


def is_lesser(tags: Tags) -> bool:
    """Return whether a railway is a spur, a siding or a yard.

    Examples
    --------
    >>> is_lesser({"railway": "rail", "service": "siding"}), is_lesser({"railway": "rail"})
    (True, False)
    """
    return tags.get("service") in LESSER


def open_tracks(
    data: OsmData, ways: I64, walls: Shapes, rules: WalkRules, how: LesserTracks = "rule"
) -> Bool:
    """Return which railways people walk across, so that they are no walls, (k,) bool.

    Parameters
    ----------
    data
        Projected objects.
    ways
        Positions of railways on the ground, whole ones.
    walls
        Lines of walls and fences.
    rules
        What is walked.
    how
        ``"rule"``: as the module says; ``"walls"``: every track is a wall; ``"open"``: no lesser
        track is one.

    Raises
    ------
    InputError
        ``osm.bad_lesser_tracks``.
    """
    if how not in ("rule", "walls", "open"):
        raise InputError("osm.bad_lesser_tracks", value=how, known="rule, walls, open")
    lesser = np.array([is_lesser(data.way_tags[w]) for w in ways], dtype=np.bool_)
    if how != "rule" or not lesser.any():
        return lesser & (how == "open")
    chosen = ways[lesser]
    yard = np.array([data.way_tags[w].get("service") == "yard" for w in chosen], dtype=np.bool_)
    is_open = np.zeros(len(ways), dtype=np.bool_)
    is_open[lesser] = _crossed(data, chosen, rules) | ~(yard | _fenced(data, chosen, walls))
    return is_open


def _crossed(data: OsmData, ways: I64, rules: WalkRules) -> Bool:
    """Return which ways have a level crossing, or a node in common with a way that is walked."""
    crossings = data.node_id[data.nodes_where(lambda t: t.get("railway") in _CROSSINGS)]
    walked = data.ref[data.points(data.ways_where(rules.walked))[0]]
    rows, owner = data.points(ways)
    met = np.isin(data.ref[rows], np.concatenate([crossings, walked]))
    return np.asarray(np.bincount(owner[met], minlength=len(ways)) > 0)


def _fenced(data: OsmData, ways: I64, walls: Shapes) -> Bool:
    """Return which ways have a wall beside them along half their length or more."""
    fenced = np.zeros(len(ways), dtype=np.bool_)
    if not len(walls):
        return fenced
    dense = shapely.segmentize(data.lines(ways), _STEP_M)
    xy, owner = shapely.get_coordinates(dense, return_index=True)
    points = np.asarray(shapely.points(xy), object)
    near = np.zeros(len(points), dtype=np.bool_)
    near[shapely.STRtree(walls).query(points, predicate="dwithin", distance=FENCE_M)[0]] = True
    along = np.bincount(owner, near, minlength=len(ways))
    return np.asarray(along >= np.bincount(owner, minlength=len(ways)) / 2)
