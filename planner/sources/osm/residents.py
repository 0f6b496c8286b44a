"""Where residents live, estimated: residential buildings, else points along residential streets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from planner.arrays import F64, Bool
from planner.errors import Finding, InputError
from planner.sources.osm.bare_quarters import bare_quarters
from planner.sources.osm.buildings import (
    MIXED,
    WHOLE_HOUSES,
    is_home,
    levels,
    not_lived_in,
    sort_of_home,
)
from planner.sources.osm.doubled_homes import homes_once
from planner.sources.osm.ground import OTHER_GROUND
from planner.sources.osm.objects import Area, OsmData, Tags, areas_where
from planner.sources.population.places import COVER_M, COVER_SHARE, Places, no_places
from planner.sources.population.street_points import ranked_points, street_points

SMALLEST_M2 = 30.0
"""A building with less ground is a shed or garage, m²."""

_USES = 12
_CELLS = 10
_TOWER = 80.0
"""Storeys of which a whole part of a town is hardly built: rather a mark of what is not known."""

_FEW_TOWERS, _OF_ALL = 3, 0.02
_STOREYS = {"apartments": 5.0, "block": 5.0, "dormitory": 4.0, "residential": 3.0, "yes": 2.0}


def read_buildings(data: OsmData) -> list[Area]:
    """Return all buildings of an extract, areas in the CRS of the data."""
    return areas_where(data, lambda tags: tags.get("building", "no") != "no")


def estimate_residents(
    data: OsmData,
    place: Any,
    streets: gpd.GeoDataFrame,
    buildings: list[Area],
) -> tuple[gpd.GeoDataFrame, str, list[Finding]]:
    """Return estimated demand: a ``weight``, never residents.

    Residential buildings weigh their floor area in m², footprint × storeys; storeys that are not
    tagged are the median of those tagged for the same sort of building, or a usual figure. Ground
    that is mapped twice weighs once, see :mod:`planner.sources.osm.doubled_homes`. Where fewer than
    :data:`planner.sources.population.places.COVER_SHARE` of the residential streets have homes
    beside them, points along those streets stand in, weighing the metres they stand for.

    Parameters
    ----------
    data
        Projected objects.
    place
        The district's area.
    streets
        Layer ``streets``.
    buildings
        Of :func:`read_buildings`.

    Returns
    -------
    The layer ``demand`` without communities, the unit of its weights (``floor_area_m2`` or
    ``street_m``), and what it rests on.

    Raises
    ------
    InputError
        Where there is neither a home nor a street in the area.
    """
    spots = street_points(streets, place)
    homes, doubled = _homes_of(data, place, buildings)
    points = homes.geometry.to_numpy()
    if len(homes) and _beside(spots.geometry.to_numpy(), points) >= COVER_SHARE:
        note = Finding("osm.residents_from_buildings", {"buildings": len(homes)})
        bare = bare_quarters(data, place, streets, homes)
        return homes, "floor_area_m2", [note, *doubled, *bare]
    if spots.empty:
        raise InputError("osm.nobody", file=data.source)
    note = Finding("osm.residents_from_streets", {"points": len(spots), "buildings": len(homes)})
    return spots, "street_m", [note, *bare_quarters(data, place, streets, spots)]


def residential_places(
    data: OsmData, place: Any, streets: gpd.GeoDataFrame, buildings: list[Area]
) -> tuple[Places, list[Finding]]:
    """Return where people may live in an extract, and what was mapped twice.

    Parameters as of :func:`estimate_residents`.
    """
    homes, notes = _homes_of(data, place, buildings)
    return Places(homes, ranked_points(streets, place)), notes


def _homes_of(
    data: OsmData, place: Any, buildings: list[Area]
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the homes as points that weigh their floor area, each ground once."""
    homes, points = _homes(data, place, buildings)
    homes, once, doubled = homes_once(homes, data.source)
    tags = [home.tags for home in homes]
    doubled = [*doubled, *_left_out(place, buildings), *storeys_not_read(tags, data.source)]
    doubled += _of_other_use(homes)
    if not homes:
        return no_places(data.crs), doubled
    table = {
        "demand_id": [home.id for home in homes],
        "weight": floor_areas(homes),
        "source": [f"osm:{home.id}" for home in homes],
    }
    return gpd.GeoDataFrame(table, geometry=points[once], crs=data.crs), doubled


def _left_out(place: Any, buildings: list[Area]) -> Iterator[Finding]:
    """Tell which buildings of the place stand for no homes by their tags, and which are mixed."""
    others = [b for b in buildings if is_home(b.tags) is False and b.shape.area >= SMALLEST_M2]
    if not others:
        return
    middles = shapely.centroid(np.array([b.shape for b in others], object))
    here = np.flatnonzero(shapely.intersects(place, middles)).tolist()
    counts = Counter(_sort_left_out(others[row].tags) for row in here)
    if not counts:
        return
    told = [f"{use}: {count}" for use, count in counts.most_common(_USES)]
    params = {
        "count": len(here),
        "uses": "; ".join(told) + ("; …" if len(counts) > _USES else ""),
        "mixed": sum(counts[use] for use in MIXED),
    }
    yield Finding("osm.buildings_left_out", params)


