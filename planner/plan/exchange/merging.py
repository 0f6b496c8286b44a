"""Another office's plan merged into this one: fields merge by themselves, conflicts are shown.

What both have in common is told by the entries of the trail, which keep their ids wherever they go.
A row that only they changed becomes theirs. One that both changed is merged field by field from the
state that all entries in common lead to. A decision of one and another content of the other do not
merge: nobody would have decided that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import insert, select, update

from planner.errors import InputError
from planner.plan.exchange.built_once import (
    Ended,
    decided_and_ended,
    end_parts_of_agreed,
    ended_by,
    give_back_parts,
    is_agreed,
)
from planner.plan.exchange.common import base_of
from planner.plan.exchange.consultations import ask_once
from planner.plan.exchange.contradictions import Contradiction, standing_reviews, stricter_stands
from planner.plan.exchange.file import Whole, read_plan
from planner.plan.exchange.forgotten_sums import forget_sums
from planner.plan.exchange.limits_met import LimitsMet, entries_known, keep_one, limits_met
from planner.plan.exchange.objected_late import Objected, objected_late
from planner.plan.proposals.merging import Conflict, merge
from planner.plan.proposals.proposal import COUNTED, MEASURE, PRICE, WEIGHTY
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.plan.store.author import Author
from planner.plan.store.rows import Row
from planner.plan.store.store import Store
from planner.plan.store.tables import LAYERS, TRAIL
from planner.plan.store.trail import replayed
from planner.plan.store.writing import Writing
from planner.plan.targets.aims import AIMS

Side = Literal["ours", "theirs"]
SIDES = ("ours", "theirs")
FOLLOWING = ("version", "changed_at")
"""Columns that follow from the others."""

STATE = ("status", "superseded_by", "opened_source", "deleted")
"""What steps made of a proposal."""

DECIDED_ON = (*STATE, *WEIGHTY, "currency")
"""What belongs together once one of two offices took a step: the step was about that content."""

Key = tuple[str, str]


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
    contradictions
        Departments that said otherwise in the two offices: the stricter word stands, see
        :func:`planner.plan.exchange.contradictions.stricter_stands`.
    objected
        What stands without an answer, said in one office, against what the other agreed to.
    ended
        What one office had decided and ended, since a house that the other agreed to builds it.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    conflicts: tuple[RowConflict, ...]
    contradictions: tuple[Contradiction, ...] = ()
    objected: tuple[Objected, ...] = ()
    ended: tuple[Ended, ...] = ()


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
        ``plan.bad_side``, ``plan.no_such_row`` where neither plan has what was chosen for, and
        those of :func:`planner.plan.exchange.file.read_plan`.
    """
    chosen = dict(take or {})
    for own, side in chosen.items():
        if side not in SIDES:
            raise InputError("plan.bad_side", id=own[:40], side=str(side)[:40])
    whole = read_plan(file)
    theirs = _by_row(whole.trail)

    def work(writing: Writing) -> Merged:
        asked = select(TRAIL).order_by(TRAIL.c.number)
        ours = _by_row(dict(row) for row in writing.connection.execute(asked).mappings())
        for own in chosen.keys() - {own for _, own in (*ours, *theirs)}:
            raise InputError("plan.no_such_row", id=own[:40])
        return _Merging(writing, whole, theirs, ours, chosen).merged()

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
        # rows that took steps there that nobody knew of here, also where these followed all of ours
        self.stepped: list[str] = []
        # rows between whose conflicts somebody chose
        self.settled: list[str] = []

    def merged(self) -> Merged:
        """Merge row by row, proposals before what belongs to them."""
        before = self.writing.rows("proposal")
        theirs = {
            own: {"id": own, **row}
            for (layer, own), row in self.whole.rows.items()
            if layer == "proposal"
        }
        said, late = standing_reviews(self.writing), objected_late(self.writing)
        met = self._limits_met()
        left = {own for each, kept in met if not kept for own in (each.ours, each.theirs)}
        for key in sorted(self.theirs, key=self._order):
            if key[1] in left:
                continue
            if key in self.ours:
                self._merge(key)
            else:
                self._add(key)
        for each, kept in met:
            if kept:
                keep_one(self.writing, each, kept)
                self.changed.append(each.ours)
        self.changed += give_back_parts(self.writing, self._no_more_agreed(before, theirs))
        self.changed += end_parts_of_agreed(self.writing)
        self.changed += forget_sums(self.writing, before, theirs)
        self.changed += ask_once(self.writing)
        twice = stricter_stands(self.writing, said, self.whole.rows)
        self.changed += [each.overruled for each in twice if each.overruled in said]
        return Merged(
            tuple(self.added),
            tuple(dict.fromkeys(self.changed)),
            tuple(self.conflicts),
            tuple(twice),
            tuple(each for each in objected_late(self.writing) if each not in late),
            tuple(self._ended(before, theirs)),
        )

    def _limits_met(self) -> list[tuple[LimitsMet, str]]:
        """Return limits for the same of both offices, with that which holds; empty for a conflict.

        While nobody chose, theirs does not come here: of two that both hold none could be edited.
        """
        here = self.writing.rows("limit")
        there = {own: row for (layer, own), row in self.whole.rows.items() if layer == "limit"}
        known = entries_known(self.ours.items()), entries_known(self.theirs.items())
        found = []
        for each in limits_met(here, there, *known):
            side = self.chosen.get(each.ours) or self.chosen.get(each.theirs)
            kept = each.kept(side) if side else each.first if each.alike else ""
            if not kept:
                told = Conflict("amount", None, *each.amounts)
                self.conflicts.append(RowConflict("limit", each.ours, each.ours, told))
            found.append((each, kept))
        return found

    def _ended(self, ours: Mapping[str, Row], theirs: Mapping[str, Row]) -> list[Ended]:
        """Return what either office had decided and ended, for a house of the other builds it."""
        there = {own: theirs[own] for own in self.stepped if own in theirs}
        return decided_and_ended((ours, there), self.writing.rows("proposal"))

    def _order(self, key: Key) -> tuple[int, bool]:
        """Return by what rows are sorted: houses before their parts, which follow them."""
        layer = list(LAYERS).index(key[0])
        return layer, key[0] == "proposal" and not self.whole.rows[key]["made_of"]

    def _no_more_agreed(self, ours: Mapping[str, Row], theirs: Mapping[str, Row]) -> Iterable[str]:
        """Yield what an office had agreed to, and is not agreed to by a choice here.

        It may have ended it again since: a house that is open here ended none of its parts.
        """
        rows = self.writing.rows("proposal")
        for own in filter(rows.get, self.settled):
            now, sides = rows[own], [side[own] for side in (ours, theirs) if own in side]
            if now["status"] in OPEN or (any(map(is_agreed, sides)) and not self._is_agreed(own)):
                yield own

    def _is_agreed(self, own: str) -> bool:
        """Whether a proposal is agreed to here by now."""
        return is_agreed(self.writing.row("proposal", own))

    def _add(self, key: Key) -> None:
        layer, own = key
        row = {"id": own, **self.whole.rows[key]}
        self.writing.connection.execute(insert(LAYERS[layer]).values(**row))
        for entry in self.theirs[key]:
            self.writing.take_over(entry, applies=bool(entry["applies"]))
        self.added.append(own)

    def _merge(self, key: Key) -> None:
        known = {entry["entry_id"] for entry in self.ours[key]}
        there = {entry["entry_id"] for entry in self.theirs[key]}
        fresh = [entry for entry in self.theirs[key] if entry["entry_id"] not in known]
        if not fresh or self._waits(key):
            return
        if any("status" in entry["after"] for entry in fresh):
            self.stepped.append(key[1])
        if known <= there:
            self._go_on(key, fresh)
        else:
            self._join(key, fresh)

    def _waits(self, key: Key) -> bool:
        """Whether one office ended a proposal with a house that is another there, and left so yet.

        It would be lost meanwhile where the house that is to build it is not agreed to here, and
        where it is, what the other office did with it would be.
        """
        if key[0] != "proposal":
            return False
        now, row = self.writing.row(*key), self.whole.rows[key]
        by = {ended_by(now, self.ours[key]), ended_by(row, self.theirs[key])}
        return len(by) > 1 and not by.isdisjoint(each.row_id for each in self.conflicts)

    def _go_on(self, key: Key, fresh: list[Row]) -> None:
        """Make a row theirs, who knew all that was done to it here when they went on."""
        layer, own = key
        now, row = self.writing.row(layer, own), self.whole.rows[key]
        as_theirs = self._leads_to(key, fresh, now["version"])
        for entry in fresh:
            self.writing.take_over(entry, applies=as_theirs and bool(entry["applies"]))
        different = any(now[name] != row[name] for name in row if name not in FOLLOWING)
        if as_theirs:
            table = LAYERS[layer]
            self.writing.connection.execute(update(table).where(table.c.id == own).values(**row))
        else:
            # they had chosen against something of ours, so that the steps alone lead elsewhere
            self._write(key, now, {name: row[name] for name in row if name not in FOLLOWING})
        if different:
            self.changed.append(own)

    def _leads_to(self, key: Key, fresh: list[Row], version: int) -> bool:
        """Whether their steps on top of ours lead to their row, each to a version of its own."""
        row = self.whole.rows[key]
        versions = [each["version"] for each in fresh if each["applies"]]
        apart = all(each > version for each in versions)
        return apart and replayed([*self.ours[key], *fresh]).get(key) == row

    def _join(self, key: Key, fresh: list[Row]) -> None:
        """Merge a row that both changed, and say so in the trail whatever came of it.

        Without that entry a choice for ours would leave no sign, and two offices that chose each
        their own would believe that they agree.
        """
        layer, own = key
        now = self.writing.row(layer, own)
        row = {name: each for name, each in self.whole.rows[key].items() if name not in FOLLOWING}
        values, conflicts = self._merged_row(key, now, row)
        if followed := self._state_by_house(key, now, row):
            values |= followed
            conflicts = tuple(each for each in conflicts if each.field not in STATE)
        if conflicts and own not in self.chosen:
            proposal = str(now.get("proposal_id", own))
            self.conflicts += [RowConflict(layer, own, proposal, each) for each in conflicts]
            return
        if conflicts:
            self.settled.append(own)
        if self.chosen.get(own) == "theirs":
            values |= {each.field: row[each.field] for each in conflicts}
        if layer == "proposal":
            values |= _own_figures({**now, **values}, now, row)
        for entry in fresh:
            self.writing.take_over(entry, applies=False)
        if self._write(key, now, values):
            self.changed.append(own)
        else:
            self.writing.note(layer, now, "import")

    def _state_by_house(self, key: Key, now: Row, theirs: Row) -> Row:
        """Return the state of a part that one office went on with while its house ended it.

        It is no matter of choice: the part ended where the house is agreed to, and else it did not.
        Empty for what is no such part, and for what opened or lapsed of itself.
        """
        if key[0] != "proposal":
            return {}
        by = ended_by(now, self.ours[key]), ended_by(theirs, self.theirs[key])
        if bool(by[0]) == bool(by[1]):
            return {}
        ended, other, house = (now, theirs, by[0]) if by[0] else (theirs, now, by[1])
        if other["deleted"] or other["status"] not in (*OPEN, *DECIDED):
            return {}
        side = ended if self._is_agreed(house) else other
        return {name: side[name] for name in STATE}

    def _write(self, key: Key, now: Row, values: Row) -> bool:
        """Write values that differ, with an entry of ours; return whether any does."""
        if all(now[name] == value for name, value in values.items()):
            return False
        if "changed_at" in now:
            values = {**values, "changed_at": self._changed_at(key, {**now, **values})}
        self.writing.change(*key, values, "import")
        return True

    def _changed_at(self, key: Key, row: Row) -> str:
        """Return when a row changed: one that opened when it did, and not when that came here."""
        entries = [*self.ours[key], *self.theirs[key]]
        opened = [each["at"] for each in entries if each["deed"] == "opened"]
        return str(max(opened)) if row.get("status") == "opened" and opened else self.writing.at

    def _merged_row(self, key: Key, now: Row, theirs: Row) -> tuple[Row, tuple[Conflict, ...]]:
        """Return the fields to take from them, and those that both changed.

        Fields that belong together are all told where one of them clashes: somebody chooses
        between two proposals, not between their parts. Figures that both computed anew are nobody's
        word: the newer hold.
        """
        common = base_of(key, self.ours[key], self.theirs[key])
        base, ours = common.values, {name: now[name] for name in theirs}
        decided = key[0] == "proposal" and any(
            side[name] != base.get(name) for side in (ours, theirs) for name in STATE
        )
        groups = (DECIDED_ON, PRICE) if decided else together(key[0])
        # their changes on top of ours: seen from them, we are the others
        values, told = merge({**base, **common.unsettled}, theirs, ours, groups)
        clashing = {each.field for each in told}
        for bound in groups:
            if clashing & set(bound):
                clashing |= {name for name in bound if theirs.get(name) != ours.get(name)}
        conflicts = [
            Conflict(name, base.get(name), ours[name], theirs[name])
            for name in sorted(clashing)
            if ours[name] != theirs[name]
            and name != "figures"
            and not _same_parts(name, ours, theirs)
        ]
        taken = {name: value for name, value in values.items() if name not in clashing}
        if "figures" in clashing:
            taken["figures"] = _newer_figures((ours, theirs))
        return taken, tuple(conflicts)


