"""What rows of a file say in columns that nobody reads, told row by row: doubts, and hours."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Literal

import geopandas as gpd

from planner.errors import Finding
from planner.sources.osm.doubts import reasoned
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.unread.remarks import remarks_in_doubt
from planner.sources.tables.values.numbers import cell_text
from planner.sources.tables.words.remarks import (
    barrier_in_doubt,
    gate_in_doubt,
    gate_of_hours,
    hours_of_day,
    site_in_doubt,
    street_in_doubt,
)

Remarked = Literal["streets", "gates", "candidates", "barriers"]

_DOUBTS: dict[Remarked, Callable[[str], bool]] = {
    "streets": street_in_doubt,
    "gates": gate_in_doubt,
    "candidates": site_in_doubt,
    "barriers": barrier_in_doubt,
}
_CONDITIONS = ("access:conditional", "foot:conditional", "locked:conditional")


def rows_in_doubt(
    table: gpd.GeoDataFrame,
    layer: Remarked,
    file: str,
    unread: Collection[str],
    counts: Iterable[bool] | None = None,
) -> Iterator[Finding]:
    """Tell of rows that are in doubt by their remarks, each with name, row and words.

    Parameters
    ----------
    table
        Rows of a file; the index is the row as the user counts.
    layer
        What they become.
    file
        Its name.
    unread
        Columns that nobody reads.
    counts
        Whether each row counts at all, all where not given: what is shut or forbidden already
        is in no doubt.
    """
    doubts = remarks_in_doubt(table, unread, layer, _DOUBTS[layer])
    yield from _told(f"sources.{layer}_doubtful", table, doubts, file, counts)


def gates_of_hours(
    table: gpd.GeoDataFrame, file: str, unread: Collection[str], is_open: Collection[bool]
) -> Iterator[Finding]:
    """Tell of gates that are open at certain hours only, by a column of hours or by a remark.

    Hours of gates are asked at no moment, as those of extracts are not
    (:mod:`planner.sources.osm.streets`): such a gate counts as its state says, at every hour.

    Parameters
    ----------
    table, file, unread
        As of :func:`rows_in_doubt`.
    is_open
        Whether each gate counts as open.
    """
    hours = _hours_told(table, unread)
    remarks = remarks_in_doubt(table, unread, "gates", gate_of_hours)
    told = [own or remark for own, remark in zip(hours, remarks, strict=True)]
    shut = sum(bool(why) and not state for why, state in zip(told, is_open, strict=True))
    for found in _told("sources.gates_of_hours", table, told, file):
        total = int(found.params["count"])
        yield Finding(found.code, {**found.params, "open": total - shut, "shut": shut})


def streets_of_hours(
    table: gpd.GeoDataFrame, file: str, unread: Collection[str]
) -> Iterator[Finding]:
    """Tell of streets that are open at certain hours only; parameters of :func:`gates_of_hours`."""
    yield from _told("sources.streets_of_hours", table, _hours_told(table, unread), file)


def _hours_told(table: gpd.GeoDataFrame, unread: Collection[str]) -> list[str]:
    """Return of each row its hours as ``column=words``, nothing where it is open all day."""
    found = [""] * len(table)
    for column in unread:
        # the headers of hours are those of lists of facilities
        meant = "opening_hours" in known_columns("facilities", [column]).values()
        if not meant and column.casefold() not in _CONDITIONS:
            continue
        for row, text in enumerate(table[column].astype(object).map(cell_text)):
            if text and not found[row] and hours_of_day(text):
                found[row] = f"{column}={text}"
    return found


def _told(
    code: str,
    table: gpd.GeoDataFrame,
    reasons: Iterable[str],
    file: str,
    counts: Iterable[bool] | None = None,
) -> Iterator[Finding]:
    """Name rows with what is said of each: name, row, reason."""
    names = table["name"].map(cell_text) if "name" in table else [""] * len(table)
    count = [True] * len(table) if counts is None else counts
    rows = zip(names, table.index, reasons, count, strict=True)
    told = ((name, str(row), why) for name, row, why, counted in rows if why and counted)
    yield from reasoned(code, told, file=file)
