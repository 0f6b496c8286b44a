"""What is asked for, each building once, and what of it waits for an answer."""

from __future__ import annotations

from collections.abc import Sequence

from planner.plan.coordination.houses import planned_once
from planner.plan.proposals.statuses import OPEN
from planner.plan.workflow.reviews import Case


def asked_of(cases: Sequence[Case]) -> list[Case]:
    """Return the open proposals, of a house and its parts those that count.

    Who is asked about a house is not asked about its parts as well, see
    :func:`planner.plan.coordination.houses.planned_once`.

    Parameters
    ----------
    cases
        Of the plan, or of a district; those that are not open are left out.
    """
    once = {each.id for each in planned_once([case.proposal for case in cases])}
    return [case for case in cases if case.proposal.status in OPEN and case.proposal.id in once]


def objected_to(cases: Sequence[Case]) -> list[Case]:
    """Return the open proposals with objections or wishes that have no answer.

    Parts of a house are among them: what is said of one holds back the house. So is what was
    agreed to before another office's objection came here.
    """
    return [
        case
        for case in cases
        if (case.proposal.status in OPEN and case.unanswered) or case.objected_late
    ]


def waiting_cases(cases: Sequence[Case], department: str = "") -> list[Case]:
    """Return what waits for an answer, the earliest date first.

    Of what is not asked for by itself only objections wait.

    Parameters
    ----------
    cases
        As of :func:`asked_of`.
    department
        Only what waits for its view, or for its answer as who proposes; everything where none is
        given.
    """
    asked = {case.proposal.id for case in asked_of(cases)}
    own = {case.proposal.id for case in objected_to(cases)}
    if department:
        own = {x.proposal.id for x in cases if x.proposal.department == department} & own
    found = [
        case
        for case in cases
        if (case.waits_for(department) if department else case.waits)
        and (case.proposal.id in asked or case.proposal.id in own)
    ]
    return sorted(found, key=lambda case: case.urgency)
