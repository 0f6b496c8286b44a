"""Facilities of every kind from tagged nodes, buildings and grounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.district import Kinds
from planner.sources.osm.objects import Area, OsmData, Tags, areas_where

_INTERNAL = ("private", "no", "employees", "staff", "members", "residents", "permit")
_EXTRA = {"operator": "operator", "name_zh": "name:zh", "name_en": "name:en"}
_NEAR_M = 1.0


@dataclass(frozen=True)
class _Found:
    id: str
    kind: str
    tags: Tags
    point: Any
    shape: Any = None


def read_facilities(data: OsmData, within: Any, kinds: Kinds) -> gpd.GeoDataFrame:
    """Return the facilities of an area.

    A facility mapped as a point and again as the building or ground around it is one: same kind,
    one inside the other, and not two different names. An area stands where its main entrance is
    mapped, else at a point inside it.

    Parameters
    ----------
    data
        Projected objects.
    within
        Area in the same CRS.
    kinds
        The kinds to look for, by their tags.

    Returns
    -------
    The layer ``facilities``, empty where there is none, with ``operator``, ``name_zh`` and
    ``name_en`` where some facility has them.
    """
    keys = {key for kind in kinds.values() for wanted in kind.osm for key in wanted}

    def kind_of(tags: Tags) -> str | None:
        return kinds.of_tags(tags) if not keys.isdisjoint(tags) else None

    doors = _entrances(data)
    areas = [
        _Found(area.id, str(kind_of(area.tags)), area.tags, _door(data, area, doors), area.shape)
        for area in areas_where(data, kind_of)
    ]
    nodes = [
        _Found(
            f"node/{data.node_id[i]}",
            str(kind_of(data.node_tags[i])),
            data.node_tags[i],
            shapely.Point(data.node_xy[i]),
        )
        for i in data.nodes_where(kind_of)
    ]
    shapely.prepare(within)
    here = [f for f in (*areas, *nodes) if shapely.intersects(within, f.point)]
    return _table(_without_doubles(here), kinds, data.crs)


def _entrances(data: OsmData) -> dict[int, int]:
    """Return the row of each entrance node by its id, main entrances only where they are known."""
    main = data.nodes_where(lambda tags: tags.get("entrance") == "main")
    return {int(data.node_id[i]): int(i) for i in main}


def _door(data: OsmData, area: Area, doors: dict[int, int]) -> Any:
    kind, number = area.id.split("/")
    if kind == "way":
        rows, _ = data.points([data.way_position[int(number)]])
        for node in data.ref[rows].tolist():
            if node in doors:
                return shapely.Point(data.node_xy[doors[node]])
    return shapely.point_on_surface(area.shape)


def _without_doubles(found: list[_Found]) -> list[_Found]:
    """Drop what lies inside an area of the same kind, handing its tags to that area."""
    order = sorted(found, key=lambda f: (f.shape is None, -_size(f.shape)))
    kept: list[_Found] = []
    areas: dict[str, list[int]] = {}
    for item in order:
        spot = item.point if item.shape is None else shapely.point_on_surface(item.shape)
        holder = next(
            (
                i
                for i in areas.get(item.kind, [])
                if shapely.dwithin(kept[i].shape, spot, _NEAR_M) and _same_name(kept[i], item)
            ),
            None,
        )
        if holder is not None:
            kept[holder] = replace(kept[holder], tags={**item.tags, **kept[holder].tags})
            continue
        if item.shape is not None:
            areas.setdefault(item.kind, []).append(len(kept))
        kept.append(item)
    return sorted(kept, key=lambda f: f.id)


def _size(shape: Any) -> float:
    return 0.0 if shape is None else float(shape.area)


def _same_name(a: _Found, b: _Found) -> bool:
    names = {f.tags["name"].strip().casefold() for f in (a, b) if f.tags.get("name")}
    return len(names) < 2


def _table(found: list[_Found], kinds: Kinds, crs: Any) -> gpd.GeoDataFrame:
    table = pd.DataFrame(
        {
            "facility_id": [f.id for f in found],
            "name": [f.tags.get("name", "") for f in found],
            "kind": [f.kind for f in found],
            "status": "existing",
            "ownership": [
                "internal" if f.tags.get("access") in _INTERNAL else "public" for f in found
            ],
            "department": [kinds[f.kind].department for f in found],
            "floor_area_m2": np.array([_floor_area(f) for f in found], np.float64),
            "opening_hours": [f.tags.get("opening_hours", "") for f in found],
            "services": [f.tags.get("healthcare:speciality", "") for f in found],
            "source": [f"osm:{f.id}" for f in found],
        }
    )
    for column, key in _EXTRA.items():
        values = [f.tags.get(key, "") for f in found]
        if any(values):
            table[column] = values
    return gpd.GeoDataFrame(table, geometry=[f.point for f in found], crs=crs)


def _floor_area(found: _Found) -> float:
    """Return footprint × storeys of a building, NaN where it is no building."""
    if found.shape is None or found.tags.get("building", "no") == "no":
        return np.nan
    return round(_size(found.shape) * (levels(found.tags) or 1.0), 1)


def levels(tags: Tags) -> float | None:
    """Return a building's storeys above ground, None where neither they nor a height are tagged.

    Examples
    --------
    >>> levels({"building:levels": "6"}), levels({"height": "12 m"}), levels({"building": "yes"})
    (6.0, 4.0, None)
    """
    for key, height in (("building:levels", 1.0), ("height", 3.0), ("building:height", 3.0)):
        text = tags.get(key, "").replace("m", "").replace(",", ".").strip()
        try:
            value = float(text) / height
        except ValueError:
            continue
        if 0 < value < 200:
            return max(round(value, 1), 1.0)
    return None
