"""The audit trail: every step in order, each sealed together with the hash of the one before.

The hash of an entry is the SHA-256 of the JSON of all its other columns, the hash of the entry
before among them. Whoever changes, takes out or puts in an entry must seal all later ones anew, and
the last hash is then another than that in any backup, export or minutes taken before (Haber and
Stornetta 1991).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from planner.errors import Finding
from planner.plan.store.rows import SeenRow
from planner.plan.store.tables import LAYERS, TRAIL, canonical

NO_ENTRY = ""
"""Hash before the first entry."""

SEALED = tuple(column.name for column in TRAIL.columns if column.name != "hash")


def seal(entry: SeenRow) -> str:
    """Return the hash of an entry, whose column ``previous`` is the hash of the one before.

    Examples
    --------
    >>> entry = dict.fromkeys(SEALED, "")
    >>> seal(entry) == seal({**entry, "why": "another"})
    False
    """
    sealed = {name: entry[name] for name in SEALED}
    return hashlib.sha256(canonical(sealed).encode("utf-8")).hexdigest()


def broken_links(entries: Iterable[SeenRow], count: int, head: str) -> Iterable[Finding]:
    """Yield where a trail was tampered with or damaged.

    Parameters
    ----------
    entries
        In their order.
    count, head
        How many entries there must be, and the hash of the last.
    """
    previous, number = NO_ENTRY, 0
    for number, entry in enumerate(entries, start=1):
        if entry["number"] != number:
            yield Finding("plan.entry_missing", {"number": number})
            return
        if entry["previous"] != previous or not _is_sealed(entry):
            yield Finding("plan.entry_changed", {"number": number, "at": entry["at"]})
            return
        previous = entry["hash"]
    if (number, previous) != (count, head):
        yield Finding("plan.entry_missing", {"number": number + 1})


def _is_sealed(entry: SeenRow) -> bool:
    try:
        return bool(entry["hash"] == seal(entry))
    except (TypeError, ValueError):  # a value that no entry of ours has
        return False


def replayed(entries: Iterable[SeenRow]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the rows that a trail leads to, by layer and id.

    A column that a later version brought is empty in what was written before.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries:
        if entry["applies"]:
            key = entry["layer"], entry["row_id"]
            rows.setdefault(key, not_told(entry["layer"])).update(entry["after"])
    return rows


def not_told(layer: str) -> dict[str, Any]:
    """Return the columns of a layer that may be empty, empty."""
    table = LAYERS.get(layer)
    return {} if table is None else {each.name: None for each in table.columns if each.nullable}
