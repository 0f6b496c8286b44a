"""What cannot be crossed on foot, the gates through it, and what is drawn behind the map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from planner.arrays import I64, Bool, Shapes
from planner.district.layers import LEFT_OUT
from planner.errors import Finding
from planner.sources.osm.ground import GREEN
from planner.sources.osm.lifecycle import EXISTING, way_state
from planner.sources.osm.objects import Area, OsmData, Tags, areal, areas_where
from planner.sources.osm.rules import FAST_ROADS, SHUT, UNCLEAR, WalkRules, has_value
from planner.sources.osm.tracks import LesserTracks, open_tracks
from planner.sources.streets.attributes import width_of
from planner.sources.tables.unread.states import STEPPED_OVER_M

_NAMED = 5
_WALLS = ("wall", "fence", "city_wall", "retaining_wall")
_RAILS = ("rail", "light_rail", "narrow_gauge", "subway")
_GATES = (
    "gate",
    "entrance",
    "lift_gate",
    "swing_gate",
    "sliding_gate",
    "wicket_gate",
    "kissing_gate",
    "hampshire_gate",
    "turnstile",
    "full-height_turnstile",
    "stile",
    "sally_port",
    "door",
)
_ROADS = tuple(f"{c}{end}" for c in ("primary", "secondary", "tertiary") for end in ("", "_link"))
_CLOSED = ["private", "no", "military", "permit"]
_COMPOUNDS = ("landuse", "amenity", "leisure", "man_made", "power", "industrial", "military")
_SMALLEST_M2 = {"water": 100.0, "green": 400.0, "building": 30.0, "private": 400.0}
_DETAIL_M = {
    "water": 0.5,
    "green": 2.0,
    "building": 0.7,
    "rail": 0.5,
    "road": 0.5,
    "siding": 0.5,
    "private": 0.7,
    "cycleway": 0.5,
    "shut": 0.5,
}


def is_water(tags: Tags) -> bool:
    """Return whether an area is open water.

    Examples
    --------
    >>> is_water({"natural": "water"}), is_water({"natural": "water", "covered": "yes"})
    (True, False)
    """
    return _open_air(tags) and (
        tags.get("natural") == "water"
        or tags.get("waterway") in ("riverbank", "dock")
        or tags.get("landuse") in ("reservoir", "basin")
    )


def is_closed_compound(tags: Tags) -> bool:
    """Return whether an area is closed to the public: private ground, barracks, an airfield.

    Examples
    --------
    >>> is_closed_compound({"landuse": "industrial", "access": "private"})
    True
    >>> is_closed_compound({"landuse": "industrial"}), is_closed_compound({"access": "private"})
    (False, False)
    """
    if "building" in tags or "highway" in tags:
        return False
    return (
        tags.get("landuse") == "military"
        or tags.get("aeroway") == "aerodrome"
        or tags.get("amenity") == "prison"
        or (has_value(tags, "access", _CLOSED) and any(key in tags for key in _COMPOUNDS))
    )


def _open_air(tags: Tags) -> bool:
    return (
        tags.get("tunnel", "no") == "no"
        and tags.get("culvert", "no") == "no"
        and tags.get("covered", "no") == "no"
        and tags.get("location", "surface") not in ("underground", "roof")
    )


def _on_ground(tags: Tags) -> bool:
    return _open_air(tags) and tags.get("bridge", "no") == "no"


def _is_bar(tags: Tags) -> bool:
    """Return whether tags are of a line that bars people where it is there, and on the ground."""
    return (
        tags.get("barrier") in _WALLS
        or tags.get("railway") in _RAILS
        or tags.get("waterway") in ("river", "canal")
    ) and _on_ground(tags)


def _is_gone(tags: Tags) -> bool:
    """Return whether it bars nobody: gone, not there yet, stepped over, or deep underground.

    Examples
    --------
    >>> [_is_gone(tags) for tags in (
    ...     {"barrier": "wall", "status": "demolished"}, {"railway": "rail", "abandoned": "yes"},
    ...     {"barrier": "wall", "height": "0.4 m"}, {"railway": "subway", "layer": "-2"},
    ...     {"barrier": "wall", "height": "2"}, {"railway": "rail", "layer": "-1"})]
    [True, True, True, True, False, False]
    """
    if way_state(tags, dt.datetime.now(tz=dt.UTC).date()) != EXISTING:
        return True
    if "barrier" in tags and 0 < (width_of(tags.get("height", "")) or 0) < STEPPED_OVER_M:
        return True
    return tags.get("railway") == "subway" and tags.get("layer", "").startswith("-")


def gone_barriers(data: OsmData, within: Any) -> Iterator[Finding]:
    """Tell of lines that would bar people and by their tags do not, so that they are left out.

    Parameters
    ----------
    data
        Projected objects.
    within
        Area in which they are counted.
    """
    gone = _line_rows(data, lambda tags: _is_bar(tags) and _is_gone(tags), within)
    if len(gone):
        ids = gone["id"].drop_duplicates().tolist()
        told = ", ".join(ids[:_NAMED]) + (", …" if len(ids) > _NAMED else "")
        yield Finding("osm.barriers_gone", {"count": len(ids), "ids": told})


def read_water(data: OsmData, within: Any) -> gpd.GeoDataFrame:
    """Return water areas, and rivers, canals and coasts that are mapped as lines only.

    Columns ``id``, ``name``, ``kind`` ("water"). Lines are cut where a water area covers them;
    rivers in culverts and tunnels are left out.
    """
    areas = _clipped(areas_where(data, is_water), within, "water")
    lines = _line_rows(
        data,
        lambda t: (
            (t.get("waterway") in ("river", "canal") and _on_ground(t) and not _is_gone(t))
            or t.get("natural") == "coastline"
        ),
        within,
    )
    if len(areas) and len(lines):
        covered = shapely.union_all(areas.geometry.to_numpy())
        lines.geometry = shapely.difference(lines.geometry.to_numpy(), covered)
        lines = lines[shapely.length(lines.geometry.to_numpy()) > 1.0]
    return _stack([areas, lines], "water", data.crs)


def read_barriers(
    data: OsmData,
    within: Any,
    rules: WalkRules,
    water: gpd.GeoDataFrame,
    lesser_tracks: LesserTracks = "rule",
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the layer ``barriers``: water, railways, motorways and walls on the ground.

    Parameters
    ----------
    data
        Projected objects.
    within
        Area that the barriers are cut to.
    rules
        Motorways and trunk roads on which one may walk are no barrier.
    water
        Of :func:`read_water`.
    lesser_tracks
        Which spurs, sidings and yards are walls; see :mod:`planner.sources.osm.tracks`.

    Returns
    -------
    tuple
        The layer, and the tracks that are no walls: ``id``, ``name``, lines.
    """

    def motorway(tags: Tags) -> bool:
        return tags.get("highway") in FAST_ROADS and _on_ground(tags) and rules.stops(tags)

    def wall(tags: Tags) -> bool:
        return tags.get("barrier") in _WALLS and _on_ground(tags) and not _is_gone(tags)

    def track(tags: Tags) -> bool:
        return tags.get("railway") in _RAILS and _on_ground(tags) and not _is_gone(tags)

    walls = _line_rows(data, wall, within)
    tracks = _whole_ways(data, track)
    crossed = open_tracks(data, tracks, walls.geometry.to_numpy(), rules, lesser_tracks)
    rails = _way_rows(data, tracks[~crossed], within)
    parts = {
        "water": water,
        "railway": rails,
        "motorway": _line_rows(data, motorway, within),
        "wall": walls,
    }
    tables = [_stack([table], kind, data.crs) for kind, table in parts.items()]
    barriers = _concat(tables, data.crs)
    barriers["barrier_id"] = barriers["kind"] + "/" + barriers["id"]
    barriers["source"] = "osm:" + barriers["id"]
    barriers = barriers[["barrier_id", "name", "kind", "source", "geometry"]]
    return barriers, _way_rows(data, tracks[crossed], within)


