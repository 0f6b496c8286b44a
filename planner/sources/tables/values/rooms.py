"""Capacities that count beds, seats or places of pupils, and not whom a place serves a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from planner.errors import Finding

_ROOMS = re.compile(
    r"床|学位|座位|席位|阅览座|\d\s*[张座]$|"
    r"(?<![a-z])(?:beds?|seats?|desks?|pupil places|betten|sitze|"
    r"plätze|lits|camas)(?![a-z])",
    re.IGNORECASE,
)


def rooms_counted(header: str, cells: Iterable[str], file: str) -> Iterator[Finding]:
    """Tell of a capacity that counts beds or seats by its header or its cells.

    A clinic of 36 beds is visited by more than 36 people a day, an old people's home is not.

    Parameters
    ----------
    header
        The file's name of the column.
    cells
        Texts of cells that hold more than digits.
    file
        Name by which it is told.

    Examples
    --------
    >>> [list(rooms_counted(each, [], "a.csv"))[0].params["unit"] for each in ("床位数", "beds")]
    ['床', 'beds']
    >>> list(rooms_counted("capacity", ["120人"], "a.csv"))
    []
    """
    for text in (header, *cells):
        found = _ROOMS.search(unicodedata.normalize("NFKC", text).replace("_", " ").strip())
        if found:
            unit = found[0].lstrip("0123456789 ")
            told = {"file": file, "column": header or "capacity", "unit": unit}
            yield Finding("tables.capacity_of_rooms", told)
            return
