"""One-stop sites."""

from __future__ import annotations

from dataclasses import dataclass

from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import WHOLE, answer
from planner.app.session.answers.candidates import PLACES
from planner.app.session.answers.costs import costs_of
from planner.app.session.jobs.search_limits import refuse_partial, search_limits
from planner.app.session.jobs.tickets import Ticket
from planner.siting.candidates import PlaceOptions
from planner.siting.one_stop_sites.answers import OneStopProposal
from planner.siting.one_stop_sites.gaps import MOST, kinds_with_gaps
from planner.siting.one_stop_sites.proposals import propose_one_stop

SECONDS = 4.0


@dataclass(frozen=True, kw_only=True)
class OneStopQuestion(Question):
    """What one-stop sites are asked for.

    Parameters
    ----------
    kinds
        What is sited.
    group
        Whose residents count.
    budget
        Most to spend.
    most
        Buildings at most; 0 where only the budget decides.
    places
        A name of :data:`planner.app.session.answers.candidates.PLACES`.
    fitting
        Whether floor areas limit what a candidate site holds.
    prices
        Prices of the work as a text, empty for those of the package.
    """

    kinds: tuple[str, ...]
    group: str
    budget: float
    most: int
    places: str
    fitting: bool
    prices: str = ""


@answer()
def suggested_kinds(question: Question) -> tuple[str, ...]:
    """Return the kinds that are asked for at first."""
    result = question.assessment()
    return tuple(kinds_with_gaps(result) or result.judged_kinds[:MOST])


@answer(WHOLE)
def one_stop_proposal(question: OneStopQuestion, _ticket: Ticket | None = None) -> OneStopProposal:
    """Return the proposal for a question, with its comparison and its assessment afterwards.

    Raises
    ------
    CancelledError
        Where the search was cancelled: nothing of it is kept.
    """
    found = propose_one_stop(
        question.assessment(),
        question.kinds,
        question.budget,
        buildings=question.most or None,
        group=question.group,
        fitting=question.fitting,
        places=PlaceOptions(where=PLACES[question.places], costs=costs_of(question.prices)),
        limits=search_limits(_ticket, SECONDS),
    )
    refuse_partial(_ticket)
    _ = found.separate
    refuse_partial(_ticket)
    _ = found.overlap
    return found