def read_gates(data: OsmData, within: Any, rules: WalkRules) -> gpd.GeoDataFrame:
    """Return the layer ``gates``; one is open unless the walk rules say that it is shut."""
    found = data.nodes_where(lambda tags: tags.get("barrier") in _GATES)
    shapely.prepare(within)
    xy = data.node_xy[found]
    found = found[shapely.intersects_xy(within, xy[:, 0], xy[:, 1])] if len(found) else found
    tags = [data.node_tags[i] for i in found]
    ids = [f"node/{data.node_id[i]}" for i in found]
    table = {
        "gate_id": ids,
        "name": [t.get("name", "") for t in tags],
        "open": np.array([not rules.blocked(t) for t in tags], bool),
        "source": [f"osm:{i}" for i in ids],
    }
    return gpd.GeoDataFrame(table, geometry=shapely.points(data.node_xy[found]), crs=data.crs)


def without_doorless_walls(
    barriers: gpd.GeoDataFrame,
    gates: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    inhabited: NDArray[Any],
) -> tuple[gpd.GeoDataFrame, Shapes]:
    """Leave out walls that close a ring around homes or facilities without any way in.

    People do get in, so the gate is there and only the map lacks it.

    Parameters
    ----------
    barriers, gates, streets
        Layers of the district.
    inhabited
        Points (k,) of homes and facilities.

    Returns
    -------
    The barriers that remain, and the walls that were left out.
    """
    shapes = barriers.geometry.to_numpy()
    ring = (barriers["kind"] == "wall").to_numpy() & shapely.is_closed(shapes)
    ring &= shapely.get_type_id(shapes) == 1
    ring &= shapely.get_num_points(shapes) >= 4
    where = np.flatnonzero(ring)
    if not len(where) or not len(inhabited):
        return barriers, shapes[:0]
    xy, owner = shapely.get_coordinates(shapes[where], return_index=True)
    inside = areal(np.asarray(shapely.polygons(shapely.linearrings(xy, indices=owner))))
    homes = _touching(inside, inhabited, "contains")
    doors = _touching(shapes[where], gates.geometry.to_numpy(), "dwithin", distance=1.0)
    ways = _touching(shapes[where], streets.geometry.to_numpy(), "intersects")
    drop = where[homes & ~doors & ~ways]
    keep = np.ones(len(barriers), bool)
    keep[drop] = False
    return barriers[keep].reset_index(drop=True), shapes[drop]


