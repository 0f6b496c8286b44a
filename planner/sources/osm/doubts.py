"""What tags say in free words, or in dates nobody can read, of what may not be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from planner.errors import Finding
from planner.sources.osm.lifecycle import NAMES, YES
from planner.sources.tables.values.dates import DATES, reads_date
from planner.sources.tables.words.name_notes import name_in_doubt, state_by_name
from planner.sources.tables.words.remarks import says_gone

NAMED = 20
"""Facilities that one finding names."""

FREE = ("description", "note", "fixme", "comment")
"""Keys of remarks."""
DOUBT_KEYS = frozenset(("temporary", *FREE, *NAMES))
"""Keys of tags that say in free words that a thing may not be there; dates may as well."""


def in_doubt(tags: Mapping[str, str]) -> str:
    """Return what of the tags of a thing says in free words that it may not be there, or nothing.

    Examples
    --------
    >>> in_doubt({"opening_date": "soon"}), in_doubt({"description": "已停业"}), in_doubt({})
    ('opening_date=soon', 'description=已停业', '')
    >>> in_doubt({"fixme": "closed?"}), in_doubt({"note": "closed on Sundays"})
    ('fixme=closed?', '')
    """
    for key in DATES:
        if not reads_date(tags.get(key, "")):
            return f"{key}={tags[key]}"
    if tags.get("temporary", "").casefold() in YES:
        return f"temporary={tags['temporary']}"
    told = [(key, tags[key]) for key in FREE if says_gone(tags.get(key, ""))]
    told += [(key, tags[key]) for key in NAMES if name_in_doubt(tags.get(key, ""))]
    return next((f"{key}={text[:80]}" for key, text in told), "")


def names_former(name: str) -> bool:
    """Return whether a name says that what it names is there no more, or not yet.

    Examples
    --------
    >>> names_former("东街图书馆(已拆除)"), names_former("拟建图书馆"), names_former("东街图书馆")
    (True, True, False)
    """
    return state_by_name(name) is not None


def reasoned(
    code: str, facilities: Iterable[tuple[str, str, str]], **params: Any
) -> Iterator[Finding]:
    """Name facilities with what is said of each: (name, id, reason)."""
    rows = list(facilities)
    if rows:
        words = [f"{name} ({key}): {why}" if name else f"{key}: {why}" for name, key, why in rows]
        told = "; ".join(words[:NAMED]) + ("; …" if len(words) > NAMED else "")
        yield Finding(code, {**params, "count": len(rows), "facilities": told})
