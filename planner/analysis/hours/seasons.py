"""Opening hours of no date: the same in all seasons of a year, or not known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import numpy as np

from planner.analysis.hours.moments import HOURS_A_WEEK, REFERENCE_MONDAY, WEEKS_A_YEAR
from planner.analysis.hours.rules import (
    OPEN,
    SHUT,
    UNKNOWN,
    Place,
    bare,
    parsed,
    state_by_rules,
    under_the_sun,
)
from planner.arrays import I8

SEASON_WEEKS = 3
"""So many weeks in a row make a season; what is shorter is a holiday or a closing of a few days
and does not count for a week of no date, unless it comes again and again."""
OFTEN_WEEKS = 6
"""So many weeks of a year make a habit, such as every other week."""
_HOUR = timedelta(hours=1)
_DATED = re.compile(
    r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week|easter)\b|\b\d{4}\b(?!:)"
    r"|\b(sunrise|sunset|dawn|dusk)\b|\[",
    re.I,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?!:)")


def _today() -> date:
    return date.today()


def first_monday(hours: str) -> datetime:
    """Return the Monday from which a year of weeks is looked at: this week's for named years."""
    if not _YEAR.search(bare(hours)):
        return REFERENCE_MONDAY
    today = datetime.combine(_today(), time())
    return today - timedelta(days=today.weekday())


@lru_cache(maxsize=65536)
def of_all_weeks(hours: str, when: datetime, monday: datetime, place: Place | None) -> int:
    """Return the state at a weekday and time if it is the same in all seasons from a Monday on."""
    if not _DATED.search(bare(hours)):
        return state_by_rules(hours, when)
    first = monday + (when - REFERENCE_MONDAY)
    days = [first + timedelta(weeks=n) for n in range(WEEKS_A_YEAR)]
    weeks = np.array([state_by_rules(hours, day, place) for day in days], np.int8)
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


@lru_cache(maxsize=4096)
def _week(hours: str, monday: datetime, place: Place | None) -> tuple[int, ...]:
    if parsed(hours) is None:
        return (UNKNOWN,) * HOURS_A_WEEK
    weeks = WEEKS_A_YEAR if _DATED.search(bare(hours)) else 1
    starts = [monday + hour * _HOUR for hour in range(weeks * HOURS_A_WEEK)]
    states = np.array([state_by_rules(hours, start, place) for start in starts], np.int8)
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
    rows = [_week(text, first_monday(text), under_the_sun(text, place)) for text in texts]
    return np.array(rows, dtype=np.int8).reshape(len(rows), HOURS_A_WEEK)
