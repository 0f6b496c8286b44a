"""What rows of homes hold that can hardly be so: parts of one home that all count, slips."""

from __future__ import annotations

import re
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64
from planner.district.layers import SPREAD_FROM, group_columns
from planner.district.plausibility.communities import percent_of, told_first
from planner.errors import Finding

TWICE_M = 10.0
"""Homes this near to one another with the same figures may be one home, metres."""

_OF_TWICE, _MOST_ALIKE, _MOST_NEAR = 0.3, 0.25, 8
_PARTS = re.compile(
    r"年份|年度|^年$|统计年|普查年|性别|年龄|\b(?:census |survey )?year\b|\bsex\b|\bgender\b|"
    r"\bages?\b|\bage[ _]?(?:group|band|class)",
    re.IGNORECASE,
)
_OF_YEARS = re.compile(r"年份|年度|^年$|统计年|普查年|year", re.IGNORECASE)
_OF_BUILDINGS = re.compile(r"建|竣工|房龄|built|construct|building", re.IGNORECASE)
_TELLS_HOMES = re.compile(
    r"^weight$|households?|dwellings?|\bflats?\b|floor_?area|户数|住户|套数|建筑面积", re.IGNORECASE
)
"""Columns by which a home is lived in, whatever its residents are."""

_HOUSEHOLDS = re.compile(
    r"(?:总|住|常住|户籍|居民|家庭)?户数|(?:no\.? of |number of |total )?households?", re.IGNORECASE
)
"""Columns of households, by their whole name."""

_MOST_VALUES = 20
_OF_ALL = 0.5
_FEWEST = 20
_FEW, _NEARLY_ALL = 5, 0.9
_USUAL, _TIMES = 0.95, 20.0
_SELDOM, _EXPECTED = 0.01, 10.0


def tells_part(column: str) -> bool:
    """Return whether a column says of which year, sex or age a row is, by its name.

    Examples
    --------
    >>> tells_part("年份"), tells_part("age_group"), tells_part("建成年份"), tells_part("area")
    (True, True, False, False)
    """
    named = _PARTS.search(column.replace("_", " ")) is not None
    return named and _OF_BUILDINGS.search(column) is None


def tells_year(column: str) -> bool:
    """Return whether a column says of which year a row is, by its name.

    Examples
    --------
    >>> tells_year("年份"), tells_year("census year"), tells_year("性别"), tells_year("建成年份")
    (True, True, False, False)
    """
    return tells_part(column) and _OF_YEARS.search(column) is not None


