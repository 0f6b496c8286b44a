"""Residents to the square kilometre beyond what is told of the densest quarters of cities."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64
from planner.district.layers import group_columns
from planner.district.plausibility.communities import told_first
from planner.errors import Finding

MOST = 150_000.0
"""Residents to a km² of ground with homes: of Mong Kok, said to be the densest quarter of any city,
130,000 are told."""

MOST_OF_FEW = 200_000.0
"""The same of one community or of less than a square kilometre: single estates of towers may have
more than any quarter."""

CELL_M = 100.0
_KM2 = 1e6
_WHOLE_KM2 = 1.0
_FEW = 5


def odd_density(communities: gpd.GeoDataFrame, demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of more residents than can live on the ground on which homes stand.

    Figures in another unit, counted by groups or given to each entrance, are so many times too
    large everywhere that no home stands out.

    Parameters
    ----------
    communities, demand
        Layers of a district.
    """
    total = group_columns(list(demand.columns))[0]
    people = demand[total].to_numpy(dtype=np.float64)
    if total != "population" or not (people > 0).any():
        return
    xy = shapely.get_coordinates(shapely.centroid(demand.geometry.to_numpy()))
    side = _side(xy[people > 0])
    area = _ground(xy[people > 0], side) + _lumped(communities, demand)
    density = float(people.sum()) / area
    most = MOST if area >= _WHOLE_KM2 else MOST_OF_FEW
    if density > most:
        params = {
            "count": round(float(people.sum())),
            "area_km2": f"{area:.3g}",
            "density": round(density, -3),
            "most": round(most),
        }
        yield Finding("district.too_dense", params)
        return
    yield from _dense_communities(communities, demand, xy, side)


def _lumped(communities: gpd.GeoDataFrame, demand: gpd.GeoDataFrame) -> float:
    """Return the area of communities whose people are counted at a few points, km².

    They live anywhere in them.
    """
    homes = communities["community_id"].map(demand["community_id"].value_counts())
    few = (homes < _FEW).to_numpy(dtype=bool)
    return float(shapely.area(communities.geometry.to_numpy()[few]).sum()) / _KM2


def _dense_communities(
    communities: gpd.GeoDataFrame, demand: gpd.GeoDataFrame, xy: F64, side: float
) -> Iterator[Finding]:
    """Tell of single communities with more residents than their ground has room for."""
    own = pd.Series(shapely.area(communities.geometry.to_numpy()) / _KM2)
    ground = dict(zip(communities["community_id"], own, strict=True))
    names = dict(zip(communities["community_id"], communities["name"], strict=True))
    told = []
    for key, rows in demand.groupby("community_id", sort=False).indices.items():
        people = float(demand["population"].to_numpy(dtype=np.float64)[rows].sum())
        # whoever is counted at one point lives anywhere in the community
        least = ground.get(key, np.inf)
        if people <= MOST_OF_FEW * least:
            continue
        density = people / max(least, _ground(xy[rows], side))
        if density > MOST_OF_FEW:
            told.append(f"{names[key] or key} ({round(density, -3):,.0f})")
    if told:
        params = {"count": len(told), "names": told_first(told), "most": round(MOST_OF_FEW)}
        yield Finding("district.communities_too_dense", params)


def _side(xy: F64) -> float:
    """Return the side of the cells in which ground is counted: coarse where homes are."""
    from scipy.spatial import cKDTree  # a fifth of a second: not where nobody looks for it

    spots = np.unique(np.round(xy), axis=0)
    if len(spots) < 2:
        return CELL_M
    apart = cKDTree(spots).query(spots, k=2)[0][:, 1]
    return max(CELL_M, float(np.median(apart)))


def _ground(xy: F64, side: float) -> float:
    """Return the area of the cells with homes and of those beside them, km²."""
    cell = np.floor(xy / side).astype(np.int64)
    # a cell as one number, with room for those beside: whole rows take ten times as long to sort
    east, north = (cell - cell.min(axis=0) + 1).T
    row = int(north.max()) + 2
    cells = np.unique(east * row + north)
    beside = [cells + step * row + aside for step in (-1, 0, 1) for aside in (-1, 0, 1)]
    return len(np.unique(np.concatenate(beside))) * side**2 / _KM2
