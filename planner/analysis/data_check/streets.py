"""Streets: where they do not join, what hangs on nothing, and where the data ends at the border."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from planner.analysis.data_check.problem import Problem, near_names, places, rows_of
from planner.arrays import F64
from planner.district import District
from planner.errors import Finding
from planner.sources.checks.district import shut_gates
from planner.sources.streets.joining import JOIN_M, find_unjoined, unjoined_findings
from planner.sources.streets.layer import loose_findings, loose_rows

BEYOND_M = 300.0
"""So far beyond the border a street is looked for: a walk of five minutes at least."""

STEP_M = 50.0
"""The border is looked at every so many metres."""

BARE_SHARE = 0.25
"""Share of the border, of that with streets inside, from which missing streets are told."""


def street_problems(district: District) -> Iterator[Problem]:
    """Yield what is wrong with the streets of a district."""
    yield from _unjoined(district)
    yield from _loose(district)
    yield from _border(district)


def _unjoined(district: District) -> Iterator[Problem]:
    found = find_unjoined(district.streets, JOIN_M, shut_gates(district))
    for finding in unjoined_findings(found):
        inner = finding.code == "sources.inner_junctions"
        spots = [each for each in found.places if (each[0] == "inner") == inner]
        xy = np.concatenate([each for _, each in spots])
        kind = np.repeat([name for name, _ in spots], [len(each) for _, each in spots])
        points = shapely.points(xy)
        near = near_names(district, points)
        rows = places(district.crs, points, other=kind.astype(object), name=near)
        yield Problem(finding, "wrong", "streets", rows, "join_streets")


def _loose(district: District) -> Iterator[Problem]:
    loose = loose_rows(district.streets)
    for finding in loose_findings(district.streets):
        if finding.code == "sources.loose_streets":
            yield Problem(finding, "doubtful", "streets", rows_of(district, "streets", loose))


def _border(district: District) -> Iterator[Problem]:
    """Tell of the border beyond which no street is known, though streets lead up to it.

    People walk across a border: where the data ends there, facilities and ways beyond it are
    missing, and homes at the border seem farther from everything than they are.
    """
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
    if has_inside.any() and bare.sum() > BARE_SHARE * has_inside.sum():
        params = {
            "percent": round(100 * float(bare.sum() / has_inside.sum())),
            "metres": round(BEYOND_M),
        }
        rows = places(district.crs, shapely.points(border[bare]))
        yield Problem(Finding("data_check.border_streets", params), "doubtful", "streets", rows)


def _places_along(area: shapely.Geometry) -> F64:
    """Return places (n, 2) along the outer border of an area."""
    rings = shapely.get_exterior_ring(shapely.get_parts(area))
    spots = [
        shapely.line_interpolate_point(ring, np.arange(0.0, shapely.length(ring), STEP_M))
        for ring in rings
    ]
    return np.asarray(shapely.get_coordinates(np.concatenate(spots)), dtype=np.float64)
