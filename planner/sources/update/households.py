"""Households of communities beside newer residents, with whom they were not counted."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from planner.district import District
from planner.errors import Finding

HOUSEHOLDS_STAY = "update.households_stay"
"""The finding that stays with a workspace until residents or households are told anew."""


def households_stay(
    district: District, layer: str, rows: gpd.GeoDataFrame, file: str
) -> list[Finding]:
    """Tell that households stay those of the residents before.

    Floor area for each so many households, and the score that it is part of, are of the year before
    until the communities tell newer ones.

    Parameters
    ----------
    district
        As it was.
    layer, rows
        What is brought up to date, and as it is going to be; only residents matter.
    file
        Name of the newer file.

    Returns
    -------
    list of Finding
        Nothing where no community has households, or none has other residents than before.
    """
    told = district.communities.loc[district.communities["households"].notna()]
    if layer != "demand" or told.empty or district.estimated:
        return []
    group = district.groups[0]
    before, after = (
        homes.groupby("community_id")[group].sum().reindex(told["community_id"]).fillna(0.0)
        for homes in (district.demand, rows)
    )
    # of several files in a row, the households are of the residents before the first
    earlier = next((each for each in district.findings if each.code == HOUSEHOLDS_STAY), None)
    counted = float(before.sum()) if earlier is None else float(earlier.params["before"])
    same = np.isclose(before, after).all() if earlier is None else counted == round(after.sum())
    if same:
        return []
    params = {
        "file": file,
        "count": len(told),
        "households": round(float(told["households"].sum())),
        "before": round(counted),
        "after": round(float(after.sum())),
    }
    return [Finding(HOUSEHOLDS_STAY, params)]
