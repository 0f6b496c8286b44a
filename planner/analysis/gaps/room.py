"""Who is within the limit of a facility that has no room for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.analysis.distances.pairs import Pairs, pairs_within
from planner.analysis.gaps.causes import DATA, FULL, Diagnosis, remedy_number
from planner.analysis.hours.rules import OPEN
from planner.analysis.measures.supply import room_residents
from planner.analysis.people import limit_of, people_of
from planner.arrays import F64

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def knows_room(assessment: Assessment, kind: str) -> bool:
    """Return whether any facility of a kind tells for how many residents it has room."""
    counts = assessment.reach.counting(kind, if_unknown=True)
    return bool(np.isfinite(room_residents(assessment)[counts]).any())


def with_room(
    assessment: Assessment, kind: str, group: str | None, diagnosis: Diagnosis
) -> Diagnosis:
    """Add to a diagnosis the people for whom there is no room within the limit.

    Each facility shares its room out evenly among all who may use it, and each home adds up the
    shares of the facilities within the group's limit (2SFCA, Luo & Wang 2003). All who may use
    one are the residents within the limit for everybody, whichever group is asked for, and those
    of the group between that limit and a longer one of their own. Where the sum is below 1, the
    part that is missing is not covered: ``full``. Where a facility within the limit does not tell
    its room, it is not known whether that part is covered: ``data``.
    """
    people = people_of(assessment)
    own_m, everybody_m = limit_of(assessment, kind, group), limit_of(assessment, kind)
    around = pairs_within(assessment.reach, kind, max(own_m, everybody_m))
    room = room_residents(assessment)[around.rows]
    told = np.isfinite(room) & (assessment.reach.states[around.rows] == OPEN)
    share = _share(room, around.per_facility(_users(assessment, group, around, everybody_m)))
    pairs = around.within(own_m)
    some = pairs.of(told)
    shares = some.per_home(share[some.facility])
    missing = np.where((diagnosis.cause < 0) & (people > 0), 1 - np.minimum(shares, 1.0), 0.0)
    asked = pairs.of(~told).reached()
    short, open_ = missing > 0, missing > 0
    short, open_ = short & ~asked, open_ & asked
    nearest = assessment.nearest_rows(kind)
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


def _users(assessment: Assessment, group: str | None, pairs: Pairs, everybody_m: float) -> F64:
    """Return how many of each home may use the facility of a pair, (p,).

    All within the limit for everybody, and beyond it those of the group, whose own is longer.
    """
    everybody = people_of(assessment)[pairs.home]
    of_group = people_of(assessment, group)[pairs.home]
    return np.where(pairs.distance_m <= everybody_m, everybody, of_group)


def _share(room: F64, users: F64) -> F64:
    """Return for what part of each user a facility has room, inf where nobody uses it."""
    unused = np.where(room > 0, np.inf, 0.0)
    return np.divide(room, users, out=unused, where=users > 0)
