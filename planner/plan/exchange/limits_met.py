"""Two offices that each set a limit for the same money: one of the two holds, and somebody says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from planner.plan.store.rows import SeenRows
from planner.plan.store.writing import Writing
from planner.plan.targets.aims import ONE_LIMIT_OF

Known = Mapping[str, set[str]]


@dataclass(frozen=True)
class LimitsMet:
    """Two limits for the same, ours and theirs, none of which the other office knew.

    Parameters
    ----------
    ours, theirs
        Their ids.
    amounts
        What each allows.
    first
        The id of that which was set first.
    """

    ours: str
    theirs: str
    amounts: tuple[float, float]
    first: str

    @property
    def alike(self) -> bool:
        """Whether they say the same, so that there is nothing to choose."""
        return self.amounts[0] == self.amounts[1]

    def kept(self, side: str) -> str:
        """Return the id of that which holds where a side was chosen."""
        return self.ours if side == "ours" else self.theirs


def limits_met(
    ours: SeenRows, theirs: SeenRows, known_here: Known, known_there: Known
) -> list[LimitsMet]:
    """Return the limits for the same that hold in one office each, where nobody chose yet.

    One that was chosen in an office which knew all that was done to both holds: that is no clash.

    Parameters
    ----------
    ours, theirs
        Limits by id.
    known_here, known_there
        Ids of the entries that each office has about each, by its id.
    """
    here, there = _by_what(ours), _by_what(theirs)
    found = []
    for what in sorted(here.keys() & there.keys(), key=str):
        only_here, only_there = sorted(here[what] - there[what]), sorted(there[what] - here[what])
        if not only_here or not only_there:
            continue
        own, other = only_here[0], only_there[0]
        pair = (own, other)
        decided = any(
            all(one.get(x, set()) <= another.get(x, set()) for x in pair)
            for one, another in ((known_here, known_there), (known_there, known_here))
        )
        if not decided:
            rows = {own: ours[own], other: theirs[other]}
            first = min(pair, key=lambda each: (rows[each]["created_at"], each))
            amounts = (float(rows[own]["amount"]), float(rows[other]["amount"]))
            found.append(LimitsMet(own, other, amounts, first))
    return found


def keep_one(writing: Writing, met: LimitsMet, kept: str) -> None:
    """Let one of two limits hold and put the other aside, each with an entry that says so.

    Without one on what holds, two offices that each chose their own would put both aside.
    """
    for own in (met.ours, met.theirs):
        row = writing.row("limit", own)
        if row["deleted"] is (own != kept):
            writing.note("limit", row, "import", kept)
        else:
            values = {"deleted": own != kept, "changed_at": writing.at}
            writing.change("limit", own, values, "import", kept)


def _by_what(rows: SeenRows) -> dict[tuple[Any, ...], set[str]]:
    found: dict[tuple[Any, ...], set[str]] = {}
    for own, row in rows.items():
        if not row["deleted"]:
            found.setdefault(tuple(row[name] for name in ONE_LIMIT_OF), set()).add(own)
    return found


def entries_known(entries: Iterable[tuple[tuple[str, str], list[dict[str, Any]]]]) -> Known:
    """Return the ids of the entries about each limit, by its id."""
    return {
        own: {each["entry_id"] for each in told}
        for (layer, own), told in entries
        if layer == "limit"
    }
