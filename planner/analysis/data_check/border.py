"""Where streets and facilities end at the district's border, and the homes that this may touch.

People walk across a border: where the data ends there, facilities and ways beyond it are missing,
and homes at the border seem farther from everything than they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from planner.analysis.assessment import Assessment
from planner.analysis.data_check.problem import Problem, places
from planner.arrays import F64
from planner.district import District
from planner.errors import Finding

BEYOND_M = 300.0
"""So far beyond the border a street is looked for: a walk of five minutes at least."""

STEP_M = 50.0
"""The border is looked at every so many metres."""

BARE_SHARE = 0.25
"""Share of the border, of that with streets inside, from which missing streets are told."""


@dataclass(frozen=True)
class BorderEffect:
    """What an assessment may owe to data that ends at the border.

    Parameters
    ----------
    streets, facilities
        Whether streets, and facilities, end there.
    homes
        Homes with residents that are counted as lacking a kind and stand nearer to that border,
        in a straight line, than the kind's limit: a facility outside may serve them.
    """

    streets: bool
    facilities: bool
    homes: int


def border_effect(assessment: Assessment, group: str | None = None) -> BorderEffect:
    """Return which homes that lack a judged kind may be served from beyond the border.

    Parameters
    ----------
    assessment
        The assessed district.
    group
        Whose limits are taken; those of everybody where none is given.
    """
    district = assessment.district
    ends = [problem for problem in (streets_end(district), facilities_end(district)) if problem]
    layers = {problem.layer for problem in ends}
    homes = district.demand
    touched = np.zeros(len(homes), dtype=np.bool_)
    for problem in ends:
        edge = shapely.union_all(problem.rows.geometry.to_numpy())
        shapely.prepare(edge)
        away_m = shapely.distance(homes.geometry.to_numpy(), edge)
        for kind in assessment.judged_kinds:
            lacking = ~assessment.within(kind, group).fillna(True).to_numpy(dtype=np.bool_)
            touched |= lacking & (away_m <= (assessment.limit_m(kind, group) or 0.0))
    lived_in = homes[assessment.groups[0]].fillna(0.0).to_numpy(dtype=np.float64) > 0
    return BorderEffect(
        "streets" in layers, "facilities" in layers, int((touched & lived_in).sum())
    )


def streets_end(district: District) -> Problem | None:
    """Return the border beyond which no street is known, though streets lead up to it, if any."""
    union = shapely.union_all(district.communities.geometry.to_numpy())
    border = _places_along(union)
    lines = district.streets.geometry.to_numpy()
    tree = shapely.STRtree(lines)
    at, street = tree.query(shapely.points(border), predicate="dwithin", distance=BEYOND_M)
    # of the streets near each place, what lies inside and what lies beyond
    beyond = shapely.length(shapely.difference(lines, shapely.buffer(union, 1.0))) > 1.0
    inside = shapely.intersects(lines, union)
    has_inside, has_beyond = np.zeros(len(border), bool), np.zeros(len(border), bool)
    has_inside[at[inside[street]]] = True
    has_beyond[at[beyond[street]]] = True
    bare = has_inside & ~has_beyond
    if not has_inside.any() or bare.sum() <= BARE_SHARE * has_inside.sum():
        return None
    params = {
        "percent": round(100 * float(bare.sum() / has_inside.sum())),
        "metres": round(BEYOND_M),
    }
    rows = places(district.crs, shapely.points(border[bare]))
    return Problem(Finding("data_check.border_streets", params), "doubtful", "streets", rows)


def facilities_end(district: District) -> Problem | None:
    """Return the border where no facility beyond it is known, if so: homes there may be nearer."""
    union = shapely.union_all(district.communities.geometry.to_numpy())
    facilities = district.facilities.geometry.to_numpy()
    if not len(facilities) or shapely.disjoint(facilities, union).any():
        return None
    rows = places(district.crs, shapely.boundary(union))
    finding = Finding("data_check.border_facilities", {"count": len(facilities)})
    return Problem(finding, "doubtful", "facilities", rows)


def _places_along(area: shapely.Geometry) -> F64:
    """Return places (n, 2) along the outer border of an area."""
    rings = shapely.get_exterior_ring(shapely.get_parts(area))
    spots = [
        shapely.line_interpolate_point(ring, np.arange(0.0, shapely.length(ring), STEP_M))
        for ring in rings
    ]
    return np.asarray(shapely.get_coordinates(np.concatenate(spots)), dtype=np.float64)
