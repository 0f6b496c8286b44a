"""What is planned once: a house and the single proposals that it takes in are not counted both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.plan.proposals.one_house import is_house
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED


def houses(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the houses that are open, and of which no part was decided by itself."""
    them = list(proposals)
    done = {each.id for each in them if each.status in (*DECIDED, "opened")}
    return [each for each in them if is_house(each) and not done.intersection(each.made_of)]


def planned_once(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Return proposals without those that stand for the same building a second time.

    An open house counts for the single proposals that it takes in, which end with its approval.
    Where one of these was decided by itself, the house can no longer be approved, and they count.
    """
    counting = {each.id for each in houses(proposals)}
    within = {own for each in proposals if each.id in counting for own in each.made_of}
    return [
        each
        for each in proposals
        if each.id not in within and (each.id in counting or not is_house(each))
    ]


def handed_in(proposals: Iterable[Proposal]) -> set[str]:
    """Return the ids of single proposals in whose place a house was handed in."""
    told = [each for each in houses(proposals) if each.status != "draft"]
    return {own for each in told for own in each.made_of}
