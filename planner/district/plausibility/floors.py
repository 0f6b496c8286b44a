"""Floor areas that several facilities at one place tell alike: perhaps one building's, for each.

Lists of several offices give each of their facilities in one house the floor area of the whole
house; what sums floor areas over kinds then counts it as often as it is listed.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import I64
from planner.district.identity.doubles import SPOT_M, near_pairs
from planner.district.identity.names import names_alike, plain_name
from planner.district.plausibility.communities import told_first
from planner.errors import Finding

USUAL = 10
"""A floor area that is told at more other places than this is rather a usual one, or a default:
that two of them stand at one place says little, unless their names are alike."""


def floors_twice(facilities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of open facilities of several kinds at one place, each with the same floor area.

    Those whose floor area is a usual one, and whose names are not alike, are only counted.

    Parameters
    ----------
    facilities
        Layer ``facilities``, in a CRS of metres.
    """
    counted = _counted(facilities)
    if counted.empty:
        return
    there = counted.assign(place=_places(counted))
    several = there.groupby("place")["kind"].transform("nunique") > 1
    spots = counted.drop_duplicates(["floor_area_m2", "geometry"])["floor_area_m2"].value_counts()
    told: dict[str, list[pd.DataFrame]] = {"floor_area_twice": [], "floor_area_twice_usual": []}
    for _, rows in there[several].groupby("place"):
        elsewhere = spots[rows["floor_area_m2"].iloc[0]] - rows["geometry"].nunique()
        usual = elsewhere > USUAL and not _alike(rows)
        told["floor_area_twice_usual" if usual else "floor_area_twice"].append(rows)
    for code, places in told.items():
        if places:
            params = {
                "count": len(places),
                "metres": round(SPOT_M),
                "area": round(sum(float(rows["floor_area_m2"].iloc[1:].sum()) for rows in places)),
                "names": told_first(map(_named, places)),
            }
            yield Finding(f"district.{code}", params)


def _counted(facilities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the facilities that count for the public and tell a floor area."""
    if "floor_area_m2" not in facilities:
        return facilities.iloc[:0].assign(floor_area_m2=0.0)
    counts = facilities["floor_area_m2"] > 0
    if "status" in facilities:
        counts &= facilities["status"] == "existing"
    if "ownership" in facilities:
        counts &= facilities["ownership"] != "internal"
    return facilities[counts]


def _places(facilities: gpd.GeoDataFrame) -> I64:
    """Return the number of the place of each facility, (n,): of one floor area, and close by."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    xy = shapely.get_coordinates(shapely.centroid(facilities.geometry.to_numpy()))
    rows = pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "area": facilities["floor_area_m2"].array})
    # a crowd on one spot is one spot
    spot_of = rows.groupby(["x", "y", "area"], sort=False).ngroup().to_numpy(dtype=np.int64)
    spots = rows.drop_duplicates()
    xy, count = spots[["x", "y"]].to_numpy(dtype=np.float64), len(spots)
    first, second = near_pairs(xy, spots["area"].to_numpy(dtype=object)).T
    close = np.hypot(*(xy[first] - xy[second]).T) <= SPOT_M
    links = coo_array((close[close], (first[close], second[close])), (count, count))
    place = connected_components(links, directed=False)[1]
    return np.asarray(place[spot_of], dtype=np.int64)


def _alike(rows: gpd.GeoDataFrame) -> bool:
    """Return whether one of them bears a name that is like the first one's."""
    names = [plain_name(name) for name in rows["name"]] if "name" in rows else []
    return any(names_alike(names[0], name) for name in names[1:])


def _named(rows: gpd.GeoDataFrame) -> str:
    """Return the facilities of a place by names and ids, with their floor area."""
    names = rows["name"].fillna("").astype(str) if "name" in rows else pd.Series(dtype=str)
    said = told_first(filter(None, dict.fromkeys(names)))
    ids = f"{told_first(rows['facility_id'])}: {rows['floor_area_m2'].iloc[0]:,g} m²"
    return f"{said} ({ids})" if said else ids
