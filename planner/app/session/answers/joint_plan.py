"""What is decided in the joint plan, carried out, and beside the best for the same money."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import TABLE, WHOLE, answer
from planner.app.session.answers.costs import costs_of
from planner.app.session.answers.gaps import GapQuestion, gaps
from planner.app.session.jobs.search_limits import refuse_partial, search_limits
from planner.app.session.jobs.tickets import Ticket
from planner.plan.coordination.compromise.compromise import Compromise
from planner.plan.coordination.meeting.agenda import Agenda
from planner.plan.coordination.years.years import JointPlan
from planner.plan.plan import Plan
from planner.plan.targets.lead_times import builtin_lead_times
from planner.plan.targets.path import Growth, Path
from planner.siting.candidates import PlaceOptions

SECONDS = 4.0
"""Time limit of each of the two searches of a comparison."""


@dataclass(frozen=True, kw_only=True)
class PlanQuestion(Question):
    """Which plan is asked about, in which state.

    Parameters
    ----------
    place, head
        Where it is kept; entries of its trail and the hash of the last.
    """

    place: str
    head: tuple[int, str]


@dataclass(frozen=True, kw_only=True)
class AssumingQuestion(PlanQuestion):
    """What is asked of targets, and what is assumed for it.

    Parameters
    ----------
    months
        Months of building by action.
    growth
        How residents grow; None for not at all.
    today
        The day at hand.
    """

    months: tuple[tuple[str, int], ...]
    growth: Growth | None
    today: dt.date

    @property
    def assumed(self) -> dict[str, Any]:
        """What is assumed, as :meth:`planner.plan.Plan.paths` takes it."""
        times = builtin_lead_times().with_months(dict(self.months))
        return {"lead_times": times, "growth": self.growth, "today": self.today}


@dataclass(frozen=True, kw_only=True)
class CompromiseQuestion(PlanQuestion):
    """What is compared.

    Parameters
    ----------
    group
        Whose people count.
    kinds
        Kinds offered beside the plan; all judged ones where there are none.
    budget
        Most that each choice may cost; None: what is decided costs.
    price
        Which price of a range is taken.
    prices
        Prices of the work as a text, empty for those of the package.
    """

    group: str
    kinds: tuple[str, ...]
    budget: float | None
    price: str
    prices: str


@answer(WHOLE)
def joint_plan(question: PlanQuestion, _plan: Plan) -> JointPlan:
    """Return what is decided, carried out year by year."""
    return _plan.joint(question.assessment(), question.entry.id)


@answer(WHOLE)
def agenda(
    question: AssumingQuestion,
    asked: GapQuestion,
    prices: str,
    _plan: Plan,
    _ticket: Ticket | None = None,
) -> Agenda:
    """Return what the next joint meeting is about, with the gaps that nobody took up.

    What sharing saves is by `prices`, a text; empty for those of the package.

    Raises
    ------
    CancelledError
    """
    beyond = gaps(asked, _ticket)
    refuse_partial(_ticket)
    about, own = question.assessment(), question.entry.id
    costs = costs_of(prices)
    return _plan.agenda(about, own, gaps=beyond, group=asked.group, costs=costs, **question.assumed)


@answer(TABLE)
def paths(question: AssumingQuestion, _plan: Plan) -> list[Path]:
    """Return the path of each target, with these months of building and this growth."""
    return _plan.paths(question.assessment(), question.entry.id, **question.assumed)


@answer(WHOLE)
def compromise(
    question: CompromiseQuestion, _plan: Plan, _ticket: Ticket | None = None
) -> Compromise:
    """Return the comparison; of a search that was cancelled nothing is kept.

    Raises
    ------
    CancelledError
    """
    found = _plan.compare(
        question.assessment(),
        question.entry.id,
        question.budget,
        group=question.group,
        kinds=question.kinds or None,
        price=question.price,
        places=PlaceOptions(costs=costs_of(question.prices)),
        limits=search_limits(_ticket, SECONDS),
    )
    refuse_partial(_ticket)
    return found