def _sort_left_out(tags: Tags) -> str:
    reason = not_lived_in(tags)
    return f"{sort_of_home(tags)} {reason}" if reason else sort_of_home(tags)


def _of_other_use(homes: list[Area]) -> Iterator[Finding]:
    """Tell of homes that are tagged as what mostly has a building for itself, such as a school."""
    uses = Counter(home.tags.get("amenity", "") for home in homes)
    told = [(use, count) for use, count in uses.most_common() if use in WHOLE_HOUSES]
    if told:
        params = {
            "count": sum(count for _, count in told),
            "uses": "; ".join(f"{use}: {count}" for use, count in told),
        }
        yield Finding("osm.homes_of_other_use", params)


def storeys_not_read(homes: list[Tags], file: str) -> Iterator[Finding]:
    """Tell of storeys and heights that are no figures, so that they count as not told.

    Parameters
    ----------
    homes
        What each home tells.
    file
        Name of the file.
    """
    cells = [
        home.get("building:levels") or home.get("height", "")
        for home in homes
        if levels(home) is None
    ]
    counts = Counter(cell for cell in cells if cell)
    if counts:
        told = ", ".join(f"{cell} ({count})" for cell, count in counts.most_common(_CELLS))
        params = {"file": file, "count": counts.total(), "values": told}
        yield Finding("population.storeys_not_read", params)
    towers = Counter(n for home in homes if (n := levels(home) or 0.0) >= _TOWER)
    if towers and (most := towers.most_common(1)[0])[1] >= max(_FEW_TOWERS, _OF_ALL * len(homes)):
        params = {"file": file, "count": most[1], "storeys": f"{most[0]:g}"}
        yield Finding("population.storeys_marked", params)


def _homes(
    data: OsmData,
    place: Any,
    buildings: list[Area],
) -> tuple[list[Area], NDArray[Any]]:
    verdicts = [is_home(building.tags) for building in buildings]
    maybe = [
        (building, verdict)
        for building, verdict in zip(buildings, verdicts, strict=True)
        if verdict is not False and building.shape.area >= SMALLEST_M2
    ]
    if not maybe:
        return [], np.array([], object)
    points = shapely.point_on_surface(np.array([b.shape for b, _ in maybe], object))
    shapely.prepare(place)
    live = shapely.intersects(place, points)
    unsure = live & np.array([verdict is None for _, verdict in maybe])
    live[unsure] = ~_elsewhere(data, points[unsure])
    return [maybe[i][0] for i in np.flatnonzero(live)], points[live]


def _elsewhere(data: OsmData, points: NDArray[Any]) -> Bool:
    """Return which points lie on land where nobody lives, residential land inside it excepted."""

    def ground(tags: Tags) -> bool:
        return tags.get("landuse") == "residential" or any(
            tags.get(key) in values for key, values in OTHER_GROUND.items()
        )

    areas = [a for a in areas_where(data, ground) if a.tags.get("building", "no") == "no"]
    smallest = np.full(len(points), np.inf)
    other = np.zeros(len(points), bool)
    if not areas or not len(points):
        return other
    tree = shapely.STRtree(points)
    for area in areas:
        hit = tree.query(area.shape, predicate="contains")
        closer = hit[area.shape.area < smallest[hit]]
        smallest[closer] = area.shape.area
        other[closer] = area.tags.get("landuse") != "residential"
    return other


def floor_areas(homes: list[Area]) -> F64:
    """Return the floor area of homes, m²: footprint × storeys, these where unknown as is usual."""
    known: dict[str, list[float]] = {}
    for home in homes:
        storeys = levels(home.tags)
        if storeys is not None:
            known.setdefault(sort_of_home(home.tags), []).append(storeys)
    usual = {kind: median(values) for kind, values in known.items() if len(values) >= 20}

    def storeys_of(tags: Tags) -> float:
        kind = sort_of_home(tags)
        return levels(tags) or usual.get(kind, _STOREYS.get(kind, 1.5))

    return np.array([round(home.shape.area * storeys_of(home.tags), 1) for home in homes])


def _beside(spots: NDArray[Any], homes: NDArray[Any]) -> float:
    """Return the share of street points with a home near them, 1 where there is no street."""
    if not len(spots):
        return 1.0
    near = shapely.STRtree(homes).query(spots, predicate="dwithin", distance=COVER_M)[0]
    return len(np.unique(near)) / len(spots)
