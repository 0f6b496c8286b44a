"""Streets as people walk them: chosen by the walk rules, split wherever one may turn."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
from numpy.typing import NDArray

from planner.arrays import I64, Bool, Shapes
from planner.errors import Finding, InputError
from planner.sources.osm.objects import OsmData, Tags
from planner.sources.osm.pavements import quiet_carriageways, with_lost_carriageways
from planner.sources.osm.rules import FAST, GONE, SHUT, UNCLEAR, WalkRules
from planner.sources.osm.squares import Square, crossings, find_squares
from planner.sources.osm.street_nodes import (
    doubtful_gates,
    kerbs,
    narrowest,
    obstacles,
    private_nodes,
    said_of_wheels,
)
from planner.sources.osm.unknown_words import doubts, words_told
from planner.sources.streets.attributes import attribute_columns
from planner.sources.streets.crossing import cross_quiet_streets
from planner.sources.streets.layer import finish_streets
from planner.sources.streets.left_out import LeftOut
from planner.sources.streets.walls import Walls

SHUT_GAP_M = 0.5
"""A way is cut this far before a node that shuts it, so that the two ends do not meet."""

_NAMED = 10

EDGE_M = 20.0
"""A street that comes this near to the edge of the area is cut by it."""

_OPEN = ("yes", "designated", "permissive", "destination", "customers", "official", "public")
"""Values of ``foot`` and ``access`` by which people may walk."""

_IN_BRACKETS = re.compile(r"\([^)]*\)")
"""When a condition holds; a ``;`` within it parts hours, and one outside it parts conditions."""

_WALK_KEYS = frozenset(("highway", "railway", "public_transport", "man_made"))
_LEFT_OUT = (
    (SHUT, "osm.streets_shut", "osm.shut_places"),
    (UNCLEAR, "osm.cycleways_unclear", "osm.cycleway_places"),
    (FAST, "", "osm.fast_road_places"),
    (GONE, "osm.streets_gone", "osm.gone_places"),
)
"""Rules that leave ways out, what tells their length, and what tells whom that concerns."""


def read_streets(
    data: OsmData,
    within: Any,
    rules: WalkRules,
    name: str = "–",
    *,
    join: bool | float = False,
    walls: Walls | None = None,
) -> tuple[gpd.GeoDataFrame, list[Finding], list[LeftOut]]:
    """Return the walkable street pieces of an area.

    Ways join where they share a node; ways that merely cross do not. A way is split at every
    shared node, and cut at nodes that shut it (:meth:`WalkRules.blocked`). Squares are walked
    along their outline and straight between their entries. Carriageways whose pavements are ways of
    their own are left out, unless no pavement is mapped beside them; quiet ones among them are
    crossed anywhere, see :mod:`planner.sources.osm.pavements`.

    Parameters
    ----------
    data
        Projected objects.
    within
        Area in the same CRS; pieces that touch it are taken whole.
    rules
        The walk rules.
    name
        Name of the area, for messages.
    join
        Whether ways that cross or nearly meet at one level are joined; see
        :func:`planner.sources.streets.layer.finish_streets`.
    walls
        What may stand between two ends that nearly meet.

    Returns
    -------
    The layer ``streets``, what was found about it, and the ways that rules left out.

    Raises
    ------
    InputError
        Where nothing can be walked, or nothing in the area.
    """
    verdicts = _verdicts(data, rules)
    shapely.prepare(within)
    verdicts, lost = with_lost_carriageways(data, verdicts, within)
    squares = [
        square
        for square in find_squares(data, verdicts["walked"], rules)
        if square.shape is None or shapely.intersects(within, square.shape)
    ]
    network = _Network.of(data, verdicts["walked"], squares)
    if not len(network.ways):
        raise InputError("osm.no_highway", file=data.source)
    across = [crossings(data, square, network.shared) for square in squares]
    corners = [np.unique(ends) for _, ends in across]
    blocked = data.node_id[data.nodes_where(rules.blocked)]
    pieces = network.split(data, np.concatenate([*corners, np.empty(0, np.int64)]), blocked)
    layer = pd.concat(
        [_piece_table(data, network, pieces), _crossing_table(squares, [of for of, _ in across])],
        ignore_index=True,
    )
    streets = gpd.GeoDataFrame(layer, geometry="geometry", crs=data.crs)
    shapes = streets.geometry.to_numpy()
    streets["cut"] = _cut(data, network, pieces, within, shapes)
    streets = streets[shapely.intersects(within, shapes)].reset_index(drop=True)
    if streets.empty:
        raise InputError("osm.boundary_outside", name=name, file=data.source)
    streets, crossed = cross_quiet_streets(streets, quiet_carriageways(data, verdicts, within))
    shut = data.xy[np.isin(data.ref, blocked)]
    streets, notes, hanging = finish_streets(
        streets, join=join, shut=shut[~np.isnan(shut[:, 0])], walls=walls
    )
    found, left_out = _left_out(data, verdicts, within)
    found += _timed(data, verdicts["walked"], within, rules)
    found += _shut_for_hours(data, verdicts, within)
    found += _one_way(data, verdicts["walked"], within)
    found += private_nodes(data, verdicts["walked"], within)
    found += doubtful_gates(data, verdicts["walked"], within)
    told = _ways_here(data, verdicts["walked"], within, lambda tags: bool(doubts(tags)))
    found += words_told({f"way/{data.way_id[way]}": data.way_tags[way] for way in told})
    return streets, [*found, *lost, *crossed, *notes], [*left_out, *hanging]


def _cut(data: OsmData, network: _Network, pieces: _Pieces, within: Any, shapes: Shapes) -> Bool:
    """Whether each street runs on beyond what is known: out of the area, or to a missing node."""
    inner = shapely.buffer(within, -EDGE_M)
    shapely.prepare(inner)
    cut = ~shapely.covers(inner, shapes)
    known = ~np.isnan(data.xy[:, 0])
    first, last = network.way_ends(data, pieces)
    gap = np.zeros(len(shapes), bool)
    rows = len(known)
    before, after = np.maximum(pieces.first_row - 1, 0), np.minimum(pieces.last_row + 1, rows - 1)
    gap[: len(pieces.way)] = (~known[before] & ~first) | (~known[after] & ~last)
    return np.asarray(cut | gap)


def _verdicts(data: OsmData, rules: WalkRules) -> dict[str, I64]:
    """Return positions of ways by the rule that turned them down, and of the ``walked`` ones."""
    found: dict[str, list[int]] = {"walked": []}
    for i in data.ways_where(lambda tags: not _WALK_KEYS.isdisjoint(tags)).tolist():
        rule = rules.rule(data.way_tags[i])
        verdict = "none" if rule is None else "walked" if rule.decision else rule.id
        found.setdefault(verdict, []).append(i)
    return {verdict: np.array(ways, np.int64) for verdict, ways in found.items()}


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Rows of ways' points, piece after piece, and each piece's line and way."""

    line: NDArray[Any]
    way: I64
    first_row: I64
    last_row: I64


