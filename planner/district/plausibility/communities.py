"""What communities, and homes in them, hold that can hardly be so, though nothing forbids it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import I64, Bool, Shapes
from planner.district.identity.names import same_subdistricts
from planner.district.layers import group_columns
from planner.district.metres import metre_error
from planner.errors import Finding

OVERLAP_SHARE = 0.01
"""Share of the smaller of two communities from which their overlap is told without a home in it."""

ELSEWHERE_M = 50.0
"""A home so far outside the community that it names, and in another one, is told, metres: borders
are drawn along the middle of streets, and doors stand on both sides."""

SCALE = 1 / 2000
"""Share by which a metre of the CRS may differ from one of the ground before it is told: more than
the 1 in 2,500 at the middle of a zone of UTM, which nobody maps a home truer than."""

_HOUSEHOLD = (0.5, 12.0)
_FEWEST_PEOPLE = 50.0
_TOLD = 10
_ROUNDING_M2 = 0.5


def odd_communities(communities: gpd.GeoDataFrame, demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Yield what a person should look at in communities.

    They lie over one another, or homes name another one than they lie in; their households do not
    fit their residents; they are in no subdistrict while others are, or bear one name.
    """
    yield from _overlaps(communities, demand)
    yield from _elsewhere(communities, demand)
    yield from _households(communities, demand)
    yield from _subdistricts(communities)
    yield from _namesakes(communities)


