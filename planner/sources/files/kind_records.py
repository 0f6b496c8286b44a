"""Who tells of each kind of facility: which file, and which column of counts in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from planner.district import KindRecord
from planner.errors import Finding
from planner.sources.tables.reading import Reading

COUNTS_GUESSED, COUNTS_SAID = "sources.count_column", "sources.count_column_said"
"""Codes that tell which column of counts stands for a kind."""


def records_of(readings: Iterable[Reading], present: Iterable[str]) -> dict[str, KindRecord]:
    """Return who tells of each kind that is there.

    A kind that was counted in a column is told with that column: a bureau asks which figure of a
    grid its clinics are, and the name of the file alone does not tell. A kind that several lists
    have is told with all of them, and dated only where all are of one date.

    Parameters
    ----------
    readings
        The lists of facilities, in their order.
    present
        Kinds of which a facility is in the district.
    """
    there = set(present)
    told: dict[str, list[KindRecord]] = {}
    for reading in readings:
        columns = counted_in(reading)
        for kind in dict.fromkeys(reading.table["kind"].astype(str)):
            if kind in there:
                name = reading.source.source
                source = f"{name} [{columns[kind]}]" if kind in columns else name
                told.setdefault(kind, []).append(KindRecord(source, reading.source.date))
    return {
        kind: KindRecord(
            named_together(each.source for each in own),
            own[0].date if len({each.date for each in own}) == 1 else "",
        )
        for kind, own in told.items()
    }


def counts_told(findings: Iterable[Finding], kind: str) -> tuple[Finding, ...]:
    """Return what tells that a kind's facilities are counts in a column, not places of a list."""
    return tuple(each for each in _of_counts(findings) if each.params["kind"] == kind)


def counted_in(reading: Reading) -> dict[str, str]:
    """Return the column of counts by kind, of the kinds that have one."""
    return {
        str(each.params["kind"]): str(each.params["column"])
        for each in _of_counts(reading.findings)
    }


def named_together(sources: Iterable[str]) -> str:
    """Return sources of one kind as one text, each named once.

    Examples
    --------
    >>> named_together(["a.csv", "b.csv; a.csv"])
    'a.csv; b.csv'
    """
    return "; ".join(dict.fromkeys(name for source in sources for name in source.split("; ")))


def _of_counts(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (each for each in findings if each.code in (COUNTS_GUESSED, COUNTS_SAID))
