"""A house of which another office changed a part has no sum of its parts any more."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from planner.plan.proposals.one_house import changed_parts, has_sum, is_house
from planner.plan.proposals.prices import FORGOTTEN, SUM_FORGOTTEN
from planner.plan.proposals.proposal import Proposal
from planner.plan.store.tables import LAYERS
from planner.plan.store.writing import Writing


def forget_sums(writing: Writing, touched: Collection[str]) -> list[str]:
    """Forget the sums of houses whose parts are others by a merge, and return these houses' ids.

    Here an edit of a part forgets the sum at once; an office that knew of no house could not.

    Parameters
    ----------
    writing
        The transaction of the merge.
    touched
        Ids of the rows that it added or changed.
    """
    rows = writing.connection.execute(select(LAYERS["proposal"])).mappings()
    known = {row["id"]: Proposal.from_row(dict(row)) for row in rows}
    forgotten = []
    for house in [each for each in known.values() if is_house(each) and has_sum(each)]:
        parts = {own: known[own] for own in house.made_of if own in known}
        changed = changed_parts(house, parts)
        if changed and not {house.id, *changed}.isdisjoint(touched):
            values = {**FORGOTTEN, "changed_at": writing.at}
            writing.change("proposal", house.id, values, SUM_FORGOTTEN, changed[0])
            forgotten.append(house.id)
    return forgotten
