"""What two trails of one row have in common: the state from which both went on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from planner.plan.store.rows import Row
from planner.plan.store.trail import replayed

Key = tuple[str, str]
Entries = Sequence[Mapping[str, Any]]


class _Unsettled:
    """A value that equals none: two offices went on from different ones."""


@dataclass(frozen=True)
class Common:
    """The state from which two offices went on.

    Parameters
    ----------
    values
        By column; where they went on from different values, the one before both.
    unsettled
        Columns in which they went on from different values, with one that equals none.
    """

    values: Row
    unsettled: Row = field(default_factory=dict)


def base_of(key: Key, ours: Entries, theirs: Entries) -> Common:
    """Return the state after all entries that two trails of a row share.

    Whoever imports takes the whole trail of a row, so that what the other knows of ours is its
    beginning, up to an export. Where they imported last, our state at that export is what both
    went on from; where we did, it is theirs. Where both imported what the other had exported
    before, there are two such states; then each field has the value that one of them gave it since
    the state that is common to these two.

    Parameters
    ----------
    key
        Layer and id of the row.
    ours, theirs
        Entries of the row, each in the order of its trail.
    """
    shared = {each["entry_id"] for each in ours} & {each["entry_id"] for each in theirs}
    known_there, known_here = _beginning(ours, shared), _beginning(theirs, shared)
    there, here = _ids(known_there), _ids(known_here)
    if there <= here:
        return Common(replayed(known_here).get(key, {}))
    if here <= there:
        return Common(replayed(known_there).get(key, {}))
    older = base_of(key, known_there, known_here)
    one, another = replayed(known_there).get(key, {}), replayed(known_here).get(key, {})
    values, unsettled = dict(older.values), dict(older.unsettled)
    for name in one.keys() | another.keys():
        first, second, before = one.get(name), another.get(name), older.values.get(name)
        if first == second or second == before:
            values[name] = first
        elif first == before:
            values[name] = second
        else:
            unsettled[name] = _Unsettled()
            continue
        unsettled.pop(name, None)
    return Common(values, unsettled)


def _beginning(entries: Entries, shared: set[str]) -> Entries:
    """Return the entries up to the first that the other does not know.

    Entries that were taken over at the end are none of its state: what came of them stands in the
    entry of the import, which follows.
    """
    found = list(takewhile(lambda each: each["entry_id"] in shared, entries))
    while found and not found[-1]["applies"]:
        found.pop()
    return found


def _ids(entries: Entries) -> set[str]:
    return {each["entry_id"] for each in entries}
