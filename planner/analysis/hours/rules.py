"""Opening hours as they are written, read at one moment in each way that they may be meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from opening_hours import (  # type: ignore[attr-defined]
    OpeningHours,
    ParserError,
    State,
)

from planner.analysis.hours.moments import WEEKDAYS
from planner.sources.tables.words.hour_rules import as_meant

OPEN, SHUT, UNKNOWN = 1, 0, -1
Place = tuple[float, float]
"""Latitude and longitude, degrees."""
_QUOTED = re.compile(r'"[^"]*"')
_WEEKDAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
HOLIDAYS_OF_WEEKDAYS = re.compile(
    rf"\b(PH|SH)\s+{_WEEKDAY}(?:\s*-\s*{_WEEKDAY})?(?:\s*,\s*{_WEEKDAY}(?:\s*-\s*{_WEEKDAY})?)*\b"
)
"""Holidays that are one of some weekdays (``SH Mo-Fr``), as the syntax has it; many who write so
mean holidays and weekdays."""
_DAYS_OF_RULE = re.compile(r"(?P<days>[A-Z][A-Za-z](?:\s*[,-]\s*[A-Z][A-Za-z])*)\s+(?P<rest>.+)")
_SPAN = re.compile(r"(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})(?!\s*\+)")
_DAY_MIN = 24 * 60
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
_RANGE_END = re.compile(r"(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s*\+")
_OPEN_END = re.compile(r"(\d{1,2}):(\d{2})\s*\+")


def bare(hours: str) -> str:
    """Return hours without their comments."""
    return _QUOTED.sub("", hours)


def without_words(hours: str) -> str:
    """Return hours whose comments say nothing: that there is one makes a rule an unknown one."""
    return _QUOTED.sub('"-"', hours)


@lru_cache(maxsize=4096)
def parsed(hours: str, place: Place | None = None) -> OpeningHours | None:
    """Return hours as the syntax has them, followed at a place, None where they cannot be read."""
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
    return parsed(hours.strip()) is not None


def state_by_rules(hours: str, when: datetime, place: Place | None = None) -> int:
    """Return the state by either reading of holidays of weekdays, unknown where they differ."""
    holidays = HOLIDAYS_OF_WEEKDAYS.sub(r"\1", hours)
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
    if not bare(group).strip():
        return UNKNOWN
    states = {_rule_state(variant, when, place) for variant in _variants(group, place)}
    return states.pop() if len(states) == 1 else UNKNOWN


def under_the_sun(hours: str, place: Place | None) -> Place | None:
    """Return the place where the hours follow the sun; elsewhere it does not matter."""
    return place if place and _SUN.search(bare(hours)) else None


def _variants(group: str, place: Place | None) -> tuple[str, ...]:
    """Return the hours taken as short and as long as they may be.

    So are those with open ends (``+``), those that follow the sun of a place not known, and those
    of which rules replace one another although both were probably meant.
    """
    meant = as_meant(group)
    readings = dict.fromkeys(
        (group, group if meant is None else meant, holidays_last(group), shifts_to_their_end(group))
    )
    return tuple(each for text in readings for each in _variants_of_sun(text, place))


def holidays_last(group: str) -> str:
    """Return hours whose rule of holidays holds on them, whatever day of the week they fall on.

    A later rule replaces an earlier one of the same day, and a holiday is a day of the week: who
    writes ``PH off; Mo-Fr 09:00-17:00`` says by the syntax that holidays are usual days.

    Examples
    --------
    >>> holidays_last("PH off; Mo-Fr 09:00-17:00"), holidays_last("Mo-Fr 09:00-17:00; PH off")
    ('PH off; Mo-Fr 09:00-17:00; PH off', 'Mo-Fr 09:00-17:00; PH off')
    >>> holidays_last("Su,PH 10:00-12:00; Mo-Fr 09:00-17:00")
    'Su,PH 10:00-12:00; Mo-Fr 09:00-17:00; PH 10:00-12:00'
    """
    masked = _QUOTED.sub(lambda found: "_" * len(found.group()), group)
    if masked.count(";") != group.count(";"):
        return group  # a comment with a semicolon
    rules = [_DAYS_OF_RULE.match(each.strip()) for each in group.split(";")]
    own = [each for each in rules if each and "PH" in re.split(r"[\s,-]+", each["days"])]
    if not own or own[-1] is rules[-1]:
        return group
    return f"{group}; PH {own[-1]['rest']}"


def shifts_to_their_end(group: str) -> str:
    """Return hours of which a shift past midnight ends when it says, whatever the next day says.

    A rule of its own for the next day replaces all of that day, by the syntax also the hours after
    midnight that the day before began; who writes it means Friday's shift to end on Saturday.

    Examples
    --------
    >>> shifts_to_their_end("Mo-Fr 22:00-06:00; Sa 10:00-12:00")
    'Mo-Fr 22:00-06:00; Sa 10:00-12:00, Tu-Sa 00:00-06:00'
    >>> shifts_to_their_end("Mo-Fr 08:00-18:00; Sa 10:00-12:00")
    'Mo-Fr 08:00-18:00; Sa 10:00-12:00'
    """
    masked = _QUOTED.sub(lambda found: "_" * len(found.group()), group)
    if ";" not in group or masked.count(";") != group.count(";"):
        return group
    ends = []
    for rule in map(_DAYS_OF_RULE.match, (each.strip() for each in group.split(";"))):
        days = None if rule is None else _next_days(rule["days"])
        if rule is None or days is None:
            continue
        for found in _SPAN.finditer(rule["rest"]):
            begin, end = _minutes(found[1]), _minutes(found[2])
            if 0 < end % _DAY_MIN < begin or end > _DAY_MIN:
                end %= _DAY_MIN
                ends.append(f"{days} 00:00-{end // 60:02d}:{end % 60:02d}")
    return ", ".join([group, *ends])


def _next_days(days: str) -> str | None:
    """Return the days after some, each moved by one; None for other days than those of a week.

    Examples
    --------
    >>> _next_days("Mo-Fr"), _next_days("Sa,Su"), _next_days("PH")
    ('Tu-Sa', 'Su,Mo', None)
    """
    parts = re.split(r"(\s*[,-]\s*)", days)
    if any(part not in WEEKDAYS for part in parts[::2]):
        return None
    moved = [WEEKDAYS[(WEEKDAYS.index(part) + 1) % 7] for part in parts[::2]]
    return "".join(part for pair in zip(moved, [*parts[1::2], ""], strict=True) for part in pair)


def _variants_of_sun(group: str, place: Place | None) -> tuple[str, ...]:
    if place is None and _SUN.search(bare(group)):
        days = [_OF_SUN.sub(partial(_sun_time, day), group) for day in _DAYS_OF_SUN]
        return tuple(dict.fromkeys(each for day in days for each in _open_ends(day)))
    return _open_ends(group)


def _open_ends(group: str) -> tuple[str, ...]:
    """Return the hours with open ends taken as short and as long as they may be."""
    if "+" not in bare(group):
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
    rules = parsed(hours, place)
    if rules is None:
        return UNKNOWN
    if when.tzinfo is not None:
        if place is None:
            return UNKNOWN
        # it is turned into the time of the place
        when = when.astimezone(ZoneInfo("UTC"))
    state, comment = rules.state(when)
    if state == State.OPEN and comment and not re.search(r"\bopen\b", bare(hours)):
        # a comment without a state, such as "on demand", says nothing else than that it depends
        return UNKNOWN
    return {State.OPEN: OPEN, State.CLOSED: SHUT}.get(state, UNKNOWN)
