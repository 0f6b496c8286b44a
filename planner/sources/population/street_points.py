"""Points along the streets where people may live, where their homes are not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import I64

SPACING_M = 50.0
"""Distance between the points along streets."""

RESIDENTIAL = ("residential", "living_street")
LESSER = ("unclassified", "road", "pedestrian", "tertiary", "service", "footway", "path", "track")


def ranks(streets: gpd.GeoDataFrame) -> I64:
    """Return how likely people live along each street (n,): 0 residential, 1 lesser, 2 others.

    Streets of which no class is told are all residential; 3 is a bridge or tunnel.
    """
    rank = np.full(len(streets), 2, np.int64)
    if "highway" in streets and (streets["highway"].fillna("") != "").any():
        rank[streets["highway"].isin(LESSER).to_numpy()] = 1
        rank[streets["highway"].isin(RESIDENTIAL).to_numpy()] = 0
    else:
        rank[:] = 0
    for column in ("bridge", "tunnel"):
        if column in streets:
            rank[streets[column].fillna(False).to_numpy(dtype=bool)] = 3
    return rank


def street_points(streets: gpd.GeoDataFrame, place: Any) -> gpd.GeoDataFrame:
    """Return points along residential streets, along lesser ones where there are none.

    Parameters
    ----------
    streets
        Layer ``streets``.
    place
        Only points within are returned.
    """
    for spots in _by_rank(streets, place):
        if len(spots):
            break
    return spots


def ranked_points(streets: gpd.GeoDataFrame, place: Any) -> gpd.GeoDataFrame:
    """Return points along all streets but bridges and tunnels, with their ``rank``."""
    parts = [spots.assign(rank=rank) for rank, spots in enumerate(_by_rank(streets, place))]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=streets.crs)


def _by_rank(streets: gpd.GeoDataFrame, place: Any) -> Iterator[gpd.GeoDataFrame]:
    """Yield the points along residential streets, lesser ones, and all others that have doors."""
    rank = ranks(streets)
    for least in (0, 1, 2):
        yield _points_along(streets[rank == least], place)


def _points_along(streets: gpd.GeoDataFrame, place: Any) -> gpd.GeoDataFrame:
    """Return points in the middle of equal parts of each street, weighing the metres of the part.

    Parameters
    ----------
    streets
        Layer ``streets``.
    place
        Only points within are returned.

    Returns
    -------
    A table with ``demand_id``, ``weight`` (metres) and ``source``.
    """
    lines = streets.geometry.to_numpy()
    lengths = shapely.length(lines)
    count = np.maximum(np.rint(lengths / SPACING_M), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(lines)), count)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    step = (lengths / count)[owner]
    points = shapely.line_interpolate_point(lines[owner], (number + 0.5) * step)
    shapely.prepare(place)
    here = shapely.intersects(place, points)
    ids = streets["street_id"].to_numpy()
    sources = streets["source"].to_numpy() if "source" in streets else np.full(len(ids), "", object)
    table = {
        "demand_id": [f"{ids[o]}/{n + 1}" for o, n in zip(owner[here], number[here], strict=True)],
        "weight": np.round(step[here], 1),
        "source": sources[owner[here]],
    }
    return gpd.GeoDataFrame(table, geometry=points[here], crs=streets.crs)
