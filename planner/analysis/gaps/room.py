"""Who is within the limit of a facility that has no room for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.analysis.distances.pairs import pairs_within, people_of
from planner.analysis.gaps.causes import DATA, FULL, Diagnosis, remedy_number
from planner.analysis.hours.rules import OPEN
from planner.analysis.measures.floating_catchments import floating_catchment
from planner.analysis.measures.supply import room_residents

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def knows_room(assessment: Assessment, kind: str) -> bool:
    """Return whether any facility of a kind tells for how many residents it has room."""
    counts = assessment.reach.counting(kind, if_unknown=True)
    return bool(np.isfinite(room_residents(assessment)[counts]).any())


def with_room(assessment: Assessment, kind: str, limit_m: float, diagnosis: Diagnosis) -> Diagnosis:
    """Add to a diagnosis the people for whom there is no room within the limit.

    Each facility shares its room out evenly among the residents within the limit, and each home
    adds up its shares (2SFCA, Luo & Wang 2003;
    :mod:`planner.analysis.measures.floating_catchments` over
    residents). Where the sum is below 1, the part that is missing is not covered: ``full``.
    Where a facility within the limit does not tell its room, it is not known whether that part is
    covered: ``data``.
    """
    people = people_of(assessment)
    pairs = pairs_within(assessment, kind, limit_m)
    room = room_residents(assessment)[pairs.rows]
    told = np.isfinite(room) & (assessment.reach.states[pairs.rows] == OPEN)
    some = pairs.of(told)
    shares = floating_catchment(some, np.ones(len(some.home)), np.where(told, room, 0.0), people)
    missing = np.where((diagnosis.cause < 0) & (people > 0), 1 - np.minimum(shares, 1.0), 0.0)
    asked = pairs.of(~told).reached()
    short, open_ = missing > 0, missing > 0
    short, open_ = short & ~asked, open_ & asked
    rows = _rows(assessment)
    nearest = np.array([rows.get(each, -1) for each in assessment.nearest[kind]], dtype=np.int64)
    return replace(
        diagnosis,
        uncovered=np.where(short, missing, diagnosis.uncovered),
        unknown=np.where(open_, missing, diagnosis.unknown),
        cause=np.select([short, open_], [FULL, DATA], diagnosis.cause),
        remedy=np.select(
            [short, open_], [remedy_number("enlarge"), remedy_number("ask")], diagnosis.remedy
        ),
        facility=np.where(short | open_, nearest, diagnosis.facility),
    )


def _rows(assessment: Assessment) -> dict[str, int]:
    ids = assessment.district.facilities["facility_id"]
    return dict(zip(ids, range(len(ids)), strict=True))
