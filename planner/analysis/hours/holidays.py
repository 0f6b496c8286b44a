"""Public holidays of a place's country, and days of which nobody knows whether they are one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, State

from planner.analysis.hours.moments import REFERENCE_MONDAY, WEEKS_A_YEAR
from planner.analysis.hours.rules import Place

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


@lru_cache(maxsize=256)
def holidays_known(place: Place) -> bool:
    """Return whether the holidays of the country that a place lies in are known."""
    holidays = OpeningHours("PH open", coords=place, auto_timezone=False)
    year = holidays.intervals(REFERENCE_MONDAY, REFERENCE_MONDAY + timedelta(weeks=WEEKS_A_YEAR))
    return any(state == State.OPEN for _, _, state, _ in year)


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
    if not _in_one_of(place, tuple(_DAYS_BY_DECREE)):
        return False
    near = timedelta(days=_DECREED_DAYS)
    around = holidays(day - near, 2 * _DECREED_DAYS + 1, place)
    unnamed = [date(day.year, *each) for days in _DAYS_BY_DECREE.values() for each in days]
    return day not in around and (bool(around) or any(abs(day - each) <= near for each in unnamed))
