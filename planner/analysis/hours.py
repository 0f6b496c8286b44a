"""Opening hours at a moment, over a reference week, and what is not known of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
from opening_hours import (  # type: ignore[attr-defined]
    OpeningHours,
    ParserError,
    State,
)

from planner.arrays import I8
from planner.errors import InputError

REFERENCE_MONDAY = datetime(2024, 1, 1)
"""Monday of the week that a weekday and hour refer to; it is taken to hold no public holiday."""

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOURS_A_WEEK = 168
OPEN, SHUT, UNKNOWN = 1, 0, -1

_MOMENT = re.compile(r"(?P<day>Mo|Tu|We|Th|Fr|Sa|Su)\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})", re.I)


def moment(at: str | datetime) -> datetime:
    """Return the date and time that is meant.

    Parameters
    ----------
    at
        A weekday and time such as ``"Su 22:00"``, placed in the reference week; or a date and
        time, ISO 8601 or a :class:`datetime.datetime` without a time zone.

    Raises
    ------
    InputError
        Where it is neither.

    Examples
    --------
    >>> moment("Su 22:00")
    datetime.datetime(2024, 1, 7, 22, 0)
    >>> moment("2026-05-01T08:30")
    datetime.datetime(2026, 5, 1, 8, 30)
    """
    if isinstance(at, datetime):
        return at.replace(tzinfo=None)
    text = at.strip()
    found = _MOMENT.fullmatch(text)
    if found and int(found["hour"]) < 24 and int(found["minute"]) < 60:
        days = [day.casefold() for day in WEEKDAYS].index(found["day"].casefold())
        return REFERENCE_MONDAY + timedelta(
            days=days, hours=int(found["hour"]), minutes=int(found["minute"])
        )
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise InputError("analysis.bad_moment", at=at) from error


@lru_cache(maxsize=4096)
def _parsed(hours: str) -> OpeningHours | None:
    try:
        return OpeningHours(hours) if hours else None
    except ParserError:
        return None


def is_readable(hours: str) -> bool:
    """Whether opening hours are given in the OpenStreetMap syntax.

    Examples
    --------
    >>> is_readable("Mo-Fr 08:00-18:00"), is_readable("by day"), is_readable("")
    (True, False, False)
    """
    return _parsed(hours.strip()) is not None


def state_at(hours: str, when: datetime) -> int:
    """Return 1 where open, 0 where shut, −1 where the hours are missing or cannot be read.

    Examples
    --------
    >>> state_at("Mo-Fr 08:00-18:00", moment("Su 22:00")), state_at("24/7", moment("Su 22:00"))
    (0, 1)
    >>> state_at("ask the porter", moment("Su 22:00"))
    -1
    """
    parsed = _parsed(hours.strip())
    if parsed is None:
        return UNKNOWN
    state = parsed.state(when)[0]
    return {State.OPEN: OPEN, State.CLOSED: SHUT}.get(state, UNKNOWN)


def states_at(hours: Iterable[str], when: datetime) -> I8:
    """Return the state of each facility at a moment, int8: 1 open, 0 shut, −1 unknown."""
    return np.array([state_at(text, when) for text in hours], dtype=np.int8)


@lru_cache(maxsize=4096)
def _week(hours: str) -> tuple[int, ...]:
    starts = (REFERENCE_MONDAY + timedelta(hours=hour) for hour in range(HOURS_A_WEEK))
    return tuple(state_at(hours, start) for start in starts)


def week_states(hours: Iterable[str]) -> I8:
    """Return the state of each facility at the start of each hour of the reference week.

    Returns
    -------
    ndarray
        int8 (n, 168), Monday 00:00 first: 1 open, 0 shut, −1 unknown.
    """
    rows = [_week(text.strip()) for text in hours]
    return np.array(rows, dtype=np.int8).reshape(len(rows), HOURS_A_WEEK)
