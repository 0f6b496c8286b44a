"""What departments say of a proposal, what they were asked, and what that leaves open."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, Literal, Self

from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import AGREED, OPEN, STATUSES

OVERRULED = ""
"""Sign of the content of a review that counts for nothing: its department said otherwise in another
office at the same time."""


AskedState = Literal["needed", "wished", "none", "missed", "answered"]
"""How it stands with a department that was asked, in the order in which a reader wants to know."""

ASKED_STATES: tuple[AskedState, ...] = ("needed", "wished", "none", "missed", "answered")


@dataclass(frozen=True)
class _Row:
    """What every row beside a proposal has."""

    id: str
    version: int
    deleted: bool
    proposal_id: str

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Return what a row of the database holds."""
        return cls(**{each.name: row[each.name] for each in fields(cls)})


@dataclass(frozen=True)
class Review(_Row):
    """What a department says.

    Parameters
    ----------
    department, position, reason
        Who, one of :data:`planner.plan.workflow.steps.POSITIONS`, and why.
    content_sign
        Sign of the content of the proposal that it is about; :data:`OVERRULED` for none.
    by, at
        Whose hand, and when.
    answer, answered_by, answered_at
        What the proposing department answers, empty while it has not.
    """

    department: str
    position: str
    reason: str
    content_sign: str
    by: str
    at: str
    answer: str
    answered_by: str
    answered_at: str

    @property
    def overruled(self) -> bool:
        """Whether it counts for nothing, since its department was stricter in another office."""
        return self.content_sign == OVERRULED


@dataclass(frozen=True)
class Consultation(_Row):
    """That a department is asked.

    Parameters
    ----------
    department
        Who is asked.
    need
        One of :data:`planner.plan.workflow.steps.NEEDS`.
    due
        Date until which the answer is asked for, ISO 8601; empty for none.
    by, at, note
        Who asks, when, and what in particular.
    """

    department: str
    need: str
    due: str
    by: str
    at: str
    note: str


@dataclass(frozen=True)
class Comment(_Row):
    """A remark that everybody sees."""

    department: str
    at: str
    by: str
    text: str


@dataclass(frozen=True)
class Document(_Row):
    """A link to a document."""

    at: str
    by: str
    title: str
    link: str


