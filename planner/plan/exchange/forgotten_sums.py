"""A house of which another office changed a part has no sum of its parts any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from planner.plan.proposals.one_house import has_sum, is_house
from planner.plan.proposals.prices import FORGOTTEN, SUM_FORGOTTEN, SUM_TURNS_ON
from planner.plan.proposals.proposal import PRICE, Proposal
from planner.plan.store.rows import SeenRows
from planner.plan.store.writing import Writing


def forget_sums(writing: Writing, ours: SeenRows, theirs: SeenRows) -> list[str]:
    """Forget the sums of houses whose parts are others by a merge, and return these houses' ids.

    Here an edit of a part forgets the sum at once; an office that knew of no house could not.

    Parameters
    ----------
    writing
        The transaction of the merge.
    ours, theirs
        Rows of the proposals here before the merge, and of the other office, by id.
    """
    now, forgotten = writing.rows("proposal"), []
    for own, row in now.items():
        house = Proposal.from_row(row)
        if not (is_house(house) and has_sum(house)):
            continue
        # the sum is that of the parts which the office had that told it
        of = ours if own in ours and _same(ours[own], row, PRICE) else theirs
        changed = [part for part in house.made_of if _changed(part, of, now)]
        if changed:
            values = {**FORGOTTEN, "changed_at": writing.at}
            writing.change("proposal", own, values, SUM_FORGOTTEN, changed[0])
            forgotten.append(own)
    return forgotten


def _changed(part: str, before: SeenRows, now: SeenRows) -> bool:
    return part in before and part in now and not _same(before[part], now[part], SUM_TURNS_ON)


def _same(one: Mapping[str, Any], other: Mapping[str, Any], names: Iterable[str]) -> bool:
    return all(one[name] == other[name] for name in names)
