"""Names of places: facilities, communities and sites."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.district import District


def facility_names(district: District) -> pd.Series:
    """Return the name of each facility by its id, the id where it has none."""
    facilities = district.facilities.set_index("facility_id")["name"]
    ids = facilities.index.to_series()
    return pd.Series(facilities.where(facilities != "", ids), dtype=object)


def community_names(district: District) -> pd.Series:
    """Return the name of each community by its id, the id where it has none."""
    communities = district.communities.set_index("community_id")["name"]
    ids = communities.index.to_series()
    return pd.Series(communities.where(communities != "", ids), dtype=object)


def site_name(row: Any) -> str:
    """Return the name of a row of sites or candidates, its id where it has none."""
    return str(row.name or row.site_id)
