"""Whether a facility or a way is there: gone, shut for good and not yet opened ones do not count.

OpenStreetMap keeps what was there once, and what is to come, beside what is there: in tags of
their own (``disused=yes``), in prefixes (``disused:amenity=clinic``), in dates, in opening hours
and in names. ``historic=*`` by itself says that a building is old, not that nobody works in it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]
from opening_hours import State as HoursState

from planner.sources.tables.values.dates import DATE_KEYS, DATES, day_of
from planner.sources.tables.words.name_notes import Said, state_by_name

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
_YEARS_AHEAD, _SEASON_DAYS = 5, 183
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
NAMES = ("name", "kind_text")
"""Keys of tags that name a thing, and may say that it is there no more."""

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

YES = ("yes", "true", "1")
"""Values of tags that say yes, folded."""

_NO = ("no", "", "false", "0")
_DAMAGE = ("collapsed", "destroyed")
_STATE_KEYS = frozenset(
    (
        *_GONE, *_TO_COME, *_BOTH, *_FACILITY_KEYS, *DATES, *_SHUT_KEYS, *_ELSEWHERE, *NAMES,
        *(f"not:{key}" for key in _FACILITY_KEYS),
        "building", "damage", "historic", "opening_hours",
    )
)  # fmt: skip
"""All keys that :func:`state_of` asks, beside those with a prefix."""

WAY_KEYS = frozenset((*_GONE, *_TO_COME, *_BOTH, *DATES, "closed", "permanently_closed", "damage"))
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
        and (key not in plain or value.casefold() in YES)
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
        and not (key in _TO_COME and tags[key].casefold() not in YES)
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
        if tags.get(key, "").casefold() in YES:
            return State("closed", f"{key}={tags[key]}")
    if tags.get("damage", "").casefold() in _DAMAGE:
        return State("closed", f"damage={tags['damage']}")
    for key in _FACILITY_KEYS:
        if key in tags and tags.get(f"not:{key}") == tags[key]:
            return State("closed", f"not:{key}={tags[key]}")
    return None


def _by_dates(tags: Mapping[str, str], today: dt.date) -> State | None:
    end = day_of(tags.get("end_date", ""), last=True)
    if end is not None and end < today:
        return State("closed", f"end_date={tags['end_date']}")
    for key in DATES[1:]:
        start = day_of(tags.get(key, ""), last=False)
        if start is not None and start > today:
            return State("planned", f"{key}={tags[key]}")
    return None


def _by_words(tags: Mapping[str, str], today: dt.date) -> State | None:
    hours = tags.get("opening_hours", "").strip()
    if status := _by_hours(hours, today):
        return State(status, f"opening_hours={hours}")
    for key in NAMES:
        name = tags.get(key, "").strip()
        said = state_by_name(name) if name else None
        if said and _holds(said, today):
            return State(said.status, f"{key}={name}")
    return None


def _holds(said: Said, today: dt.date) -> bool:
    """Return whether what a name says with a date is so on a day: shut since, to come until it."""
    day = day_of(said.day, last=False)
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


def tells_state(key: str) -> bool:
    """Return whether a tag of this key can say that a facility is there or not.

    Examples
    --------
    >>> tells_state("disused:shop"), tells_state("end_date"), tells_state("address")
    (True, True, False)
    """
    return key in _STATE_KEYS or bool(_prefix(key)[0])


@lru_cache(4096)
def _prefix(key: str) -> tuple[str, str]:
    """Return the prefix of a key that says that a thing is not there, and the key behind it."""
    prefix = next((each for each in _PREFIXES if key.startswith(each)), "")
    return prefix, key[len(prefix) :] if prefix else ""
