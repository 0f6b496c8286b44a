"""Facilities to move or close, and what is read off a relocation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import WHOLE, answer
from planner.app.session.answers.candidates import CandidateArea
from planner.app.session.answers.costs import costs_of
from planner.app.session.answers.proposals import CURVE_SECONDS, SECONDS
from planner.app.session.jobs.search_limits import refuse_partial, search_limits
from planner.app.session.jobs.tickets import Ticket
from planner.siting.relocation import curves
from planner.siting.relocation.relocate import movable, relocate
from planner.siting.relocation.relocation import Aim, Relocation


@dataclass(frozen=True, kw_only=True)
class RelocationQuestion(Question):
    """What a relocation is asked for; see :func:`planner.relocate`.

    `prices` are those of the work as a text, empty for those of the package.
    """

    kind: str
    group: str
    aim: Aim
    moves: int | None
    closing: int
    places: str
    keep: tuple[str, ...] = ()
    areas: CandidateArea = field(default_factory=CandidateArea)
    prices: str = ""


@answer(WHOLE)
def relocation(question: RelocationQuestion, _ticket: Ticket | None = None) -> Relocation:
    """Return which facilities to move or close; of a cancelled search nothing is kept.

    Raises
    ------
    CancelledError
    """
    result = question.assessment()
    found = relocate(
        result,
        question.kind,
        question.moves,
        closing=question.closing,
        objective=question.aim,
        group=question.group,
        keep=question.keep,
        places=replace(
            question.areas.options(result, question.places), costs=costs_of(question.prices)
        ),
        limits=search_limits(_ticket, SECONDS),
    )
    refuse_partial(_ticket)
    return found


@answer()
def relocation_curve(question: RelocationQuestion) -> pd.DataFrame:
    """Return what 0, 1, 2, … moves bring, and all."""
    asked = replace(question, moves=None) if question.moves == 0 else question
    return curves.relocation_curve(relocation(asked), time_limit_s=CURVE_SECONDS)


@answer()
def closings(question: RelocationQuestion) -> pd.DataFrame:
    """Return what is lost if one facility closes."""
    result = question.assessment()
    return curves.closings(result, question.kind, group=question.group, keep=question.keep)


@answer()
def movable_facilities(question: Question, kind: str) -> dict[str, str]:
    """Return the names of the facilities that may move, by id."""
    result = question.assessment()
    rows = result.district.facilities.iloc[movable(result, kind)]
    names = rows["name"].where(rows["name"] != "", rows["facility_id"])
    return dict(zip(rows["facility_id"], names, strict=True))
