"""Areas whose boundary a newer file draws anew: what was counted in them, and asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import Bool
from planner.district import District
from planner.district.identity.outlines import redrawn
from planner.district.layers import GROUP_PREFIX
from planner.district.plausibility.communities import told_first
from planner.errors import Finding

REDRAWN = "update.redrawn"
"""The finding that stays with a workspace, by which targets know that they were set before."""


def counts_people(column: object) -> bool:
    """Whether a column of communities counts who lives inside their boundaries."""
    return column in ("population", "households") or str(column).startswith(GROUP_PREFIX)


def of_other_ground(before: gpd.GeoSeries, after: gpd.GeoSeries) -> Bool:
    """Return which areas (n,) have another boundary than before."""
    return redrawn(before.to_numpy(dtype=object), after.to_numpy(dtype=object))


def told_of_redrawn(
    district: District, communities: gpd.GeoDataFrame, file: str, lost: Mapping[str, int]
) -> list[Finding]:
    """Tell which areas are other ground from now on, and what is not known of them therefore.

    Parameters
    ----------
    district
        As it was.
    communities
        As they are going to be.
    file
        Name of the newer file.
    lost
        How many of the communities told a count of their old boundary, which is not theirs now,
        by column.

    Returns
    -------
    list of Finding
        :data:`REDRAWN` with the ids of communities, the names of subdistricts, whether the district
        as a whole is another, and when; nothing where all is as it was.
    """
    was = district.communities.set_index("community_id")
    now = communities.set_index("community_id")
    ids = _redrawn(was, now)
    subdistricts = _redrawn(*map(_subdistricts, (district.communities, communities)))
    wholes = [gpd.GeoSeries([shapely.union_all(side.geometry.to_numpy())]) for side in (was, now)]
    whole = bool(of_other_ground(*wholes)[0])
    names = [now["name"].get(own) or own for own in ids]
    areas = [*([district.name] if whole else []), *subdistricts, *names]
    if not areas:
        return []
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    params = {"file": file, "date": at[:10], "count": len(areas), "names": told_first(areas)}
    own = {"at": at, "communities": ids, "subdistricts": subdistricts, "district": whole}
    told = [Finding(REDRAWN, {**params, **own})]
    if lost:
        columns = ", ".join(f"{column} ({count})" for column, count in lost.items())
        told.append(Finding("update.counts_of_old_ground", {"file": file, "columns": columns}))
    return told


def _subdistricts(communities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the ground of each subdistrict that communities name."""
    named = communities.loc[communities["subdistrict"] != "", ["subdistrict", "geometry"]]
    return named.dissolve("subdistrict")


def _redrawn(was: gpd.GeoDataFrame, now: gpd.GeoDataFrame) -> list[str]:
    """Return the areas that are in both, by their index, and have another boundary."""
    both = now.index.intersection(was.index, sort=False)
    if not len(both):
        return []
    other = of_other_ground(was.geometry.loc[both], now.geometry.loc[both])
    return [str(own) for own in np.asarray(both, dtype=object)[other]]
