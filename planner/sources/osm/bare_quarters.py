"""Quarters of an extract in which an estimate of residents puts nobody, though streets lead there.

Homes are mapped in one half of a town and not in the other, or a quarter has lanes alone (a hill
town, an old town of alleys) beside others with residential streets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree

from planner.arrays import F64, Bool
from planner.errors import Finding
from planner.sources.osm.ground import GREEN, OTHER_GROUND
from planner.sources.osm.objects import OsmData, Tags, areas_where
from planner.sources.population.street_points import ranked_points

FAR_M = 150
"""Streets that lie farther from everybody who is estimated are nobody's, metres."""

TIGHT = 10
"""Points of 50 m of street that lie within :data:`FAR_M` of one another where people may live:
7 km of street a square kilometre; country roads have a fraction of it."""

LEAST_KM, LEAST_SHARE = 1.0, 0.02
"""Less is not told: of all streets along which people may live."""


def bare_quarters(
    data: OsmData, place: Any, streets: gpd.GeoDataFrame, demand: gpd.GeoDataFrame
) -> Iterator[Finding]:
    """Tell along how many kilometres of street nobody is estimated in quarters that have streets.

    Parameters
    ----------
    data
        Projected objects.
    place
        The district's area.
    streets
        Layer ``streets``.
    demand
        Who is estimated.
    """
    # nobody stands on steps, but a hill town's lanes are steps
    lanes = streets["highway"].replace("steps", "footway")
    spots = ranked_points(streets.assign(highway=lanes), place)
    spots = spots[spots["rank"] <= 1]
    xy = shapely.get_coordinates(spots.geometry.to_numpy())
    people = cKDTree(shapely.get_coordinates(demand.geometry.to_numpy()))
    bare = people.query(xy, distance_upper_bound=FAR_M)[0] > FAR_M
    bare = _tight(xy, bare)
    if bare.any():
        # parks, fields and yards have paths and lanes, and nobody lives there
        bare = _tight(xy, bare & ~_on_other_ground(data, xy, bare))
    km = spots["weight"].to_numpy(dtype=np.float64) / 1000
    total = float(km[bare].sum())
    if total < LEAST_KM or total < LEAST_SHARE * km.sum():
        return
    residential = float(km[bare & (spots["rank"] == 0).to_numpy()].sum())
    told = {"km": round(total, 1), "residential_km": round(residential, 1)}
    told |= {"lanes_km": round(total - residential, 1), "metres": FAR_M}
    yield Finding("osm.bare_quarters", told | {"percent": round(100 * total / km.sum())})


def _tight(xy: F64, among: Bool) -> Bool:
    """Return which of some places have many of these around them, (n,)."""
    rows = np.flatnonzero(among)
    found = np.zeros(len(xy), dtype=bool)
    if len(rows):
        around = cKDTree(xy[rows]).query_ball_point(xy[rows], FAR_M, return_length=True)
        found[rows[around >= TIGHT]] = True
    return found


def _on_other_ground(data: OsmData, xy: F64, among: Bool) -> Bool:
    """Return which of some places lie in parks, fields, yards of industry and the like, (n,)."""

    def other(tags: Tags) -> bool:
        return any(
            tags.get(key) in values
            for ground in (OTHER_GROUND, GREEN)
            for key, values in ground.items()
        )

    shapes = np.array([area.shape for area in areas_where(data, other)], dtype=object)
    found = np.zeros(len(xy), dtype=bool)
    rows = np.flatnonzero(among)
    inside = shapely.STRtree(shapes).query(shapely.points(xy[rows]), predicate="intersects")[0]
    found[rows[np.unique(inside)]] = True
    return found