@dataclass(frozen=True, eq=False)
class _Network:
    """The walked ways and outlines: their points' rows, way by way.

    `ways` (w,) are positions, `tags` their tags, `group` (w,) the same number for all outlines of
    one square; `rows` (m,) and `owner` (m,) as of :meth:`OsmData.points`; `shared` the nodes that
    several of them use, ascending, outlines of one square counted once.
    """

    ways: I64
    tags: list[Tags]
    group: I64
    rows: I64
    owner: I64
    shared: I64

    @classmethod
    def of(cls, data: OsmData, walked: I64, squares: list[Square]) -> _Network:
        lines = set(walked.tolist())
        outline = {int(way): i for i, square in enumerate(squares) for way in square.outline}
        ways = np.array(sorted(lines | set(outline)), np.int64)
        tags = [data.way_tags[w] if w in lines else squares[outline[w]].tags for w in ways.tolist()]
        group = np.array([outline.get(w, len(squares) + w) for w in ways.tolist()], np.int64)
        rows, owner = data.points(ways)
        known = ~np.isnan(data.xy[rows, 0])
        visits = np.unique(np.column_stack([data.ref[rows], group[owner]])[known], axis=0)
        ids, count = np.unique(visits[:, 0], return_counts=True)
        return cls(ways, tags, group, rows, owner, ids[count > 1])

    def way_ends(self, data: OsmData, pieces: _Pieces) -> tuple[Bool, Bool]:
        """Whether each piece begins, and whether it ends, where its way does."""
        way = self.ways[pieces.way]
        return pieces.first_row == data.way_start[way], pieces.last_row == (
            data.way_start[way + 1] - 1
        )

    def split(self, data: OsmData, corners: I64, blocked: I64) -> _Pieces:
        """Split the ways at shared nodes, at corners and at gaps; cut them at blocked nodes."""
        ref, xy = data.ref[self.rows], data.xy[self.rows]
        known = ~np.isnan(xy[:, 0])
        _, place, count = np.unique(ref, return_inverse=True, return_counts=True)
        first = np.concatenate([[True], self.owner[1:] != self.owner[:-1]])
        last = np.concatenate([first[1:], [True]])
        before_gap = np.concatenate([~known[1:], [True]])
        after_gap = np.concatenate([[True], ~known[:-1]])
        shut = np.isin(ref, blocked)
        stop = (count[place] > 1) | first | last | before_gap | after_gap | shut
        stop |= np.isin(ref, corners)
        at = np.flatnonzero(stop)
        start, end = at[:-1], at[1:]
        real = (self.owner[start] == self.owner[end]) & known[start] & known[end]
        start, end = start[real], end[real]
        sizes = end - start + 1
        piece = np.repeat(np.arange(len(start)), sizes)
        offset = np.arange(len(piece)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        inside = np.repeat(start, sizes) + offset
        lines = np.asarray(shapely.linestrings(xy[inside], indices=piece))
        lines = _pull_back(lines, shut[start], shut[end])
        solid = shapely.length(lines) > 0
        return _Pieces(
            lines[solid],
            self.owner[start][solid],
            self.rows[start][solid],
            self.rows[end][solid],
        )


def _pull_back(lines: NDArray[Any], at_start: Bool, at_end: Bool) -> NDArray[Any]:
    """Shorten lines at shut ends; a line too short for that becomes an empty one."""
    result = lines.copy()
    for i in np.flatnonzero(at_start | at_end):
        length = lines[i].length
        low = SHUT_GAP_M if at_start[i] else 0.0
        high = length - (SHUT_GAP_M if at_end[i] else 0.0)
        result[i] = (
            shapely.ops.substring(lines[i], low, high) if high > low else shapely.LineString()
        )
    return result


def _piece_table(data: OsmData, network: _Network, pieces: _Pieces) -> pd.DataFrame:
    number = np.arange(len(pieces.way)) - np.searchsorted(pieces.way, pieces.way)
    way_ids = data.way_id[network.ways[pieces.way]]
    table = _columns([network.tags[w] for w in pieces.way.tolist()])
    table["street_id"] = [f"way/{w}/{n + 1}" for w, n in zip(way_ids, number, strict=True)]
    table["source"] = [f"osm:way/{w}" for w in way_ids]
    table["signals"] = _signals(data, pieces)
    ends = pieces.first_row, pieces.last_row
    crosses = (table["crossing"] != "").to_numpy()
    table["kerb"] = kerbs(data, *ends, table["kerb"].to_numpy(dtype=object), crosses)
    table["obstacle"] = obstacles(data, *ends)
    said, classes = (table[name].to_numpy(dtype=object) for name in ("wheelchair", "highway"))
    table["wheelchair"] = said_of_wheels(data, *ends, said, classes, crosses)
    table["width_m"] = narrowest(data, *ends, table["width_m"].to_numpy(dtype=np.float64))
    table["geometry"] = pieces.line
    return table


def _crossing_table(squares: list[Square], lines: list[Shapes]) -> pd.DataFrame:
    owner = np.repeat(np.arange(len(squares)), [len(each) for each in lines]).tolist()
    number = [n + 1 for each in lines for n in range(len(each))]
    table = _columns([squares[i].tags for i in owner])
    table["street_id"] = [f"{squares[i].id}/x{n}" for i, n in zip(owner, number, strict=True)]
    table["source"] = [f"osm:{squares[i].id}" for i in owner]
    table["signals"] = 0
    table["geometry"] = np.concatenate([*lines, np.empty(0, object)])
    return table


def _columns(tags: list[Tags]) -> pd.DataFrame:
    """Return the columns of ``streets`` that follow from tags alone."""
    plain = pd.DataFrame(
        {
            "street_id": "",
            "name": [t.get("name", "") for t in tags],
            "highway": [_street_class(t) for t in tags],
            "access": [t.get("access", "") for t in tags],
            "foot": [t.get("foot", "") for t in tags],
            "bridge": np.array([t.get("bridge", "no") != "no" for t in tags], bool),
            "tunnel": np.array([_in_tunnel(t) for t in tags], bool),
            "steps": np.array([t.get("highway") == "steps" for t in tags], bool),
            "layer": np.array([_layer(t) for t in tags], np.int64),
        }
    )
    return pd.concat([plain, attribute_columns(tags)], axis=1)


def _street_class(tags: Tags) -> str:
    if "highway" in tags:
        return tags["highway"]
    return "pier" if tags.get("man_made") == "pier" else "platform"


def _in_tunnel(tags: Tags) -> bool:
    """Return whether the way is underground; a passage through a building is on the ground."""
    if tags.get("tunnel", "no") not in ("no", "building_passage"):
        return True
    indoor = tags.get("highway") in ("corridor", "elevator") or tags.get("indoor", "no") != "no"
    return tags.get("location") == "underground" or (indoor and _layer(tags) < 0)


def _layer(tags: Tags) -> int:
    try:
        return int(float(tags.get("layer", "0")))
    except (ValueError, OverflowError):
        return 0


def _signals(data: OsmData, pieces: _Pieces) -> I64:
    """Count signals on each piece, its first point included and its last one not.

    So a signal at a junction counts once for whoever walks through it along one way.
    """
    nodes = data.node_id[
        data.nodes_where(
            lambda t: (
                t.get("highway") == "traffic_signals"
                or t.get("crossing") == "traffic_signals"
                or t.get("crossing:signals") == "yes"
            )
        )
    ]
    total = np.concatenate([[0], np.cumsum(np.isin(data.ref, nodes))])
    return np.asarray(total[pieces.last_row] - total[pieces.first_row], np.int64)


def _timed(data: OsmData, walked: I64, within: Any, rules: WalkRules) -> list[Finding]:
    """Tell of ways and gates that are open at certain hours only, which nobody asks here."""
    ways = _ways_here(data, walked, within, _has_hours)
    nodes = data.nodes_where(lambda tags: "barrier" in tags and _has_hours(tags))
    xy = data.node_xy[nodes]
    nodes = nodes[shapely.intersects_xy(within, xy[:, 0], xy[:, 1])] if len(nodes) else nodes
    if not ways and not len(nodes):
        return []
    shut = sum(rules.blocked(data.node_tags[node]) for node in nodes.tolist())
    ids = [f"node/{data.node_id[n]}" for n in nodes] + [f"way/{data.way_id[w]}" for w in ways]
    params = {"ways": len(ways), "gates": len(nodes) - shut, "shut": shut, "ids": _some(ids)}
    return [Finding("osm.hours_of_ways", params)]


def _shut_for_hours(data: OsmData, verdicts: dict[str, I64], within: Any) -> list[Finding]:
    """Tell of ways that are shut to walkers but at certain hours, which count as shut here."""
    parts = [verdicts[rule] for rule in SHUT if rule in verdicts]
    shut = np.concatenate([*parts, np.empty(0, np.int64)])
    ways = _ways_here(data, shut, within, _opens_at_hours)
    if not ways:
        return []
    ids = _some([f"way/{data.way_id[way]}" for way in ways])
    return [Finding("osm.hours_of_shut_ways", {"ways": len(ways), "ids": ids})]


def _one_way(data: OsmData, walked: I64, within: Any) -> list[Finding]:
    """Tell of ways on which people may walk one way only, which are walked both ways here."""
    ways = _ways_here(data, walked, within, _is_one_way)
    if not ways:
        return []
    ids = _some([f"way/{data.way_id[way]}" for way in ways])
    return [Finding("osm.one_way_on_foot", {"ways": len(ways), "ids": ids})]


def _ways_here(
    data: OsmData, walked: I64, within: Any, chosen: Callable[[Tags], bool]
) -> list[int]:
    """Return the walked ways of an area whose tags are chosen."""
    ways = [w for w in walked.tolist() if chosen(data.way_tags[w]) and data.whole[w]]
    if not ways:
        return []
    near = shapely.intersects(within, data.lines(np.array(ways, np.int64)))
    return [way for way, here in zip(ways, near.tolist(), strict=True) if here]


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:_NAMED]) + (", …" if len(ids) > _NAMED else "")


