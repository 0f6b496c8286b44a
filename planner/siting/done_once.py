"""What of a scenario is work: nothing is paid twice, nor what leaves all as it is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from planner.analysis.hours.longer import may_be_longer
from planner.district import District
from planner.district.checklists import one_service
from planner.district.scenarios import scenario as changes
from planner.district.scenarios.scenario import Change
from planner.district.services import named_services
from planner.errors import Finding

TWICE, UNDONE, THERE = "twice", "undone", "there"
"""Why a change is not paid: another of the scenario is the same work, it is undone again there, or
it brings no more than there is today."""

SAME_M = 1.0
"""Ends of two connections that are this near to one another are the same place, metres."""


@dataclass(frozen=True)
class Work:
    """What of a scenario is paid.

    Parameters
    ----------
    steps
        The changes; what opens and moves on in one scenario opens where it stands in the end.
    unpaid
        Why a change costs nothing, by its number from 0.
    """

    steps: tuple[Change, ...]
    unpaid: Mapping[int, str]

    def findings(self, scenario: str) -> tuple[Finding, ...]:
        """Return what is told of changes that are not paid, by their numbers from 1."""
        found = []
        for reason in (TWICE, UNDONE, THERE):
            numbers = [n + 1 for n in sorted(self.unpaid) if self.unpaid[n] == reason]
            if numbers:
                steps = ", ".join(map(str, numbers))
                params = {"scenario": scenario, "count": len(numbers), "steps": steps}
                found.append(Finding(f"siting.work_{reason}", params))
        return tuple(found)


def done_once(district: District, scenario: Sequence[Change]) -> Work:
    """Return what of a scenario is paid: the work that is left when all of it is done.

    Of hours the last that a facility is given count. What is opened and closed again costs nothing,
    nor does what is done at a facility that is closed in the end.

    Parameters
    ----------
    district
        The place as it is.
    scenario
        What is done, in its order.
    """
    steps, unpaid = list(scenario), dict(_same_links(scenario))
    of: dict[str, list[int]] = {}
    for number, step in enumerate(scenario):
        if not isinstance(step, changes.Connect):
            of.setdefault(step.facility_id, []).append(number)
    today = _rows_of(district, list(of))
    for own, numbers in of.items():
        at_one = _AtOne([(number, scenario[number]) for number in numbers], today.get(own))
        unpaid |= at_one.unpaid()
        if (opened := at_one.opened) is not None:
            steps[opened] = at_one.where_it_ends(steps[opened])
    return Work(tuple(steps), unpaid)


def _rows_of(district: District, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Return the rows of facilities by id; of those that are not there yet none."""
    there = district.facilities["facility_id"].isin(ids).to_numpy()
    if not there.any():  # a search asks of thousands of new ones, one after the other
        return {}
    rows = pd.DataFrame(district.facilities[there].drop(columns="geometry"))
    return {
        str(row["facility_id"]): {str(name): value for name, value in row.items()}
        for row in rows.to_dict("records")
    }


def _same_links(scenario: Sequence[Change]) -> Iterator[tuple[int, str]]:
    """Yield the connections that another before them is, in either direction."""
    seen: list[changes.Connect] = []
    for number, step in enumerate(scenario):
        if not isinstance(step, changes.Connect):
            continue
        if any(_is_same(step, other) for other in seen):
            yield number, TWICE
        else:
            seen.append(step)


def _is_same(one: changes.Connect, other: changes.Connect) -> bool:
    ends = (other.x1, other.y1), (other.x2, other.y2)
    return any(
        math.dist((one.x1, one.y1), start) <= SAME_M and math.dist((one.x2, one.y2), end) <= SAME_M
        for start, end in (ends, ends[::-1])
    )


@dataclass(frozen=True)
class _AtOne:
    """What is done at one facility: its changes by number, and its row today, None for a new."""

    steps: Sequence[tuple[int, Change]]
    today: Mapping[str, Any] | None

    @property
    def opened(self) -> int | None:
        """The number of the change that builds it, None where it stands today."""
        found = [number for number, step in self.steps if isinstance(step, changes.Open)]
        return found[0] if found else None

    def where_it_ends(self, opening: Change) -> Change:
        """Return the opening at the place to which the facility moves last."""
        moves = [step for _, step in self.steps if isinstance(step, changes.Move)]
        assert isinstance(opening, changes.Open)
        return replace(opening, x=moves[-1].x, y=moves[-1].y) if moves else opening

    def unpaid(self) -> dict[int, str]:
        """Return why a change costs nothing, by number."""
        doors = self._numbers(changes.Open, changes.OpenInternal, changes.Close)
        step_of = dict(self.steps)
        if doors and isinstance(step_of[doors[-1]], changes.Close):
            # to close it is work only where something else than the scenario had opened it
            own = self.opened is not None or (not self._counts_today and len(doors) > 1)
            work = None if own else doors[-1]
            return {number: UNDONE for number, _ in self.steps if number != work}
        found = self._doors() | self._hours() | self._services()
        if self.opened is not None:
            found |= dict.fromkeys(self._numbers(changes.Move), TWICE)
        return found

    def _doors(self) -> dict[int, str]:
        """Return what is no work of opening and closing a facility that is open in the end."""
        closings = self._numbers(changes.Close)
        found = dict.fromkeys(closings, UNDONE)
        openings = self._numbers(changes.OpenInternal)
        if self.opened is None and not self._counts_today:
            return found | dict.fromkeys(openings[:-1], TWICE)
        return found | dict.fromkeys(openings, UNDONE if closings else THERE)

    def _hours(self) -> dict[int, str]:
        *before, last = [
            (number, step.opening_hours)
            for number, step in self.steps
            if isinstance(step, changes.ExtendHours)
        ] or [(-1, "")]
        number, hours = last
        shut = number >= 0 and not may_be_longer(self._told("opening_hours"), hours)
        # what the last takes back is undone, and not paid with it
        found = {each: UNDONE if shut else TWICE for each, _ in before}
        return found | ({number: THERE} if shut else {})

    def _services(self) -> dict[int, str]:
        offered = set(map(one_service, named_services(self._told("services"))))
        added: set[str] = set()
        found = {}
        for number, step in self.steps:
            if not isinstance(step, changes.AddService):
                continue
            service = one_service(step.service)
            if service in offered | added:
                found[number] = THERE if service in offered else TWICE
            added.add(service)
        return found

    def _numbers(self, *kinds: type[Any]) -> list[int]:
        return [number for number, step in self.steps if isinstance(step, kinds)]

    @property
    def _counts_today(self) -> bool:
        row = self.today
        return row is not None and row["status"] == "existing" and row["ownership"] != "internal"

    def _told(self, column: str) -> str:
        """Return what is told of the facility before it is changed, empty for nothing."""
        if self.today is None:
            opened = self.opened
            return "" if opened is None else str(getattr(dict(self.steps)[opened], column))
        value = self.today.get(column)
        return value if isinstance(value, str) else ""
