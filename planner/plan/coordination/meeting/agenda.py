"""What the next joint meeting is about: who must answer, and what to talk about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from planner.errors import Finding
from planner.plan.coordination.fitting import Misfit
from planner.plan.coordination.house_faults import Hindered, hindered
from planner.plan.coordination.meeting.house_matters import HELD_HOUSES
from planner.plan.coordination.meeting.matter import Matter
from planner.plan.coordination.meeting.open_cases import asked_of, objected_to
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED
from planner.plan.targets.budgets import Budget
from planner.plan.targets.path import Path
from planner.plan.workflow.reviews import Case


@dataclass(frozen=True)
class Agenda:
    """The agenda of a joint meeting, as data.

    Parameters
    ----------
    to_decide
        Proposals under review of which nothing is missing.
    to_answer
        Proposals with objections or wishes for a change that have no answer.
    to_review
        Proposals that wait for a needed answer, the earliest date first.
    to_take_up
        Proposals that were submitted.
    hindered
        Houses that were handed in and cannot be taken up or decided yet, with what is to be done
        first; but for those of which a matter says so.
    matters
        What to talk about: budgets and years, then what proposals mean for each other, then gaps;
        the most people first.
    named
        The proposals that matters are about, by id.
    entries, head
        How many entries the trail has, and the hash of the last: for the minutes.
    targets
        The path that is decided against each target.
    budgets
        What is decided and asked for of each limit of a budget.
    misfits
        Proposals of which nothing is said in the matters, since they cannot be carried out on the
        data as they are; and opened ways that the streets have by now.
    opened_ways
        Ways that opened and count in the plan until a newer file of streets has them.
    decided, opened
        What was decided and is still to be built, and what opened: what changed last comes first.
    today
        The day that it is told of.
    workspace
        The one that the proposals of the plan are about; None where there are several.
    elsewhere
        What the plan is about instead where it has nothing about the workspace that was asked for,
        see :func:`planner.plan.queries.elsewhere_of`.
    gone
        Proposals that opened and are not in the data of the workspace.
    repriced
        Of which decided proposals the sites have another price in the data by now.
    """

    to_decide: tuple[Case, ...]
    to_answer: tuple[Case, ...]
    to_review: tuple[Case, ...]
    to_take_up: tuple[Case, ...]
    matters: tuple[Matter, ...]
    named: Mapping[str, Proposal]
    entries: int
    head: str
    targets: tuple[Path, ...] = ()
    budgets: tuple[Budget, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    opened_ways: tuple[Proposal, ...] = ()
    decided: tuple[Proposal, ...] = ()
    opened: tuple[Proposal, ...] = ()
    today: date = field(default_factory=date.today)
    hindered: tuple[Hindered, ...] = ()
    workspace: str | None = None
    elsewhere: tuple[str, ...] = ()
    gone: tuple[Proposal, ...] = ()
    repriced: tuple[Finding, ...] = ()

    @property
    def proposals(self) -> list[Proposal]:
        """All proposals that it names, each once: those of the points, then those of matters."""
        points = (self.to_decide, self.to_answer, self.to_review, self.to_take_up)
        cases = [*(case for point in points for case in point), *(x.case for x in self.hindered)]
        found = [
            *(case.proposal for case in cases),
            *self.decided,
            *self.opened,
            *self.opened_ways,
            *self.gone,
            *(each.proposal for each in self.misfits),
            *self.named.values(),
        ]
        return list({each.id: each for each in found}.values())

    @property
    def is_quiet(self) -> bool:
        """Whether nothing waits and there is nothing to talk about."""
        waiting = (self.to_decide, self.to_answer, self.to_review, self.to_take_up)
        told = (
            self.matters,
            self.targets,
            self.misfits,
            self.opened_ways,
            self.hindered,
            self.gone,
            self.repriced,
        )
        return not any((*waiting, *told))


def agenda_of(
    cases: Sequence[Case],
    matters: Sequence[Matter],
    head: tuple[int, str],
    targets: Sequence[Path] = (),
    budgets: Sequence[Budget] = (),
    misfits: Sequence[Misfit] = (),
    spending: Sequence[Proposal] = (),
    today: date | None = None,
) -> Agenda:
    """Put proposals and matters under the points of an agenda.

    Parameters
    ----------
    cases
        Of the plan; those that are not open are left out.
    matters
        What to talk about.
    head
        Entries of the trail and the hash of the last.
    targets, budgets
        How the plan stands against its targets and its limits of budgets.
    misfits
        Proposals that no longer fit the data, or that the data have by now.
    spending
        Those that count for limits, also of other workspaces.
    today
        The day that it is told of, the day at hand where none is given.
    """
    odd = {each.proposal.id for each in misfits}
    awaiting = [case.proposal for case in cases if case.proposal.awaits_streets]
    alive, unanswered = asked_of(cases), objected_to(cases)
    missing = [case for case in alive if case.missing_any]
    # what would be refused is not offered
    faulty = hindered(cases)
    held = {each.case.proposal.id for each in faulty}
    going_on = [case for case in alive if case.proposal.id not in held]
    ready = [
        case
        for case in going_on
        if case.proposal.status == "under_review" and not (case.missing_any or case.unanswered)
    ]
    submitted = [case for case in going_on if case.proposal.status == "submitted"]
    # a house of which the meeting talks anyway, with what to decide, is not told a second time
    talked_of = {own for x in matters if x.code in HELD_HOUSES for own in x.proposals}
    by_date = sorted(missing, key=lambda case: case.waiting_for[0].due or "9999")
    ordered = sorted(matters, key=lambda each: each.code == "gap")
    known = [case.proposal for case in cases]
    about = {own for each in ordered for own in each.proposals}
    return Agenda(
        tuple(ready),
        tuple(unanswered),
        tuple(by_date),
        tuple(submitted),
        tuple(ordered),
        {each.id: each for each in (*spending, *known) if each.id in about},
        *head,
        tuple(targets),
        tuple(budgets),
        tuple(misfits),
        tuple(each for each in awaiting if each.id not in odd),
        *_settled(known),
        today or date.today(),
        tuple(each for each in faulty if each.case.proposal.id not in talked_of),
        _only([each.workspace for each in known]),
    )


def _only(workspaces: Sequence[str]) -> str | None:
    return workspaces[0] if len(set(workspaces)) == 1 else None


def _settled(
    proposals: Sequence[Proposal],
) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]]:
    """Return what is decided and what opened, what changed last first."""
    latest = sorted(proposals, key=lambda each: (each.changed_at, each.id), reverse=True)
    return (
        tuple(each for each in latest if each.status in DECIDED),
        tuple(each for each in latest if each.status == "opened"),
    )
