"""Which facilities count under the question that is asked: at what hour, with what service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.hours.moments import WEEKDAYS, moment, of_no_date
from planner.analysis.hours.rules import OPEN, SHUT, UNKNOWN, Place
from planner.analysis.hours.seasons import week_states
from planner.analysis.hours.states import states_at
from planner.arrays import I8
from planner.district.checklists import meant_services, one_service
from planner.district.services import hours_of, named_services
from planner.errors import InputError
from planner.sources.tables.words.hours import hours_of_note, plain_hours

ALWAYS = "always"
"""As the asked moment: open at every hour of the week."""


@dataclass(frozen=True)
class Question:
    """What is asked beside the distance.

    Parameters
    ----------
    at
        Moment at which a facility must be open, ``"always"`` for every hour of the week, None
        where the hours do not matter.
    service
        Service that it must offer, None where any will do.

    Examples
    --------
    >>> Question.of("Su 22:00").asked_at
    'Su 22:00'
    >>> Question.of().plain
    True
    """

    at: datetime | str | None = None
    service: str | None = None

    @classmethod
    def of(cls, at: str | datetime | None = None, service: str | None = None) -> Question:
        """Make a question of what a user gives, see :mod:`planner.analysis.hours.moments`.

        Raises
        ------
        InputError
            ``analysis.bad_moment`` for another moment, ``analysis.bad_service`` for a service that
            is no text.
        """
        if not isinstance(service, str | None):
            raise InputError("analysis.bad_service", service=str(service))
        if isinstance(at, str) and (at.strip().casefold() == ALWAYS or plain_hours(at) == "24/7"):
            return cls(ALWAYS, service or None)
        return cls(moment(at) if at else None, service or None)

    @property
    def asked_at(self) -> str | None:
        """The moment as it is asked, for files and programs, None where hours do not matter.

        Examples
        --------
        >>> Question.of("We 10:00").asked_at, Question.of("2026-05-01 08:30").asked_at
        ('We 10:00', '2026-05-01T08:30:00')
        """
        if not isinstance(self.at, datetime):
            return self.at
        if of_no_date(self.at):
            return f"{WEEKDAYS[self.at.weekday()]} {self.at:%H:%M}"
        return self.at.isoformat()

    @property
    def plain(self) -> bool:
        """Whether nothing but the distance is asked."""
        return self.at is None and self.service is None

    def states(self, facilities: gpd.GeoDataFrame) -> I8:
        """Return whether each facility counts: 1 yes, 0 no, −1 not known, int8."""
        state = np.full(len(facilities), OPEN, dtype=np.int8)
        if self.at == ALWAYS:
            week = week_states(facilities["opening_hours"], in_the_middle(facilities))
            state = both(state, whole_week(week))
        elif isinstance(self.at, datetime):
            place = in_the_middle(facilities)
            state = both(state, states_at(facilities["opening_hours"], self.at, place))
        if self.service is not None:
            state = both(state, _offers(facilities["services"], self.service))
            if self.at is not None:
                state = both(state, self._offered_then(facilities, self.service))
        return state

    def _offered_then(self, facilities: gpd.GeoDataFrame, service: str) -> I8:
        """Return whether a service is offered at the moment, by hours that stand behind its name.

        Where they are not understood it is not known.
        """
        asked, place = one_service(service), in_the_middle(facilities)
        state = np.full(len(facilities), OPEN, dtype=np.int8)
        for row, text in enumerate(facilities["services"]):
            notes = [hours_of(name) for name in named_services(text) if one_service(name) == asked]
            if notes and all(notes):
                then = {self._at_hours(note, place) for note in notes}
                state[row] = next(each for each in (OPEN, UNKNOWN, SHUT) if each in then)
        return state

    def _at_hours(self, note: str, place: Place | None) -> int:
        hours = hours_of_note(note)
        if hours is None:
            return UNKNOWN
        if isinstance(self.at, datetime):
            return int(states_at([hours], self.at, place)[0])
        return int(whole_week(week_states([hours], place))[0])


def in_the_middle(facilities: gpd.GeoDataFrame) -> Place | None:
    """Return the middle of some facilities, whose country has its holidays, None without any."""
    if facilities.empty:
        return None
    west, south, east, north = facilities.to_crs(4326).total_bounds
    middle = float(south + north) / 2, float(west + east) / 2
    return middle if np.isfinite(middle).all() else None


def both(first: I8, second: I8) -> I8:
    """Return the and of two states: no beats not known, not known beats yes."""
    unknown = (first == UNKNOWN) | (second == UNKNOWN)
    result = np.where(unknown, UNKNOWN, OPEN)
    return np.where((first == SHUT) | (second == SHUT), SHUT, result).astype(np.int8)


def whole_week(week: I8) -> I8:
    """Return the state over all hours, (n,), of states by hour, (n, h): shut once is shut."""
    shut, unknown = (week == SHUT).any(axis=1), (week == UNKNOWN).any(axis=1)
    return np.where(shut, SHUT, np.where(unknown, UNKNOWN, OPEN)).astype(np.int8)


def _offers(services: pd.Series, service: str) -> I8:
    asked = one_service(service)
    offered = [meant_services(text) for text in services]
    states = [UNKNOWN if not some else OPEN if asked in some else SHUT for some in offered]
    return np.array(states, dtype=np.int8)