def _is_one_way(tags: Tags) -> bool:
    """Return whether walkers have one direction; ``oneway`` alone is about vehicles.

    Examples
    --------
    >>> _is_one_way({"oneway:foot": "yes"}), _is_one_way({"foot:backward": "no"})
    (True, True)
    >>> _is_one_way({"highway": "steps", "conveying": "forward"}), _is_one_way({"oneway": "yes"})
    (True, False)
    """
    return (
        tags.get("oneway:foot", "no") not in ("no", "0", "false")
        or "no" in (tags.get("foot:forward"), tags.get("foot:backward"))
        or tags.get("conveying") in ("forward", "backward", "reversible")
    )


def _has_hours(tags: Tags) -> bool:
    """Return whether a way or gate is open at certain hours only.

    Examples
    --------
    >>> _has_hours({"opening_hours": "06:00-22:00"}), _has_hours({"opening_hours": "24/7"})
    (True, False)
    >>> _has_hours({"access": "no", "access:conditional": "yes @ (06:00-22:00)"})
    True
    """
    if tags.get("opening_hours", "24/7").strip() not in ("24/7", ""):
        return True
    return any(f"{key}:conditional" in tags for key in ("access", "foot", "locked"))


def _opens_at_hours(tags: Tags) -> bool:
    """Return whether a way that is shut by its tags is open to walkers at certain hours.

    Examples
    --------
    >>> _opens_at_hours({"access": "no", "access:conditional": "yes @ (06:00-22:00)"})
    True
    >>> _opens_at_hours({"foot": "no", "foot:conditional": "no @ (22:00-06:00)"})
    False
    """
    told = [part for key in ("foot", "access") for part in _conditions(tags, key)]
    return any(value in _OPEN for value in told)


