"""Sites for one kind, and what is read off a proposal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import WHOLE, answer
from planner.app.session.answers.candidates import CandidateArea
from planner.app.session.answers.costs import costs_of
from planner.app.session.jobs.search_limits import refuse_partial, search_limits
from planner.app.session.jobs.tickets import Ticket
from planner.siting.candidates import PlaceOptions
from planner.siting.proposals import answers, curves
from planner.siting.proposals.objectives import Objective
from planner.siting.proposals.options import SiteOptions
from planner.siting.proposals.proposal import Proposal
from planner.siting.proposals.proposing import propose

SECONDS = 3.0
CURVE_SECONDS = 0.5
CURVE_SITES = 10


@dataclass(frozen=True, kw_only=True)
class SiteQuestion(Question):
    """What a proposal is asked for.

    Parameters
    ----------
    kind, group
        What is sited, and whose residents count.
    objective
        What is to be reached.
    most
        Sites at most; 0 where the objective or the budget decides.
    places
        A name of :data:`planner.app.session.answers.candidates.PLACES`.
    areas
        Where places may lie.
    options
        What else, as far as the objective heeds it.
    prices
        Prices of the work as a text, empty for those of the package.
    """

    kind: str
    group: str
    objective: Objective
    most: int
    places: str
    areas: CandidateArea = field(default_factory=CandidateArea)
    options: SiteOptions = field(default_factory=SiteOptions)
    prices: str = ""

    def places_of(self, result: Assessment) -> PlaceOptions:
        """Return the places to choose from, at the prices of the work."""
        return replace(self.areas.options(result, self.places), costs=costs_of(self.prices))


@answer(WHOLE)
def proposal(question: SiteQuestion, _ticket: Ticket | None = None) -> Proposal:
    """Return the proposal for a question; of a search that was cancelled nothing is kept.

    Raises
    ------
    CancelledError
    """
    result = question.assessment()
    found = propose(
        result,
        question.kind,
        question.most or None,
        objective=question.objective,
        group=question.group,
        places=question.places_of(result),
        options=question.options.heeded(question.objective),
        limits=search_limits(_ticket, SECONDS),
    )
    refuse_partial(_ticket)
    return found


@answer()
def coverage_curve(question: SiteQuestion) -> pd.DataFrame:
    """Return what 1, 2, … sites bring."""
    return curves.coverage_curve(proposal(question), CURVE_SITES, time_limit_s=CURVE_SECONDS)


@answer()
def alternatives(question: SiteQuestion) -> pd.DataFrame:
    """Return the swaps that lose little."""
    return proposal(question).alternatives()


@answer()
def robustness(question: SiteQuestion) -> pd.DataFrame:
    """Return what is left of the gain in harder cases."""
    return curves.robustness(proposal(question))


@answer()
def budget_curve(question: SiteQuestion) -> pd.DataFrame:
    """Return what more and more money brings."""
    return curves.budget_curve(proposal(question), time_limit_s=CURVE_SECONDS)


@answer()
def phases(question: SiteQuestion, years: int) -> pd.DataFrame:
    """Return the sites spread over some years."""
    chosen = proposal(question)
    spread = curves.even_phases(len(chosen.sites), years)
    return curves.phases(chosen, spread, time_limit_s=CURVE_SECONDS)


@answer()
def reasons(question: SiteQuestion) -> pd.DataFrame:
    """Return whom each site serves and why."""
    return answers.reasons(proposal(question))


@answer()
def before_after(question: SiteQuestion) -> pd.DataFrame:
    """Return what changes in each community and for each group."""
    return answers.before_after(proposal(question))


@answer()
def against_links(question: SiteQuestion) -> pd.DataFrame:
    """Return the sites beside the best links, both at the prices of the work."""
    return answers.against_links(proposal(question), costs=costs_of(question.prices))
