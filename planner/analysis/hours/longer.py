"""Whether hours open a facility at a time at which others do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from planner.analysis.hours.moments import WEEKS_A_YEAR
from planner.analysis.hours.rules import OPEN, SHUT, bare, is_readable, state_by_rules
from planner.analysis.hours.seasons import first_monday

_TIME = re.compile(r"\b(\d{1,2}):(\d{2})")
_OF_HOLIDAYS = re.compile(r"\b(PH|SH|easter)\b")
_OF_SEASONS = re.compile(
    r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week)\b|\b\d{4}\b(?!:)|\[", re.I
)
_OF_SUN = re.compile(r"\b(sunrise|sunset|dawn|dusk)\b", re.I)
_OFF = re.compile(r"\b(off|closed)\s*$", re.I)
_DAY_MIN = 24 * 60


def may_be_longer(now: str, then: str) -> bool:
    """Return whether some hours may open a facility when others do not.

    Of hours that are not told or cannot be read, that follow the sun, or that tell something else
    of holidays it is not known that they are no longer: they may be, unless they are written alike.

    Parameters
    ----------
    now, then
        In the OpenStreetMap syntax, today and once they are changed.

    Examples
    --------
    >>> may_be_longer("Mo-Fr 09:00-17:00", "Mo-Fr 09:00-17:30")
    True
    >>> may_be_longer("Mo-Fr 09:00-17:00", "Mo 09:00-10:00"), may_be_longer("24/7", "Mo 08:00+")
    (False, False)
    >>> may_be_longer("", "Mo 09:00-10:00"), may_be_longer("Mo-Su 00:00-24:00; PH off", "24/7")
    (True, True)
    """
    now, then = now.strip(), then.strip()
    if now and plain_hours(now) == plain_hours(then):
        return False
    if not _comparable(now, then) or _longer_on_holidays(now, then):
        return True
    return any(
        state_by_rules(then, start) != SHUT and state_by_rules(now, start) != OPEN
        for start in _starts(now, then)
    )


def shut_instead(now: str, then: str) -> datetime | None:
    """Return the first moment at which some hours shut a facility that is open today.

    Parameters
    ----------
    now, then
        As of :func:`may_be_longer`.

    Returns
    -------
    datetime or None
        In a week without holidays; None where there is none, or where it is not known of hours that
        are not told, cannot be read or follow the sun.

    Examples
    --------
    >>> found = shut_instead("Mo-Fr 08:00-18:00", "Sa 08:00-12:00")
    >>> f"{found:%a %H:%M}", shut_instead("Mo-Fr 08:00-18:00", "Mo-Fr 08:00-20:00")
    ('Mon 08:00', None)
    """
    now, then = now.strip(), then.strip()
    if not now or not _comparable(now, then):
        return None
    lost = (
        start
        for start in _starts(now, then)
        if state_by_rules(now, start) == OPEN and state_by_rules(then, start) == SHUT
    )
    return next(lost, None)


def _comparable(now: str, then: str) -> bool:
    """Whether both hours can be read, and neither follows the sun."""
    both = f"{bare(now)} ; {bare(then)}"
    return is_readable(now) and is_readable(then) and not _OF_SUN.search(both)


def _starts(now: str, then: str) -> Iterator[datetime]:
    """Return the moments at which one state of either may begin."""
    both = f"{bare(now)} ; {bare(then)}"
    # one state holds from each time that either names to the next; only seasons tell weeks apart
    minutes = {0, *((60 * int(hour) + int(rest)) % _DAY_MIN for hour, rest in _TIME.findall(both))}
    weeks = WEEKS_A_YEAR if _OF_SEASONS.search(both) else 1
    monday = max(first_monday(now), first_monday(then))
    for day in range(7 * weeks):
        for minute in sorted(minutes):
            yield monday + timedelta(days=day, minutes=minute)


def _longer_on_holidays(now: str, then: str) -> bool:
    """Whether hours may open on a holiday, of which nobody knows the date, when others do not."""
    before, after = (_rules_of_holidays(each) for each in (now, then))
    opened = any(not off for rule, off in after.items() if rule not in before)
    no_more_off = any(off for rule, off in before.items() if rule not in after)
    return opened or no_more_off


def _rules_of_holidays(hours: str) -> dict[str, bool]:
    """Return the rules that speak of holidays, and whether each says that it is shut then."""
    rules = re.split(r";|\|\|", bare(hours))
    return {
        plain_hours(rule): _OFF.search(rule) is not None
        for rule in rules
        if _OF_HOLIDAYS.search(rule)
    }


def plain_hours(hours: str) -> str:
    """Return opening hours without what means nothing in them: capitals and blanks."""
    return "".join(hours.casefold().split())
