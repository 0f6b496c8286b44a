"""Homes: in no community, without a street, listed twice, with a group larger than all people."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.analysis.data_check.problem import Problem, rows_of
from planner.analysis.distances.streets import join
from planner.district import District
from planner.district.plausibility.layers import groups_exceeding, same_rows
from planner.errors import Finding
from planner.sources.checks.district import outside_finding
from planner.sources.tables.set_aside import rows_told

ACCESS_M = 250.0
"""Longest straight way from a home to a street, metres, as an assessment takes it by default."""


def home_problems(district: District) -> Iterator[Problem]:
    """Yield what is wrong with the homes of a district."""
    table = district.demand
    outside = (table["community_id"] == "").to_numpy()
    if outside.any():
        rows = rows_of(district, "demand", outside)
        yield Problem(outside_finding(district), "doubtful", "demand", rows)
    lost = ~join(district, table, ACCESS_M).known
    if lost.any():
        params = {"count": int(lost.sum()), "metres": round(ACCESS_M)}
        rows = rows_of(district, "demand", lost)
        finding = Finding("sources.demand_without_street", params | {"ids": rows_told(rows["id"])})
        yield Problem(finding, "wrong", "demand", rows)
    yield from _same(district)
    for finding, more in groups_exceeding(table):
        rows = rows_of(district, "demand", more, other=str(finding.params["column"]))
        yield Problem(finding, "wrong", "demand", rows)


def _same(district: District) -> Iterator[Problem]:
    """Tell of equal rows. Two flats of a house may be equal, so a person has to decide."""
    twice, first = same_rows(district.demand, "demand_id")
    if not twice.any():
        return
    own = district.demand["demand_id"].astype(str).to_numpy(dtype=object)
    total = district.demand[district.groups[0]].to_numpy(dtype=np.float64)
    percent = round(100 * float(total[twice].sum() / total.sum()), 1)
    params = {"count": int(twice.sum()), "ids": rows_told(own[twice]), "percent": percent}
    rows = rows_of(district, "demand", twice, other=own[first[twice]])
    yield Problem(Finding("district.same_homes", params), "doubtful", "demand", rows)