@dataclass(frozen=True)
class Case:
    """A proposal with all that was said of it, the oldest first.

    ``given_back`` tells whether the house that took its place has itself ended unbuilt;
    ``built_in`` is the id of the house that was agreed to and builds it, empty for none.
    """

    proposal: Proposal
    reviews: tuple[Review, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    comments: tuple[Comment, ...] = ()
    documents: tuple[Document, ...] = ()
    given_back: bool = False
    built_in: str = ""

    @cached_property
    def positions(self) -> dict[str, Review]:
        """What each department said last, as far as it counts."""
        return {review.department: review for review in self.reviews if not review.overruled}

    def asked(self, department: str) -> Consultation | None:
        """Return what a department was asked; None where it was not."""
        return next((each for each in self.consultations if each.department == department), None)

    def is_current(self, review: Review) -> bool:
        """Whether a review is about the proposal as it is, not as it was before an edit."""
        return review.content_sign == self.proposal.content_sign

    @cached_property
    def unanswered(self) -> tuple[Review, ...]:
        """Objections and wishes for a change that stand and have no answer yet.

        Two offices of a department may object to the same content, each with its own reason: the
        later word does not answer for the earlier.
        """
        return tuple(
            review
            for department in self.positions
            for review in self._standing(department)
            if review.position != "support" and not review.answer
        )

    def _standing(self, department: str) -> list[Review]:
        """Return a department's last word, and the like with other reasons right before it."""
        last = self.positions[department]
        said = [x for x in self.reviews if x.department == department and not x.overruled]
        found: dict[str, Review] = {}
        for review in reversed(said):
            if (review.position, review.content_sign) != (last.position, last.content_sign):
                break
            found.setdefault(review.reason, review)
        return list(found.values())[::-1]

    @cached_property
    def asked_states(self) -> tuple[tuple[Consultation, AskedState], ...]:
        """Departments that were asked, each with how it stands: needed first, by their dates."""
        told = [(each, self._state(each)) for each in self.consultations]
        order = ASKED_STATES.index
        return tuple(sorted(told, key=lambda row: (order(row[1]), row[0].due or "9999")))

    def _state(self, asked: Consultation) -> AskedState:
        said = self.positions.get(asked.department)
        if said is not None and self.is_current(said):
            return "answered"
        if asked.need == "none":
            return "none"
        if self.proposal.status not in OPEN:
            return "missed"
        return "needed" if asked.need == "needed" else "wished"

    @cached_property
    def waiting_for(self) -> tuple[Consultation, ...]:
        """Departments whose answer is needed or wished and not there, the earliest date first."""
        said = {name for name, review in self.positions.items() if self.is_current(review)}
        open_ = [
            each
            for each in self.consultations
            if each.need != "none" and each.department not in said
        ]
        return tuple(sorted(open_, key=lambda each: (each.need != "needed", each.due or "9999")))

    @property
    def missing_any(self) -> bool:
        """Whether a needed answer is not there, on a proposal that is being looked at."""
        return self.looked_at and any(each.need == "needed" for each in self.waiting_for)

    @property
    def looked_at(self) -> bool:
        """Whether departments are looking at the proposal."""
        return self.proposal.status in ("submitted", "under_review")

    @property
    def objected_late(self) -> bool:
        """Whether an objection, or a wish, without an answer stands against what was agreed to.

        Nobody agrees here before each has its answer; but another office may have heard it, of the
        proposal or of what a house took in, while this one agreed.
        """
        part = self.proposal.status == "superseded" and bool(self.built_in)
        agreed = self.proposal.status in AGREED or part
        return agreed and not self.proposal.deleted and bool(self.unanswered)

    @property
    def waits(self) -> bool:
        """Whether somebody must answer: a department that is asked, or the one that proposes."""
        unanswered = self.looked_at and bool(self.unanswered)
        return self.missing_any or unanswered or self.objected_late

    @property
    def urgency(self) -> tuple[int, str, str]:
        """By what proposals are sorted: answers that are needed first, by their date."""
        if self.waits:
            needed = [each.due or "9999" for each in self.waiting_for if each.need == "needed"]
            return 0, min(needed, default="0000"), self.proposal.created_at
        return 1 + STATUSES.index(self.proposal.status), "", self.proposal.created_at

    def waits_for(self, department: str) -> bool:
        """Whether it waits for a department: for its view, or for its answer as who proposes."""
        asked = self.looked_at and any(
            each.department == department and each.need == "needed" for each in self.waiting_for
        )
        own = self.proposal.department == department and bool(self.unanswered)
        return self.waits and (asked or own)

    def missing(self, today: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return departments whose needed answer is missing: still in time, and overdue."""
        needed = [each for each in self.waiting_for if each.need == "needed"]
        overdue = {each.department for each in needed if each.due and each.due < today.isoformat()}
        in_time = tuple(each.department for each in needed if each.department not in overdue)
        return in_time, tuple(sorted(overdue))


def as_cases(
    proposals: Iterable[Proposal],
    reviews: Iterable[Review],
    consultations: Iterable[Consultation],
    comments: Iterable[Comment],
    documents: Iterable[Document],
    given_back: Container[str] = (),
    built_in: Mapping[str, str] | None = None,
) -> list[Case]:
    """Return proposals with what belongs to each; the last two by the id of a house's part."""
    parts: list[dict[str, tuple[Any, ...]]] = []
    for rows in (reviews, consultations, comments, documents):
        of: dict[str, list[Any]] = {}
        for row in rows:
            of.setdefault(row.proposal_id, []).append(row)
        parts.append({own: tuple(them) for own, them in of.items()})
    said, asked, remarks, linked = parts
    return [
        Case(
            proposal,
            said.get(proposal.id, ()),
            asked.get(proposal.id, ()),
            remarks.get(proposal.id, ()),
            linked.get(proposal.id, ()),
            proposal.id in given_back,
            (built_in or {}).get(proposal.id, ""),
        )
        for proposal in proposals
    ]
