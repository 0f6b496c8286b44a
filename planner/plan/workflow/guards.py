"""Who may do what to a proposal now; everything that is refused says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from planner.errors import Finding, InputError
from planner.plan.people import Actor, Role
from planner.plan.proposals.changes import WAYS
from planner.plan.proposals.merging import Conflict, ConflictError
from planner.plan.proposals.one_house import is_house
from planner.plan.proposals.proposal import EDITABLE, WEIGHTY, Proposal
from planner.plan.proposals.statuses import DECIDED, LAPSED, OPEN
from planner.plan.workflow.reviews import Case, Consultation
from planner.plan.workflow.steps import STEPS

SETS_AIMS: tuple[Role, ...] = ("approver", "administrator")
"""Who may set, change and put aside targets of coverage and limits of budgets."""

OF_A_DEPARTMENT: tuple[Role, ...] = ("planner", "reviewer")
"""Roles that somebody has for one department, or for all."""

_TO_BUILD = ("submit", "take_up", "approve", "reopen")
"""Steps towards a building."""


def check_step(actor: Actor, case: Case, name: str, why: str, today: date) -> None:
    """Refuse a step that this person may not take, or that the proposal is not ready for.

    Parameters
    ----------
    actor
        Who wants to take it.
    case
        The proposal as it is, with what departments said.
    name
        One of :data:`planner.plan.workflow.steps.STEPS`.
    why
        The reason given.
    today
        Against which dates of answers are held.

    Raises
    ------
    InputError
        ``plan.unknown_step``, ``plan.not_from_here``, ``plan.ends_here``, ``plan.may_not``,
        ``plan.needs_reason``, and those of :func:`check_ready`.
    """
    if name not in STEPS:
        raise InputError("plan.unknown_step", step=name[:40], known=", ".join(STEPS))
    step, proposal = STEPS[name], case.proposal
    refuse_put_aside(proposal)
    check_role(actor, step.takers(proposal.status), proposal.department)
    if not _leads_from(case, name):
        raise _not_from_here(case, name)
    if step.why and not why.strip():
        raise InputError("plan.needs_reason", step=name)
    check_ready(case, name, why, today)


def _leads_from(case: Case, name: str) -> bool:
    """Whether a step leads from where a proposal is; what a house gave back is reopened too."""
    back = name == "reopen" and case.given_back
    return back or case.proposal.status in STEPS[name].start


def _not_from_here(case: Case, name: str) -> InputError:
    """Return the refusal of a step that does not lead on, with those that do."""
    told = {"id": case.proposal.id, "step": name, "status": case.proposal.status}
    steps = [each for each in STEPS if _leads_from(case, each)]
    if not steps:
        return InputError("plan.ends_here", **told)
    return InputError("plan.not_from_here", **told, steps=", ".join(steps))


@dataclass(frozen=True)
class Offer:
    """A step that somebody may take now.

    Parameters
    ----------
    step
        One of :data:`planner.plan.workflow.steps.STEPS`.
    needs_why
        Whether a reason must be given.
    hindered
        What is to be done first, None where nothing is.
    """

    step: str
    needs_why: bool
    hindered: Finding | None = None


def offers(actor: Actor, case: Case, today: date) -> list[Offer]:
    """Return the steps that a person may take from where a proposal is, in their usual order.

    Parameters
    ----------
    actor, case, today
        As for :func:`check_step`, which refuses every other step.
    """
    found: list[Offer] = []
    proposal = case.proposal
    for name, step in STEPS.items():
        own = may(actor, step.takers(proposal.status), proposal.department)
        if proposal.deleted or not own or not _leads_from(case, name):
            continue
        overdue = name == "approve" and bool(case.missing(today)[1])
        try:
            check_ready(case, name, "given", today)
        except InputError as error:
            found.append(Offer(name, step.why or overdue, Finding(error.code, error.params)))
        else:
            found.append(Offer(name, step.why or overdue))
    return found


def check_ready(case: Case, name: str, why: str, today: date) -> None:
    """Refuse to submit what is not complete, and to approve what departments did not agree on.

    Raises
    ------
    InputError
        ``plan.not_complete``, ``plan.unanswered``, ``plan.answer_needed``,
        ``plan.answer_overdue``, and that of :func:`refuse_built`.
    """
    if name in _TO_BUILD:
        refuse_built(case)
    if name == "submit":
        lacking = lacking_fields(case.proposal)
        if lacking:
            raise InputError("plan.not_complete", id=case.proposal.id, fields=", ".join(lacking))
    if name == "approve":
        if case.unanswered:
            departments = ", ".join(dict.fromkeys(x.department for x in case.unanswered))
            raise InputError("plan.unanswered", id=case.proposal.id, departments=departments)
        in_time, overdue = case.missing(today)
        if in_time:
            departments = ", ".join(in_time)
            raise InputError("plan.answer_needed", id=case.proposal.id, departments=departments)
        if overdue and not why.strip():
            departments = ", ".join(overdue)
            raise InputError("plan.answer_overdue", id=case.proposal.id, departments=departments)


def refuse_built(case: Case) -> None:
    """Refuse to plan a second time what a house that was agreed to builds.

    Raises
    ------
    InputError
        ``plan.built_in_house``.
    """
    if case.built_in:
        raise InputError("plan.built_in_house", id=case.proposal.id, other=case.built_in)


def lacking_fields(proposal: Proposal) -> list[str]:
    """Return what a proposal must tell before it is submitted, and does not."""
    way = proposal.action in WAYS
    needed = {
        "department": bool(proposal.department),
        "kinds": way or bool(proposal.kinds),
        "geometry": bool(proposal.geometry),
        "changes": proposal.action == "outreach" or bool(proposal.changes),
    }
    return [name for name, told in needed.items() if not told]


def check_successor(proposal: Proposal, other: Proposal) -> None:
    """Refuse to put in the place of a proposal what will not be done.

    Raises
    ------
    InputError
        ``plan.needs_successor``, ``plan.put_aside``, ``plan.lapsed_successor``,
        ``plan.ended_by_approval`` for an open house that is to take it in.
    """
    if other.id == proposal.id:
        raise InputError("plan.needs_successor", id=proposal.id)
    refuse_put_aside(other)
    if takes_in(other, proposal):
        raise InputError("plan.ended_by_approval", id=proposal.id, other=other.id)
    if other.status in LAPSED:
        raise InputError(
            "plan.lapsed_successor", id=proposal.id, other=other.id, status=other.status
        )


def takes_in(other: Proposal, proposal: Proposal) -> bool:
    """Whether a house that is not agreed to yet takes a proposal in: ended, it would hinder it."""
    return is_house(other) and proposal.id in other.made_of


def check_edit(actor: Actor, proposal: Proposal, department: str, why: str) -> None:
    """Refuse an edit that this person may not make now.

    Parameters
    ----------
    actor, proposal
        Who, and what as it is.
    department
        The department that the proposal shall have.
    why
        The reason given, which a decided proposal needs.

    Raises
    ------
    InputError
        ``plan.may_not``, ``plan.not_editable``, ``plan.needs_reason``,
        ``plan.department_needed``.
    """
    refuse_put_aside(proposal)
    if proposal.department and not department:
        _refuse_nobodys(actor, proposal)
    if proposal.status in OPEN:
        check_role(actor, ("planner", "administrator"), proposal.department)
        check_role(actor, ("planner", "administrator"), department)
    elif proposal.status in DECIDED:
        check_role(actor, ("approver",))
        if not why.strip():
            raise InputError("plan.needs_reason", step="edit")
    else:
        raise InputError("plan.not_editable", id=proposal.id, status=proposal.status)


def _refuse_nobodys(actor: Actor, proposal: Proposal) -> None:
    """Refuse to take its department from what was handed in, and from a draft of one department."""
    if proposal.status != "draft" or actor.department:
        raise InputError("plan.department_needed", id=proposal.id, departments=proposal.department)


def check_review(actor: Actor, proposal: Proposal, department: str) -> None:
    """Refuse a review by who is no reviewer of the department, or of what is not under review.

    Raises
    ------
    InputError
        ``plan.may_not``, ``plan.not_reviewed_now``.
    """
    refuse_put_aside(proposal)
    check_role(actor, ("reviewer",), department)
    if proposal.status not in ("submitted", "under_review"):
        raise InputError("plan.not_reviewed_now", id=proposal.id, status=proposal.status)


def check_due(asked: Consultation | None, due: str, today: date) -> None:
    """Refuse to ask for an answer by a day that has passed: it would be overdue as it is asked.

    Parameters
    ----------
    asked
        What the department was asked before; its date may stay, whatever else is changed.
    due, today
        Date until which the answer is asked for, ISO 8601, and the day at hand.

    Raises
    ------
    InputError
        ``plan.due_past``.
    """
    kept = asked is not None and asked.due == due
    if due and due < today.isoformat() and not kept:
        raise InputError("plan.due_past", due=due)


def check_asked_less(actor: Actor, asked: Consultation, need: str, due: str, why: str) -> None:
    """Refuse that a needed answer is waited for no longer, or not so long, but by the committee.

    An answer without a date is waited for as long as it takes, so any date is an earlier one.

    Parameters
    ----------
    actor
        Who asks.
    asked
        What the department was asked before.
    need, due, why
        What it shall be asked now, and the reason.

    Raises
    ------
    InputError
        ``plan.may_not``, ``plan.needs_reason``.
    """
    earlier = due != "" and (asked.due == "" or due < asked.due)
    if asked.need != "needed" or (need == "needed" and not earlier):
        return
    check_role(actor, ("approver", "administrator"))
    if not why.strip():
        raise InputError("plan.needs_reason", step="consult")


def check_role(actor: Actor, roles: tuple[str, ...], department: str | None = None) -> None:
    """Refuse who has none of the roles, those of a department for this department.

    Parameters
    ----------
    actor, roles, department
        As for :func:`may`.

    Raises
    ------
    InputError
        ``plan.may_not``.
    """
    if not may(actor, roles, department):
        raise may_not(actor, roles)


def may(actor: Actor, roles: tuple[str, ...], department: str | None = None) -> bool:
    """Whether somebody has one of the roles; planners and reviewers for their department only.

    Parameters
    ----------
    actor, roles
        Who, and any of :data:`planner.plan.people.ROLES`.
    department
        Whose planner or reviewer it takes; that of any where None is given. What no department
        answers for (empty) is for those who act for every department.
    """
    if department == "" and actor.department:
        roles = tuple(role for role in roles if role not in OF_A_DEPARTMENT)
    return any(
        actor.is_a(role, (department or "") if role in OF_A_DEPARTMENT else "")  # type: ignore[arg-type]
        for role in roles
    )


def may_not(actor: Actor, roles: tuple[str, ...]) -> InputError:
    """Return the refusal of who has none of the roles."""
    return InputError("plan.may_not", name=actor.name, roles=", ".join(roles))


def refuse_put_aside(proposal: Proposal) -> None:
    """Refuse a proposal that was put aside.

    Raises
    ------
    InputError
        ``plan.put_aside``.
    """
    if proposal.deleted:
        raise InputError("plan.put_aside", id=proposal.id)


def refuse_other_workspace(proposal: Proposal, workspace: str) -> None:
    """Refuse a proposal that is about another workspace than the one that is given.

    Raises
    ------
    InputError
        ``plan.other_workspace``.
    """
    if proposal.workspace not in ("", workspace):
        raise InputError(
            "plan.other_workspace", id=proposal.id, own=proposal.workspace, given=workspace
        )


def refuse_unseen(
    read: Proposal, now: Proposal, names: Sequence[str] = (*WEIGHTY, "currency", "status")
) -> None:
    """Refuse what is done on a proposal that is another by now than what was read.

    Parameters
    ----------
    read, now
        The proposal as somebody saw it, and as it is.
    names
        Fields on which it turns.

    Raises
    ------
    ConflictError
        With the fields that are others by now.
    """
    old, new = read.to_row(), now.to_row()
    if all(old[name] == new[name] for name in names):
        return
    others = [name for name in (*EDITABLE, "status") if old[name] != new[name]]
    conflicts = [Conflict(name, old[name], old[name], new[name]) for name in others]
    raise ConflictError(read.id, conflicts, new)
