"""What is planned once: a house and the single proposals that it takes in are not counted both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.plan.proposals.one_house import ended_parts, is_house
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import OPEN


def handed_in(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the open houses that were handed in: a draft is nobody's word yet."""
    return [each for each in proposals if is_house(each) and each.status != "draft"]


def houses(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the houses that count in the place of their parts.

    These are the ones handed in of which each part is still open. Where two offices made houses of
    the same part, that counts which is further on, of two alike that which was made first.
    """
    them = list(proposals)
    known, found = {each.id: each for each in them}, []
    taken: set[str] = set()
    first = sorted(
        handed_in(them), key=lambda each: (-OPEN.index(each.status), each.created_at, each.id)
    )
    for house in first:
        if not ended_parts(house, known) and taken.isdisjoint(house.made_of):
            found.append(house)
            taken.update(house.made_of)
    return found


def planned_once(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Return proposals without those that stand for the same building a second time.

    A house that was handed in counts for the single proposals that it takes in, which end with its
    approval. While it is a draft, or where it can no longer be approved, they count and it does
    not. It is asked of all proposals, also those that ended: parts that did are told by them.
    """
    counting = houses(proposals)
    own = {each.id for each in counting}
    within = {part for each in counting for part in each.made_of}
    return [
        each
        for each in proposals
        if each.id not in within and (each.id in own or not is_house(each))
    ]
