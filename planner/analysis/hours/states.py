"""Open, shut or not known: the state at a moment, and what of it depends on the day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np

from planner.analysis.hours.holidays import (
    holidays,
    holidays_known,
    parts_have_own,
    perhaps_free,
    perhaps_worked,
)
from planner.analysis.hours.moments import SATURDAY, WEEKDAYS, of_no_date
from planner.analysis.hours.rules import (
    HOLIDAYS_OF_WEEKDAYS,
    OPEN,
    SHUT,
    UNKNOWN,
    Place,
    bare,
    parsed,
    state_by_rules,
    under_the_sun,
    without_words,
)
from planner.analysis.hours.seasons import first_monday, of_all_weeks
from planner.arrays import I8, Bool

_HOLIDAYS = re.compile(r"\b(PH|SH)\b")


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
        Of :func:`planner.analysis.hours.moments.moment`.
    place
        Where it is, for the holidays of the country, for moments with an offset and for the sun.

    Examples
    --------
    >>> from planner.analysis.hours.moments import moment
    >>> state_at("Mo-Fr 08:00-18:00", moment("Su 22:00")), state_at("24/7", moment("Su 22:00"))
    (0, 1)
    >>> state_at("ask the porter", moment("Su 22:00"))
    -1
    >>> [state_at("Apr-Oct 09:00-18:00", moment(at)) for at in ("Su 10:00", "2026-05-03 10:00")]
    [-1, 1]
    """
    text = hours.strip()
    if parsed(text) is None:
        return UNKNOWN
    if of_no_date(when):
        return of_all_weeks(text, when, first_monday(text), under_the_sun(text, place))
    if _depends_on_unknown_day(text, when, place):
        return UNKNOWN
    state = state_by_rules(text, when, place)
    return UNKNOWN if state == OPEN and _silent_of_holiday(text, when, place) else state


def _depends_on_unknown_day(hours: str, when: datetime, place: Place | None) -> bool:
    """Return whether hours name holidays and nobody can tell whether the day is one.

    So it is with school holidays, with a country that is not known, and with days by decree.
    """
    plain = bare(hours)
    if _HOLIDAYS.search(plain) and _alike_on_holidays(without_words(hours), when, place):
        return False
    if re.search(r"\bSH\b", plain):
        return True
    if not re.search(r"\bPH\b", plain):
        return False
    if not place or not holidays_known(place, when.year) or perhaps_free(place, when.date()):
        return True
    # a holiday may be one of other weekdays than those that are named with it
    of_some = HOLIDAYS_OF_WEEKDAYS.search(plain) is not None
    return of_some and when.date() in holidays(when.date(), 1, place)


def _alike_on_holidays(hours: str, when: datetime, place: Place | None) -> bool:
    """Return whether hours say the same of a day that is no known holiday, if it is one or not."""
    if HOLIDAYS_OF_WEEKDAYS.search(hours):
        return False
    if place and when.date() in holidays(when.date(), 1, place):
        return False
    # the rule of holidays goes before that of the day, wherever it was written
    rules = sorted(hours.split(";"), key=lambda rule: _HOLIDAYS.search(rule) is not None)
    readings = {hours, ";".join(rules)}
    as_holiday = [_HOLIDAYS.sub(WEEKDAYS[when.weekday()], each) for each in readings]
    if any(parsed(each.strip()) is None for each in as_holiday):
        return False
    usual = state_by_rules(hours, when, place)
    return {state_by_rules(each.strip(), when, place) for each in as_holiday} == {usual}


def _silent_of_holiday(hours: str, when: datetime, place: Place | None) -> bool:
    """Return whether a day is a public holiday and hours of some weekdays say nothing of it.

    A place that is open at this hour on every day of the week is taken to be so on holidays too.
    """
    if not place or when.date() not in holidays(when.date(), 1, place):
        return False
    return _of_weekdays(hours, when, place)


def _of_weekdays(hours: str, when: datetime, place: Place | None) -> bool:
    """Return whether hours name no holidays and shut a place at this hour on a day of the week."""
    if re.search(r"\bPH\b", bare(hours)):
        return False
    return any(state_by_rules(hours, when + timedelta(days=n), place) == SHUT for n in range(1, 7))