def homes_in_parts(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of homes whose rows are of several years, sexes or ages, each counted.

    Parameters
    ----------
    demand
        Layer ``demand``.
    """
    total = group_columns(list(demand.columns))[0]
    for column in map(str, demand.columns):
        if not tells_part(column):
            continue
        values = demand[column].astype(str)
        if not 2 <= values.nunique() <= _MOST_VALUES:
            continue
        rows = pd.DataFrame({"place": demand.geometry.to_wkb(), "value": values})
        # a part of a home stands once at its place, and most homes have their parts
        if rows.duplicated().any():
            continue
        several = rows.duplicated("place", keep=False)
        if several.mean() < _OF_ALL:
            continue
        params = {
            "column": column,
            "values": told_first(values.value_counts().index),
            "count": int(several.sum()),
            "percent": percent_of(demand[total], several.to_numpy(dtype=bool)),
        }
        yield Finding("district.homes_in_parts", params)


def odd_homes(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of a home with far more residents than others, and where nearly none has one.

    Parameters
    ----------
    demand
        Layer ``demand``.
    """
    total = group_columns(list(demand.columns))[0]
    if total != "population" or SPREAD_FROM in demand:
        return
    people = demand[total].to_numpy(dtype=np.float64)
    yield from _below_one(people[people > 0])
    if len(demand) < _FEWEST:
        return
    usual = float(np.quantile(people[people > 0], _USUAL)) if (people > 0).any() else 0.0
    far = people > _TIMES * max(usual, 1.0)
    if far.any():
        params = {
            "count": int(far.sum()),
            "ids": told_first(demand.loc[far, "demand_id"]),
            "times": round(_TIMES),
            "usual": f"{usual:g}",
            "percent": percent_of(demand[total], far),
        }
        yield Finding("district.homes_far_above", params)


def _below_one(people: F64) -> Iterator[Finding]:
    """Tell of homes of less than one person each: shares of all, or a unit of thousands."""
    below = people < 1.0
    if len(people) < _FEW or (people.sum() >= len(people) and below.mean() < _NEARLY_ALL):
        return
    params = {"count": len(people), "below": int(below.sum()), "sum": f"{people.sum():.4g}"}
    yield Finding("district.homes_below_one", params)


def homes_of_zero(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of homes that count nothing beside others that do: 0 is often what nobody counted.

    Those that tell of a weight, of households or of floor area beside are told by themselves:
    somebody lives there. Where residents were spread, what they were spread from is told.

    Parameters
    ----------
    demand
        Layer ``demand``.
    """
    if SPREAD_FROM in demand:
        return
    total = group_columns(list(demand.columns))[0]
    zero = (demand[total] == 0).to_numpy(dtype=bool)
    if not zero.any() or zero.all():
        return
    beside = [
        str(column)
        for column in demand.columns.drop([total, demand.geometry.name])
        if _TELLS_HOMES.search(str(column)) and pd.api.types.is_numeric_dtype(demand[column])
    ]
    lived_in = zero & (demand[beside] > 0).any(axis=1).to_numpy(dtype=bool)
    if lived_in.any():
        params = {
            "column": total,
            "count": int(lived_in.sum()),
            "others": ", ".join(each for each in beside if (demand[each][lived_in] > 0).any()),
            "ids": told_first(demand.loc[lived_in, "demand_id"]),
        }
        yield Finding("district.homes_of_zero_but", params)
    if (left := int((zero & ~lived_in).sum())) > 0:
        params = {"column": total, "count": left, "of": len(demand)}
        yield Finding("district.homes_of_zero", params)


def households_above(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of a column of households that are more than the residents beside them.

    As where the two columns were exchanged, or residents are in tens.

    Parameters
    ----------
    demand
        Layer ``demand``.
    """
    total = group_columns(list(demand.columns))[0]
    if total != "population":
        return
    people = demand[total].to_numpy(dtype=np.float64, na_value=np.nan)
    for column in demand.columns.drop(demand.geometry.name):
        if not _HOUSEHOLDS.fullmatch(str(column)) or not pd.api.types.is_numeric_dtype(
            demand[column]
        ):
            continue
        own = demand[column].to_numpy(dtype=np.float64, na_value=np.nan)
        both = (people > 0) & (own > 0)
        more = both & (own > people)
        if more.sum() * 2 > both.sum():
            params = {
                "column": str(column),
                "count": int(more.sum()),
                "of": int(both.sum()),
                "households": round(float(own[more].sum())),
                "residents": round(float(people[more].sum())),
            }
            yield Finding("district.households_above", params)


def groups_of_zero(demand: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of communities that have nobody of a group, though as many people have some elsewhere.

    Told is where as many residents would hold ten or more of the group if it were as frequent as in
    the communities that have some, or as every hundredth where none has: 0 is then no count.

    Parameters
    ----------
    demand, communities
        The layers of these names.
    """
    total, *groups = group_columns(list(demand.columns))
    if not groups or "community_id" not in demand:
        return
    people = demand[total].to_numpy(dtype=np.float64, na_value=np.nan)
    counts = {}
    for group in groups:
        own = demand[group].to_numpy(dtype=np.float64, na_value=np.nan)
        told = ~(np.isnan(people) | np.isnan(own))
        counts["own", group] = np.where(told, own, np.nan)
        counts["of", group] = np.where(told, people, np.nan)
    # of all groups at once: to sort the homes takes longer than to sum them
    sums = pd.DataFrame(counts).groupby(demand["community_id"].to_numpy()).sum()
    for group in groups:
        own, of = sums["own", group], sums["of", group]
        some = own > 0
        usual = own[some].sum() / of[some].sum() if some.any() else _SELDOM
        lacking = sums.index[(own == 0) & (of * usual >= _EXPECTED)]
        if lacking.empty:
            continue
        names = communities.set_index("community_id")["name"]
        params = {
            "column": group,
            "count": len(lacking),
            "people": round(float(of[lacking].sum())),
            "names": told_first(names.reindex(lacking).fillna("?")),
        }
        yield Finding("district.groups_of_zero", params)


def homes_twice(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of homes that stand in the list twice, as outlines and as points or a little apart.

    Parameters
    ----------
    demand
        Layer ``demand``.
    """
    from scipy.spatial import cKDTree  # a fifth of a second: not where nobody looks for it

    counts = group_columns(list(demand.columns))
    if SPREAD_FROM in demand or len(demand) < _FEWEST:
        return
    # neighbours that are counted alike are usual where all homes are
    if demand[counts[0]].value_counts(normalize=True).iloc[0] > _MOST_ALIKE:
        return
    # homes of other figures lie far apart in a third direction, so that none of them is nearest
    figures = demand.groupby(counts, dropna=False, sort=False).ngroup().to_numpy()
    xy = shapely.get_coordinates(shapely.centroid(demand.geometry.to_numpy()))
    spots = np.column_stack([xy, figures * 2 * TWICE_M])
    away = cKDTree(spots).query(spots, k=2, distance_upper_bound=TWICE_M)[0][:, 1]
    twice = np.isfinite(away) & (demand[counts[0]] > 0).to_numpy(dtype=bool)
    # neighbours of small figures are alike by chance: only what is more than that is told
    near = cKDTree(xy).query(xy, k=_MOST_NEAR + 1, distance_upper_bound=TWICE_M)[0][:, 1:]
    shares = np.bincount(figures) / len(figures)
    by_chance = float((1 - (1 - (shares**2).sum()) ** np.isfinite(near).sum(axis=1)).mean())
    if (twice & (away > 0)).mean() - by_chance < _OF_TWICE * (1 - by_chance):
        return
    params = {
        "count": int(twice.sum()),
        "metres": round(TWICE_M),
        "percent": percent_of(demand[counts[0]], twice),
        "ids": told_first(demand.loc[twice, "demand_id"]),
    }
    yield Finding("district.homes_twice", params)
