"""What people say about a proposal: reviews and answers, consultations, comments, documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from planner.district.kinds import DEPARTMENTS
from planner.errors import InputError
from planner.plan.coordination.houses import houses_with
from planner.plan.joint import Joint
from planner.plan.people import Actor
from planner.plan.proposals.making import partners_of
from planner.plan.proposals.merging import ConflictError
from planner.plan.proposals.proposal import WEIGHTY, Proposal, checked
from planner.plan.proposals.statuses import OPEN
from planner.plan.queries import Wanted
from planner.plan.store.store import Store, T
from planner.plan.store.writing import Writing, new_id
from planner.plan.withheld import Withheld
from planner.plan.workflow import guards
from planner.plan.workflow.reviews import Case, Comment, Consultation, Document, Review
from planner.plan.workflow.steps import NEEDS, POSITIONS

ANSWER_DAYS = 14
"""So long a department that is asked by itself has for its answer."""


class Discussion(Joint):
    """What is said of the proposals of a plan.

    Parameters
    ----------
    store
        Where it is kept.
    actor
        Who says it.
    withheld
        As of :class:`planner.plan.queries.Queries`.
    """

    def __init__(self, store: Store, actor: Actor, withheld: Withheld | None = None) -> None:
        super().__init__(store, withheld)
        self.actor = actor

    def _write(self, work: Callable[[Writing], T]) -> T:
        """Do a piece of work in one transaction; what it refuses tells no counts withheld."""
        try:
            return self.store.write(self.actor.author, work)
        except ConflictError as error:
            raise self.shown_conflict(error) from None

    def review(
        self, base: Proposal | str, position: str, reason: str, department: str | None = None
    ) -> Review:
        """Say for a department that it supports, objects, or asks for a change.

        Parameters
        ----------
        base
            The proposal as it was read, so that nobody speaks of what they have not seen; or its
            id, which means as it is.
        position
            One of :data:`planner.plan.workflow.steps.POSITIONS`.
        reason
            Why.
        department
            For whom; one's own where none is given.

        Raises
        ------
        ConflictError
            Where what is to be done, size, price, year or department are others by now than what
            was read.
        InputError
            ``plan.may_not``, ``plan.not_reviewed_now``, ``plan.unknown_position``,
            ``plan.needs_reason``, ``plan.whose_review``.
        """
        for_whom = self._department(department)
        if position not in POSITIONS:
            known = ", ".join(POSITIONS)
            raise InputError("plan.unknown_position", position=position[:40], known=known)
        said = self._text("reason", reason, "review")

        def work(writing: Writing) -> Review:
            proposal = _proposal(writing, base if isinstance(base, str) else base.id)
            guards.check_review(self.actor, proposal, for_whom)
            if not isinstance(base, str):
                guards.refuse_unseen(base, proposal, (*WEIGHTY, "currency"))
            row = {
                "id": new_id("R"),
                "proposal_id": proposal.id,
                "department": for_whom,
                "position": position,
                "reason": said,
                "content_sign": proposal.content_sign,
                "by": self.actor.name,
                "at": writing.at,
                **dict.fromkeys(("answer", "answered_by", "answered_at"), ""),
            }
            kept = Review.from_row(writing.add("review", row, position, said))
            if position != "support":
                self._need_answers_on_houses(writing, proposal, for_whom)
            return kept

        return self._write(work)

    def answer(self, base: Review | str, text: str) -> Review:
        """Answer an objection or a wish for a change, for the department that proposes.

        Parameters
        ----------
        base
            What a department said as it was read, with the answer that is to become another; or its
            id, which means without an answer, or with one's own.
        text
            The answer.

        Raises
        ------
        InputError
            ``plan.may_not``, ``plan.no_such_row``, ``plan.needs_reason``, ``plan.not_editable``;
            ``plan.answered_meanwhile`` where somebody else answered since.
        """
        said = self._text("answer", text, "answer")
        review_id = base if isinstance(base, str) else base.id

        def work(writing: Writing) -> Review:
            row = writing.row("review", review_id)
            _refuse_answered(base, row, self.actor)
            proposal = _proposal(writing, row["proposal_id"])
            guards.check_role(self.actor, ("planner", "administrator"), proposal.department)
            # a part that was sent back holds up its house until the objection is answered
            part = proposal.status == "draft" and self.houses_with(writing, proposal.id)
            late = self.case_in(writing.connection, proposal.id).objected_late
            if proposal.status not in ("submitted", "under_review") and not (part or late):
                raise InputError("plan.not_editable", id=proposal.id, status=proposal.status)
            values = {"answer": said, "answered_by": self.actor.name, "answered_at": writing.at}
            return Review.from_row(writing.change("review", review_id, values, "answer", said))

        return self._write(work)

    def consult(
        self,
        proposal_id: str,
        department: str,
        need: str = "needed",
        due: str | None = None,
        note: str = "",
        *,
        why: str = "",
    ) -> Consultation:
        """Ask a department for its view, or change what it was asked.

        That a needed answer is waited for no longer, or not so long, is said by the committee, with
        the reason: the department that proposes could else pass over whoever must agree. An answer
        that is needed on a part of a house that was handed in is needed on the house as well.

        Parameters
        ----------
        proposal_id, department
            What, and whom.
        need
            One of :data:`planner.plan.workflow.steps.NEEDS`.
        due
            Date until which the answer is asked for, ISO 8601; empty for no date. Where none is
            said, the date asked for before stays.
        note
            What in particular.
        why
            The reason, which a lowered need or an earlier date needs.

        Raises
        ------
        InputError
            ``plan.may_not``, ``plan.unknown_department``, ``plan.bad_value``,
            ``plan.needs_reason``, ``plan.due_past``.
        """
        if department not in DEPARTMENTS:
            known = ", ".join(DEPARTMENTS)
            raise InputError("plan.unknown_department", name=department[:40], known=known)
        if need not in NEEDS:
            raise InputError("plan.bad_value", field="need", value=need[:40])
        told = checked({"note": note, "why": why})
        values = {"need": need, "note": told["note"]}

        def work(writing: Writing) -> Consultation:
            proposal = _proposal(writing, proposal_id)
            guards.check_role(
                self.actor, ("planner", "approver", "administrator"), proposal.department
            )
            asked = self.case_in(writing.connection, proposal.id).asked(department)
            before = "" if asked is None else asked.due
            values["due"] = before if due is None else _date(due)
            if asked is not None:
                guards.check_asked_less(self.actor, asked, need, values["due"], told["why"])
            guards.check_due(asked, values["due"], date.today())
            return self._ask(writing, proposal, department, values, told["why"], by_name=True)

        return self._write(work)

    def _ask(
        self,
        writing: Writing,
        proposal: Proposal,
        department: str,
        values: dict[str, Any],
        why: str = "",
        *,
        by_name: bool = False,
    ) -> Consultation:
        own = self.case_in(writing.connection, proposal.id).asked(department)
        if own is not None:
            row = writing.change("consultation", own.id, values, "consult", why)
        else:
            about = {"proposal_id": proposal.id, "department": department}
            said = {"by": self.actor.name, "at": writing.at}
            row = writing.add(
                "consultation", {"id": new_id("A"), **about, **said, **values}, "consult", why
            )
        if values["need"] == "needed":
            self._need_answers_on_houses(writing, proposal, department, why, by_name=by_name)
        return Consultation.from_row(row)

    def _need_answers_on_houses(
        self,
        writing: Writing,
        part: Proposal,
        department: str,
        why: str = "",
        *,
        by_name: bool = False,
    ) -> None:
        """Need a department's answer on the houses too that are to take a proposal in.

        A department whose answer is waited for no longer there is asked by its name alone: a step
        of a part undoes no decision about the house.

        Of a house that was handed in nobody is asked about the parts any more, and its approval
        ends them: what a part must wait for would be passed over. A draft asks as it is handed in.
        """
        for house in self.houses_with(writing, part.id):
            if house.status == "draft" or department in ("", house.department):
                continue
            asked = self.case_in(writing.connection, house.id).asked(department)
            if by_name or asked is None or asked.need != "none":
                self._need_answers(writing, house, [department], why)

    def ask_partners(self, writing: Writing, case: Case) -> None:
        """Ask the departments that must agree, where their answer is not needed already.

        What the proposing department asked of them before does not count for less: who must agree
        is not its choice, nor that they have less time than :data:`ANSWER_DAYS`.
        """
        self._need_answers(writing, case.proposal, self._partners(writing, case.proposal))

    def _partners(self, writing: Writing, proposal: Proposal) -> list[str]:
        """Return who must agree; of a house also those whom one of its parts concerns.

        Those are who proposes it, whose answer on it is needed, and who objected to it or wished a
        change.
        """
        singles = []
        for own in proposal.made_of:
            case = self.case_in(writing.connection, own)
            needed = [asked.department for asked in case.consultations if asked.need == "needed"]
            against = [name for name, said in case.positions.items() if said.position != "support"]
            singles += [case.proposal.department, *needed, *against]
        wanted = dict.fromkeys([*partners_of(proposal), *singles])
        return [each for each in wanted if each not in ("", proposal.department)]

    def houses_with(self, writing: Writing, part: str) -> list[Proposal]:
        """Return the open houses that are to take a proposal in, in the order of houses."""
        found = self.proposals_in(writing.connection, Wanted(status=OPEN).query())
        return houses_with(part, found)

    def ask_new_partners(
        self, writing: Writing, before: Proposal, edited: Proposal, why: str
    ) -> None:
        """Ask the departments that must agree since an edit, of what departments are looking at.

        Whoever had to agree before was asked at the submission, and what the committee asked of
        them since holds. A house that is to take it in needs the answer of who proposes it now.
        """
        if edited.department != before.department:
            self._need_answers_on_houses(writing, edited, edited.department, why)
        if edited.status not in ("submitted", "under_review"):
            return
        known = self._partners(writing, before)
        fresh = [each for each in self._partners(writing, edited) if each not in known]
        self._need_answers(writing, edited, fresh, why)

    def _need_answers(
        self, writing: Writing, proposal: Proposal, departments: Iterable[str], why: str = ""
    ) -> None:
        due = (date.fromisoformat(writing.at[:10]) + timedelta(days=ANSWER_DAYS)).isoformat()
        case = self.case_in(writing.connection, proposal.id)
        for department in departments:
            asked = case.asked(department)
            before, note = ("", "") if asked is None else (asked.due, asked.note)
            # a needed answer without a date is waited for as long as it takes
            enough = before == "" or before >= due
            if asked is None or asked.need != "needed" or not enough:
                values = {"need": "needed", "due": max(before, due), "note": note}
                self._ask(writing, proposal, department, values, why)

    def comment(self, proposal_id: str, text: str) -> Comment:
        """Say something that everybody sees.

        Raises
        ------
        InputError
            ``plan.may_not``, ``plan.needs_reason``, ``plan.no_such_row``.
        """
        said = self._text("text", text, "comment")
        roles = ("planner", "reviewer", "approver", "administrator")
        guards.check_role(self.actor, roles)

        def work(writing: Writing) -> Comment:
            proposal = _proposal(writing, proposal_id)
            row = {
                "id": new_id("C"),
                "proposal_id": proposal.id,
                "department": self.actor.department,
                "at": writing.at,
                "by": self.actor.name,
                "text": said,
            }
            return Comment.from_row(writing.add("comment", row, "comment"))

        return self._write(work)

    def document(self, proposal_id: str, title: str, link: str) -> Document:
        """Put a link to a document beside a proposal.

        Raises
        ------
        InputError
            ``plan.may_not``, ``plan.bad_link`` for what is no address of the web (``https://``).
        """
        said = checked({"title": title, "link": link})
        if urlsplit(said["link"]).scheme not in ("http", "https"):
            raise InputError("plan.bad_link", link=said["link"][:80])

        def work(writing: Writing) -> Document:
            proposal = _proposal(writing, proposal_id)
            roles = ("planner", "reviewer", "approver", "administrator")
            guards.check_role(self.actor, roles)
            own = {"id": new_id("D"), "proposal_id": proposal.id, "at": writing.at}
            row = {**own, "by": self.actor.name, **said}
            return Document.from_row(writing.add("document", row, "document"))

        return self._write(work)

    def _department(self, department: str | None) -> str:
        named = department or self.actor.department
        if not named:
            raise InputError("plan.whose_review")
        if named not in DEPARTMENTS:
            known = ", ".join(DEPARTMENTS)
            raise InputError("plan.unknown_department", name=named[:40], known=known)
        return named

    def _text(self, name: str, text: str, step: str) -> str:
        said = str(checked({name: text})[name])
        if not said:
            code = "plan.needs_reason" if name == "reason" else "plan.needs_text"
            raise InputError(code, step=step)
        return said


def _proposal(writing: Writing, proposal_id: str) -> Proposal:
    proposal = Proposal.from_row(writing.row("proposal", proposal_id))
    guards.refuse_put_aside(proposal)
    return proposal


def _refuse_answered(base: Review | str, row: Mapping[str, Any], actor: Actor) -> None:
    """Refuse to write over an answer that was not read; one's own may be put otherwise."""
    seen = "" if isinstance(base, str) else base.answer
    if row["answer"] not in ("", seen) and row["answered_by"] != actor.name:
        raise InputError("plan.answered_meanwhile", id=row["id"], name=row["answered_by"])


def _date(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise InputError("plan.bad_value", field="due", value=text[:40]) from error
