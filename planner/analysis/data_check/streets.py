"""Streets: where they do not join, what hangs on nothing, and where the data ends at the border."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from planner.analysis.data_check.border import streets_end
from planner.analysis.data_check.problem import Problem, near_names, places, rows_of
from planner.district import District
from planner.sources.checks.district import shut_gates
from planner.sources.streets.joining import find_unjoined
from planner.sources.streets.layer import loose_findings, loose_rows
from planner.sources.streets.unjoined import JOIN_M, unjoined_findings
from planner.sources.streets.walls import Walls


def street_problems(district: District) -> Iterator[Problem]:
    """Yield what is wrong with the streets of a district."""
    yield from _unjoined(district)
    yield from _loose(district)
    if (end := streets_end(district)) is not None:
        yield end


def _unjoined(district: District) -> Iterator[Problem]:
    walls = Walls.of(district.barriers, district.gates)
    found = find_unjoined(district.streets, JOIN_M, shut_gates(district), walls)
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
