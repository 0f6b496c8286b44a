"""Facilities that stand where nobody can walk to, and where on a street they could stand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.analysis.distances.streets import points_xy, streets_of
from planner.district import District
from planner.sources.checks.district import barriers_of

FAR_M = 100.0
"""A facility with a longer straight way to a street is worth a look."""

SEARCHED_M = 5_000.0
"""So far a street is looked for."""

_AREAS = ("Polygon", "MultiPolygon")
_UNWALKED = ("water", "railway", "motorway")


def misplaced(
    district: District, *, far_m: float = FAR_M, max_access_m: float = 250.0
) -> pd.DataFrame:
    """Return the facilities whose place looks wrong, and the nearest place on a street.

    Parameters
    ----------
    district
        The district.
    far_m
        Straight way to the street, metres, beyond which a place is told.
    max_access_m
        Straight way to a street beyond which a facility counts as not joined, metres.

    Returns
    -------
    DataFrame
        A row for each: ``facility_id``, ``problem`` (``"barrier"``: it stands in water, on rails
        or on a motorway; ``"unreachable"``: no street within `max_access_m` without crossing a
        barrier; ``"far"``), ``street_m`` (straight to the suggested place), ``x`` and ``y`` of
        that place in the district's CRS, NaN where no street lies within 5 km; worst first.
    """
    table = district.facilities
    if table.empty:
        return pd.DataFrame(
            {"facility_id": [], "problem": [], "street_m": [], "x": [], "y": []}
        ).astype({"facility_id": object, "problem": object})
    islands, walls = streets_of(district).islands, barriers_of(district)
    xy = points_xy(table)
    joined = islands.snap(xy, max_access_m=max_access_m, barriers=walls)
    nearest = islands.snap(xy, max_access_m=SEARCHED_M)
    access_m = joined.access_mm / 1000.0
    inside = _inside(district, table)
    place = np.where(joined.known[:, None], joined.join_xy, nearest.join_xy)
    problem = np.select(
        [inside, ~joined.known, access_m > far_m], ["barrier", "unreachable", "far"], ""
    )
    found = pd.DataFrame(
        {
            "facility_id": table["facility_id"].to_numpy(),
            "problem": problem.astype(object),
            "street_m": np.hypot(*(place - xy).T),
            "x": place[:, 0],
            "y": place[:, 1],
        }
    )[problem != ""]
    rank = found["problem"].map({"barrier": 0, "unreachable": 1, "far": 2})
    order = found.assign(rank=rank).sort_values(
        ["rank", "street_m", "facility_id"], ascending=[True, False, True]
    )
    result: pd.DataFrame = order.drop(columns="rank").reset_index(drop=True)
    return result


def _inside(district: District, table: gpd.GeoDataFrame) -> np.ndarray:
    """Return whether each facility stands in an area that nobody walks on, bool (n,)."""
    kept = district.barriers
    areas = kept[kept.geom_type.isin(_AREAS) & kept["kind"].isin(_UNWALKED)]
    held = np.zeros(len(table), dtype=bool)
    if not areas.empty:
        tree = shapely.STRtree(areas.geometry.to_numpy())
        held[tree.query(table.geometry.to_numpy(), predicate="within")[0]] = True
    return held
