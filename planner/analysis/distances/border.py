"""How near to a home a facility may stand that was not imported: beyond the district's buffer."""

from __future__ import annotations

import numpy as np
import shapely

from planner.arrays import F64
from planner.district import District, Rule

_ARC = 32
"""Segments of a quarter of a circle: what lies beyond is up to 0.03 % of the buffer nearer."""


def longest_m(rule: Rule) -> float:
    """Return the longest limit of a rule, those of groups included, metres."""
    return max([rule.limit_m, *rule.limits.values()])


def may_matter(district: District, limit_m: float) -> bool:
    """Whether a facility that was left out beyond the buffer may be within a limit of a home."""
    if district.buffer_m is None:
        return False
    return limit_m > district.buffer_m or bool((district.demand["community_id"] == "").any())


def beyond_m(district: District) -> F64:
    """Return how far each home is, in a straight line, from what was not imported.

    No facility that was left out is nearer: neither as the crow flies nor on foot.

    Returns
    -------
    ndarray
        (n,) float64 metres, rounded up to whole millimetres; 0 for a home that stands beyond the
        buffer itself, inf where it is not known how far beyond the communities data was taken.
    """
    homes = district.demand.geometry.to_numpy()
    if district.buffer_m is None:
        return np.full(len(homes), np.inf)
    area = shapely.union_all(district.communities.geometry.to_numpy())
    imported = shapely.buffer(area, district.buffer_m, quad_segs=_ARC)
    edge = shapely.boundary(imported)
    shapely.prepare([imported, edge])
    metres = np.floor(shapely.distance(edge, homes) * 1000) / 1000 + 0.001
    return np.where(shapely.intersects(imported, homes), metres, 0.0)
