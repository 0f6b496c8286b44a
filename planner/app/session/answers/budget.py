"""Remedies under one budget."""

from __future__ import annotations

from dataclasses import dataclass

from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import WHOLE, answer
from planner.app.session.answers.costs import costs_of
from planner.app.session.jobs.search_limits import refuse_partial, search_limits
from planner.app.session.jobs.tickets import Ticket
from planner.siting.budget import Mix, best_mix
from planner.siting.candidates import PlaceOptions

SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class BudgetQuestion(Question):
    """What a mix of remedies is asked for.

    Parameters
    ----------
    kinds
        Kinds that count; all judged ones where there are none.
    group
        Whose residents count.
    budget
        Most to spend.
    prices
        Prices of the work as a text, empty for those of the package.
    """

    kinds: tuple[str, ...]
    group: str
    budget: float
    prices: str = ""


@answer(WHOLE)
def remedies(question: BudgetQuestion, _ticket: Ticket | None = None) -> Mix:
    """Return the best remedies for the money; of a search that was cancelled nothing is kept.

    Raises
    ------
    CancelledError
    """
    assessment = question.assessment()
    found = best_mix(
        assessment,
        question.budget,
        question.kinds or None,
        group=question.group,
        places=PlaceOptions(costs=costs_of(question.prices)),
        limits=search_limits(_ticket, SECONDS),
    )
    refuse_partial(_ticket)
    return found
