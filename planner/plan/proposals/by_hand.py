"""A change described by hand: an action, and what it needs to be told."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from planner.analysis.hours.longer import may_be_longer, plain_hours, shut_instead
from planner.analysis.hours.moments import WEEKDAYS
from planner.district import District
from planner.district.scenarios import scenario as changes
from planner.district.scenarios.scenario import Change
from planner.errors import InputError
from planner.plan.proposals.changes import ACTIONS, WAYS
from planner.siting.change_prices import PREMISES


@dataclass(frozen=True)
class Described:
    """What is told of a change.

    Parameters
    ----------
    kind
        Kind of the facility.
    facility_id
        The existing facility.
    x, y, x2, y2
        The place, and the other end of a way; metres in the district's CRS.
    hours, service
        Opening hours in the OpenStreetMap syntax; a service.
    capacity
        People a day.
    floor_area_m2
        Floor area, square metres.
    name
        What it is called.
    capacity_residents
        Residents that it has room for.
    """

    kind: str = ""
    facility_id: str = ""
    x: float | None = None
    y: float | None = None
    x2: float | None = None
    y2: float | None = None
    hours: str = ""
    service: str = ""
    capacity: float | None = None
    floor_area_m2: float | None = None
    name: str = ""
    capacity_residents: float | None = None


NEEDS: dict[str, tuple[str, ...]] = {
    "build": ("kind", "x", "y"),
    "open_internal": ("facility_id",),
    "share_premises": ("kind", "facility_id"),
    "extend_hours": ("facility_id", "hours"),
    "add_service": ("facility_id", "service"),
    "enlarge": ("facility_id", "capacity"),
    "gate": ("x", "y", "x2", "y2"),
    "footbridge": ("x", "y", "x2", "y2"),
    "path": ("x", "y", "x2", "y2"),
    "settle_way": ("x", "y", "x2", "y2"),
    "close": ("facility_id",),
    "move": ("facility_id", "x", "y"),
    "convert": ("facility_id", "kind"),
    "outreach": ("kind", "x", "y"),
}
"""What each action needs to be told; a capacity in visits a day or in residents."""

_CAPACITIES = ("capacity", "capacity_residents")


def lacking(action: str, told: Described) -> list[str]:
    """Return what an action needs and is not told.

    Examples
    --------
    >>> lacking("enlarge", Described(facility_id="a")), lacking("close", Described(facility_id="a"))
    (['capacity'], [])
    >>> lacking("enlarge", Described(facility_id="a", capacity_residents=500.0))
    []
    """
    found = [name for name in NEEDS[action] if getattr(told, name) in (None, "")]
    # whichever of the two units
    roomy = told.capacity_residents is not None
    return [name for name in found if not (roomy and name == "capacity")]


def change_by_hand(district: District, action: str, told: Described) -> tuple[Change, ...]:
    """Return the changes that an action makes, none for an outreach round.

    Raises
    ------
    InputError
        ``plan.unknown_action``; ``plan.needs_place`` where something is not told;
        ``plan.no_such_facility`` where premises are shared that are not there;
        ``plan.same_hours`` where a facility has the hours already, ``plan.shorter_hours`` where it
        is open all the time that they name, ``plan.hours_lost`` where they shut it at a time at
        which it is open; ``plan.no_more_room`` where it is enlarged to no more than it has,
        ``plan.same_kind`` where it is turned into what it is; ``plan.not_internal`` where it is no
        unit's own;
        ``plan.room_in_residents`` or ``plan.room_in_visits`` where it tells its room in the other
        unit alone, so that nothing would change.
    """
    if action not in ACTIONS:
        raise InputError("plan.unknown_action", action=action[:40], known=", ".join(ACTIONS))
    if missing := lacking(action, told):
        raise InputError("plan.needs_place", action=action, fields=", ".join(missing))
    if action in WAYS:
        ends = (told.x or 0.0, told.y or 0.0, told.x2 or 0.0, told.y2 or 0.0)
        return (changes.Connect(*ends, told.name),)
    if action == "build":
        return (_opened(told, told.x or 0.0, told.y or 0.0),)
    if action == "share_premises":
        spot = _spot(district, told.facility_id)
        # in another's house it is priced as what shares it
        inside = PREMISES + told.facility_id
        return (replace(_opened(told, float(spot.x), float(spot.y)), building=inside),)
    if action == "extend_hours":
        _refuse_same_hours(district, told)
        _refuse_shorter_hours(district, told)
    if action == "open_internal":
        _refuse_open_to_all(district, told)
    if action == "enlarge":
        _refuse_other_unit(district, told)
        _refuse_less_room(district, told)
    if action == "convert":
        _refuse_same_kind(district, told)
    return tuple(make(told) for make in _AT_FACILITY.get(action, ()))


_AT_FACILITY: dict[str, tuple[Callable[[Described], Change], ...]] = {
    "open_internal": (lambda told: changes.OpenInternal(told.facility_id),),
    "extend_hours": (lambda told: changes.ExtendHours(told.facility_id, told.hours),),
    "add_service": (lambda told: changes.AddService(told.facility_id, told.service),),
    "enlarge": (
        lambda told: changes.Enlarge(told.facility_id, told.capacity, told.capacity_residents),
    ),
    "close": (lambda told: changes.Close(told.facility_id),),
    "move": (lambda told: changes.Move(told.facility_id, told.x or 0.0, told.y or 0.0),),
    "convert": (lambda told: changes.Convert(told.facility_id, told.kind),),
}
"""What is done to an existing facility."""


def _spot(district: District, facility_id: str) -> Any:
    rows = district.facilities["facility_id"] == facility_id
    if not rows.any():
        raise InputError("plan.no_such_facility", facility_id=facility_id)
    return district.facilities.geometry[rows].iloc[0]


def _refuse_same_hours(district: District, told: Described) -> None:
    """Refuse hours that a facility has already: to propose them would change nothing."""
    there = district.facilities
    rows = there["facility_id"] == told.facility_id
    now = there["opening_hours"][rows] if "opening_hours" in there else ()
    asked = plain_hours(told.hours)
    if any(isinstance(each, str) and plain_hours(each) == asked for each in now):
        raise InputError("plan.same_hours", facility_id=told.facility_id, hours=told.hours)


def _refuse_shorter_hours(district: District, told: Described) -> None:
    """Refuse hours that open a facility at no new time, or shut it at times at which it is open."""
    there = district.facilities
    rows = there["facility_id"] == told.facility_id
    now = [str(each) for each in there["opening_hours"][rows]]
    if not now:
        return
    if not may_be_longer(now[0], told.hours):
        own = {"facility_id": told.facility_id, "now": now[0], "hours": told.hours}
        raise InputError("plan.shorter_hours", **own)
    shut = shut_instead(now[0], told.hours)
    if shut is not None:  # what is written takes the place of today's hours
        when = f"{WEEKDAYS[shut.weekday()]} {shut:%H:%M}"
        own = {"facility_id": told.facility_id, "now": now[0], "hours": told.hours, "at": when}
        raise InputError("plan.hours_lost", **own)


def _refuse_open_to_all(district: District, told: Described) -> None:
    """Refuse to open to all what is no unit's own: that would change nothing."""
    there = district.facilities
    whose = there["ownership"][there["facility_id"] == told.facility_id]
    if len(whose) and whose.iloc[0] != "internal":
        raise InputError("plan.not_internal", facility_id=told.facility_id)