def odd_scale(communities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell where a metre of the CRS is not one of the ground, as beyond a zone of UTM.

    Parameters
    ----------
    communities
        Layer ``communities``.
    """
    crs = communities.crs
    if crs is None or not crs.is_projected or communities.empty:
        return
    west, south, east, north = communities.total_bounds
    error = metre_error(crs, (west + east) / 2, (south + north) / 2)
    if math.isfinite(error) and error > SCALE:
        params = {
            "crs": crs.to_string() if crs.to_epsg() else crs.name,
            "percent": f"{100 * error:.2g}",
            "metres": f"{1000 * error:.2g}",
        }
        yield Finding("district.crs_scale", params)


def told_first(values: Iterable[object]) -> str:
    """Return the first ten values as text."""
    texts = [str(value) for value in values]
    return ", ".join(texts[:_TOLD]) + (", …" if len(texts) > _TOLD else "")


def percent_of(counts: pd.Series, which: Bool) -> float:
    """Return the share that some rows have of all, percent."""
    return round(100 * float(counts[which].sum() / counts.sum()), 1)


def common_areas(communities: gpd.GeoDataFrame) -> tuple[I64, I64, Shapes]:
    """Return the pairs of communities that have ground in common, and that ground.

    Parameters
    ----------
    communities
        Layer ``communities``.

    Returns
    -------
    Rows of both, int64 (n,), the lower first, and the polygons (n,) that lie in both.
    """
    shapes = communities.geometry.to_numpy()
    first, second = communities.sindex.query(shapes, predicate="intersects")
    ahead = first < second
    first, second = first[ahead].astype(np.int64), second[ahead].astype(np.int64)
    # what is common along a border has no area: a buffer of nothing leaves polygons alone
    common = np.asarray(
        shapely.buffer(shapely.intersection(shapes[first], shapes[second]), 0.0), dtype=object
    )
    large = shapely.area(common) > _ROUNDING_M2
    return first[large], second[large], common[large]


def _households(communities: gpd.GeoDataFrame, demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of communities whose households have fewer people, or more, than any have.

    Households in ten thousands, or a figure that slipped by a digit, would meet or miss clauses.
    """
    total = group_columns(list(demand.columns))[0]
    if total != "population" or "households" not in communities:
        return
    own = communities["households"].to_numpy(dtype=np.float64, na_value=np.nan)
    if not (own > 0).any():
        return
    people = demand.groupby("community_id")[total].sum()
    of_each = communities["community_id"].map(people).fillna(0.0).to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = of_each / own
    low, high = _HOUSEHOLD
    odd = (own > 0) & (of_each >= _FEWEST_PEOPLE) & ((size < low) | (size > high))
    if odd.any():
        names = told_first(_names(communities[odd]))
        params = {"count": int(odd.sum()), "names": names, "size": f"{size[odd][0]:.3g}"}
        yield Finding("district.households_odd", params)


def _subdistricts(communities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of communities that are in no subdistrict while others are, and of two spellings."""
    said = communities["subdistrict"].astype(str)
    if (said == "").all():
        return
    bare = communities[said == ""]
    if len(bare):
        names = _names(bare)
        params = {"count": len(bare), "total": len(communities), "names": told_first(names)}
        yield Finding("district.without_subdistrict", params)
    several = [" / ".join(names) for names in same_subdistricts(said[said != ""])]
    if several:
        yield Finding(
            "district.same_subdistricts", {"count": len(several), "names": told_first(several)}
        )


def _overlaps(communities: gpd.GeoDataFrame, demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of communities that lie over one another: a home in both counts in the first only."""
    first, second, common = common_areas(communities)
    if not len(first):
        return
    shapes = communities.geometry.to_numpy()
    area = shapely.area(common)
    smaller = np.minimum(shapely.area(shapes[first]), shapely.area(shapes[second]))
    inside, _ = demand.sindex.query(common, predicate="contains_properly")
    homes = np.bincount(inside, minlength=len(common))
    told = (area > OVERLAP_SHARE * smaller) | (homes > 0)
    if not told.any():
        return
    _, rows = demand.sindex.query(common[told], predicate="contains_properly")
    total = group_columns(list(demand.columns))[0]
    names = _names(communities)
    both = np.isin(np.arange(len(demand)), rows)
    pairs = [
        f"{names.iloc[a]} / {names.iloc[b]}" for a, b in zip(first[told], second[told], strict=True)
    ]
    params = {
        "count": len(pairs),
        "names": told_first(pairs),
        "area_m2": round(float(area[told].sum())),
        "homes": int(both.sum()),
        "percent": percent_of(demand[total], both),
    }
    yield Finding("district.communities_overlap", params)


def _elsewhere(communities: gpd.GeoDataFrame, demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of homes that name another community than the one they lie in, which then counts them.

    As after communities were numbered anew: residents follow the code, facilities the place.
    """
    row_of = pd.Index(communities["community_id"]).get_indexer(demand["community_id"])
    inside, area = demand.sindex.query(communities.geometry, predicate="intersects")[::-1]
    lies_in_own = np.zeros(len(demand), dtype=bool)
    lies_in_own[inside[row_of[inside] == area]] = True
    doubtful = np.isin(np.arange(len(demand)), inside) & ~lies_in_own & (row_of >= 0)
    rows = np.flatnonzero(doubtful)
    own = communities.geometry.to_numpy()[row_of[rows]]
    far = rows[shapely.distance(demand.geometry.to_numpy()[rows], own) > ELSEWHERE_M]
    if not len(far):
        return
    lies_in = np.full(len(demand), -1)
    lies_in[inside] = area
    names = _names(communities).to_numpy()
    pairs = Counter(zip(names[lies_in[far]], names[row_of[far]], strict=True)).most_common()
    total = group_columns(list(demand.columns))[0]
    params = {
        "count": len(far),
        "percent": percent_of(demand[total], np.isin(np.arange(len(demand)), far)),
        "metres": round(ELSEWHERE_M),
        "names": told_first(f"{there} → {said} ({times})" for (there, said), times in pairs),
    }
    yield Finding("district.other_community", params)


def _namesakes(communities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of names that several communities of one subdistrict bear: perhaps parts of one."""
    alike = communities.duplicated(["name", "subdistrict"], keep=False)
    if not alike.any():
        return
    same = communities[alike & (communities["name"].astype(str) != "")]
    if len(same):
        counted = same["name"].value_counts(sort=False)
        params = {
            "count": len(counted),
            "names": told_first(f"{name} ({times})" for name, times in counted.items()),
        }
        yield Finding("district.community_names", params)


def _names(communities: gpd.GeoDataFrame) -> pd.Series:
    names: pd.Series = communities["name"]
    return names.where(names != "", communities["community_id"])
