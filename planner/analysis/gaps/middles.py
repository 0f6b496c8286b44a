"""Where gaps are, as one point each: what their numbers and names on a map point at."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.distances.streets import points_xy
from planner.arrays import F64


def middles(gaps: gpd.GeoDataFrame, demand: gpd.GeoDataFrame, group: str) -> F64:
    """Return the home of each gap that is nearest to the middle of those who live in it.

    A gap along streets may be a band that winds around what is served, so that a point somewhere
    in its area says little of where it is; its name tells the middle of its people.

    Parameters
    ----------
    gaps
        Of :func:`planner.analysis.gaps.gaps.find_gaps`.
    demand
        The homes that they were found among.
    group
        Column of those who are counted.

    Returns
    -------
    (n, 2) places in the CRS of the homes, metres.
    """
    row_of = pd.Index(demand["demand_id"])
    xy = points_xy(demand)
    people = demand[group].fillna(0.0).to_numpy(dtype=np.float64)
    places = np.empty((len(gaps), 2))
    for number, ids in enumerate(gaps["demand_ids"]):
        rows = row_of.get_indexer(ids.split(";"))
        weight = people[rows] if people[rows].sum() > 0 else np.ones(len(rows))
        middle = weight @ xy[rows] / weight.sum()
        places[number] = xy[rows[np.argmin(np.hypot(*(xy[rows] - middle).T))]]
    return places
