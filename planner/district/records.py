"""Of which kinds the sources of a district tell anything: no data is not "none exists"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from planner.district.kinds import kinds_named
from planner.errors import InputError

DataState = Literal["none", "listed", "complete"]


@dataclass(frozen=True)
class KindRecord:
    """Who tells where the facilities of a kind are.

    Parameters
    ----------
    source
        File, service or person, empty where not known.
    date
        Date of what it tells, ISO 8601, empty where unknown.
    complete
        Whether it lists all of this kind, none included: then 0 facilities are 0.
    """

    source: str = ""
    date: str = ""
    complete: bool = False


def state_of(record: KindRecord | None) -> DataState:
    """Return ``"none"``, ``"listed"`` (some are, all or not) or ``"complete"``."""
    if record is None:
        return "none"
    return "complete" if record.complete else "listed"


def only_known(said: Iterable[str], kinds: Iterable[str]) -> list[str]:
    """Return kinds that somebody says are complete, each once.

    Raises
    ------
    InputError
        ``district.unknown_complete`` for a kind that is none of `kinds`.
    """
    known, found = list(kinds), list(kinds_named(said))
    for kind in found:
        if kind not in known:
            raise InputError("district.unknown_complete", kind=kind, known=", ".join(known))
    return found


def with_listed(
    records: Mapping[str, KindRecord], present: Iterable[str], source: str, date: str
) -> dict[str, KindRecord]:
    """Return the records with one for each kind that has a facility and had none so far.

    Examples
    --------
    >>> with_listed({}, ["clinic", "clinic"], "a.csv", "2026-01-02")
    {'clinic': KindRecord(source='a.csv', date='2026-01-02', complete=False)}
    """
    fresh = {kind: KindRecord(source, date) for kind in present if kind not in records}
    return {**records, **fresh}


def without_unlisted(
    records: Mapping[str, KindRecord], had: Iterable[str], has: Iterable[str]
) -> dict[str, KindRecord]:
    """Return the records without those of kinds that were known by their facilities alone.

    Parameters
    ----------
    records
        By kind.
    had, has
        Kinds of the facilities before and now; of those that are gone nothing is known any more,
        unless the record says that all are listed.

    Examples
    --------
    >>> listed, all_listed = KindRecord("a.csv"), KindRecord("b.csv", complete=True)
    >>> list(without_unlisted({"clinic": listed, "library": all_listed}, ["clinic", "library"], []))
    ['library']
    """
    gone = set(had) - set(has)
    return {kind: record for kind, record in records.items() if kind not in gone or record.complete}


def with_complete(
    records: Mapping[str, KindRecord], kinds: Iterable[str], source: str = "", date: str = ""
) -> dict[str, KindRecord]:
    """Return the records with those of some kinds said to be complete.

    Parameters
    ----------
    records
        By kind.
    kinds
        Kinds of which all facilities are listed.
    source, date
        Who says so and when; that of the record where none is given.
    """
    found = dict(records)
    for kind in kinds:
        held = found.get(kind, KindRecord())
        found[kind] = replace(
            held, complete=True, source=source or held.source, date=date or held.date
        )
    return found
