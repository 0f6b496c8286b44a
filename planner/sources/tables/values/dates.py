"""Dates as people write them: days, months, years, about when, and centuries."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata

DATES = ("end_date", "opening_date", "start_date")
DATE_KEYS = frozenset(DATES)
"""Keys of tags that tell since and until when a thing is there."""

_DATE = re.compile(r"(\d{4})(?!\d(?!\d{3}))(?:[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2}))?)?")
_ABOUT = re.compile(
    r"^(?:(?:before|by|until|till|after|since|from|early|mid|late|about|around|circa|approx\.?|ca?\.?)"
    r"[\s-]+|c\.|ca\.|[~<>≈]=?|约|大约)+",
    re.IGNORECASE,
)
"""What stands before a date that is not told exactly: the date beside it counts."""

_CENTURY = re.compile(r"C(\d{1,2})|(\d{1,2})(?:st|nd|rd|th)\s+century", re.IGNORECASE)
_FIRST_SERIAL = dt.date(1899, 12, 30)
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}


def reads_date(text: str) -> bool:
    """Return whether a text tells a date, a month or a year; an empty one has nothing to tell.

    Examples
    --------
    >>> [reads_date(said) for said in ("2019-03", "43831", "1/1/2020", "Jan 2030", "soon")]
    [True, True, True, True, False]
    >>> [reads_date(said) for said in ("before 2010", "~2010", "early 2010", "C20", "mid-life")]
    [True, True, True, True, False]
    """
    return not text.strip() or day_of(text, last=True) is not None


def day_of(text: str, *, last: bool) -> dt.date | None:
    """Return the first or last day of a date, month or year; None where it says none.

    Five digits are the number that spreadsheets give a day; of a date whose day and month may be
    either, the earlier or the later. One that is told about ("before 2010", "~2010") counts as it
    stands, and a century (C20) from its first to its last year.
    """
    said = _ABOUT.sub("", unicodedata.normalize("NFKC", text).strip(), count=1)
    if century := _CENTURY.fullmatch(said):
        number = int(century[1] or century[2])
        return _clipped(100 * number if last else 100 * number - 99, None, None, last=last)
    if serial := re.fullmatch(r"([2-5]\d{4})(?:\.\d+)?", said):
        return _FIRST_SERIAL + dt.timedelta(days=int(serial[1]))
    if turned := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", said):
        one, two, year = (int(part) for part in turned.groups())
        read = [_clipped(year, *pair, last=last) for pair in ((one, two), (two, one))]
        days = [day for day in read if day is not None]
        return (max if last else min)(days) if days else None
    if named := re.fullmatch(r"([A-Za-z]{3})[a-z]*\.?\s+(\d{4})", said):
        month = _MONTHS.get(named[1].casefold())
        return _clipped(int(named[2]), month, None, last=last) if month else None
    found = _DATE.match(said)
    if found is None:
        return None
    parts = [int(part) if part else None for part in found.groups()]
    return _clipped(parts[0] or 0, parts[1], parts[2], last=last)


def _clipped(year: int, month: int | None, day: int | None, *, last: bool) -> dt.date | None:
    """Return a date whose missing parts are the last or first, None where it is none."""
    month = month or (12 if last else 1)
    if not (dt.MINYEAR <= year <= dt.MAXYEAR and 1 <= month <= 12):
        return None
    longest = calendar.monthrange(year, month)[1]
    return dt.date(year, month, min(max(day or (longest if last else 1), 1), longest))
