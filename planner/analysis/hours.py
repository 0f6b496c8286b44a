"""Opening hours at a moment, over a reference week, and what is not known of them.

A weekday and hour belong to no date: no public holiday and no month. Hours that differ by season
are then known only where all seasons agree; hours that name years are those of the year from this
week on; the sun rises and sets as it does at the place, over the year. A date has its month and the
holidays of its country; of a country that makes further days free each year, the days around a
holiday are not known. Hours of weekdays that do not name holidays (``PH``) say nothing of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

import numpy as np
from opening_hours import (  # type: ignore[attr-defined]
    OpeningHours,
    ParserError,
    State,
)

from planner.arrays import I8, Bool
from planner.errors import InputError
from planner.sources.tables.words.hour_rules import as_meant
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
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS_A_WEEK = 168
OPEN, SHUT, UNKNOWN = 1, 0, -1

SEASON_WEEKS = 3
"""So many weeks in a row make a season; what is shorter is a holiday or a closing of a few days
and does not count for a week of no date, unless it comes again and again."""
OFTEN_WEEKS = 6
"""So many weeks of a year make a habit, such as every other week."""

Place = tuple[float, float]
"""Latitude and longitude, degrees."""

_WEEKS = 52

_DAYS_BY_DECREE = {"CN": ((4, 4), (4, 5), (4, 6))}
"""Countries whose governments make further days around a holiday free each year, and working days
of weekends in their place; the holidays known are one day each. With each, month and day of those
that are not known at all, such as Qingming, which falls on one of three days."""
_DECREED_DAYS = 9
"""So far from the holiday such days lie, days: the eight of October and the days before Spring
Festival are within it."""
_HOLIDAYS_OF_PARTS = (
    "AT", "AU", "BR", "CA", "CH", "DE", "ES", "FR", "GB", "IT", "NZ", "PT", "US",
)  # fmt: skip
"""Countries whose parts have holidays of their own, which are not known here."""
_HOUR = timedelta(hours=1)
_MOMENT = re.compile(r"(?P<day>[a-z]{2,9})\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})", re.I)
_QUOTED = re.compile(r'"[^"]*"')
_WEEKDAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_HOLIDAYS_OF_WEEKDAYS = re.compile(
    rf"\b(PH|SH)\s+{_WEEKDAY}(?:\s*-\s*{_WEEKDAY})?(?:\s*,\s*{_WEEKDAY}(?:\s*-\s*{_WEEKDAY})?)*\b"
)
"""Holidays that are one of some weekdays (``SH Mo-Fr``), as the syntax has it; many who write so
mean holidays and weekdays."""
_DATED = re.compile(
    r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week|easter)\b|\b\d{4}\b(?!:)"
    r"|\b(sunrise|sunset|dawn|dusk)\b|\[",
    re.I,
)
_SUN = re.compile(r"\b(sunrise|sunset|dawn|dusk)\b", re.I)
_OF_SUN = re.compile(
    r"\(\s*(?P<event>sunrise|sunset|dawn|dusk)\s*(?P<sign>[+-])\s*(?P<away>\d{1,2}:\d{2})\s*\)"
    r"|\b(?P<alone>sunrise|sunset|dawn|dusk)\b",
    re.I,
)
_DAYS_OF_SUN = (
    {"dawn": "02:30", "sunrise": "03:30", "sunset": "22:30", "dusk": "23:30"},
    {"dawn": "09:00", "sunrise": "10:00", "sunset": "14:30", "dusk": "15:30"},
)
"""The longest and the shortest day where most people live, up to 62° and with clocks of a capital
far away (Kashgar's sun rises at ten)."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?!:)")
_RANGE_END = re.compile(r"(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s*\+")
_OPEN_END = re.compile(r"(\d{1,2}):(\d{2})\s*\+")


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


@lru_cache(maxsize=4096)
def _parsed(hours: str, place: Place | None = None) -> OpeningHours | None:
    try:
        return OpeningHours(hours, coords=place) if hours else None
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


def state_at(hours: str, when: datetime, place: Place | None = None) -> int:
    """Return 1 where open, 0 where shut, −1 where that cannot be told.

    It cannot where the hours are missing or cannot be read; after an open end (``08:00+``); where
    a comment stands for a state (``|| "by appointment"``); where a rule replaces one of the same
    days that it hardly was to replace (``08:00-12:00; 14:00-18:00``); where holidays stand before
    weekdays (``SH Mo-Fr``) and it depends on which of both are meant; in the reference week where
    it depends on the season; on a date with a holiday rule where the place's holidays are not
    known, or where the day is near a holiday round which the country makes further days free each
    year; on a public holiday, where hours of weekdays say nothing of it; and of the sun where the
    place is not known and the hour may lie on either side of its rise.

    Parameters
    ----------
    hours
        In the OpenStreetMap syntax.
    when
        Of :func:`moment`.
    place
        Where it is, for the holidays of the country, for moments with an offset and for the sun.

    Examples
    --------
    >>> state_at("Mo-Fr 08:00-18:00", moment("Su 22:00")), state_at("24/7", moment("Su 22:00"))
    (0, 1)
    >>> state_at("ask the porter", moment("Su 22:00"))
    -1
    >>> [state_at("Apr-Oct 09:00-18:00", moment(at)) for at in ("Su 10:00", "2026-05-03 10:00")]
    [-1, 1]
    """
    text = hours.strip()
    if _parsed(text) is None:
        return UNKNOWN
    if of_no_date(when):
        return _of_all_weeks(text, when, _first_monday(text), _under_the_sun(text, place))
    if _depends_on_unknown_day(text, when, place):
        return UNKNOWN
    state = _at(text, when, place)
    return UNKNOWN if state == OPEN and _silent_of_holiday(text, when, place) else state


def _depends_on_unknown_day(hours: str, when: datetime, place: Place | None) -> bool:
    """Return whether hours name holidays and nobody can tell whether the day is one.

    So it is with school holidays, with a country that is not known, and with days by decree.
    """
    plain = _QUOTED.sub("", hours)
    if re.search(r"\bSH\b", plain):
        return True
    if not re.search(r"\bPH\b", plain):
        return False
    if not place or not _holidays_known(place) or _perhaps_free(place, when.date()):
        return True
    # a holiday may be one of other weekdays than those that are named with it
    of_some = _HOLIDAYS_OF_WEEKDAYS.search(plain) is not None
    return of_some and when.date() in _holidays(when.date(), 1, place)


def _silent_of_holiday(hours: str, when: datetime, place: Place | None) -> bool:
    """Return whether a day is a public holiday and hours of some weekdays say nothing of it.

    A place that is open at this hour on every day of the week is taken to be so on holidays too.
    """
    if not place or when.date() not in _holidays(when.date(), 1, place):
        return False
    return _of_weekdays(hours, when, place)


def _of_weekdays(hours: str, when: datetime, place: Place | None) -> bool:
    """Return whether hours name no holidays and shut a place at this hour on a day of the week."""
    if re.search(r"\bPH\b", _QUOTED.sub("", hours)):
        return False
    return any(_at(hours, when + timedelta(days=n), place) == SHUT for n in range(1, 7))


def perhaps_by_decree(hours: Iterable[str], when: datetime, place: Place | None) -> int:
    """Return how many opening hours of weekdays hold at a moment that may have been made free.

    Examples
    --------
    >>> perhaps_by_decree(["Mo-Fr 08:00-17:00", "24/7"], moment("2026-10-05 10:00"), (39.9, 116.4))
    1
    >>> perhaps_by_decree(["Mo-Fr 08:00-17:00"], moment("2026-11-25 10:00"), (39.9, 116.4))
    0
    """
    if place is None or of_no_date(when) or not _perhaps_free(place, when.date()):
        return 0
    read = [text.strip() for text in hours if _parsed(text.strip()) is not None]
    return sum(_at(text, when, place) == OPEN and _of_weekdays(text, when, place) for text in read)


def unknown_by_day(hours: Iterable[str], when: datetime, place: Place | None) -> tuple[Bool, Bool]:
    """Return of which opening hours the state is not known because of the day that is asked.

    Parameters
    ----------
    hours, when, place
        As for :func:`state_at`, which gives −1 for all of them.

    Returns
    -------
    Whether they name holidays and it is not known whether the day is one, and whether they are
    those of weekdays and say nothing of the holiday that the day is, both bool (n,).

    Examples
    --------
    >>> beijing, day = (39.9, 116.4), moment("2026-10-01 10:00")
    >>> depends, silent = unknown_by_day(["Mo-Fr 08:00-17:00", "08:00-17:00"], day, beijing)
    >>> depends.tolist(), silent.tolist()
    ([False, False], [True, False])
    """
    texts = [text.strip() for text in hours]
    dated = not of_no_date(when)
    read = [dated and _parsed(text) is not None for text in texts]
    depends = np.array(
        [
            known and _depends_on_unknown_day(text, when, place)
            for known, text in zip(read, texts, strict=True)
        ],
        dtype=np.bool_,
    )
    silent = np.array(
        [
            known and _at(text, when, place) == OPEN and _silent_of_holiday(text, when, place)
            for known, text in zip(read, texts, strict=True)
        ],
        dtype=np.bool_,
    )
    return depends, silent & ~depends


def _today() -> date:
    return date.today()


def _first_monday(hours: str) -> datetime:
    """Return the Monday from which a year of weeks is looked at: this week's for named years."""
    if not _YEAR.search(_QUOTED.sub("", hours)):
        return REFERENCE_MONDAY
    today = datetime.combine(_today(), time())
    return today - timedelta(days=today.weekday())


@lru_cache(maxsize=65536)
def _of_all_weeks(hours: str, when: datetime, monday: datetime, place: Place | None) -> int:
    """Return the state at a weekday and time if it is the same in all seasons from a Monday on."""
    if not _DATED.search(_QUOTED.sub("", hours)):
        return _at(hours, when)
    first = monday + (when - REFERENCE_MONDAY)
    days = [first + timedelta(weeks=n) for n in range(_WEEKS)]
    weeks = np.array([_at(hours, day, place) for day in days], np.int8)
    return int(_common(weeks[:, None])[0])


def _common(weeks: I8) -> I8:
    """Return the state of each hour (h,) of those of all weeks of a year, (w, h)."""
    found = np.full(weeks.shape[1], UNKNOWN, dtype=np.int8)
    counts = []
    for state in (OPEN, SHUT, UNKNOWN):
        # a state counts that lasts a season or comes often; a holiday does neither
        here = weeks == state
        run = np.lib.stride_tricks.sliding_window_view(here, SEASON_WEEKS, axis=0).all(axis=-1)
        counts.append(run.any(axis=0) | (here.sum(axis=0) >= OFTEN_WEEKS))
    is_open, is_shut, is_unknown = counts
    found[is_open & ~is_shut & ~is_unknown] = OPEN
    found[is_shut & ~is_open & ~is_unknown] = SHUT
    return found


def _at(hours: str, when: datetime, place: Place | None = None) -> int:
    """Return the state by either reading of holidays of weekdays, unknown where they differ."""
    holidays = _HOLIDAYS_OF_WEEKDAYS.sub(r"\1", hours)
    states = {_of_groups(each, when, place) for each in dict.fromkeys((hours, holidays))}
    return states.pop() if len(states) == 1 else UNKNOWN


def _of_groups(hours: str, when: datetime, place: Place | None) -> int:
    """Return the state by the first group of rules that does not say shut.

    The groups are parted by ``||``: each holds where those before it leave the place shut.
    """
    for group in _groups(hours):
        state = _group_state(group, when, place)
        if state != SHUT:
            return state
    return SHUT


def _groups(hours: str) -> list[str]:
    masked = _QUOTED.sub(lambda found: "_" * len(found.group()), hours)
    ends = [found.start() for found in re.finditer(r"\|\|", masked)]
    starts = [0, *(end + 2 for end in ends)]
    return [hours[a:b].strip() for a, b in zip(starts, [*ends, len(hours)], strict=True)]


def _group_state(group: str, when: datetime, place: Place | None) -> int:
    if not _QUOTED.sub("", group).strip():
        return UNKNOWN
    states = {_rule_state(variant, when, place) for variant in _variants(group, place)}
    return states.pop() if len(states) == 1 else UNKNOWN


def _under_the_sun(hours: str, place: Place | None) -> Place | None:
    """Return the place where the hours follow the sun; elsewhere it does not matter."""
    return place if place and _SUN.search(_QUOTED.sub("", hours)) else None


def _variants(group: str, place: Place | None) -> tuple[str, ...]:
    """Return the hours taken as short and as long as they may be.

    So are those with open ends (``+``), those that follow the sun of a place not known, and those
    of which rules replace one another although both were probably meant.
    """
    meant = as_meant(group)
    if meant is not None and meant != group:
        return (*_variants_of_sun(group, place), *_variants_of_sun(meant, place))
    return _variants_of_sun(group, place)


def _variants_of_sun(group: str, place: Place | None) -> tuple[str, ...]:
    if place is None and _SUN.search(_QUOTED.sub("", group)):
        days = [_OF_SUN.sub(partial(_sun_time, day), group) for day in _DAYS_OF_SUN]
        return tuple(dict.fromkeys(each for day in days for each in _open_ends(day)))
    return _open_ends(group)


def _open_ends(group: str) -> tuple[str, ...]:
    """Return the hours with open ends taken as short and as long as they may be."""
    if "+" not in _QUOTED.sub("", group):
        return (group,)

    def long(found: re.Match[str]) -> str:
        begin, end = found[1], found[2]
        wraps = _minutes(end) <= _minutes(begin)
        return f"{begin}-{'30:00' if wraps else '24:00'}"

    def least(found: re.Match[str]) -> str:
        minutes = 60 * int(found[1]) + int(found[2]) + 1
        return f"{found[1]}:{found[2]}-{minutes // 60:02d}:{minutes % 60:02d}"

    shortest = _OPEN_END.sub(least, _RANGE_END.sub(r"\1-\2", group))
    longest = _OPEN_END.sub(r"\1:\2-24:00", _RANGE_END.sub(long, group))
    return shortest, longest


def _sun_time(day: Mapping[str, str], found: re.Match[str]) -> str:
    """Return the time of an event of the sun on a day, or so long before or after it."""
    minutes = _minutes(day[(found["event"] or found["alone"]).casefold()])
    if found["away"]:
        minutes += (-1 if found["sign"] == "-" else 1) * _minutes(found["away"])
    minutes = min(max(minutes, 0), 24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _minutes(text: str) -> int:
    hour, minute = text.split(":")
    return 60 * int(hour) + int(minute)


def _rule_state(hours: str, when: datetime, place: Place | None) -> int:
    parsed = _parsed(hours, place)
    if parsed is None:
        return UNKNOWN
    if when.tzinfo is not None:
        if place is None:
            return UNKNOWN
        # it is turned into the time of the place
        when = when.astimezone(ZoneInfo("UTC"))
    state, comment = parsed.state(when)
    if state == State.OPEN and comment and not re.search(r"\bopen\b", _QUOTED.sub("", hours)):
        # a comment without a state, such as "on demand", says nothing else than that it depends
        return UNKNOWN
    return {State.OPEN: OPEN, State.CLOSED: SHUT}.get(state, UNKNOWN)


@lru_cache(maxsize=256)
def _holidays_known(place: Place) -> bool:
    """Return whether the holidays of the country that a place lies in are known."""
    holidays = OpeningHours("PH open", coords=place, auto_timezone=False)
    year = holidays.intervals(REFERENCE_MONDAY, REFERENCE_MONDAY + timedelta(weeks=_WEEKS))
    return any(state == State.OPEN for _, _, state, _ in year)


def states_at(hours: Iterable[str], when: datetime, place: Place | None = None) -> I8:
    """Return the state of each facility at a moment, int8: 1 open, 0 shut, −1 unknown."""
    return np.array([state_at(text, when, place) for text in hours], dtype=np.int8)


@lru_cache(maxsize=4096)
def _holidays(first: date, days: int, place: Place | None, country: str = "") -> frozenset[date]:
    """Return the holidays of a place or a country from a day on."""
    begin = datetime.combine(first, time())
    own = {"country": country} if country else {"coords": place, "auto_timezone": False}
    found = OpeningHours("PH open", **own).intervals(begin, begin + timedelta(days=days))
    free: set[date] = set()
    for start, end, state, _ in found:
        if state == State.OPEN:
            free |= {start.date() + timedelta(days=n) for n in range(max(1, (end - start).days))}
    return frozenset(free)


@lru_cache(maxsize=256)
def _in_one_of(place: Place, countries: tuple[str, ...]) -> bool:
    """Return whether a place lies in one of some countries, by its holidays."""
    year, days = REFERENCE_MONDAY.date(), 7 * _WEEKS
    here = _holidays(year, days, place)
    return bool(here) and any(here == _holidays(year, days, None, each) for each in countries)


def part_may_be_free(hours: Iterable[str], when: datetime, place: Place | None) -> int:
    """Return of how many opening hours the state at a moment may be that of a regional holiday.

    They have a rule for public holidays, the day is none of the whole country, and it is a country
    whose parts have holidays of their own.

    Examples
    --------
    >>> part_may_be_free(["Mo-Fr 08:00-20:00; PH off"], moment("2026-04-06 10:00"), (51.5, -0.1))
    1
    >>> part_may_be_free(["Mo-Fr 08:00-20:00; PH off"], moment("2026-12-25 10:00"), (51.5, -0.1))
    0
    """
    if place is None or of_no_date(when) or not _in_one_of(place, _HOLIDAYS_OF_PARTS):
        return 0
    if when.date() in _holidays(when.date(), 1, place):
        return 0
    return sum(bool(re.search(r"\bPH\b", _QUOTED.sub("", text))) for text in hours)


def _perhaps_free(place: Place, day: date) -> bool:
    """Return whether a day may have been made free: near a holiday, and none itself."""
    if not _in_one_of(place, tuple(_DAYS_BY_DECREE)):
        return False
    near = timedelta(days=_DECREED_DAYS)
    around = _holidays(day - near, 2 * _DECREED_DAYS + 1, place)
    unnamed = [date(day.year, *each) for days in _DAYS_BY_DECREE.values() for each in days]
    return day not in around and (bool(around) or any(abs(day - each) <= near for each in unnamed))


@lru_cache(maxsize=4096)
def _week(hours: str, monday: datetime, place: Place | None) -> tuple[int, ...]:
    if _parsed(hours) is None:
        return (UNKNOWN,) * HOURS_A_WEEK
    weeks = _WEEKS if _DATED.search(_QUOTED.sub("", hours)) else 1
    starts = [monday + hour * _HOUR for hour in range(weeks * HOURS_A_WEEK)]
    states = np.array([_at(hours, start, place) for start in starts], np.int8)
    if weeks == 1:
        return tuple(int(state) for state in states)
    return tuple(int(state) for state in _common(states.reshape(weeks, HOURS_A_WEEK)))


def week_states(hours: Iterable[str], place: Place | None = None) -> I8:
    """Return the state of each facility at the start of each hour of the reference week.

    Parameters
    ----------
    hours
        Of each facility, in the OpenStreetMap syntax.
    place
        Where they are, for the sun.

    Returns
    -------
    ndarray
        int8 (n, 168), Monday 00:00 first: 1 open, 0 shut, −1 unknown.
    """
    texts = [text.strip() for text in hours]
    rows = [_week(text, _first_monday(text), _under_the_sun(text, place)) for text in texts]
    return np.array(rows, dtype=np.int8).reshape(len(rows), HOURS_A_WEEK)
