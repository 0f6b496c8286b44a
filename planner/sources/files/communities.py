"""Which community a home belongs to: the one that it names, else the one it lies in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import I64
from planner.district.layers import LAYERS
from planner.district.plausibility.communities import ELSEWHERE_M
from planner.errors import Finding
from planner.sources.population.names import join
from planner.sources.tables.set_aside import rows_told
from planner.sources.vector.geometry import lying_in


def in_communities(
    demand: gpd.GeoDataFrame, communities: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return demand with the community that each point names, else the one it lies in.

    Of several, as where a home stands on a border, the one whose code comes first, whatever the
    order of rows; how many do is told.
    """
    findings = []
    ids = communities["community_id"].to_numpy(dtype=object)
    row, several = lying_in(demand.geometry, communities, ids)
    found = np.where(row >= 0, ids[row], "") if len(ids) else np.full(len(demand), "", object)
    if "community_id" in demand:
        given = demand["community_id"].fillna("").astype(str).str.strip().to_numpy(dtype=object)
        known = np.isin(given, ids)
        found = np.where(known, given, found)
        several &= ~known
        strange = given[~known & (given != "")]
        if len(strange):
            params = {"count": len(strange), "values": rows_told(list(dict.fromkeys(strange)))}
            findings.append(Finding("sources.community_ids", params))
    if several.any():
        findings.append(Finding("sources.on_borders", {"count": int(several.sum())}))
    return demand.assign(community_id=found), findings


_OF_A_COMMUNITY = re.compile(r"社区|村|居委|communit|neighbou?rhood", re.IGNORECASE)
_OF_OTHERS = re.compile(r"服务|覆盖|代码|编码|编号|serv|cover|code|id$", re.IGNORECASE)


def named_elsewhere(
    table: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, layer: str
) -> Iterator[Finding]:
    """Tell of places that by a column that nobody reads are in another community than they lie in.

    Parameters
    ----------
    table
        Homes or facilities, with what their file says beside.
    communities
        Layer ``communities``, in the same CRS.
    layer
        ``"demand"`` or ``"facilities"``.
    """
    known = {column.name for column in LAYERS[layer].columns}
    for column in map(str, table.columns):
        if column in known or not _OF_A_COMMUNITY.search(column) or _OF_OTHERS.search(column):
            continue
        named = _named(table[column].fillna("").astype(str).tolist(), communities)
        rows = np.flatnonzero(named >= 0)
        own = communities.geometry.to_numpy()[named[rows]]
        far = rows[shapely.distance(table.geometry.to_numpy()[rows], own) > ELSEWHERE_M]
        if len(far):
            names = Counter(communities["name"].iloc[named[far]].tolist()).most_common()
            yield Finding(
                "sources.named_elsewhere",
                {
                    "layer": layer,
                    "column": column,
                    "count": len(far),
                    "of": len(rows),
                    "metres": round(ELSEWHERE_M),
                    "names": rows_told(f"{name} ({times})" for name, times in names),
                },
            )


def _named(texts: list[str], communities: gpd.GeoDataFrame) -> I64:
    """Return which community each text is the name of, −1 where of none."""
    unique = list(dict.fromkeys(texts))
    found = join([""] * len(unique), unique, [""] * len(unique), communities).community
    row_of = dict(zip(unique, found.tolist(), strict=True))
    return np.array([row_of[text] for text in texts], dtype=np.int64)
