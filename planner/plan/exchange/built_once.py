"""Parts of houses end with the house that either office agreed to, and come back without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from planner.plan.proposals.one_house import builders_of
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import AGREED, DECIDED, OPEN
from planner.plan.store.rows import SeenRow
from planner.plan.store.tables import TRAIL
from planner.plan.store.writing import Writing

Entries = Sequence[Mapping[str, Any]]

_ENDED = ("status", "superseded_by")


@dataclass(frozen=True)
class Ended:
    """A proposal that one office had decided and a merge ended: a house of the other builds it.

    Parameters
    ----------
    proposal_id, house_id
        What ended, and the house.
    status
        What it was.
    """

    proposal_id: str
    house_id: str
    status: str


def is_agreed(row: SeenRow | None) -> bool:
    """Whether a row is a proposal that was agreed to, and was neither put aside nor ended since."""
    return row is not None and row["status"] in AGREED and not row["deleted"]


def ended_by(row: SeenRow, entries: Entries) -> str:
    """Return the house whose approval ended a proposal; empty where none did.

    Who puts a house in the place of a proposal by hand gives a reason of their own.
    """
    return str(row["superseded_by"]) if _ending(row, entries) else ""


def _ending(row: SeenRow, entries: Entries) -> Mapping[str, Any] | None:
    """Return the entry by which the approval of a house ended a proposal."""
    house = row["superseded_by"]
    if row["status"] != "superseded" or not house:
        return None
    told = [x for x in entries if x["deed"] == "supersede" and x["why"] == house]
    return told[-1] if told else None


def end_parts_of_agreed(writing: Writing) -> list[str]:
    """End the parts of agreed houses that a merge left open or decided, and return their ids.

    Here the approval of a house ends them at once; an office that knew of no house could go on with
    one, and both would count. What opened stays, since that is no plan any more.

    Parameters
    ----------
    writing
        The transaction of the merge.
    """
    known = {own: Proposal.from_row(row) for own, row in writing.rows("proposal").items()}
    of = {own: house for own, house in builders_of(known.values()).items() if own in known}
    going_on = [own for own in of if known[own].status in (*OPEN, *DECIDED)]
    ended = [own for own in going_on if not known[own].deleted]
    for own in ended:
        values = {"status": "superseded", "superseded_by": of[own], "changed_at": writing.at}
        writing.change("proposal", own, values, "supersede", of[own])
    return ended


def give_back_parts(writing: Writing, houses: Iterable[str]) -> list[str]:
    """Give back what the approval of houses ended, now that it does not hold; return their ids.

    Parameters
    ----------
    writing
        The transaction of the merge.
    houses
        Ids of those that one of two offices approved, and that are not approved by a choice
        between the two.
    """
    rows, given = writing.rows("proposal"), []
    for house in houses:
        for own in Proposal.from_row(rows[house]).made_of:
            asked = select(TRAIL).where(TRAIL.c.row_id == own).order_by(TRAIL.c.number)
            entries = [dict(each) for each in writing.connection.execute(asked).mappings()]
            ending = _ending(rows[own], entries) if own in rows else None
            if ending is not None and rows[own]["superseded_by"] == house:
                before = {name: ending["before"].get(name, "") for name in _ENDED}
                values = {**before, "changed_at": writing.at}
                writing.change("proposal", own, values, "import", house)
                given.append(own)
    return given


def decided_and_ended(
    sides: Iterable[Mapping[str, SeenRow]], now: Mapping[str, SeenRow]
) -> list[Ended]:
    """Return what an office had decided before a merge that ended it, for a house builds it.

    Parameters
    ----------
    sides
        Rows of the proposals in each of the two offices before, by id.
    now
        Those here after.
    """
    found = {}
    for own, row in ((own, row) for side in sides for own, row in side.items()):
        house = now[own]["superseded_by"]
        ended = row["status"] in DECIDED and now[own]["status"] == "superseded"
        if ended and house in now and own in Proposal.from_row(now[house]).made_of:
            found[own] = Ended(own, house, row["status"])
    return list(found.values())
