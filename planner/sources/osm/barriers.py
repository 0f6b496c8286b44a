"""What cannot be crossed on foot, the gates through it, and what is drawn behind the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from planner.arrays import I64, Bool
from planner.sources.osm.objects import Area, OsmData, Tags, areal, areas_where
from planner.sources.osm.rules import WalkRules

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
_GREEN = {
    "leisure": ("park", "garden", "golf_course", "nature_reserve", "pitch"),
    "landuse": (
        "forest",
        "grass",
        "meadow",
        "recreation_ground",
        "village_green",
        "cemetery",
        "orchard",
        "vineyard",
    ),
    "natural": ("wood", "scrub", "grassland", "heath"),
}
_SMALLEST_M2 = {"water": 100.0, "green": 400.0, "building": 30.0}
_DETAIL_M = {"water": 0.5, "green": 2.0, "building": 0.7, "rail": 0.5}


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


def _open_air(tags: Tags) -> bool:
    return (
        tags.get("tunnel", "no") == "no"
        and tags.get("covered", "no") == "no"
        and tags.get("location", "surface") not in ("underground", "roof")
    )


def _on_ground(tags: Tags) -> bool:
    return _open_air(tags) and tags.get("bridge", "no") == "no"


def read_water(data: OsmData, within: Any) -> gpd.GeoDataFrame:
    """Return water areas, and rivers, canals and coasts that are mapped as lines only.

    Columns ``id``, ``name``, ``kind`` ("water"). Lines are cut where a water area covers them;
    rivers in culverts and tunnels are left out.
    """
    areas = _clipped(areas_where(data, is_water), within, "water")
    lines = _line_rows(
        data,
        lambda t: (
            (t.get("waterway") in ("river", "canal") and _on_ground(t))
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
) -> gpd.GeoDataFrame:
    """Return the layer ``barriers``: water, railways, motorways and walls on the ground.

    Parameters
    ----------
    data
        Projected objects.
    within
        Area that the barriers are cut to.
    rules
        Motorways and expressways on which one may walk are no barrier.
    water
        Of :func:`read_water`.
    """

    def motorway(tags: Tags) -> bool:
        fast = tags.get("highway") in ("motorway", "motorway_link") or (
            tags.get("highway") in ("trunk", "trunk_link")
            and (tags.get("motorroad") == "yes" or tags.get("foot") == "no")
        )
        return fast and _on_ground(tags) and not rules.walked(tags)

    rails = _line_rows(data, lambda t: t.get("railway") in _RAILS and _on_ground(t), within)
    walls = _line_rows(data, lambda t: t.get("barrier") in _WALLS and _on_ground(t), within)
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
    return barriers[["barrier_id", "name", "kind", "source", "geometry"]]


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
) -> tuple[gpd.GeoDataFrame, int]:
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
    The barriers that remain, and how many were left out.
    """
    shapes = barriers.geometry.to_numpy()
    ring = (barriers["kind"] == "wall").to_numpy() & shapely.is_closed(shapes)
    ring &= shapely.get_type_id(shapes) == 1
    ring &= shapely.get_num_points(shapes) >= 4
    where = np.flatnonzero(ring)
    if not len(where) or not len(inhabited):
        return barriers, 0
    xy, owner = shapely.get_coordinates(shapes[where], return_index=True)
    inside = areal(np.asarray(shapely.polygons(shapely.linearrings(xy, indices=owner))))
    homes = _touching(inside, inhabited, "contains")
    doors = _touching(shapes[where], gates.geometry.to_numpy(), "dwithin", distance=1.0)
    ways = _touching(shapes[where], streets.geometry.to_numpy(), "intersects")
    drop = where[homes & ~doors & ~ways]
    keep = np.ones(len(barriers), bool)
    keep[drop] = False
    return barriers[keep].reset_index(drop=True), len(drop)


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
) -> gpd.GeoDataFrame:
    """Return the layer ``context``: water, rails, green and buildings, simplified for drawing.

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
    """

    def green(tags: Tags) -> bool:
        return any(tags.get(key) in values for key, values in _GREEN.items())

    rails = _line_rows(data, lambda t: t.get("railway") in _RAILS and _open_air(t), within)
    parts = {
        "green": _clipped(areas_where(data, green), within, "green"),
        "water": water,
        "rail": rails,
        "building": _clipped(buildings, within, "building", cut=False),
    }
    tables = []
    for kind, table in parts.items():
        slim = table.copy()
        slim.geometry = shapely.simplify(slim.geometry.to_numpy(), _DETAIL_M[kind])
        tables.append(_stack([slim], kind, data.crs))
    return _concat(tables, data.crs)[["kind", "name", "geometry"]]


def _line_rows(
    data: OsmData,
    fits: Callable[[Tags], object],
    within: Any,
) -> gpd.GeoDataFrame:
    ways = data.ways_where(fits)
    ways = ways[data.whole[ways]]
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
