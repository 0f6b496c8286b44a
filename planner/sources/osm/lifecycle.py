"""Whether a facility or a way is there: gone, shut for good and not yet opened ones do not count.

OpenStreetMap keeps what was there once, and what is to come, beside what is there: in tags of
their own (``disused=yes``), in prefixes (``disused:amenity=clinic``), in dates, in opening hours
and in names. ``historic=*`` by itself says that a building is old, not that nobody works in it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]
from opening_hours import State as HoursState

from planner.errors import Finding
from planner.sources.tables.words.name_notes import Said, name_in_doubt, state_by_name
from planner.sources.tables.words.remarks import says_gone

NAMED = 20
"""Facilities that one finding names."""

_GONE = ("disused", "abandoned", "demolished", "razed", "removed", "destroyed", "ruins", "was")
_TO_COME = ("proposed", "planned", "construction")
_BUILDINGS = {"ruins": "closed", "collapsed": "closed", "construction": "planned"}
_PREFIXES = {f"{word}:": "closed" for word in (*_GONE, "historic", "closed", "dismantled")} | {
    f"{word}:": "planned" for word in _TO_COME
}
_NEVER_OPEN = re.compile(
    r"(((PH|SH)[\s,]*)*(Mo-Su|daily|24/7)([\s,]*(PH|SH|24/7|00:00-24:00))*\s*)?"
    r'(closed|off)(\s*".*")?',
    re.IGNORECASE,
)
_ONLY_SINCE = re.compile(r"\s*(\d{4})\+\s*")
_SHUTS = re.compile(r"\b(off|closed)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?!:)")
_DATE = re.compile(r"(\d{4})(?!\d(?!\d{3}))(?:[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2}))?)?")
_ABOUT = re.compile(
    r"^(?:(?:before|by|until|till|after|since|from|early|mid|late|about|around|circa|approx\.?|ca?\.?)"
    r"[\s-]+|c\.|ca\.|[~<>≈]=?|约|大约)+",
    re.IGNORECASE,
)
"""What stands before a date that is not told exactly: the date beside it counts."""

_CENTURY = re.compile(r"C(\d{1,2})|(\d{1,2})(?:st|nd|rd|th)\s+century", re.IGNORECASE)
_FREE = ("description", "note", "fixme", "comment")
DOUBT_KEYS = frozenset(("temporary", *_FREE, "name", "kind_text"))
"""Keys of tags that say in free words that a thing may not be there; dates may as well."""

_YEARS_AHEAD, _SEASON_DAYS = 5, 183
_FIRST_SERIAL = dt.date(1899, 12, 30)
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_FACILITY_KEYS = frozenset(
    (
        "amenity",
        "healthcare",
        "office",
        "leisure",
        "shop",
        "police",
        "social_facility",
        "social_facility:for",
        "government",
        "club",
    )
)
_DATES = ("end_date", "opening_date", "start_date")
DATE_KEYS = frozenset(_DATES)
"""Keys of tags that tell since and until when a thing is there."""

_NAMES = ("name", "kind_text")
_BOTH = ("operational_status", "status")
_SHUT_WORDS = frozenset(
    (
        "closed", "closed_permanently", "permanently_closed", "temporarily_closed", "demolished",
        "disused", "abandoned", "non_functional", "nonfunctional", "not_functional",
        "non_operational", "not_operational", "nonoperational", "inactive", "out_of_order",
        "out_of_service", "not_in_use", "decommissioned", "suspended", "shut", "defunct",
        "destroyed",
    )
)  # fmt: skip
SAID: Mapping[str, str] = dict.fromkeys(_SHUT_WORDS, "closed") | dict.fromkeys(
    (*_TO_COME, "under_construction"), "planned"
)
"""Statuses by the words of ``status`` and ``operational_status``."""

_SHUT_KEYS = ("closed", "permanently_closed", "vacant")
_ELSEWHERE = ("mobile",)
"""Keys of what goes about: a clinic on wheels is none at the place where it is mapped."""

_YES = ("yes", "true", "1")
_NO = ("no", "", "false", "0")
_DAMAGE = ("collapsed", "destroyed")
_STATE_KEYS = frozenset(
    (
        *_GONE, *_TO_COME, *_BOTH, *_FACILITY_KEYS, *_DATES, *_SHUT_KEYS, *_ELSEWHERE, *_NAMES,
        *(f"not:{key}" for key in _FACILITY_KEYS),
        "building", "damage", "historic", "opening_hours",
    )
)  # fmt: skip
"""All keys that :func:`state_of` asks, beside those with a prefix."""

WAY_KEYS = frozenset((*_GONE, *_TO_COME, *_BOTH, *_DATES, "closed", "permanently_closed", "damage"))
"""Keys of tags by which a way may not be there; its hours are asked by :func:`never_open`."""

_RUINED = ("ruinous", "ruins", "ruined", "derelict", "collapsed", "destroyed", "uninhabitable")
_EMPTY = {
    "condition": _RUINED,
    "building:condition": _RUINED,
    "damage": _RUINED,
    "occupied": ("no", "false", "0"),
    "inhabited": ("no", "false", "0"),
}
BUILDING_KEYS = frozenset((*WAY_KEYS, *_EMPTY, "vacant", "historic"))
"""Keys of tags by which a building may not be there, or stands empty."""

_WALKED_ON = ("disused", "ruins", "damage")
"""Keys of ways out of use or in ruins, on which people still walk where foot is allowed."""

_ON_FOOT = frozenset(("yes", "designated", "permissive", "official"))


class State(NamedTuple):
    """``status`` of a facility, ``existing``, ``closed`` or ``planned``, and what says so."""

    status: str
    reason: str


EXISTING = State("existing", "")


def state_of(tags: Mapping[str, str], today: dt.date) -> State:
    """Return whether what carries these tags is there on a day.

    Examples
    --------
    >>> day = dt.date(2026, 5, 1)
    >>> state_of({"amenity": "clinic", "end_date": "2019"}, day)
    State(status='closed', reason='end_date=2019')
    >>> state_of({"amenity": "clinic", "opening_date": "2027-03"}, day).status
    'planned'
    >>> state_of({"amenity": "library", "name": "Old Library (historical)"}, day).status
    'closed'
    >>> state_of({"amenity": "townhall", "historic": "building"}, day).status
    'existing'
    """
    return _by_tags(tags) or _by_dates(tags, today) or _by_words(tags, today) or EXISTING


def way_state(tags: Mapping[str, str], today: dt.date) -> State:
    """Return whether a way is there on a day: as :func:`state_of`, by what it says of itself.

    Of ``construction=minor`` and other classes of what is to come the way itself is there, and a
    name such as 规划一路 stays with a street after it is built.

    Examples
    --------
    >>> day = dt.date(2026, 5, 1)
    >>> way_state({"highway": "path", "status": "demolished"}, day).reason
    'status=demolished'
    >>> way_state({"highway": "path", "disused": "yes", "foot": "yes"}, day).status
    'existing'
    """
    if WAY_KEYS.isdisjoint(tags):
        return EXISTING
    allowed = not _ON_FOOT.isdisjoint(part.strip() for part in tags.get("foot", "").split(";"))
    plain = (*_GONE, *_TO_COME)
    own = {
        key: value
        for key, value in tags.items()
        if key in WAY_KEYS
        and (key not in plain or value.casefold() in _YES)
        and not (allowed and key in _WALKED_ON)
    }
    return state_of(own, today)


def building_state(tags: Mapping[str, str], today: dt.date) -> State:
    """Return whether a building is there and lived in on a day, by what it says of itself.

    Name and hours are those of what is in it.

    Examples
    --------
    >>> day = dt.date(2026, 5, 1)
    >>> building_state({"building": "house", "end_date": "2010"}, day).reason
    'end_date=2010'
    >>> building_state({"building": "house", "condition": "ruinous"}, day).reason
    'condition=ruinous'
    >>> building_state({"building": "house", "construction": "brick"}, day).status
    'existing'
    >>> building_state({"building": "house", "shop": "bakery", "status": "closed"}, day).status
    'existing'
    """
    if BUILDING_KEYS.isdisjoint(tags) and not any(key.endswith(":building") for key in tags):
        return EXISTING
    # a shop or a clinic in it is closed without the house, and a material is no state
    inside = not _FACILITY_KEYS.isdisjoint(tags)
    own = {
        key: tags[key]
        for key in (*WAY_KEYS, "vacant", "historic")
        if key in tags
        and not (inside and key in (*_BOTH, *_SHUT_KEYS))
        and not (key in _TO_COME and tags[key].casefold() not in _YES)
    }
    told = state_of(own, today)
    if told != EXISTING:
        return told
    for key, words in _EMPTY.items():
        if tags.get(key, "").casefold() in words:
            return State("closed", f"{key}={tags[key]}")
    for prefix, status in _PREFIXES.items():
        if tags.get(f"{prefix}building", "no") == tags.get("building"):
            return State(status, f"{prefix}building={tags['building']}")
    return EXISTING


def never_open(tags: Mapping[str, str], today: dt.date) -> bool:
    """Return whether hours say that a thing is open at no time, not any more, or not yet.

    Examples
    --------
    >>> day = dt.date(2026, 5, 1)
    >>> [never_open({"opening_hours": said}, day) for said in ('closed "works"', "24/7", "")]
    [True, False, False]
    """
    return bool(_by_hours(tags.get("opening_hours", "").strip(), today))


def there_by_dates(tags: Mapping[str, str], today: dt.date) -> bool:
    """Return whether the dates of a thing let it be there on a day.

    Examples
    --------
    >>> day = dt.date(2026, 5, 1)
    >>> there_by_dates({"highway": "path", "end_date": "2020"}, day), there_by_dates({}, day)
    (False, True)
    """
    return DATE_KEYS.isdisjoint(tags) or _by_dates(tags, today) is None


def _by_tags(tags: Mapping[str, str]) -> State | None:
    for key in (*_GONE, *_TO_COME):
        if tags.get(key, "no").casefold() not in _NO:
            return State("planned" if key in _TO_COME else "closed", f"{key}={tags[key]}")
    if tags.get("historic") == "ruins":
        return State("closed", "historic=ruins")
    if (own := tags.get("building", "")) in _BUILDINGS and not _FACILITY_KEYS.isdisjoint(tags):
        return State(_BUILDINGS[own], f"building={own}")
    if (said := _shut(tags)) is not None:
        return said
    in_use = not _FACILITY_KEYS.isdisjoint(tags)
    for key, value in tags.items():
        prefix, plain = _prefix(key)
        if plain in _FACILITY_KEYS and (tags.get(plain) == value if in_use else value != "no"):
            return State(_PREFIXES[prefix], f"{key}={value}")
    return None


def _shut(tags: Mapping[str, str]) -> State | None:
    """Return that a thing is shut or to come where a tag of its use says so."""
    for key in _BOTH:
        word = re.sub(r"[\s-]+", "_", tags.get(key, "").strip().casefold())
        if word in SAID:
            return State(SAID[word], f"{key}={tags[key]}")
    for key in (*_SHUT_KEYS, *_ELSEWHERE):
        if tags.get(key, "").casefold() in _YES:
            return State("closed", f"{key}={tags[key]}")
    if tags.get("damage", "").casefold() in _DAMAGE:
        return State("closed", f"damage={tags['damage']}")
    for key in _FACILITY_KEYS:
        if key in tags and tags.get(f"not:{key}") == tags[key]:
            return State("closed", f"not:{key}={tags[key]}")
    return None


def _by_dates(tags: Mapping[str, str], today: dt.date) -> State | None:
    end = _day(tags.get("end_date", ""), last=True)
    if end is not None and end < today:
        return State("closed", f"end_date={tags['end_date']}")
    for key in _DATES[1:]:
        start = _day(tags.get(key, ""), last=False)
        if start is not None and start > today:
            return State("planned", f"{key}={tags[key]}")
    return None


def _by_words(tags: Mapping[str, str], today: dt.date) -> State | None:
    hours = tags.get("opening_hours", "").strip()
    if status := _by_hours(hours, today):
        return State(status, f"opening_hours={hours}")
    for key in _NAMES:
        name = tags.get(key, "").strip()
        said = state_by_name(name) if name else None
        if said and _holds(said, today):
            return State(said.status, f"{key}={name}")
    return None


def _holds(said: Said, today: dt.date) -> bool:
    """Return whether what a name says with a date is so on a day: shut since, to come until it."""
    day = _day(said.day, last=False)
    return day is None or (day <= today) == (said.status == "closed")


@lru_cache(4096)
def _by_hours(hours: str, today: dt.date) -> str:
    """Return the status that hours say: never open, not any more, or not yet; or nothing."""
    if _NEVER_OPEN.fullmatch(hours):
        return "closed"
    if since := _ONLY_SINCE.fullmatch(hours):
        return "planned" if int(since[1]) > today.year else ""
    plain = re.sub(r'"[^"]*"', "", hours)
    shuts = [bool(_SHUTS.search(rule)) for rule in plain.split(";") if rule.strip()]
    # a year that is shut says nothing of the others where no hours are told
    if not _YEAR.search(plain) or all(shuts):
        return ""
    try:
        parsed = OpeningHours(hours)
    except (ParserError, ValueError):
        return ""
    day = dt.datetime.combine(today, dt.time())
    ahead = parsed.intervals(day, day + dt.timedelta(days=_YEARS_AHEAD * 366))
    first = next((start for start, _, state, _ in ahead if state != HoursState.CLOSED), None)
    if first is None:
        return "closed"
    if first.date() <= today + dt.timedelta(days=_SEASON_DAYS):
        return ""
    return "closed" if any(shuts) else "planned"


def former_keys(key: str) -> Iterator[str]:
    """Return the keys under which OpenStreetMap keeps a value of a key that is not there.

    Examples
    --------
    >>> "removed:highway" in former_keys("highway")
    True
    """
    return (f"{prefix}{key}" for prefix in _PREFIXES)


def as_if_there(tags: Mapping[str, str]) -> Mapping[str, str]:
    """Return the tags of what was there or is to come without their prefix.

    Where something is there now, its own tags are all that counts.

    Examples
    --------
    >>> as_if_there({"disused:amenity": "clinic", "name": "A"})["amenity"]
    'clinic'
    """
    former: dict[str, str] = {}
    if not _FACILITY_KEYS.isdisjoint(tags):
        return tags
    for key, value in tags.items():
        _, plain = _prefix(key)
        if plain in _FACILITY_KEYS:
            former[plain] = value
    return {**former, **tags} if former else tags


def reasoned(
    code: str, facilities: Iterable[tuple[str, str, str]], **params: Any
) -> Iterator[Finding]:
    """Name facilities with what is said of each: (name, id, reason)."""
    rows = list(facilities)
    if rows:
        words = [f"{name} ({key}): {why}" if name else f"{key}: {why}" for name, key, why in rows]
        told = "; ".join(words[:NAMED]) + ("; …" if len(words) > NAMED else "")
        yield Finding(code, {**params, "count": len(rows), "facilities": told})


def tells_state(key: str) -> bool:
    """Return whether a tag of this key can say that a facility is there or not.

    Examples
    --------
    >>> tells_state("disused:shop"), tells_state("end_date"), tells_state("address")
    (True, True, False)
    """
    return key in _STATE_KEYS or bool(_prefix(key)[0])


def names_former(name: str) -> bool:
    """Return whether a name says that what it names is there no more, or not yet.

    Examples
    --------
    >>> names_former("东街图书馆(已拆除)"), names_former("拟建图书馆"), names_former("东街图书馆")
    (True, True, False)
    """
    return state_by_name(name) is not None


@lru_cache(4096)
def _prefix(key: str) -> tuple[str, str]:
    """Return the prefix of a key that says that a thing is not there, and the key behind it."""
    prefix = next((each for each in _PREFIXES if key.startswith(each)), "")
    return prefix, key[len(prefix) :] if prefix else ""


def in_doubt(tags: Mapping[str, str]) -> str:
    """Return what of the tags of a thing says in free words that it may not be there, or nothing.

    Examples
    --------
    >>> in_doubt({"opening_date": "soon"}), in_doubt({"description": "已停业"}), in_doubt({})
    ('opening_date=soon', 'description=已停业', '')
    >>> in_doubt({"fixme": "closed?"}), in_doubt({"note": "closed on Sundays"})
    ('fixme=closed?', '')
    """
    for key in _DATES:
        if not reads_date(tags.get(key, "")):
            return f"{key}={tags[key]}"
    if tags.get("temporary", "").casefold() in _YES:
        return f"temporary={tags['temporary']}"
    told = [(key, tags[key]) for key in _FREE if says_gone(tags.get(key, ""))]
    told += [(key, tags[key]) for key in _NAMES if name_in_doubt(tags.get(key, ""))]
    return next((f"{key}={text[:80]}" for key, text in told), "")


def reads_date(text: str) -> bool:
    """Return whether a text tells a date, a month or a year; an empty one has nothing to tell.

    Examples
    --------
    >>> [reads_date(said) for said in ("2019-03", "43831", "1/1/2020", "Jan 2030", "soon")]
    [True, True, True, True, False]
    >>> [reads_date(said) for said in ("before 2010", "~2010", "early 2010", "C20", "mid-life")]
    [True, True, True, True, False]
    """
    return not text.strip() or _day(text, last=True) is not None


def _day(text: str, *, last: bool) -> dt.date | None:
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
