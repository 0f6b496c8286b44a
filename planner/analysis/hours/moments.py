"""The moment that is asked for: a date and time, or a weekday and hour of no date."""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, datetime, timedelta

from planner.errors import InputError
from planner.sources.tables.words.hours import plain_moment


class WeekTime(datetime):
    """A weekday and time of no date, written down in a week of 2024; no date of then is the same.

    Examples
    --------
    >>> WeekTime(2024, 1, 3, 10) == datetime(2024, 1, 3, 10)
    False
    >>> WeekTime(2024, 1, 3, 10) + timedelta(hours=1) == WeekTime(2024, 1, 3, 11)
    True
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WeekTime) and super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((WeekTime, super().__hash__()))


REFERENCE_MONDAY = WeekTime(2024, 1, 1)
"""Monday of the week that a weekday and hour refer to: a week of no holiday and no month."""
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
SATURDAY = WEEKDAYS.index("Sa")

HOURS_A_WEEK = 168
WEEKS_A_YEAR = 52
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOMENT = re.compile(r"(?P<day>[a-z]{2,9})\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})", re.I)
_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}|\d{4}-?W\d{2}(?:-?\d)?")


def moment(at: str | datetime) -> datetime:
    """Return the date and time that is meant.

    Parameters
    ----------
    at
        A weekday and time such as ``"Su 22:00"``, ``"Sunday 22:00"`` or ``"周日 22:00"``, which
        makes a :class:`WeekTime`; or a date and time, ISO 8601 or a
        :class:`datetime.datetime`: the place's own time, or with an offset such as ``+08:00``
        that of another place.

    Raises
    ------
    InputError
        Where it is neither.

    Examples
    --------
    >>> moment("Su 22:00") - REFERENCE_MONDAY
    datetime.timedelta(days=6, seconds=79200)
    >>> moment("2026-05-01T08:30")
    datetime.datetime(2026, 5, 1, 8, 30)
    """
    if isinstance(at, datetime):
        return at
    if not isinstance(at, str) or (at.strip() and ":" not in at and _DATE.fullmatch(at.strip())):
        raise InputError("analysis.bad_moment", at=at)  # a date alone would be its midnight
    text = plain_moment(at.strip())
    found = _MOMENT.fullmatch(text)
    day = _weekday(found["day"]) if found else None
    if found and day is not None and int(found["hour"]) < 24 and int(found["minute"]) < 60:
        return REFERENCE_MONDAY + timedelta(
            days=day, hours=int(found["hour"]), minutes=int(found["minute"])
        )
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError("analysis.bad_moment", at=at) from error
    if not MINYEAR < when.year < MAXYEAR:  # no room for its weeks, nor for another zone
        raise InputError("analysis.bad_moment", at=at)
    return when


def _weekday(said: str) -> int | None:
    """Return which day of the week a name or its beginning means, from Monday, None for none."""
    days = range(len(_DAY_NAMES))
    return next((day for day in days if _DAY_NAMES[day].startswith(said.casefold())), None)


def of_no_date(when: datetime) -> bool:
    """Return whether a moment is a weekday and time only, so that it has no month and holiday."""
    return isinstance(when, WeekTime)
