"""Areas that two runs know by one name, and that are not the same ground."""

from __future__ import annotations

from collections import defaultdict

import geopandas as gpd
import numpy as np
import shapely

from planner.analysis.coverage.levels import Level
from planner.batch.ranks import keys_of, known_by
from planner.district.identity.outlines import redrawn_in_degrees

_Parts = list[shapely.Geometry]


def redrawn_areas(
    now: gpd.GeoDataFrame, before: gpd.GeoDataFrame, level: Level
) -> set[tuple[str, ...]]:
    """Return the areas whose outline is another one in the earlier run, by what they are known by.

    Parameters
    ----------
    now, before
        Tables of both runs in degrees: of a level's areas, for districts of their communities.
    level
        ``"district"``, ``"subdistrict"`` or ``"community"``.
    """
    was, here = _outlines(before, level), _outlines(now, level)
    # most areas are as they were, to the last bit: only others are joined and measured
    changed = [key for key in here if key in was and not _alike(was[key], here[key])]
    old, new = (
        np.array([shapely.union_all(side[key]) for key in changed], dtype=object)
        for side in (was, here)
    )
    return {key for key, other in zip(changed, redrawn_in_degrees(old, new), strict=True) if other}


def _outlines(areas: gpd.GeoDataFrame, level: Level) -> dict[tuple[str, ...], _Parts]:
    """Return the outline of each area; of a district those of its communities."""
    # the rows of all groups have the same outline
    once = areas.drop_duplicates(["province", "district", "area_id"])
    found: dict[tuple[str, ...], _Parts] = defaultdict(list)
    for key, outline in zip(keys_of(once, known_by(level)), once.geometry, strict=True):
        found[key].append(outline)
    return found


def _alike(was: _Parts, now: _Parts) -> bool:
    """Return whether outlines are the same ones, in whatever order."""
    return sorted(shapely.to_wkb(was)) == sorted(shapely.to_wkb(now))
