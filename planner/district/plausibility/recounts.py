"""Homes that may be one home counted twice: at one place, of near figures, else not told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import Bool
from planner.district.layers import GROUP_PREFIX, SPREAD_FROM, group_columns
from planner.district.plausibility.communities import percent_of, told_first
from planner.district.plausibility.homes import homes_in_parts, tells_part
from planner.errors import Finding

_NEAR = 0.8
"""Counts of one home in other years differ by less than a fifth."""

_NUMBERED = re.compile(r"(\D*?)0*(\d{1,9})")
_MOST_GAPS = 0.1
_SIGNS = 2
"""Digits of a metre within which two rows are at one place."""


def homes_recounted(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of pairs of rows at one place that nothing tells apart but figures near to one another.

    They may be one home of two counts, such as of two years. Where some place has three rows or
    more, the list holds the buildings of a compound at its point: then nothing is told. Nor is
    it of rows that a name, an address, an id that does more than number the rows, or any column
    that counts no people tells apart.

    Parameters
    ----------
    demand
        Layer ``demand``.
    """
    if SPREAD_FROM in demand or demand.empty:
        return
    places = pd.DataFrame(
        {"x": demand.geometry.x.round(_SIGNS), "y": demand.geometry.y.round(_SIGNS)}
    )
    beside = places.duplicated(keep=False).to_numpy(dtype=bool)
    if not beside.any() or next(homes_in_parts(demand), None) is not None:
        return
    place = places[beside].groupby(["x", "y"], sort=False).ngroup().to_numpy()
    if np.bincount(place).max() > 2 or _ids_tell(demand["demand_id"]):
        return
    total = group_columns(list(demand.columns))[0]
    rows = demand[beside]
    by_place = rows[total].groupby(place)
    least, most = by_place.transform("min"), by_place.transform("max")
    near = ((least > 0) & (least < most) & (least >= _NEAR * most)).to_numpy(dtype=bool)
    for column in _telling_columns(demand):
        values = rows[column].astype(str).where(rows[column].notna(), "")
        near = near & (values.groupby(place).transform("nunique") == 1).to_numpy(dtype=bool)
    if not near.any():
        return
    told: Bool = np.zeros(len(demand), dtype=bool)
    told[np.flatnonzero(beside)[near]] = True
    # those of one place stand by each other
    ids = rows["demand_id"].astype(str)[near].groupby(place[near], sort=False).agg(" / ".join)
    params = {
        "count": len(ids),
        "ids": told_first(ids),
        "percent": percent_of(demand[total], told),
    }
    yield Finding("district.homes_recounted", params)


def _ids_tell(ids: pd.Series) -> bool:
    """Whether ids do more than number the rows, so that other ids are other homes.

    Rows without ids are numbered where they are read, and a list's running number says no more.
    """
    parts = ids.astype(str).str.extract(f"^{_NUMBERED.pattern}$")
    if parts.isna().any(axis=None) or parts[0].nunique() > 1:
        return True
    numbers = parts[1].astype(np.int64)
    return bool(numbers.max() - numbers.min() + 1 > (1 + _MOST_GAPS) * len(ids) + 1)


def _telling_columns(demand: gpd.GeoDataFrame) -> list[str]:
    """Return the columns that tell homes apart: those that count no people and number no rows."""
    counts = {*group_columns(list(demand.columns)), "households", "demand_id", "geometry"}
    return [
        str(name)
        for name in demand.columns
        if name not in counts
        and not str(name).startswith(GROUP_PREFIX)
        and not tells_part(str(name))
        and not (pd.api.types.is_integer_dtype(demand[name]) and demand[name].is_unique)
    ]
