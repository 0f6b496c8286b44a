"""What is stated of the sources of a district: date, licence, credit; and what is left open."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from planner.district.district import District
from planner.district.source import Source
from planner.errors import InputError

STATED = ("date", "licence", "attribution")
"""Fields of a source that a person states where its file does not."""

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def checked_date(text: str) -> str:
    """Return a date as it is kept: a year, a month or a day in ISO 8601.

    Raises
    ------
    InputError
        ``provenance.bad_date``.

    Examples
    --------
    >>> checked_date(" 2020 "), checked_date("2020-09-23")
    ('2020', '2020-09-23')
    """
    plain = text.strip()
    try:
        if not _DATE.fullmatch(plain):
            raise ValueError(plain)
        dt.date.fromisoformat(plain + "-01-01"[len(plain) - 4 :])
    except ValueError as error:
        raise InputError("provenance.bad_date", value=text) from error
    return plain


def with_stated(
    district: District, meant: Callable[[Source], bool], field: str, value: str
) -> District | None:
    """Return the district in which sources state what they left open.

    What a source states itself stays: a licence of a map is not overwritten by a word that was
    meant for a table.

    Parameters
    ----------
    district
        The district.
    meant
        Of which sources it is said.
    field, value
        One of :data:`STATED`, and what is said.

    Returns
    -------
    District
        None where no source is meant that leaves the field open.

    Raises
    ------
    InputError
        ``provenance.bad_date``.
    """
    said = checked_date(value) if field == "date" else value.strip()
    sources = [
        replace(each, **{field: said}) if meant(each) and not getattr(each, field) else each
        for each in district.sources
    ]
    if tuple(sources) == district.sources:
        return None
    return with_sources(district, sources)


def with_sources(district: District, sources: Iterable[Source]) -> District:
    """Return the district with other words for its sources, by which kinds are dated too."""
    now = tuple(sources)
    dates = {each.source: each.date for each in now if each.layer == "facilities"}
    before = {each.source: each.date for each in district.sources if each.layer == "facilities"}
    records = dict(district.records)
    for kind, record in records.items():
        # a record names each list that has the kind, with the column that counts it
        told = record.source.split("; ")
        files = {f for f in dates for each in told if each == f or each.startswith(f"{f} [")}
        if len(files) != len(told) or {before.get(f, "") for f in files} != {record.date}:
            continue
        stated = {dates[f] for f in files}
        records[kind] = replace(record, date=stated.pop() if len(stated) == 1 else "")
    return replace(district, sources=now, records=records)


def without(district: District, field: str) -> list[Source]:
    """Return the sources of layers with rows that leave a field open, each file once."""
    held = {name for name, table in district.layers.items() if not table.empty}
    found = {
        each.source: each
        for each in reversed(district.sources)
        if each.layer in held and each.source and not getattr(each, field)
    }
    return list(reversed(found.values()))
