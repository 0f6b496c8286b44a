"""Which action a proposal takes, by the changes that it makes to a district."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from planner.analysis.links.places import SETTLE_WAY, WORKS
from planner.district import District
from planner.district.scenarios import scenario as changes
from planner.district.scenarios.scenario import Change
from planner.errors import InputError
from planner.siting.change_prices import PREMISES, work_of

ACTIONS = (
    "build",
    "open_internal",
    "share_premises",
    "extend_hours",
    "add_service",
    "enlarge",
    "gate",
    "footbridge",
    "path",
    "settle_way",
    "close",
    "move",
    "convert",
    "outreach",
)
"""What can be proposed. ``outreach`` is a round that brings the service to the door (上门服务): it
shortens no walk, so it changes no figure of coverage."""

WAYS = ("gate", "footbridge", "path", "settle_way")
"""Actions that change streets, which no correction of a workspace does: a newer file has them."""

_BY_CHANGE: dict[type[Any], str] = {
    changes.Open: "build",
    changes.OpenInternal: "open_internal",
    changes.ExtendHours: "extend_hours",
    changes.AddService: "add_service",
    changes.Enlarge: "enlarge",
    changes.Close: "close",
    changes.Move: "move",
    changes.Convert: "convert",
}
_BY_WORK = {
    "open_gate": "gate",
    "new_gate": "gate",
    "footbridge": "footbridge",
    SETTLE_WAY: "settle_way",
}
assert set(_BY_WORK) < set(WORKS)


def action_of(district: District, steps: Sequence[Change]) -> str:
    """Return the action that changes amount to: that of the first, a new facility before others.

    Parameters
    ----------
    district
        The place as it is; it tells which work a way is.
    steps
        One change or more.
    """
    first = min(
        steps,
        key=lambda step: (
            list(_BY_CHANGE).index(type(step)) if type(step) in _BY_CHANGE else len(_BY_CHANGE)
        ),
    )
    if isinstance(first, changes.Connect):
        return way_action(work_of(district, first))
    if isinstance(first, changes.Open) and first.building.startswith(PREMISES):
        return "share_premises"
    return _BY_CHANGE[type(first)]


def way_action(work: str) -> str:
    """Return the action that a work of :data:`planner.analysis.links.places.WORKS` is.

    Examples
    --------
    >>> way_action("new_gate"), way_action("crossing"), way_action("settle_way")
    ('gate', 'path', 'settle_way')
    """
    return _BY_WORK.get(work, "path")


def work_told(district: District, action: str, way: changes.Connect) -> str:
    """Return the work that a way is by the action that is told, which has its price.

    Of a gate the data tells whether it is one that is there; of a path, whether it crosses a road.
    Where the data has no way that is to be settled, what it has instead is to be built and paid.

    Parameters
    ----------
    district
        The place as it is.
    action
        One of :data:`WAYS`.
    way
        The way.
    """
    work = work_of(district, way)
    if action in (way_action(work), SETTLE_WAY):
        return work
    return {"gate": "new_gate"}.get(action, action)


def crosses_as_told(district: District, action: str, steps: Sequence[Change]) -> bool:
    """Whether ways cross in the data what the action that is told would lead over or through."""
    if action not in WAYS:
        return True
    ways = [step for step in steps if isinstance(step, changes.Connect)]
    return all(way_action(work_of(district, way)) == action for way in ways)


def kinds_of(district: District, steps: Iterable[Change]) -> tuple[str, ...]:
    """Return the kinds of facilities that changes are about, none for a way."""
    kind_of = dict(
        zip(district.facilities["facility_id"], district.facilities["kind"], strict=True)
    )
    found = []
    for step in steps:
        if isinstance(step, changes.Open | changes.Convert):
            found.append(step.kind)
        elif not isinstance(step, changes.Connect) and step.facility_id in kind_of:
            found.append(str(kind_of[step.facility_id]))
    return tuple(dict.fromkeys(found))


def taken_by(known_by: Mapping[str, Mapping[str, Any]], steps: Iterable[Change]) -> tuple[str, ...]:
    """Return the kinds of which changes close a facility or turn it into one of another kind."""
    taking = (changes.Convert, changes.Close)
    turned = [step.facility_id for step in steps if isinstance(step, taking)]
    marks = [str(known_by.get(own, {}).get("kind", "")) for own in turned]
    return tuple(dict.fromkeys(filter(None, marks)))


def shape_of(district: District, steps: Sequence[Change]) -> BaseGeometry | None:
    """Return where changes are made: a point, or the line of a way; None where it is not known."""
    for step in steps:
        match step:
            case changes.Connect():
                return shapely.LineString([(step.x1, step.y1), (step.x2, step.y2)])
            case changes.Open() | changes.Move():
                return shapely.Point(step.x, step.y)
        rows = district.facilities["facility_id"] == step.facility_id
        if rows.any():
            spot: BaseGeometry = district.facilities.geometry[rows].iloc[0]
            return spot
    return None


def grouped(steps: Iterable[Change]) -> list[tuple[int, ...]]:
    """Return the places in the list of those changes that make one proposal each.

    All steps at one place belong together: those about the same facility, and facilities that open
    in the same spot.

    Examples
    --------
    >>> grouped([changes.Close("a"), changes.Close("b"), changes.ExtendHours("a", "24/7")])
    [(0, 2), (1,)]
    """
    groups: dict[object, list[int]] = {}
    home: dict[str, object] = {}
    for number, step in enumerate(steps):
        key: object = number
        if isinstance(step, changes.Open):
            key = (step.x, step.y)
            home[step.facility_id] = key
        elif not isinstance(step, changes.Connect):
            key = home.setdefault(step.facility_id, step.facility_id)
        groups.setdefault(key, []).append(number)
    return [tuple(group) for group in groups.values()]


def with_own_ids(steps: Sequence[Change], proposal_id: str) -> tuple[Change, ...]:
    """Return changes whose new facilities have ids that no other proposal gives.

    Examples
    --------
    >>> with_own_ids([changes.Open("new", "clinic", 1.0, 2.0)], "P-1")[0].facility_id
    'P-1/clinic'
    """
    own: dict[str, str] = {}
    result: list[Change] = []
    for step in steps:
        if isinstance(step, changes.Open):
            name = f"{proposal_id}/{step.kind}"
            while name in own.values():
                name += "+"
            own[step.facility_id] = name
        if isinstance(step, changes.Connect):
            result.append(step)
        else:
            result.append(replace(step, facility_id=own.get(step.facility_id, step.facility_id)))
    return tuple(result)


def check_kinds(
    kinds: Iterable[str], steps: Sequence[Change], known_by: Mapping[str, Mapping[str, Any]]
) -> None:
    """Refuse kinds that are not those of what is done.

    Parameters
    ----------
    kinds
        For which a proposal says to be.
    steps
        What it does; ways are for whichever kind.
    known_by
        By what the facilities that it changes are known: of others nobody knows the kind here.

    Raises
    ------
    InputError
        ``plan.kinds_differ``.

    Examples
    --------
    >>> check_kinds(["clinic"], [changes.Open("n", "clinic", 1.0, 2.0)], {})
    """
    opened = [step.kind for step in steps if isinstance(step, changes.Open | changes.Convert)]
    own = {step.facility_id for step in steps if isinstance(step, changes.Open)}
    changed = {
        step.facility_id
        for step in steps
        if not isinstance(step, changes.Connect | changes.Open | changes.Convert)
    } - own
    marks = [str(known_by.get(each, {}).get("kind", "")) for each in sorted(changed)]
    given, known = set(kinds), {*opened, *filter(None, marks)}
    strange = given - known if known and all(marks) else set()
    if strange or set(opened) - given:
        told = dict.fromkeys([*opened, *filter(None, marks)])
        raise InputError("plan.kinds_differ", kind=", ".join(kinds), kinds=", ".join(told))


def placed_at(steps: Sequence[Change], x: float, y: float) -> tuple[Change, ...]:
    """Return changes elsewhere: what opens, and what moves, does so at another place.

    Raises
    ------
    InputError
        ``plan.place_of_changes`` for changes whose place is that of their facility, or a way.
    """
    found: list[Change] = []
    for step in steps:
        if not isinstance(step, changes.Open | changes.Move):
            raise InputError("plan.place_of_changes")
        found.append(replace(step, x=x, y=y))
    return tuple(found)


def of_kinds(steps: Sequence[Change], kinds: Sequence[str]) -> tuple[Change, ...]:
    """Return changes for other kinds: the one that opens a facility opens one of another kind.

    Raises
    ------
    InputError
        ``plan.kinds_of_changes`` where what is done tells the kinds otherwise.
    """
    opened = [step for step in steps if isinstance(step, changes.Open)]
    if opened and (len(opened), len(kinds)) != (1, 1):
        raise InputError("plan.kinds_of_changes")
    if any(isinstance(step, changes.Convert) for step in steps):
        raise InputError("plan.kinds_of_changes")
    return tuple(
        replace(step, kind=kinds[0]) if isinstance(step, changes.Open) else step for step in steps
    )