def _touching(
    shapes: NDArray[Any],
    others: NDArray[Any],
    predicate: Any,
    **options: float,
) -> Bool:
    result = np.zeros(len(shapes), bool)
    if len(others):
        result[shapely.STRtree(others).query(shapes, predicate=predicate, **options)[0]] = True
    return result


def read_context(
    data: OsmData,
    within: Any,
    water: gpd.GeoDataFrame,
    buildings: list[Area],
    rules: WalkRules,
    sidings: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Return the layer ``context``: what is drawn behind the map, and what links must heed.

    Water, rails, green and buildings are drawn. Roads that nobody walks along but that are crossed,
    tracks that are no walls, and closed compounds are for :mod:`planner.analysis.links.obstacles`;
    cycleways that do not say whether one may walk there, and ways that are shut to walkers, for
    :mod:`planner.analysis.left_out_ways`. All are simplified.

    Parameters
    ----------
    data
        Projected objects.
    within
        Area that it is cut to.
    water
        Of :func:`read_water`.
    buildings
        All buildings of the extract.
    rules
        What is walked.
    sidings
        The tracks that are no walls, of :func:`read_barriers`.
    """

    def green(tags: Tags) -> bool:
        return any(tags.get(key) in values for key, values in GREEN.items())

    def road(tags: Tags) -> bool:
        return tags.get("highway") in _ROADS and _on_ground(tags) and rules.stops(tags)

    def turned_down_by(names: tuple[str, ...]) -> Callable[[Tags], bool]:
        def fits(tags: Tags) -> bool:
            rule = rules.rule(tags) if "highway" in tags else None
            return rule is not None and not rule.decision and rule.id in names

        return fits

    rails = _line_rows(data, lambda t: t.get("railway") in _RAILS and _open_air(t), within)
    parts = {
        "green": _clipped(areas_where(data, green), within, "green"),
        "water": water,
        "rail": rails,
        "building": _clipped(buildings, within, "building", cut=False),
        "road": _line_rows(data, road, within),
        "siding": sidings,
        "private": _clipped(areas_where(data, is_closed_compound), within, "private"),
        "cycleway": _line_rows(data, turned_down_by(UNCLEAR), within),
        "shut": _line_rows(data, turned_down_by(SHUT), within),
    }
    tables = []
    for kind, table in parts.items():
        slim = table.copy()
        slim.geometry = shapely.simplify(slim.geometry.to_numpy(), _DETAIL_M[kind])
        tables.append(_stack([slim], kind, data.crs))
    context = _concat(tables, data.crs)
    left_out = context["kind"].isin(LEFT_OUT)  # who mends the map looks these up
    context["source"] = np.where(left_out, "osm:" + context["id"].astype(str), "")
    return context[["kind", "name", "source", "geometry"]]


def _line_rows(
    data: OsmData,
    fits: Callable[[Tags], object],
    within: Any,
) -> gpd.GeoDataFrame:
    return _way_rows(data, _whole_ways(data, fits), within)


def _whole_ways(data: OsmData, fits: Callable[[Tags], object]) -> I64:
    ways = data.ways_where(fits)
    return ways[data.whole[ways]]


def _way_rows(data: OsmData, ways: I64, within: Any) -> gpd.GeoDataFrame:
    return _rows(
        [f"way/{i}" for i in data.way_id[ways]],
        [data.way_tags[w].get("name", "") for w in ways],
        data.lines(ways),
        within,
        data.crs,
    )


def _clipped(
    areas: list[Area],
    within: Any,
    kind: str,
    *,
    cut: bool = True,
) -> gpd.GeoDataFrame:
    big = [area for area in areas if area.shape.area >= _SMALLEST_M2[kind]]
    shapes = np.array([area.shape for area in big], object)
    ids, names = [area.id for area in big], [area.tags.get("name", "") for area in big]
    return _rows(ids, names, shapes, within, None, cut=cut)


def _rows(
    ids: list[str],
    names: list[str],
    shapes: NDArray[Any],
    within: Any,
    crs: Any,
    *,
    cut: bool = True,
) -> gpd.GeoDataFrame:
    """Return the shapes that touch an area, cut to it unless they lie inside."""
    shapely.prepare(within)
    near: I64 = (
        np.flatnonzero(shapely.intersects(within, shapes)) if len(shapes) else np.array([], int)
    )
    kept = shapes[near]
    if cut and len(kept):
        beyond = ~shapely.covers(within, kept)
        kept[beyond] = shapely.intersection(kept[beyond], within)
    table = {"id": [ids[i] for i in near], "name": [names[i] for i in near]}
    return gpd.GeoDataFrame(table, geometry=kept, crs=crs)


def _stack(tables: list[gpd.GeoDataFrame], kind: str, crs: Any) -> gpd.GeoDataFrame:
    """Return tables as one of that kind, without what is empty, mixed or invalid."""
    result = _concat(tables, crs)
    shapes = result.geometry.to_numpy().copy()
    areas = np.isin(shapely.get_type_id(shapes), (3, 6))
    shapes[areas] = areal(shapes[areas])
    result.geometry = shapes
    solid = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    solid &= areas | (shapely.length(shapes) > 0)  # two nodes at one place are no line
    solid &= np.isin(shapely.get_type_id(shapes), (1, 3, 5, 6))
    result = result[solid].reset_index(drop=True)
    result["kind"] = kind
    return result


def _concat(tables: list[gpd.GeoDataFrame], crs: Any) -> gpd.GeoDataFrame:
    data = {
        column: np.concatenate(
            [np.array([], object), *(t[column].to_numpy(object) for t in tables if column in t)]
        )
        for column in ("id", "name", "kind")
    }
    if not len(data["kind"]):
        data["kind"] = np.full(len(data["id"]), "", object)
    shapes = np.concatenate([np.array([], object), *(t.geometry.to_numpy() for t in tables)])
    return gpd.GeoDataFrame(data, geometry=shapes, crs=crs)
