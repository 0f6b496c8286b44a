"""Facilities of a kind that stand at one place, which are as near as one another to everybody.

A search names one of them, the first of the layer; whoever counts residents by facility asks here,
or the others would serve nobody.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.distances.streets import points_xy
from planner.arrays import F64, I64, Bool

ROOM = "capacity_residents"
"""Column of ``facilities`` that may tell for how many residents a facility has room."""


def first_at_place(facilities: gpd.GeoDataFrame, counts: Bool) -> I64:
    """Return for each facility (f,) the first at its place of those that count.

    One place is one point, to the millimetre, as walks are. What does not count stands for itself.
    """
    first = np.arange(len(facilities), dtype=np.int64)
    rows = np.flatnonzero(counts)
    xy = np.round(points_xy(facilities.iloc[rows]), 3)
    _, begin, place = np.unique(xy, axis=0, return_index=True, return_inverse=True)
    first[rows] = rows[begin[place.ravel()]]
    return first


def shares_at_place(facilities: gpd.GeoDataFrame, counts: Bool) -> F64:
    """Return which part each facility (f,) takes of the residents who are nearest to its place.

    By room (``capacity_residents``), else by ``capacity``, else evenly: a column counts where all
    facilities of the place tell it.
    """
    first = first_at_place(facilities, counts)
    share = np.ones(len(facilities))
    rows = np.flatnonzero(counts)
    places, several = np.unique(first[rows], return_counts=True)
    for place in places[several > 1].tolist():
        here = rows[first[rows] == place]
        share[here] = _parts(facilities.iloc[here])
    return share


def shared_at_places(named: I64, people: F64, facilities: gpd.GeoDataFrame, counts: Bool) -> F64:
    """Return the residents of each facility (f,), shared out at each place.

    Parameters
    ----------
    named
        (n,) the row of the facility that a search named for a home, −1 for none.
    people
        (n,) residents of the home.
    facilities, counts
        The layer, and which of it (f,) were searched.
    """
    some = named >= 0
    first = first_at_place(facilities, counts)
    of_place = np.bincount(first[named[some]], weights=people[some], minlength=len(first))
    return np.asarray(of_place[first] * shares_at_place(facilities, counts), dtype=np.float64)


def _parts(facilities: gpd.GeoDataFrame) -> F64:
    for column in (ROOM, "capacity"):
        if column in facilities:
            told = pd.to_numeric(facilities[column], errors="coerce").to_numpy(dtype=np.float64)
            if told.sum() > 0:  # not so where one of them is missing
                return np.asarray(told / told.sum(), dtype=np.float64)
    return np.full(len(facilities), 1 / len(facilities))