def perhaps_by_decree(hours: Iterable[str], when: datetime, place: Place | None) -> int:
    """Return how many opening hours of weekdays hold at a moment that may have been made free.

    Examples
    --------
    >>> from planner.analysis.hours.moments import moment
    >>> perhaps_by_decree(["Mo-Fr 08:00-17:00", "24/7"], moment("2026-10-05 10:00"), (39.9, 116.4))
    1
    >>> perhaps_by_decree(["Mo-Fr 08:00-17:00"], moment("2026-11-25 10:00"), (39.9, 116.4))
    0
    """
    if place is None or of_no_date(when) or not perhaps_free(place, when.date()):
        return 0
    read = [text.strip() for text in hours if parsed(text.strip()) is not None]
    return sum(
        state_by_rules(text, when, place) == OPEN and _of_weekdays(text, when, place)
        for text in read
    )


def perhaps_made_up(hours: Iterable[str], when: datetime, place: Place | None) -> int:
    """Return how many opening hours of weekdays are shut on a weekend that may be worked.

    Examples
    --------
    >>> from planner.analysis.hours.moments import moment
    >>> beijing = (39.9, 116.4)
    >>> [perhaps_made_up(["Mo-Fr 08:00-17:00", "24/7"], moment(f"2026-10-{day} 10:00"), beijing)
    ...  for day in (10, 12, 24)]
    [1, 0, 0]
    """
    if place is None or of_no_date(when) or not perhaps_worked(place, when.date()):
        return 0
    weekdays = [day for n in range(1, 8) if (day := when + timedelta(days=n)).weekday() < SATURDAY]
    return sum(
        state_at(text, when, place) == SHUT
        and any(state_by_rules(text.strip(), day, place) == OPEN for day in weekdays)
        for text in hours
    )


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
    >>> from planner.analysis.hours.moments import moment
    >>> beijing, day = (39.9, 116.4), moment("2026-10-01 10:00")
    >>> depends, silent = unknown_by_day(["Mo-Fr 08:00-17:00", "08:00-17:00"], day, beijing)
    >>> depends.tolist(), silent.tolist()
    ([False, False], [True, False])
    """
    texts = [text.strip() for text in hours]
    dated = not of_no_date(when)
    read = [dated and parsed(text) is not None for text in texts]
    depends = np.array(
        [
            known and _depends_on_unknown_day(text, when, place)
            for known, text in zip(read, texts, strict=True)
        ],
        dtype=np.bool_,
    )
    silent = np.array(
        [
            known
            and state_by_rules(text, when, place) == OPEN
            and _silent_of_holiday(text, when, place)
            for known, text in zip(read, texts, strict=True)
        ],
        dtype=np.bool_,
    )
    return depends, silent & ~depends


def part_may_be_free(hours: Iterable[str], when: datetime, place: Place | None) -> int:
    """Return of how many opening hours the state at a moment may be that of a regional holiday.

    They have a rule for public holidays, the day is none of the whole country, and it is a country
    whose parts have holidays of their own.

    Examples
    --------
    >>> from planner.analysis.hours.moments import moment
    >>> part_may_be_free(["Mo-Fr 08:00-20:00; PH off"], moment("2026-04-06 10:00"), (51.5, -0.1))
    1
    >>> part_may_be_free(["Mo-Fr 08:00-20:00; PH off"], moment("2026-12-25 10:00"), (51.5, -0.1))
    0
    """
    if place is None or of_no_date(when) or not parts_have_own(place):
        return 0
    if when.date() in holidays(when.date(), 1, place):
        return 0
    return sum(bool(re.search(r"\bPH\b", bare(text))) for text in hours)


def states_at(hours: Iterable[str], when: datetime, place: Place | None = None) -> I8:
    """Return the state of each facility at a moment, int8: 1 open, 0 shut, −1 unknown."""
    return np.array([state_at(text, when, place) for text in hours], dtype=np.int8)
