"""Who must act."""

from __future__ import annotations

from dataclasses import dataclass

from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import WHOLE, answer
from planner.app.session.answers.costs import costs_of
from planner.app.session.answers.gaps import GapQuestion, gaps
from planner.app.session.answers.links import warm_up
from planner.app.session.jobs.tickets import Ticket
from planner.siting.departments.departments import LINKS, Departments, who_must_act


@dataclass(frozen=True, kw_only=True)
class DepartmentsQuestion(Question):
    """What departments are asked for.

    Parameters
    ----------
    group
        Whose residents count.
    prices
        Prices of the work as a text, empty for those of the package.
    links
        Whether the best links of the largest gaps behind a barrier are looked for, which takes
        longest; without them what such a gap costs is a wider range.
    """

    group: str
    prices: str = ""
    links: bool = True


@answer(WHOLE)
def departments(question: DepartmentsQuestion, _ticket: Ticket) -> Departments:
    """Return who must act; the gaps are those of the page of gaps.

    Raises
    ------
    CancelledError
        Where nobody waits any longer.
    """
    assessment = question.assessment()
    _ticket.progress(0.2)
    _ticket.check()
    found = gaps(GapQuestion.of(question, "", question.group))

    def report(part: float) -> None:
        _ticket.progress(0.2 + 0.8 * part)
        _ticket.check()

    links = LINKS if question.links else 0
    if links:
        warm_up(_ticket)
    return who_must_act(
        assessment,
        group=question.group,
        gaps=found,
        links=links,
        costs=costs_of(question.prices),
        progress=report,
    )
