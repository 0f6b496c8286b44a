"""The areas that people are counted in: the district, its subdistricts, its communities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import I64
from planner.district import District
from planner.errors import InputError

Level = Literal["community", "subdistrict", "district"]


def areas_of(district: District, level: Level) -> tuple[pd.DataFrame, I64]:
    """Return the areas of a level and the position of each home's area in it, −1 for none.

    Returns
    -------
    areas
        ``name`` and ``subdistrict``, index the areas' ids; the district's is ``""``.
    area_of
        (n,) int64.

    Raises
    ------
    InputError
        ``analysis.unknown_level``.
    """
    communities = district.communities
    community_of = district.demand["community_id"]
    if level == "district":
        areas = pd.DataFrame({"name": [district.name], "subdistrict": [""]}, index=[""])
        return areas, np.zeros(len(community_of), dtype=np.int64)
    if level == "community":
        areas = communities.set_index("community_id")[["name", "subdistrict"]]
        return pd.DataFrame(areas), areas.index.get_indexer(community_of).astype(np.int64)
    if level == "subdistrict":
        names = [name for name in dict.fromkeys(communities["subdistrict"]) if name]
        areas = pd.DataFrame({"name": names, "subdistrict": names}, index=names)
        by_community = communities.set_index("community_id")["subdistrict"]
        name_of = community_of.map(by_community).fillna("")
        return areas, areas.index.get_indexer(name_of).astype(np.int64)
    raise InputError("analysis.unknown_level", level=level)


def joined_subdistricts(communities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the subdistricts that communities name, index their names.

    Their residents and households are sums, missing where those of one community are.
    """
    named = communities[communities["subdistrict"] != ""]
    sums = {
        column: _sum_if_known
        for column in named.columns
        if column in ("population", "households") or column.startswith("pop_")
    }
    table = named[["subdistrict", "geometry", *sums]].dissolve("subdistrict", aggfunc=sums)
    table.insert(0, "name", table.index)
    return table.set_index(pd.Index(table["name"], name=None))


def facilities_inside(
    district: District,
    kinds: Sequence[str],
    facilities: gpd.GeoDataFrame,
    by: str = "community_id",
) -> pd.DataFrame:
    """Return how many of some facilities of each kind lie inside each area.

    Parameters
    ----------
    district, kinds, facilities
        Where, which kinds, and the facilities that are counted.
    by
        Column of the communities that names the areas.

    Returns
    -------
    DataFrame
        int64, index the areas as they first stand among the communities, columns kinds. A facility
        on a shared boundary counts for both areas, but once for one that holds both communities.
    """
    communities = district.communities
    area_of, names = pd.factorize(communities[by].to_numpy(dtype=object))
    tree = shapely.STRtree(communities.geometry.to_numpy())
    rows, touched = tree.query(facilities.geometry.to_numpy(), predicate="intersects")
    pairs = np.unique(np.column_stack([area_of[touched], rows]), axis=0)
    columns = pd.Index(kinds).get_indexer(facilities["kind"].iloc[pairs[:, 1]])
    here = columns >= 0
    counts = np.zeros((len(names), len(kinds)), dtype=np.int64)
    np.add.at(counts, (pairs[here, 0], columns[here]), 1)
    return pd.DataFrame(counts, index=pd.Index(names, name=by), columns=list(kinds))


def _sum_if_known(values: pd.Series) -> float:
    """Return a sum, NaN where one of the values is not known."""
    return float(values.sum(skipna=False))
