"""Another office's plan merged into this one: fields merge by themselves, conflicts are shown.

What both have in common is told by the entries of the trail, which keep their ids wherever they go.
A row that only they changed becomes theirs. One that both changed is merged field by field from the
state that the entries in common lead to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import insert, select

from planner.errors import InputError
from planner.plan.exchange.file import Whole, read_plan
from planner.plan.proposals.merging import Conflict, merge
from planner.plan.proposals.proposal import MEASURE
from planner.plan.store.author import Author
from planner.plan.store.store import Store
from planner.plan.store.tables import LAYERS, TRAIL
from planner.plan.store.trail import replayed
from planner.plan.store.writing import Writing
from planner.plan.targets.aims import AIMS

Side = Literal["ours", "theirs"]
SIDES = ("ours", "theirs")
COUNTED = ("version", "changed_at")
"""Columns that follow from the others."""

Key = tuple[str, str]
Row = dict[str, Any]


@dataclass(frozen=True)
class RowConflict:
    """A field of a row that both offices changed.

    Parameters
    ----------
    layer, row_id, proposal_id
        The row, and the proposal that it belongs to.
    conflict
        The field with the value that both had, ours and theirs.
    """

    layer: str
    row_id: str
    proposal_id: str
    conflict: Conflict


@dataclass(frozen=True)
class Merged:
    """What an import did.

    Parameters
    ----------
    added, changed
        Ids of rows that are new here, and of those that changed.
    conflicts
        What is left as it was here until somebody chooses.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    conflicts: tuple[RowConflict, ...]


def import_plan(
    store: Store, author: Author, file: str | Path, take: Mapping[str, Side] | None = None
) -> Merged:
    """Merge another office's plan into this one, in one transaction.

    Parameters
    ----------
    store, author
        The plan here, and who merges.
    file
        Written by :func:`planner.plan.exchange.file.write_plan` there.
    take
        By id of a row, whose values count where both changed the same field.

    Raises
    ------
    InputError
        ``plan.bad_side``, and those of :func:`planner.plan.exchange.file.read_plan`.
    """
    chosen = dict(take or {})
    for own, side in chosen.items():
        if side not in SIDES:
            raise InputError("plan.bad_side", id=own[:40], side=str(side)[:40])
    whole = read_plan(file)
    theirs = _by_row(whole.trail)

    def work(writing: Writing) -> Merged:
        asked = select(TRAIL).order_by(TRAIL.c.number)
        entries = [dict(row) for row in writing.connection.execute(asked).mappings()]
        return _Merging(writing, whole, theirs, _by_row(entries), chosen).merged()

    return store.write(author, work)


class _Merging:
    """One import, inside its transaction.

    Parameters
    ----------
    writing
        The transaction.
    whole, theirs
        The other plan, and its entries by row.
    ours
        Our entries by row.
    chosen
        Whose values count, by id of a row.
    """

    def __init__(
        self,
        writing: Writing,
        whole: Whole,
        theirs: Mapping[Key, list[Row]],
        ours: Mapping[Key, list[Row]],
        chosen: Mapping[str, Side],
    ) -> None:
        self.writing, self.whole, self.theirs, self.ours = writing, whole, theirs, ours
        self.chosen = chosen
        self.added: list[str] = []
        self.changed: list[str] = []
        self.conflicts: list[RowConflict] = []

    def merged(self) -> Merged:
        """Merge row by row, proposals before what belongs to them."""
        order = list(LAYERS)
        for key in sorted(self.theirs, key=lambda each: order.index(each[0])):
            if key in self.ours:
                self._merge(key)
            else:
                self._add(key)
        return Merged(tuple(self.added), tuple(self.changed), tuple(self.conflicts))

    def _add(self, key: Key) -> None:
        layer, own = key
        row = {"id": own, **self.whole.rows[key]}
        self.writing.connection.execute(insert(LAYERS[layer]).values(**row))
        for entry in self.theirs[key]:
            self.writing.take_over(entry, applies=bool(entry["applies"]))
        self.added.append(own)

    def _merge(self, key: Key) -> None:
        layer, own = key
        known = {entry["entry_id"] for entry in self.ours[key]}
        there = {entry["entry_id"] for entry in self.theirs[key]}
        fresh = [entry for entry in self.theirs[key] if entry["entry_id"] not in known]
        if not fresh:
            return
        now = self.writing.row(layer, own)
        row = {name: each for name, each in self.whole.rows[key].items() if name not in COUNTED}
        values: Row = row
        if not known <= there:
            values, conflicts = self._merged_row(key, now, row, known)
            if conflicts and own not in self.chosen:
                proposal = str(now.get("proposal_id", own))
                self.conflicts += [RowConflict(layer, own, proposal, each) for each in conflicts]
                return
            if self.chosen.get(own) == "theirs":
                values |= {each.field: row[each.field] for each in conflicts}
                bound = together(layer)
                if any(each.field in bound for each in conflicts):
                    values |= {name: row[name] for name in bound if name in row}
        for entry in fresh:
            self.writing.take_over(entry, applies=False)
        if any(now[name] != value for name, value in values.items()):
            if "changed_at" in now:
                values = {**values, "changed_at": self.writing.at}
            self.writing.change(layer, own, values, "import")
            self.changed.append(own)

    def _merged_row(
        self, key: Key, now: Row, theirs: Row, known: set[str]
    ) -> tuple[Row, tuple[Conflict, ...]]:
        """Return the fields to take from them, and those that both changed."""
        common = list(takewhile(lambda entry: entry["entry_id"] in known, self.theirs[key]))
        base = replayed(common).get(key, {})
        ours = {name: now[name] for name in theirs}
        # their changes on top of ours: seen from them, we are the others
        values, told = merge(base, theirs, ours, together(key[0]))
        turned = tuple(Conflict(each.field, each.base, each.theirs, each.ours) for each in told)
        return values, turned


def together(layer: str) -> tuple[str, ...]:
    """Return the fields of a layer of which nobody may change one while somebody changes others."""
    return AIMS[layer].together if layer in AIMS else MEASURE


def _by_row(entries: Any) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for entry in entries:
        found.setdefault((entry["layer"], entry["row_id"]), []).append(entry)
    return found
