"""One transaction that writes: rows and the trail's entries of it, both or neither."""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from planner import __version__
from planner.errors import InputError
from planner.plan.store.author import Author
from planner.plan.store.rows import Row
from planner.plan.store.tables import LAYERS, STORE, TRAIL, DamagedValueError
from planner.plan.store.trail import SEALED, seal


def now() -> str:
    """Return the time, UTC, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def new_id(letter: str) -> str:
    """Return an id that no other store gives: a letter and 40 random bits, readable aloud.

    Examples
    --------
    >>> len(new_id("P")), new_id("P")[:2]
    (11, 'P-')
    """
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    drawn = "".join(secrets.choice(signs) for _ in range(8))
    return f"{letter}-{drawn[:4]}-{drawn[4:]}"


def system_user() -> str:
    """Return the name of who runs this program, as the system knows it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a system without users says so in different ways
        return "?"


def count_of(store: Mapping[Any, Any]) -> int:
    """Return how many entries the trail has, as the row of the store tells."""
    if not isinstance(store["entries"], int):
        raise DamagedValueError
    return store["entries"]


class Writing:
    """What a piece of work may do inside one writing transaction.

    The store's row is locked from the start, so that writers take turns and entries are numbered
    without a gap.

    Parameters
    ----------
    connection
        Inside a transaction.
    author
        Who writes.
    """

    def __init__(self, connection: Connection, author: Author) -> None:
        self.connection = connection
        self.author = author
        head = connection.execute(select(STORE).with_for_update()).mappings().one()
        self.store_id = str(head["store_id"])
        self._count, self._head = count_of(head), str(head["head"])
        self.at = now()
        self.first_entry = ""
        self.closed = False

    def rows(self, layer: str) -> dict[str, dict[str, Any]]:
        """Return the rows of a layer by their id."""
        found = self.connection.execute(select(LAYERS[layer])).mappings()
        return {str(row["id"]): dict(row) for row in found}

    def row(self, layer: str, row_id: str) -> Row:
        """Return a row as it is now.

        Raises
        ------
        InputError
            ``plan.no_such_row``.
        """
        table = LAYERS[layer]
        found = self.connection.execute(select(table).where(table.c.id == row_id)).mappings()
        row = found.one_or_none()
        if row is None:
            raise InputError("plan.no_such_row", id=row_id)
        return dict(row)

    def add(self, layer: str, values: Mapping[str, Any], deed: str, why: str = "") -> Row:
        """Add a row, and say so in the trail."""
        row = {"version": 1, "deleted": False, **values}
        self.connection.execute(insert(LAYERS[layer]).values(**row))
        self._enter(layer, row, {}, _without_id(row), deed, why)
        return row

    def change(
        self, layer: str, row_id: str, values: Mapping[str, Any], deed: str, why: str = ""
    ) -> Row:
        """Change columns of a row, and say so in the trail; nothing where nothing differs."""
        row = self.row(layer, row_id)
        after = {name: value for name, value in values.items() if row[name] != value}
        if not after:
            return row
        after["version"] = row["version"] + 1
        before = {name: row[name] for name in after}
        table = LAYERS[layer]
        known = (table.c.id == row_id) & (table.c.version == row["version"])
        done = self.connection.execute(update(table).where(known).values(**after))
        assert done.rowcount == 1, "rows change under the store's lock only"
        self._enter(layer, {**row, **after}, before, after, deed, why)
        return {**row, **after}

    def note(self, layer: str, row: Row, deed: str, why: str = "") -> None:
        """Say something in the trail that changes nothing."""
        self._enter(layer, row, {}, {}, deed, why)

    def take_over(self, entry: Mapping[str, Any], applies: bool) -> None:
        """Put an entry of another store into the trail, as it was made there.

        Parameters
        ----------
        entry
            With its own id, time, person and store.
        applies
            Whether what it says was done to the row here; the row itself is not changed by this.
        """
        own = {"applies": applies, "recorded_at": self.at}
        self._append({**entry, **own})

    def _enter(self, layer: str, row: Row, before: Row, after: Row, deed: str, why: str) -> None:
        self._append(
            {
                "entry_id": secrets.token_hex(12),
                "at": self.at,
                "recorded_at": self.at,
                "actor": self.author.name,
                "login": self.author.login,
                "via": self.author.via,
                "layer": layer,
                "row_id": row["id"],
                "proposal_id": row.get("proposal_id", row["id"]),
                "deed": deed,
                "why": why,
                "before": before,
                "after": after,
                "version": row["version"],
                "applies": True,
                "origin": self.store_id,
                "planner": __version__,
            }
        )

    def _append(self, entry: Row) -> None:
        number = self._count + 1
        sealed = {**entry, "number": number, "previous": self._head}
        whole = {name: sealed[name] for name in SEALED}
        whole["hash"] = seal(whole)
        self.connection.execute(insert(TRAIL).values(**whole))
        self._count, self._head = number, whole["hash"]
        self.first_entry = self.first_entry or whole["entry_id"]

    @property
    def untouched(self) -> bool:
        """Whether nothing was ever written to the store."""
        return self._count == 0

    def restored(self, count: int, head: str) -> None:
        """Go on from the trail of a backup that was put into the empty store."""
        self._count, self._head = count, head

    def close(self) -> None:
        """Keep how many entries there are and the hash of the last, at the end of the work."""
        head = {"entries": self._count, "head": self._head}
        self.connection.execute(update(STORE).values(**head))
        self.closed = True


def _without_id(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "id"}
