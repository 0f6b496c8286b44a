"""Public holidays of a place's country, and days of which nobody knows whether they are one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, State

from planner.analysis.hours.moments import REFERENCE_MONDAY, SATURDAY, WEEKS_A_YEAR
from planner.analysis.hours.rules import Place

_DAYS_BY_DECREE = {"CN": ((4, 4), (4, 5), (4, 6))}
"""Countries whose governments make further days around a holiday free each year, and working days
of weekends in their place; the holidays known are one day each. With each, month and day of those
that are not known at all, such as Qingming, which falls on one of three days."""
_DECREED_DAYS = 9
"""So far from the holiday such days lie, days: the eight of October and the days before Spring
Festival are within it."""
_MADE_UP_DAYS = 13
"""So far from the holiday the weekends may lie that are worked in their place, days: some are 11
days off, as 12 October 2024 and 28 February 2026."""
_HOLIDAYS_OF_PARTS = (
    "AT", "AU", "BR", "CA", "CH", "DE", "ES", "FR", "GB", "IT", "NZ", "PT", "US",
)  # fmt: skip
"""Countries whose parts have holidays of their own, which are not known here."""


@lru_cache(maxsize=4096)
def holidays(first: date, days: int, place: Place | None, country: str = "") -> frozenset[date]:
    """Return the holidays of a place or a country from a day on."""
    begin = datetime.combine(first, time())
    own = {"country": country} if country else {"coords": place, "auto_timezone": False}
    found = OpeningHours("PH open", **own).intervals(begin, begin + timedelta(days=days))
    free: set[date] = set()
    for start, end, state, _ in found:
        if state == State.OPEN:
            free |= {start.date() + timedelta(days=n) for n in range(max(1, (end - start).days))}
    return frozenset(free)


def holidays_known(place: Place, year: int) -> bool:
    """Return whether holidays of a year are known of the country that a place lies in."""
    return bool(holidays(date(year, 1, 1), 366, place))


@lru_cache(maxsize=256)
def _in_one_of(place: Place, countries: tuple[str, ...]) -> bool:
    """Return whether a place lies in one of some countries, by its holidays."""
    year, days = REFERENCE_MONDAY.date(), 7 * WEEKS_A_YEAR
    here = holidays(year, days, place)
    return bool(here) and any(here == holidays(year, days, None, each) for each in countries)


def parts_have_own(place: Place) -> bool:
    """Return whether a place lies in a country whose parts have holidays of their own."""
    return _in_one_of(place, _HOLIDAYS_OF_PARTS)


def perhaps_free(place: Place, day: date) -> bool:
    """Return whether a day may have been made free: near a holiday, and none itself."""
    return _near_a_holiday(place, day, _DECREED_DAYS)


def perhaps_worked(place: Place, day: date) -> bool:
    """Return whether a day of the weekend may be worked in the place of one that was made free."""
    return day.weekday() >= SATURDAY and _near_a_holiday(place, day, _MADE_UP_DAYS)


def _near_a_holiday(place: Place, day: date, days: int) -> bool:
    """Return whether so many days or fewer lie between a day and a holiday with others around."""
    if not _in_one_of(place, tuple(_DAYS_BY_DECREE)):
        return False
    near = timedelta(days=days)
    around = holidays(day - near, 2 * days + 1, place)
    unnamed = [date(day.year, *each) for dates in _DAYS_BY_DECREE.values() for each in dates]
    return day not in around and (bool(around) or any(abs(day - each) <= near for each in unnamed))
