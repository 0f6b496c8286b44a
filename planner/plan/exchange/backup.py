"""A backup put into an empty store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert

from planner.errors import InputError
from planner.plan.exchange.file import read_plan
from planner.plan.store.author import Author
from planner.plan.store.store import Store
from planner.plan.store.tables import LAYERS, STORE, TRAIL
from planner.plan.store.writing import Writing

AT_ONCE = 500
"""Rows that one statement takes."""


def restore_plan(store: Store, author: Author, file: str | Path) -> int:
    """Put a backup into a store that is empty, trail and all; return how many entries it has.

    The store is then the one that was backed up, of whatever kind each of them is, so that a plan
    also moves from a file to a server in this way.

    Parameters
    ----------
    store
        The empty store.
    author
        Who restores; the trail is that of the backup.
    file
        Written by :func:`planner.plan.exchange.file.write_plan`.

    Raises
    ------
    InputError
        ``plan.not_empty``, and those of :func:`planner.plan.exchange.file.read_plan`.
    """
    whole = read_plan(file)

    def work(writing: Writing) -> int:
        if not writing.untouched:
            raise InputError("plan.not_empty", place=store.place)
        for layer, table in LAYERS.items():
            rows = [{"id": own, **row} for (name, own), row in whole.rows.items() if name == layer]
            _put(writing, table, rows)
        _put(writing, TRAIL, list(whole.trail))
        writing.connection.execute(delete(STORE))
        head = {"entries": whole.entries, "head": whole.head}
        own = {"id": 1, "store_id": whole.store_id, "created_at": whole.created_at}
        writing.connection.execute(insert(STORE).values(**own, **head))
        writing.restored(whole.entries, whole.head)
        return whole.entries

    return store.write(author, work)


def _put(writing: Writing, table: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        writing.connection.execute(insert(table), rows[start : start + AT_ONCE])
