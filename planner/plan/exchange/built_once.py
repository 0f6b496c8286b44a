"""A house that one office agreed to ends its parts, whatever another office did with them."""

from __future__ import annotations

from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.plan.store.writing import Writing


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
    agreed = [
        each
        for each in known.values()
        if each.made_of and not each.deleted and each.status in (*DECIDED, "opened")
    ]
    of = {part: house.id for house in agreed for part in house.made_of if part in known}
    going_on = [own for own in of if known[own].status in (*OPEN, *DECIDED)]
    ended = [own for own in going_on if not known[own].deleted]
    for own in ended:
        values = {"status": "superseded", "superseded_by": of[own], "changed_at": writing.at}
        writing.change("proposal", own, values, "supersede", of[own])
    return ended
