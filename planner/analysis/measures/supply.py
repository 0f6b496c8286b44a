"""Supply against demand: catchments and the load of each facility against its capacity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.distances.equally_near import EquallyNear
from planner.analysis.distances.one_place import ROOM, SharedPlaces
from planner.analysis.distances.reach import plain_walk_only
from planner.analysis.hours.rules import OPEN
from planner.analysis.people import people_of, without_few
from planner.arrays import F64
from planner.errors import Finding, InputError

Visits = float | Mapping[str, float] | None


def catchments(
    assessment: Assessment, kind: str, *, group: str | None = None, visits_a_day: Visits = None
) -> pd.DataFrame:
    """Return the residents that each facility of a kind serves, and its load.

    Every resident is counted at the nearest open facility. Places that are equally near, to the
    millimetre, take the same part of a home, facilities at one place share it, see
    :class:`planner.analysis.distances.one_place.SharedPlaces`. The most of a facility is what it
    serves where no other of unknown hours or services is open, the least where all of them are.

    Parameters
    ----------
    assessment, kind, group
        What is measured, and the people who are counted; the total where no group is given.
    visits_a_day
        Visits of one resident on an average day, one number or by kind: what turns a capacity in
        people a day into the residents that it has room for. Where none is given the column
        ``capacity_residents`` of ``facilities`` tells, if there is one.

    Returns
    -------
    DataFrame
        Index ``facility_id``, facility by facility of those that count or may count: ``name``,
        ``counts`` (missing where not known), ``residents_low``, ``residents_high``,
        ``mean_distance_m`` and ``farthest_m`` of its residents if all count, ``capacity`` (people
        a day), ``room_residents``, ``load_low`` and ``load_high`` (residents for each one there
        is room for; above 1 is full), ``relative_load`` (residents for each unit of capacity,
        against that of all facilities whose capacity is known; 1 is average). NaN where capacity
        or room is not known. Of a group whose small counts are withheld, these are missing, and so
        are the loads that would tell them.

    Raises
    ------
    InputError
        For an unknown kind or group, or visits that are not above 0.
    """
    counted = _catchments(assessment, kind, group, visits_a_day)
    ends = ("residents_low", "residents_high")
    loads = {"load_low": ends[:1], "load_high": ends[1:], "relative_load": ends}
    return without_few(assessment, counted, ends, group, loads)


def _catchments(
    assessment: Assessment, kind: str, group: str | None, visits_a_day: Visits
) -> pd.DataFrame:
    """Return the same with all counts."""
    plain_walk_only(assessment.reach)
    assessment.rule(kind)
    reach, facilities = assessment.reach, assessment.district.facilities
    people = people_of(assessment, group)
    rows = np.flatnonzero(reach.counting(kind, if_unknown=True))
    room = room_residents(assessment, visits_a_day, group)
    places = SharedPlaces.of(assessment.district, kind, room)
    at_least, _ = _served(assessment, kind, people, places, if_unknown=False)
    at_most, walked = _served(assessment, kind, people, places, if_unknown=True)
    table = facilities.iloc[rows].set_index("facility_id")[["name", "capacity"]]
    shut, opened = at_least[rows], at_most[rows]
    room = room[rows]
    capacity = table.pop("capacity").to_numpy(dtype=np.float64)
    sure = reach.states[rows] == OPEN
    table["counts"] = pd.arrays.BooleanArray(sure, ~sure)
    table["residents_low"] = np.minimum(shut, opened)
    table["residents_high"] = np.maximum(shut, _alone(assessment, kind, people, places)[rows])
    table["mean_distance_m"], table["farthest_m"] = walked[rows].T
    table["capacity"] = capacity
    table["room_residents"] = room
    with np.errstate(invalid="ignore", divide="ignore"):
        table["load_low"] = table["residents_low"] / room
        table["load_high"] = table["residents_high"] / room
        known = ~np.isnan(capacity)
        usual = opened[known].sum() / capacity[known].sum()
        table["relative_load"] = opened / capacity / usual
    return pd.DataFrame(table)


def load(
    assessment: Assessment, *, group: str | None = None, visits_a_day: Visits = None
) -> pd.DataFrame:
    """Return each kind's residents against the room its facilities have.

    Parameters
    ----------
    assessment, group, visits_a_day
        As in :func:`catchments`.

    Returns
    -------
    DataFrame
        Index kind: ``facilities``, ``unknown_hours`` (facilities that may or may not count),
        ``unknown_room``, ``residents`` who can reach one (if all count), ``capacity`` (people a
        day, of those that tell it), ``room_residents`` (of those of known room), ``full_low``
        (facilities full in either case) and ``full_high`` (that may be),
        ``residents_at_full_low`` and ``residents_at_full_high`` (from no facility of unknown room
        full to all of them). Small counts of a group are missing where they are withheld.
    """
    plain_walk_only(assessment.reach)
    rows = {}
    for kind in assessment.kinds:
        table = _catchments(assessment, kind, group, visits_a_day)
        unknown = table["room_residents"].isna() & (table["residents_high"] > 0)
        full, maybe = table["load_low"] > 1, (table["load_high"] > 1) | unknown
        rows[kind] = {
            "facilities": len(table),
            "unknown_hours": int(table["counts"].isna().sum()),
            "unknown_room": int(table["room_residents"].isna().sum()),
            "residents": _reaching(assessment, kind, group),
            "capacity": table["capacity"].sum(min_count=1),
            "room_residents": table["room_residents"].sum(min_count=1),
            "full_low": int(full.sum()),
            "full_high": int(maybe.sum()),
            "residents_at_full_low": table.loc[full, "residents_low"].sum(),
            "residents_at_full_high": min(
                table.loc[maybe, "residents_high"].sum(), _reaching(assessment, kind, group)
            ),
        }
    counted = pd.DataFrame.from_dict(rows, orient="index").rename_axis("kind")
    people = ("residents", "residents_at_full_low", "residents_at_full_high")
    return without_few(assessment, counted, people, group)


def group_alone(assessment: Assessment, groups: Sequence[str] | None) -> tuple[Finding, ...]:
    """Tell that all room is set against some of the people alone.

    Parameters
    ----------
    assessment, groups
        What is measured, and the groups that are asked for; everybody where none are.
    """
    alone = [group for group in groups or () if group != assessment.district.groups[0]]
    return tuple(Finding("measures.group_alone", {"group": group}) for group in alone)


def room_residents(
    assessment: Assessment, visits_a_day: Visits = None, group: str | None = None
) -> F64:
    """Return for how many residents each facility of the layer has room, NaN where not known.

    Capacity in people a day divided by the visits that a resident makes a day; the column
    ``capacity_residents`` where no visits are given. Where the group is an estimate the column
    cannot be set against it, so room is not known without visits.

    Raises
    ------
    InputError
        Where visits are not above 0.
    """
    facilities = assessment.district.facilities
    if visits_a_day is None:
        # room for residents says nothing of floor area or metres of street
        counted = assessment.unit_of(group or assessment.groups[0])
        if ROOM not in facilities or counted != "residents":
            return np.full(len(facilities), np.nan)
        return np.asarray(pd.to_numeric(facilities[ROOM], errors="coerce"), dtype=np.float64)
    told = visits_a_day.values() if isinstance(visits_a_day, Mapping) else [visits_a_day]
    for value in told:
        if not 0 < value < np.inf:
            raise InputError("measures.visits", value=float(value))
    if isinstance(visits_a_day, Mapping):
        visits = facilities["kind"].map(visits_a_day).to_numpy(dtype=np.float64)
    else:
        visits = np.full(len(facilities), visits_a_day, dtype=np.float64)
    return np.asarray(facilities["capacity"].to_numpy(dtype=np.float64) / visits)


def _served(
    assessment: Assessment, kind: str, people: F64, places: SharedPlaces, *, if_unknown: bool
) -> tuple[F64, F64]:
    """Return by row of ``facilities`` the people nearest to it, and their mean and farthest way."""
    reach = assessment.reach
    counts = reach.counting(kind, if_unknown=if_unknown)
    # one of those at a place stands for it; places that are equally near share a home
    near = EquallyNear.of(reach, places.standing(counts), reach.measure_of(kind))
    there = people[near.home] * near.part
    here = places.nearest_to(near.row, there)
    walked = places.nearest_to(near.row, there * near.distance_m)
    mean = np.divide(walked, here, out=np.full(len(here), np.nan), where=here > 0)
    some = there > 0
    farthest = np.full(len(here), -np.inf)
    np.maximum.at(farthest, places.first[near.row[some]], near.distance_m[some])
    farthest = farthest[places.first]
    ways = np.column_stack([mean, np.where(np.isinf(farthest), np.nan, farthest)])
    return here * places.share(counts), np.where(counts[:, None], ways, np.nan)


def _alone(assessment: Assessment, kind: str, people: F64, places: SharedPlaces) -> F64:
    """Return by row of ``facilities`` whom one serves of which it is not known whether it counts.

    It alone beside those that count: whatever else opens takes people from it. 0 of all others.
    """
    reach, measure = assessment.reach, assessment.reach.measure_of(kind)
    sure = reach.counting(kind, if_unknown=False)
    near = EquallyNear.of(reach, places.standing(sure), measure)
    near_m = np.full(len(people), np.inf)
    near_m[near.home] = near.distance_m
    number = np.bincount(near.home, minlength=len(people))
    beside = places.nearest_to(near.row, people[near.home] * near.part)
    served: F64 = np.zeros(len(sure))
    for row in np.flatnonzero(reach.counting(kind, if_unknown=True) & ~sure).tolist():
        if (places.first[sure] == places.first[row]).any():
            served[row] = beside[row] * places.share_beside(row, sure)
            continue
        alone = np.zeros_like(sure)
        alone[row] = True
        own_m = reach.nearest(alone, measure).distance_m
        # of a home as near to others it takes as much as each
        part = np.where(own_m == near_m, 1.0 / (number + 1), own_m < near_m)
        served[row] = (people * part)[np.isfinite(own_m)].sum()
    return served


def _reaching(assessment: Assessment, kind: str, group: str | None) -> float:
    reach = assessment.reach
    found = reach.nearest(reach.counting(kind, if_unknown=True), reach.measure_of(kind)).row >= 0
    return float(people_of(assessment, group)[found].sum())
