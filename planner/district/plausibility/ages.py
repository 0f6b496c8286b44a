"""Ages of residents that can hardly be so: older ones outnumber those who include them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import geopandas as gpd
import numpy as np

from planner.district.layers import GROUP_PREFIX, group_columns
from planner.errors import Finding

_BAND = re.compile(GROUP_PREFIX + r"(?:(\d{1,3})_(\d{1,3})|(\d{1,3})plus)")
_FEWEST = 1000.0
_WIDE_YEARS = 10.0
_LEAST_PERCENT = ((65.0, 2.0), (80.0, 0.2))
"""Of people older than so many years fewer than these per cent live in hardly any district."""


def ages(column: str) -> tuple[float, float, str] | None:
    """Return the first and last age of a group, and its column; None for a group of no ages.

    Examples
    --------
    >>> ages("pop_0_14"), ages("pop_65plus"), ages("pop_women")
    ((0.0, 14.0, 'pop_0_14'), (65.0, inf, 'pop_65plus'), None)
    """
    found = _BAND.fullmatch(column)
    if found is None:
        return None
    first, last, from_on = found.groups()
    return (float(from_on), math.inf, column) if from_on else (float(first), float(last), column)


def odd_ages(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of age groups that outnumber one that includes them, are all people, or hardly anybody.

    Parameters
    ----------
    demand
        Layer ``demand``.
    """
    total, *groups = group_columns(list(demand.columns))
    if total != "population":
        return
    bands = [band for band in map(ages, groups) if band]
    yield from _nested(demand, bands)
    people = float(demand[total].sum())
    if people < _FEWEST:
        return
    for first, last, column in bands:
        own = float(demand[column].sum())
        percent = 100 * own / people
        narrow = last - first + 1 < _WIDE_YEARS
        least = next((low for age, low in _LEAST_PERCENT if first <= age), 0.0)
        if 0 < percent < least and not narrow:
            params = {"column": column, "sum": round(own), "percent": round(percent, 2)}
            yield Finding("district.ages_hardly_any", params)
        everybody = demand[column].eq(demand[total])
        if first > 0 and len(demand) > 1 and everybody.all():
            yield Finding("district.ages_all", {"column": column})


def _nested(demand: gpd.GeoDataFrame, bands: list[tuple[float, float, str]]) -> Iterator[Finding]:
    """Tell where people of some years are more than those of years that include them."""
    for low, high, inner in bands:
        for first, last, outer in bands:
            if inner == outer or not (first <= low and high <= last):
                continue
            few, many = (demand[name].to_numpy(dtype=np.float64) for name in (inner, outer))
            more = few > many + 1.0  # each may be rounded
            params = {"inner": inner, "outer": outer, "count": int(more.sum())}
            if more.any():
                yield Finding("district.ages_nested", params)
            elif together := _more_together(demand, inner, outer):
                yield Finding("district.ages_nested_sums", params | {"count": together})


def _more_together(demand: gpd.GeoDataFrame, inner: str, outer: str) -> int:
    """Return in how many communities the homes together have more of one group than of another.

    Figures of communities that were spread over homes differ by less than one at each of them.
    """
    by = demand.groupby("community_id")[[inner, outer]]
    sums, homes = by.sum(), by.size()
    # rounded homes are off by half a person each, to either side
    return int((sums[inner] - sums[outer] > 1.0 + 2.0 * np.sqrt(homes)).sum())