def _own_figures(after: Row, ours: Row, theirs: Row) -> Row:
    """Return the figures of what is built now where those that are left are of another building.

    None where neither office computed any of it.
    """
    same = [x for x in (ours, theirs) if all(after[name] == x[name] for name in COUNTED)]
    if any(after["figures"] == side["figures"] for side in same):
        return {}
    return {"figures": _newer_figures(same)}


def _newer_figures(sides: Iterable[Row]) -> Any:
    """Return the figures that were computed last, None where there are none."""
    told = [side["figures"] for side in sides if side["figures"] is not None]
    return max(told, key=lambda each: str(each["computed_at"]), default=None)


def _same_parts(name: str, ours: Row, theirs: Row) -> bool:
    """Whether both make a house of the same, and only looked at other states of it last.

    Then ours stay: what is another by now than either saw is told as changed since.
    """
    parts = [
        [each.partition(":")[0] for each in (side.get(name) or "").split()]
        for side in (ours, theirs)
        if name == "made_of"
    ]
    return bool(parts) and parts[0] == parts[1]


def together(layer: str) -> tuple[tuple[str, ...], ...]:
    """Return groups of fields of which nobody may change one while somebody changes others."""
    return (AIMS[layer].together,) if layer in AIMS else (MEASURE, PRICE)


def _by_row(entries: Any) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for entry in entries:
        found.setdefault((entry["layer"], entry["row_id"]), []).append(entry)
    return found
