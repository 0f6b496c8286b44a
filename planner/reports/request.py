"""What a report is asked to tell, and what several of its parts rest on, computed once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.data_check import DataCheck, check_data
from planner.reports.content import Columns, Form
from planner.siting.costs import Costs, builtin_costs
from planner.siting.departments.departments import Departments, who_must_act
from planner.views.words.catalogue import PAPER
from planner.views.words.labels import Labels
from planner.views.words.measured import by_measure
from planner.views.words.names_of_places import PlaceNames

if TYPE_CHECKING:
    from planner.plan.coordination.years.years import JointPlan
    from planner.plan.plan import Plan
    from planner.plan.targets.budgets import Budget
    from planner.plan.targets.path import Path
    from planner.plan.workflow.reviews import Case
    from planner.siting.proposals.proposal import Proposal


@dataclass(frozen=True)
class JointWork:
    """The plan of the departments, as a report tells it.

    Parameters
    ----------
    cases, joint
        What is proposed, and what is decided year by year.
    paths, budgets
        How what is decided stands against targets, and against limits of what may be spent.
    elsewhere
        What the plan is about instead where it has nothing about the workspace, see
        :func:`planner.plan.queries.elsewhere_of`.
    """

    cases: tuple[Case, ...]
    joint: JointPlan
    paths: tuple[Path, ...] = ()
    budgets: tuple[Budget, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, plan: Plan, result: Assessment, workspace: str, today: dt.date | None = None
    ) -> JointWork:
        """Return the proposals of a plan for a workspace, and what is decided year by year.

        Parameters
        ----------
        plan, result
            The plan, and the assessment of the workspace as it is.
        workspace
            Its name, as the proposals have it.
        today
            The day at hand, by which targets are looked at, where none is given.
        """
        from planner.plan.queries import Wanted

        plan = plan.told_with(result.district)
        cases = plan.cases(Wanted(workspace=workspace))
        paths = plan.paths(result, workspace, today=today)
        budgets = plan.budgets(workspace)
        joint, elsewhere = plan.joint(result, workspace), plan.elsewhere(workspace)
        return cls(tuple(cases), joint, tuple(paths), tuple(budgets), elsewhere)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.cases or self.paths or self.budgets)


@dataclass(frozen=True)
class ReportRequest:
    """What a report is made of.

    Parameters
    ----------
    result
        The assessment.
    language
        ``"en"`` or ``"zh"``.
    group
        Whom coverage, gaps and departments count.
    proposals
        Sites that were looked for.
    work
        The joint plan, None where there is none to tell.
    form
        Fields of the papers of a bureau.
    acting
        Who must act, where that is found already.
    prices
        What remedies cost; those of `acting`, else those that ship, where none are given.
    told
        Names of the parts that are told.
    at
        When the report is made.
    """

    result: Assessment
    language: str
    group: str
    at: dt.datetime
    proposals: tuple[Proposal, ...] = ()
    work: JointWork | None = None
    form: Form = field(default_factory=Form)
    acting: Departments | None = None
    prices: Costs | None = None
    told: tuple[str, ...] = ()

    @cached_property
    def labels(self) -> Labels:
        """The language, and what is counted."""
        return Labels.of(self.result, self.language, self.group, PAPER)

    @cached_property
    def names(self) -> PlaceNames:
        """What places are called in the language."""
        return PlaceNames.of_district(self.result.district, self.language)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Figures of the district for the group, a row for each kind that has a limit."""
        return self.judged(self.result.summary())

    @cached_property
    def departments(self) -> Departments:
        """Which department must act on which gap."""
        return self.acting or who_must_act(self.result, group=self.group, costs=self.costs)

    @property
    def costs(self) -> Costs:
        """What remedies cost."""
        return self.acting.costs if self.acting else self.prices or builtin_costs()

    @cached_property
    def data(self) -> DataCheck:
        """What is wrong with the data."""
        return check_data(self.result.district)

    def judged(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of the group and of kinds that are judged."""
        wanted = (rows["group"] == self.group) & rows["kind"].isin(self.result.judged_kinds)
        return rows[wanted].reset_index(drop=True)

    def say(self, code: str, **params: object) -> str:
        """Return a sentence of the reports in the language."""
        return self.labels.message(f"reports.{code}", **params)

    def measured(self, code: str, kinds: Iterable[str], **params: object) -> str:
        """Return a sentence of the reports on distances to kinds, in the words of their measure."""
        standard = self.result.standard
        return by_measure(f"reports.{code}", standard, kinds, self.labels, **params)

    def kind(self, kind: str) -> str:
        """Return the name of a kind."""
        return self.labels.kind(kind, self.result.district.kinds)

    @property
    def withheld(self) -> str:
        """The word for a count that is missing: withheld where small ones are, else unknown."""
        if self.result.district.withheld is not None:
            return self.labels.message("small_numbers.withheld")
        return self.labels.text("unknown")

    def columns(self, **how: object) -> Columns:
        """Return how columns are read, with the word for what is missing."""
        return Columns(withheld=self.withheld, **how)  # type: ignore[arg-type]
