"""Which community a home belongs to: the one that it names, else the one it lies in."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from planner.errors import Finding
from planner.sources.tables.set_aside import rows_told


def in_communities(
    demand: gpd.GeoDataFrame, communities: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return demand with the community that each point names, else the one it lies in."""
    findings = []
    inside, area = communities.sindex.query(demand.geometry, predicate="intersects")
    found = np.full(len(demand), "", dtype=object)
    ids = communities["community_id"].to_numpy(dtype=object)
    order = np.argsort(area, kind="stable")[::-1]
    found[inside[order]] = ids[area[order]]
    if "community_id" in demand:
        given = demand["community_id"].fillna("").astype(str).str.strip().to_numpy(dtype=object)
        known = np.isin(given, ids)
        found = np.where(known, given, found)
        strange = given[~known & (given != "")]
        if len(strange):
            params = {"count": len(strange), "values": rows_told(list(dict.fromkeys(strange)))}
            findings.append(Finding("sources.community_ids", params))
    return demand.assign(community_id=found), findings
