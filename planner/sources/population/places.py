"""Where residents may live: homes by floor area, else points along residential streets."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import F64, I64, Bool
from planner.sources.vector.geometry import lying_in

COVER_SHARE = 0.3
"""Share of an area's residential streets that must have homes beside them, for homes to be used."""

COVER_M = 100.0
"""A home this near stands beside a point of a street, metres."""


@dataclass(frozen=True, eq=False)
class Places:
    """Where people may live, in one metric CRS.

    Parameters
    ----------
    homes
        Points of residential buildings with ``demand_id``, ``weight`` (floor area in m²) and
        ``source``; empty where none are known.
    streets
        Points along streets with the same columns, weighing the metres they stand for, and
        ``rank``, see :func:`planner.sources.population.street_points.ranks`.
    """

    homes: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame


def no_places(crs: object) -> gpd.GeoDataFrame:
    """Return a table of no place."""
    empty: dict[str, list[object]] = {"demand_id": [], "weight": [], "source": []}
    return gpd.GeoDataFrame(empty, geometry=[], crs=crs)


def area_of(places: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> I64:
    """Return the row of the area that each place lies in, (n,), −1 for none.

    Of several the one whose ``area_id`` comes first.
    """
    return lying_in(places.geometry, areas, areas["area_id"].to_numpy(dtype=object))[0]


def likeliest(places: gpd.GeoDataFrame, area: I64, count: int) -> I64:
    """Return the area of each point of a street, −1 where the area has streets of lesser rank."""
    rank = places["rank"].to_numpy(dtype=np.int64)
    least = np.full(count + 1, 9, np.int64)
    np.minimum.at(least, area, rank)
    return np.where(rank == least[area], area, -1)


def homes_tell(places: Places, home_area: I64, street_area: I64, count: int) -> Bool:
    """Return of which areas the homes are mapped well enough to hold its people, (a,).

    Those with homes, where at least :data:`COVER_SHARE` of their residential streets have some
    beside them: a few mapped houses among many streets are not where all live.
    """
    from scipy.spatial import cKDTree

    has_homes = np.bincount(home_area[home_area >= 0], minlength=count) > 0
    if not len(places.streets) or not len(places.homes):
        return has_homes
    spots, homes = _xy(places.streets), _xy(places.homes)
    away, _ = cKDTree(homes).query(spots, distance_upper_bound=COVER_M)
    here = street_area >= 0
    points = np.bincount(street_area[here], minlength=count)
    beside = np.bincount(street_area[here & np.isfinite(away)], minlength=count)
    return np.asarray(has_homes & (beside >= COVER_SHARE * points))


def _xy(table: gpd.GeoDataFrame) -> F64:
    return np.asarray(shapely.get_coordinates(table.geometry.to_numpy()), dtype=np.float64)
