"""Homes on a map: circles, or one image where they are very many."""

from __future__ import annotations

import math
import weakref
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.arrays import F64, Bool
from planner.district import District
from planner.views.escaping import safe
from planner.views.maps.base import drawing
from planner.views.maps.base.degrees import in_degrees
from planner.views.maps.base.drawing import Drawing
from planner.views.maps.base.raster import points_image
from planner.views.maps.parts.communities import kept
from planner.views.maps.parts.palettes import BEYOND_M, UNREACHABLE
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

MOST_CIRCLES = 15_000
"""More homes than this are drawn as one image, without tooltips."""

_home_places: dict[int, F64] = {}


_UNREACHABLE, _UNKNOWN = -1, -2

_DISC = {"color": "#ffffff", "weight": 0.7, "fillOpacity": 0.95}
_RING = {"color": "#475569", "weight": 1.4, "fillOpacity": 0.9, "dashArray": "2 2"}

_CIRCLES: list[dict[str, Any]] = [
    *({**_DISC, "fillColor": colour} for colour in (*BEYOND_M.colours, UNREACHABLE)),
    {**_RING, "fillColor": "#ffffff"},
]


def home_places(district: District, group: str, labels: Labels) -> Drawing:
    """Return where homes are and how many people live there, for :func:`home_circles`."""
    if len(district.demand) > MOST_CIRCLES:
        return Drawing("share", "homes", [])
    name = f"homes {group} {labels.language}"
    return kept(district.demand, name, lambda: _all_homes(district, group, labels))


def _all_homes(district: District, group: str, labels: Labels) -> Drawing:
    people = np.nan_to_num(district.demand[group].to_numpy(dtype=np.float64))
    lived_in = people > 0
    typical = float(np.quantile(people[lived_in], 0.9)) if lived_in.any() else 1.0
    radius = np.clip(6.0 * np.sqrt(people / typical), 1.6, 14.0).round(1).tolist()
    community = pd.Index(district.communities["community_id"])
    inside = community.get_indexer(district.demand["community_id"]).tolist()
    hidden = labels.message("small_numbers.withheld")
    told = district.shown(district.demand[["demand_id", group]])[group].to_numpy(dtype=np.float64)
    counts = [
        safe(hidden if np.isnan(count) and lives > 0 else labels.number(lives))
        for count, lives in zip(told, people, strict=True)
    ]
    homes = [
        [y, x, size, count, where]
        for (y, x), size, count, where in zip(
            drawing.places(district.demand.geometry), radius, counts, inside, strict=True
        )
    ]
    return Drawing("share", "homes", homes)


def undecided(assessment: Assessment, kind: str, group: str) -> Bool:
    """Return the homes whose answer turns on hours or services that are not told, or the border."""
    if assessment.limit_m(kind, group) is None:
        return np.zeros(len(assessment.distances), np.bool_)
    located = assessment.distances[kind].notna().to_numpy()
    return np.asarray(assessment.within(kind, group).isna().to_numpy() & located)


def home_circles(
    assessment: Assessment, kind: str, group: str, labels: Labels
) -> tuple[list[Drawing], list[Drawing]]:
    """Return circles for the homes beyond the limit and for those of which it is not known."""
    district = assessment.district
    people = np.nan_to_num(district.demand[group].to_numpy(dtype=np.float64))
    distance_m = assessment.distances[kind].to_numpy(dtype=np.float64)
    limit_m = assessment.limit_m(kind, group)
    open_end = undecided(assessment, kind, group)
    distance_m = np.where(open_end, np.nan, distance_m)
    lived_in = people > 0
    if len(people) > MOST_CIRCLES:
        return _pictures(district, lived_in, distance_m, limit_m)
    unknown = np.flatnonzero(lived_in & np.isnan(distance_m)).tolist()
    rows = []
    if limit_m is not None:
        for home in np.flatnonzero(lived_in & (distance_m > limit_m)).tolist():
            away_m = distance_m[home]
            if np.isinf(away_m):
                rows.append([home, _UNREACHABLE, 0])
            else:
                rows.append([home, _whole(away_m), _whole(away_m - limit_m)])
    communities = district.communities
    names = communities["name"].where(communities["name"] != "", communities["community_id"])
    words = [
        labels.group(group),
        labels.text(
            "Distance {distance} m, {excess} m beyond the limit",
            distance="{distance}",
            excess="{excess}",
        ),
        labels.text("No facility of this kind can be reached on foot"),
        labels.text(
            "Not known: no street that leads there is mapped nearby, a facility nearby does not "
            "tell its hours or services, or one may stand beyond what was imported"
            if open_end.any()
            else "Distance unknown: no street that leads there is mapped nearby"
        ),
    ]

    def circles(homes: list[list[int]]) -> list[Drawing]:
        if not homes:
            return []
        shown = [safe(word).replace("&#123;", "{").replace("&#125;", "}") for word in words]
        classes = [list(BEYOND_M.breaks), _CIRCLES]
        return [Drawing("circles", homes, *classes, [safe(name) for name in names], shown)]

    return circles(rows), circles([[home, _UNKNOWN, 0] for home in unknown])


def _pictures(
    district: District, lived_in: Bool, distance_m: F64, limit_m: float | None
) -> tuple[list[Drawing], list[Drawing]]:
    """Return what :func:`home_circles` does, as one image each."""
    bounds = np.asarray([*BEYOND_M.breaks], dtype=np.float64)
    beyond = lived_in & (distance_m > (np.inf if limit_m is None else limit_m))
    if limit_m is not None:
        beyond |= lived_in & np.isinf(distance_m)
    excess_m = distance_m[beyond] - (limit_m or 0.0)
    number = np.searchsorted(bounds, np.ceil(np.round(excess_m, 3)), side="left")
    number[np.isinf(excess_m)] = len(bounds) + 1
    unknown = lived_in & np.isnan(distance_m)

    def picture(shown: Bool, classes: npt.NDArray[np.integer], colours: list[str]) -> list[Drawing]:
        if not shown.any():
            return []
        degrees = _home_degrees(district.demand)[shown]
        return [Drawing("picture", *points_image(degrees, classes, colours), 0.9)]

    colours = [*BEYOND_M.colours, UNREACHABLE]
    nothing = np.zeros(int(unknown.sum()), dtype=np.int64)
    return picture(beyond, number, colours), picture(unknown, nothing, ["#475569"])


def _home_degrees(demand: gpd.GeoDataFrame) -> F64:
    """Return where homes are, degrees, longitude first; worked out once while the layer lives."""
    key = id(demand)
    if key not in _home_places:
        homes = in_degrees(demand.geometry.to_numpy(), demand.crs)
        _home_places[key] = shapely.get_coordinates(homes)
        weakref.finalize(demand, _home_places.pop, key, None)
    return _home_places[key]


def _whole(metres: float) -> int:
    """Return metres rounded up, so that nobody beyond a limit is shown at it."""
    return math.ceil(round(metres, 3))
