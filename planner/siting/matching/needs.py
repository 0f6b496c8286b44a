"""Who needs a place, and which places there are: what :func:`planner.match_needs` starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.analysis.distances.one_place import ROOM
from planner.analysis.distances.pairs import facility_pairs
from planner.analysis.hours.rules import OPEN, SHUT, UNKNOWN
from planner.analysis.people import limit_of, people_of
from planner.analysis.questions import Question, both
from planner.arrays import F64, I8, I64, Bool, Objects
from planner.district.services import named_services
from planner.errors import InputError
from planner.siting.matching.options import Room

if TYPE_CHECKING:
    import geopandas as gpd

    from planner.analysis.assessment import Assessment

TOLD, ASSUMED, UNKNOWN_ROOM = "told", "assumed", "unknown"


@dataclass(frozen=True, eq=False)
class Places:
    """Places that take part.

    Parameters
    ----------
    rows
        Rows of ``facilities``.
    counts
        Whether each is known to be open and to offer the service; the others may or may not.
    room
        What each has room for, inf where it is taken to be unlimited, NaN where it is not known.
    room_is
        ``"told"``, ``"assumed"`` or ``"unknown"``.
    """

    rows: I64
    counts: Bool
    room: F64
    room_is: Objects

    @property
    def sure(self) -> Bool:
        """Places that certainly serve as many as they have room for."""
        return np.asarray(self.counts & ~np.isnan(self.room))


MOST_RATE = 1e6
"""So much of a service nobody needs; a larger figure is a slip, and would not add up exactly."""


_ROUNDING = 1e-9


def needs_of(
    assessment: Assessment, group: str | None, need_per_resident: float | str | pd.Series
) -> F64:
    """Return the amount that each home needs, (n,) float64.

    Raises
    ------
    InputError
        For an unknown group or column, a column that counts people, a Series that lacks homes or
        has one twice, or a rate that is no number from 0 to :data:`MOST_RATE`.
    """
    people = people_of(assessment, group)
    unit = assessment.unit_of(group or assessment.groups[0])
    demand = assessment.district.demand
    if isinstance(need_per_resident, str):
        if need_per_resident not in demand:
            raise InputError("matching.no_rate_column", column=need_per_resident)
        if need_per_resident in assessment.district.groups:
            raise InputError("matching.rate_of_people", column=need_per_resident)
        given = pd.to_numeric(demand[need_per_resident], errors="coerce")
        rate = given.to_numpy(dtype=np.float64)
    elif isinstance(need_per_resident, pd.Series):
        lacking = ~demand["demand_id"].isin(need_per_resident.index)
        if lacking.any():
            first = demand["demand_id"][lacking].iloc[0]
            raise InputError("matching.rate_lacks", count=int(lacking.sum()), first=first)
        twice = need_per_resident.index[need_per_resident.index.duplicated()]
        if len(twice):
            raise InputError("matching.rate_twice", count=len(twice), first=twice[0])
        rate = need_per_resident.reindex(demand["demand_id"]).to_numpy(dtype=np.float64)
    else:
        if unit != "residents" and float(need_per_resident) == 1.0:
            raise InputError("matching.estimated_need", unit=unit)
        rate = np.full(len(demand), float(need_per_resident))
    wrong = ~((rate >= 0) & (rate <= MOST_RATE)) & (people > 0)
    if wrong.any():
        value = float(rate[np.argmax(wrong)])
        raise InputError(
            "matching.bad_rate",
            value=value,
            most=f"{MOST_RATE:,.0f}",
            count=int(wrong.sum()),
        )
    return np.asarray(people * np.where(people > 0, rate, 0.0))


def refuse_per_cents(assessment: Assessment, needs: F64, group: str, places: Places) -> None:
    """Refuse more needs than residents where places tell how many residents they have room for.

    Nobody takes two places: what is above one is a per cent, or visits of a day.

    Raises
    ------
    InputError
        ``matching.need_above_one``.
    """
    if assessment.unit_of(group) != "residents" or not (places.room_is == TOLD).any():
        return
    people = people_of(assessment, group)
    above = needs > people * (1 + _ROUNDING)
    if above.any():
        rate = float((needs[above] / people[above])[0])
        raise InputError(
            "matching.need_above_one",
            count=int(above.sum()),
            value=f"{rate:g}",
            share=f"{rate / 100:g}",
            column=ROOM,
        )


def places_of(
    assessment: Assessment,
    kind: str | None,
    service: str | None,
    *,
    partners: bool,
    internal: bool,
) -> tuple[I64, I8]:
    """Return the rows of the facilities that may serve, and whether each does: 1, or −1 unknown.

    Raises
    ------
    InputError
        For an unknown kind or service, and where there is no place.
    """
    facilities, reach = assessment.district.facilities, assessment.reach
    states = reach.states.copy()
    if internal:
        units = (facilities["status"] == "existing") & (facilities["ownership"] == "internal")
        asked = reach.question.states(facilities)
        states = np.where(units, asked, states).astype(np.int8)
    if not partners:
        states[(facilities["ownership"] == "partner").to_numpy()] = SHUT
    if service is not None:
        states = both(states, _offering(facilities, kind, service))
    if kind is not None:
        assessment.rule(kind)
        states[(facilities["kind"] != kind).to_numpy()] = SHUT
    rows = np.flatnonzero(states != SHUT)
    if not rows.size:
        raise InputError("matching.no_place", kind=kind or "", service=service or "")
    return rows, states[rows]


def places_with_room(
    assessment: Assessment,
    rows: I64,
    states: I8,
    room: Room | None,
    capacity: float | None,
) -> tuple[Places, Room]:
    """Return the places with their room, and the column that tells it.

    Raises
    ------
    InputError
        Where no place tells its room and none is assumed, or what is given is no amount.
    """
    if capacity is not None and not capacity >= 0:
        raise InputError("matching.bad_capacity", value=capacity)
    if room not in (None, ROOM, "capacity"):
        raise InputError("matching.unknown_room", column=room)
    facilities = assessment.district.facilities.iloc[rows]
    column = room or _room_column(facilities)
    given = _numbers(facilities, column)
    untold = np.isnan(given)
    if capacity is None and untold.all():
        raise InputError("matching.no_capacity", count=len(rows), column=column)
    wrong = given < 0
    if wrong.any():
        first = facilities["facility_id"][wrong].iloc[0]
        raise InputError("matching.negative_room", facility_id=first, column=column)
    assumed = np.nan if capacity is None else float(capacity)
    room_is = np.full(len(rows), TOLD, dtype=object)
    room_is[untold] = UNKNOWN_ROOM if capacity is None else ASSUMED
    return Places(rows, states == OPEN, np.where(untold, assumed, given), room_is), column


def reachable_pairs(
    assessment: Assessment, rows: I64, group: str | None, limit_m: float | None
) -> tuple[I64, I64, F64, Bool]:
    """Return homes and places within the limit, and which homes' position is known.

    Returns
    -------
    tuple
        (p,) home, (p,) position in `rows`, (p,) metres, and (n,) bool.

    Raises
    ------
    InputError
        Where a kind has no limit and none is given, or it is not above 0.
    """
    kinds = assessment.district.facilities["kind"].to_numpy(dtype=object)[rows]
    homes, places, metres = [], [], []
    located = np.zeros(len(assessment.district.demand), dtype=np.bool_)
    for kind in dict.fromkeys(kinds):
        own = np.flatnonzero(kinds == kind)
        limit = _limit(assessment, kind, group, limit_m)
        measure = assessment.reach.measure_of(kind)
        pairs = facility_pairs(assessment.reach, rows[own], limit, measure)
        homes.append(pairs.home)
        places.append(own[pairs.facility])
        metres.append(pairs.distance_m)
        located |= measure == "straight"
    located |= np.asarray(assessment.reach.homes.edge >= 0)
    return np.concatenate(homes), np.concatenate(places), np.concatenate(metres), located


def perhaps_elsewhere(
    assessment: Assessment, rows: I64, group: str | None, limit_m: float | None
) -> Bool:
    """Return of which homes a place may stand within the limit that is not known here, (n,) bool.

    Parameters are those of :func:`reachable_pairs`; see
    :meth:`planner.analysis.distances.reach.Reach.perhaps_m`.
    """
    found = np.zeros(len(assessment.district.demand), dtype=np.bool_)
    for kind in dict.fromkeys(assessment.district.facilities["kind"].iloc[rows]):
        limit = _limit(assessment, kind, group, limit_m)
        found |= np.isfinite(assessment.reach.perhaps_m(kind, limit))
    return found


def services_of(assessment: Assessment, kind: str | None = None) -> list[str]:
    """Return the services that any existing facility of a kind, or of any kind, names."""
    facilities = assessment.district.facilities
    kept = facilities["status"] == "existing"
    if kind is not None:
        kept &= facilities["kind"] == kind
    return _named(facilities["services"][kept])


def _limit(assessment: Assessment, kind: str, group: str | None, limit_m: float | None) -> float:
    if kind not in assessment.distances and limit_m is None:
        raise InputError("measures.not_judged", kind=kind)
    if kind not in assessment.distances:
        kind = assessment.kinds[0]
    return limit_of(assessment, kind, group, limit_m)


def _offering(facilities: gpd.GeoDataFrame, kind: str | None, service: str) -> I8:
    """Return whether each facility offers a service.

    One that names no service may offer it where others of its kind do.
    """
    states = Question(None, service).states(facilities)
    kinds = facilities["kind"].to_numpy(dtype=object)
    offering = set(kinds[states == OPEN])
    if (kind is not None and kind not in offering) or not offering:
        pool = facilities["services"][kinds == kind] if kind else facilities["services"]
        known = ", ".join(_named(pool))
        raise InputError("matching.unknown_service", service=service, known=known or "–")
    elsewhere = (states == UNKNOWN) & ~np.isin(kinds, list(offering))
    return np.where(elsewhere, SHUT, states).astype(np.int8)


def _named(services: Sequence[str]) -> list[str]:
    return sorted({name for text in services for name in named_services(text)})


def _room_column(facilities: gpd.GeoDataFrame) -> Room:
    residents, a_day = (_numbers(facilities, name) for name in (ROOM, "capacity"))
    only_a_day = np.isnan(residents).all() and not np.isnan(a_day).all()
    return "capacity" if only_a_day else "capacity_residents"


def _numbers(facilities: gpd.GeoDataFrame, column: str) -> F64:
    if column not in facilities:
        return np.full(len(facilities), np.nan)
    return np.asarray(pd.to_numeric(facilities[column], errors="coerce"), dtype=np.float64)
