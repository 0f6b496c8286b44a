"""What a department objected to in one office, and the other agreed to without knowing of it."""

from __future__ import annotations

from dataclasses import dataclass

from planner.plan.exchange.contradictions import standing_reviews
from planner.plan.proposals.one_house import builders_of
from planner.plan.proposals.proposal import Proposal
from planner.plan.store.writing import Writing
from planner.plan.workflow.reviews import Review, as_cases


@dataclass(frozen=True)
class Objected:
    """An objection or a wish that has no answer, of what was agreed to.

    Parameters
    ----------
    proposal_id, status
        Of what, and what it is.
    review_id, department, position
        What was said, and by whom.
    """

    proposal_id: str
    status: str
    review_id: str
    department: str
    position: str


def objected_late(writing: Writing) -> list[Objected]:
    """Return what stands without an answer against what was agreed to, the oldest first.

    Parameters
    ----------
    writing
        The transaction of a merge.
    """
    known = [Proposal.from_row(row) for row in writing.rows("proposal").values()]
    said = [Review.from_row(row) for row in standing_reviews(writing).values()]
    cases = as_cases(known, said, (), (), (), built_in=builders_of(known))
    found = [
        Objected(case.proposal.id, case.proposal.status, each.id, each.department, each.position)
        for case in cases
        if case.objected_late
        for each in case.unanswered
    ]
    order = [each.id for each in said]
    return sorted(found, key=lambda each: order.index(each.review_id))