def _conditions(tags: Tags, key: str) -> list[str]:
    """Return what a tag becomes under its conditions, as in ``yes @ (Mo-Fr 06:00-22:00); no``."""
    parts = _IN_BRACKETS.sub("", tags.get(f"{key}:conditional", "")).split(";")
    return [part.partition("@")[0].strip().casefold() for part in parts if "@" in part]


def _left_out(
    data: OsmData, verdicts: dict[str, I64], within: Any
) -> tuple[list[Finding], list[LeftOut]]:
    """Tell of lengths that a better map would bring back; return the lines of each rule."""
    found, left_out = [], []
    for rules, told, places in _LEFT_OUT:
        parts = [verdicts[rule] for rule in rules if rule in verdicts]
        ways = np.concatenate([*parts, np.empty(0, np.int64)])
        ways = ways[data.whole[ways]]
        lines = data.lines(ways)
        near = shapely.intersects(within, lines)
        length = float(shapely.length(lines[near]).sum())
        if told and length >= 50:
            found.append(Finding(told, {"km": round(length / 1000, 1)}))
        tags = [data.way_tags[way] for way in ways.tolist()]
        beside = np.array([t.get("bridge", "no") == "no" and not _in_tunnel(t) for t in tags], bool)
        put_up = ("motorway",) if rules is FAST else ()
        left_out.append(LeftOut(places, lines[near & beside], put_up=put_up))
    return found, left_out
