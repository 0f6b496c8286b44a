"""What the proposals of all departments are together: decided, carried out, talked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from planner.errors import InputError
from planner.plan.coordination.gains import Gains
from planner.plan.coordination.houses import guests_of, planned_once
from planner.plan.coordination.meeting.agenda import Agenda, agenda_of
from planner.plan.coordination.meeting.already import alike
from planner.plan.coordination.meeting.matter import Matter
from planner.plan.coordination.meeting.matters import (
    matters,
    matters_without_district,
    still_planned,
)
from planner.plan.coordination.years.kept_years import Years
from planner.plan.coordination.years.years import Guests, JointPlan, joint_plan
from planner.plan.proposals.figures import Base
from planner.plan.proposals.listed import gone
from planner.plan.proposals.prices import site_faults
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.plan.proposals.together import together
from planner.plan.proposals.whereabouts import refuse_namesake
from planner.plan.queries import Wanted, elsewhere_of
from planner.plan.targets.budgets import Budget, budgets
from planner.plan.targets.course import Course
from planner.plan.targets.lead_times import LeadTimes, builtin_lead_times
from planner.plan.targets.matters import budget_matters, exchange_matters
from planner.plan.targets.orders import Exchange, exchanges
from planner.plan.targets.path import Growth, Path
from planner.plan.targets.paths import paths
from planner.plan.targets.reading import AimQueries

if TYPE_CHECKING:
    import geopandas as gpd

    from planner.analysis.assessment import Assessment
    from planner.district import District, Scenario, Standard
    from planner.location.limits import Limits
    from planner.plan.coordination.compromise.compromise import Compromise
    from planner.siting.candidates import PlaceOptions
    from planner.siting.costs import Costs


class Joint(AimQueries):
    """What is read of a plan as a whole.

    Parameters
    ----------
    store
        Where it is kept.
    """

    def decided(self, workspace: str = "") -> list[Proposal]:
        """Return the proposals that are decided and not in the data yet, in the order of building.

        Ways that opened are among them, since the streets of a workspace are not corrected; those
        that its streets have by now are left out where they are carried out, and named.

        Raises
        ------
        InputError
            ``plan.several_workspaces`` where no workspace is named and they are about several:
            what is decided elsewhere brings nothing here.
        """
        found = [
            each
            for each in self._settled(workspace)
            if each.status in DECIDED or each.awaits_streets
        ]
        return sorted(found, key=lambda each: (each.counts_from or 9999, each.created_at, each.id))

    def opened(self, workspace: str = "") -> list[Proposal]:
        """Return the proposals that opened and are part of the data: all but ways.

        Raises
        ------
        InputError
            As :meth:`decided`.
        """
        settled = self._settled(workspace)
        return [x for x in settled if x.status == "opened" and not x.awaits_streets]

    def _settled(self, workspace: str) -> Sequence[Proposal]:
        wanted = Wanted(status=(*DECIDED, "opened"), workspace=workspace)
        return _of_one_workspace(self.proposals(wanted))

    def already(
        self, drafts: Sequence[Proposal], assessment: Assessment, workspace: str = ""
    ) -> list[list[Proposal]]:
        """Return for each draft what would do the same.

        See :func:`~planner.plan.coordination.meeting.already.alike`.
        """
        there = _of_one_workspace(self.proposals(Wanted(workspace=workspace)))
        return alike(drafts, there, assessment)

    def before(self, proposal: Proposal) -> list[Proposal]:
        """Return the decided proposals that come before one: before itself where it is decided.

        What is to be built in the same house is none of them, even if it was decided by itself.
        """
        made_of = set(proposal.made_of)
        decided = [each for each in self.decided(proposal.workspace) if each.id not in made_of]
        ids = [each.id for each in decided]
        return decided[: ids.index(proposal.id)] if proposal.id in ids else decided

    def stale(self, proposal: Proposal, assessment: Assessment) -> tuple[str, ...]:
        """Return why a proposal's figures may be others by now.

        As :meth:`~planner.plan.proposals.figures.Figures.stale`; ``"never"`` where they were never
        computed. Nothing is said of a round to the door, which changes no coverage, nor of what
        opened: the data has it by now, as it should.
        """
        if not _may_be_stale(proposal):
            return ()
        if proposal.figures is None:
            return ("never",)
        return proposal.figures.stale(assessment, self._base_of(proposal))

    def outdated(
        self, proposal: Proposal, district: District, standard: Standard
    ) -> tuple[str, ...]:
        """Return the same where no other question is asked than that of the figures."""
        if not _may_be_stale(proposal):
            return ()
        if proposal.figures is None:
            return ("never",)
        return proposal.figures.outdated(district, standard, self._base_of(proposal))

    def _base_of(self, proposal: Proposal) -> Base:
        return tuple((each.id, each.content_sign) for each in self.before(proposal))

    def refuse_namesake(self, district: District, workspace: str) -> None:
        """Refuse a district of which the plan has only proposals elsewhere under the same name.

        Raises
        ------
        InputError
            ``plan.namesake``, see :mod:`planner.plan.proposals.whereabouts`.
        """
        if workspace:
            alive = Wanted(status=(*OPEN, *DECIDED), workspace=workspace)
            refuse_namesake(district, self.proposals(alive), workspace)

    def scenario(self, name: str, workspace: str = "") -> Scenario:
        """Return the decided proposals as one scenario, in the order of building.

        Raises
        ------
        InputError
            ``plan.several_crs`` where they are about districts in different CRS.
        """
        return together(name, self.decided(workspace))

    def agenda(
        self,
        assessment: Assessment | None = None,
        workspace: str = "",
        *,
        gaps: gpd.GeoDataFrame | None = None,
        group: str | None = None,
        lead_times: LeadTimes | None = None,
        growth: Growth | None = None,
        today: date | None = None,
        costs: Costs | None = None,
    ) -> Agenda:
        """Return what the next joint meeting is about.

        Parameters
        ----------
        assessment
            The workspace as it is. Without it nothing is said of whom proposals bring within a
            limit: only what waits for whom, which proposals want the same place, and what becomes
            of houses.
        workspace
            Only proposals about this workspace.
        gaps
            Its gaps, where those that nobody has taken up shall be told.
        group
            Whose residents count; the total where none is given.
        lead_times, growth, today
            As of :meth:`paths`.
        costs
            What sharing a building saves, as of :meth:`planner.plan.Plan.combine`; the prices that
            ship where none are given.

        Returns
        -------
        Agenda
            A proposal that cannot be carried out on the workspace any more gets in nobody's way: it
            is named with the reason, and everything else is told.
        """
        # an assessment without small counts is not told beside figures that have them
        here = self if assessment is None else self.told_with(assessment.district)
        cases = here.cases(Wanted(workspace=workspace))
        proposals = [case.proposal for case in cases]
        spending = here.proposals()
        spent = budgets(here.limits(workspace), spending)
        if assessment is None:
            found = [*budget_matters(spent), *matters_without_district(proposals)]
            told = agenda_of(
                cases, found, here.store.head(), budgets=spent, spending=spending, today=today
            )
            return replace(told, elsewhere=elsewhere_of(spending, workspace))
        gains = here._gains_of(assessment, group)
        found = matters(gains, _of_one_workspace(proposals), gaps, costs)
        sooner = here.exchanges(assessment, workspace, group, lead_times, today)
        standing = here.paths(
            assessment, workspace, lead_times=lead_times, growth=growth, today=today
        )
        odd = gains.misfits(still_planned(proposals))
        money = [*budget_matters(spent), *exchange_matters(sooner)]
        about = [*money, *found]
        told = agenda_of(cases, about, here.store.head(), standing, spent, odd, spending, today)
        missing = gone(
            assessment.district, [each for each in told.opened if not each.awaits_streets]
        )
        return replace(
            told,
            elsewhere=elsewhere_of(spending, workspace),
            gone=tuple(missing),
            repriced=site_faults(assessment.district, told.decided),
        )

    def budgets(self, workspace: str = "") -> list[Budget]:
        """Return what is decided and asked for of each limit that holds for a workspace, or of all.

        A limit that names no workspace is held against the proposals of all of them.
        """
        return budgets(self.limits(workspace), self.proposals())

    def overruns(self, proposal: Proposal) -> list[Matter]:
        """Return the limits that are passed, or may be, with what is decided, one proposal in it.

        As the agenda tells them. None where the proposal is not decided, or in no year that has a
        limit.
        """
        counted = [each for each in self.budgets() if proposal.id in each.decided.proposals]
        passed = [each for each in counted if each.state in ("over", "perhaps_over")]
        return list(budget_matters(passed))

    def exchanges(
        self,
        assessment: Assessment,
        workspace: str = "",
        group: str | None = None,
        lead_times: LeadTimes | None = None,
        today: date | None = None,
    ) -> list[Exchange]:
        """Return where two proposals of a department should exchange their years, the best first.

        Parameters
        ----------
        assessment, workspace, group
            As of :meth:`agenda`.
        lead_times, today
            As of :meth:`paths`.
        """
        now, gains = today or date.today(), self._gains_of(assessment, group)
        proposals = _of_one_workspace(self.proposals(Wanted(workspace=workspace)))
        odd = {each.proposal.id for each in gains.misfits(still_planned(proposals))}
        return exchanges(
            gains,
            [each for each in planned_once(proposals) if each.id not in odd],
            self.limits(workspace),
            lead_times or builtin_lead_times(),
            (now.year, now.month),
            self.proposals(),
        )

    def paths(
        self,
        assessment: Assessment,
        workspace: str = "",
        *,
        lead_times: LeadTimes | None = None,
        growth: Growth | None = None,
        today: date | None = None,
    ) -> list[Path]:
        """Return the path that what is decided takes against each target, year by year.

        Parameters
        ----------
        assessment
            The workspace as it is.
        workspace
            Only targets and proposals about this workspace.
        lead_times
            How long building takes after an approval; those that ship where none are given.
        growth
            How residents grow; the figures of the data count for every year where none is given.
        today
            The day at hand where none is given.

        Raises
        ------
        InputError
            Where a change cannot be made to the workspace, or the growth does not fit.
        """
        asked = self.told_with(assessment.district).targets(workspace)
        if not asked:
            return []
        proposals = _of_one_workspace(self.proposals(Wanted(workspace=workspace)))
        times, year = lead_times or builtin_lead_times(), (today or date.today()).year
        joint, once = self.joint(assessment, workspace), planned_once(proposals)
        course = self._course_of(joint, year, growth)
        return paths(asked, joint, once, times, year, growth, self.approved_in(), course)

    def _course_of(self, joint: JointPlan, year: int, growth: Growth | None) -> Course:
        """Return the course that was taken before, so that an edit measures one proposal.

        Where residents grow at several rates it is taken anew each time.
        """
        sign = () if growth is None else growth.sign
        if sign is None:
            return Course(joint, year, growth)
        asked = ("course", id(joint), year, sign)
        return self.store.memory.get(asked, joint, lambda: Course(joint, year, growth))

    def _gains_of(self, assessment: Assessment, group: str | None) -> Gains:
        """Return what was measured of it before, so that one edit measures one proposal."""
        counted = group or assessment.groups[0]
        asked = ("gains", counted, id(assessment))
        return self.store.memory.get(asked, assessment, lambda: Gains(assessment, counted))

    def joint(self, assessment: Assessment, workspace: str = "") -> JointPlan:
        """Return what is decided, carried out year by year: coverage as it is built, and costs.

        What cannot be carried out on the workspace as it is is left out and named with the reason.
        """
        decided, opened = self.decided(workspace), self.opened(workspace)
        signs = tuple((x.id, x.version, x.content_sign) for x in (*decided, *opened))
        guests = self._guests([*decided, *opened])
        asked = ("joint", signs, tuple(guests.items()), id(assessment))

        def carry_out() -> JointPlan:
            return joint_plan(assessment, decided, opened, self._years_of(assessment), guests)

        # an edit of what is not decided carries out nothing anew
        return self.store.memory.get(asked, assessment, carry_out)

    def _guests(self, proposals: Sequence[Proposal]) -> Guests:
        """Return the other departments with rooms in each house of some proposals."""
        houses = [each for each in proposals if each.made_of]
        if not houses:
            return {}
        known = {each.id: each for each in self.proposals(Wanted(put_aside=True))}
        return {each.id: guests_of(each, known) for each in houses}

    def _years_of(self, assessment: Assessment) -> Years:
        """Return the years that were carried out before: an edit costs its own and later ones."""
        return self.store.memory.get(("years", id(assessment)), assessment, Years)

    def compare(
        self,
        assessment: Assessment,
        workspace: str = "",
        budget: float | None = None,
        *,
        group: str | None = None,
        kinds: Sequence[str] | None = None,
        price: str = "mid",
        places: PlaceOptions | None = None,
        limits: Limits | None = None,
    ) -> Compromise:
        """Compare what is decided with the best that the same money could do.

        Parameters and errors are those of
        :func:`planner.plan.coordination.compromise.compromise.compare_with_best`.
        """
        from planner.plan.coordination.compromise.compromise import compare_with_best

        decided = self.decided(workspace)
        return compare_with_best(
            assessment,
            decided,
            budget,
            group=group,
            kinds=kinds,
            price=price,
            places=places,
            limits=limits,
            opened=self.opened(workspace),
        )


def _of_one_workspace(proposals: Sequence[Proposal]) -> Sequence[Proposal]:
    """Return proposals as they are, once they are about one workspace."""
    names = {each.workspace for each in proposals if each.workspace}
    if len(names) > 1:
        raise InputError("plan.several_workspaces", found=", ".join(sorted(names)))
    return proposals


def is_of_other_data(proposal: Proposal, district: District) -> bool:
    """Whether the figures of a proposal are of other data than its district has by now.

    Never those of what opened and is in the data, as it should.
    """
    own = proposal.figures
    return own is not None and _may_be_stale(proposal) and own.is_of_other_data(district)


def _may_be_stale(proposal: Proposal) -> bool:
    opened = proposal.status == "opened" and not proposal.awaits_streets
    return not opened and proposal.action != "outreach"