def _refuse_other_unit(district: District, told: Described) -> None:
    """Refuse a capacity in a unit in which a facility tells none, where it tells the other."""
    there = district.facilities
    row = there[there["facility_id"] == told.facility_id]
    if row.empty:
        return
    now = dict.fromkeys(_CAPACITIES, math.nan)
    now |= {name: float(row[name].iloc[0]) for name in _CAPACITIES if name in row}
    given = {name for name in _CAPACITIES if getattr(told, name) is not None}
    tells = {name for name, value in now.items() if value >= 0}
    if tells and not tells & given:
        code = "room_in_residents" if "capacity_residents" in tells else "room_in_visits"
        room = f"{now[next(iter(tells))]:g}"
        raise InputError(f"plan.{code}", facility_id=told.facility_id, room=room)


def _refuse_less_room(district: District, told: Described) -> None:
    """Refuse to enlarge a facility to no more room than it has."""
    there = district.facilities
    row = there[there["facility_id"] == told.facility_id]
    if row.empty:
        return
    for name in _CAPACITIES:
        then, now = getattr(told, name), float(row[name].iloc[0]) if name in row else math.nan
        if then is not None and (then <= 0 or then <= now):
            own = {"facility_id": told.facility_id, "then": f"{then:g}"}
            raise InputError("plan.no_more_room", **own, now="–" if math.isnan(now) else f"{now:g}")


def _refuse_same_kind(district: District, told: Described) -> None:
    """Refuse to turn a facility into what it is."""
    there = district.facilities
    if told.kind in set(there["kind"][there["facility_id"] == told.facility_id]):
        raise InputError("plan.same_kind", facility_id=told.facility_id, kind=told.kind)


def _opened(told: Described, x: float, y: float) -> changes.Open:
    """Return the opening of a facility; its id is given once the proposal has one."""
    area_m2 = told.floor_area_m2
    return changes.Open(
        f"new-{told.kind}", told.kind, x, y, told.name, told.capacity, area_m2, told.hours
    )
