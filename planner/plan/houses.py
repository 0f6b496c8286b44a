"""One house for several proposals: made as a draft, and what becomes of the single ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.errors import InputError
from planner.plan.coordination.fitting import left_out
from planner.plan.proposals import making, one_house
from planner.plan.proposals.by_hand import Described
from planner.plan.proposals.figures import compute_each
from planner.plan.proposals.prices import with_given
from planner.plan.proposals.proposal import Proposal, checked
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.plan.queries import Wanted
from planner.plan.store.writing import Writing, new_id
from planner.plan.targets.setting import Setting
from planner.plan.workflow import guards
from planner.siting.costs import builtin_costs

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.siting.costs import Costs


class Houses(Setting):
    """Co-location: what several departments propose, built in one house.

    Parameters
    ----------
    store
        Where the plan is kept.
    actor
        Who works on it.
    """

    def combine(
        self,
        proposals: Sequence[Proposal | str],
        assessment: Assessment,
        workspace: str = "",
        *,
        site: str | tuple[float, float] | None = None,
        costs: Costs | None = None,
        **values: Any,
    ) -> Proposal:
        """Make one draft of several proposals: all of their kinds in one house.

        The single proposals stay as they are until the house is approved, which ends them
        (superseded); while it is open, the agenda and limits of budgets count it and not them.
        Where it is withdrawn or rejected, they go on. It is proposed by the department whose place
        it takes, else by one's own; the other departments are asked once it is submitted.

        Parameters
        ----------
        proposals
            Open proposals of new facilities, as they were read or by their ids.
        assessment, workspace
            The district that they are about, as it is, and its name.
        site
            Id of the proposal whose place it takes, or coordinates in the district's CRS; the
            place that brings most where none is given.
        costs
            What sharing a house saves; the prices that ship where none are given.
        **values
            Fields of :class:`planner.plan.proposals.proposal.Proposal`.

        Raises
        ------
        ConflictError
            Where one of them is another by now than what was read.
        InputError
            ``plan.may_not``, ``plan.other_workspace``, those of
            :func:`planner.plan.proposals.one_house.check_combinable` and of
            :func:`planner.plan.proposals.one_house.places`.
        """
        read = [self.get(each) if isinstance(each, str) else each for each in proposals]
        read = list({each.id: each for each in read}.values())
        for each in read if workspace else ():
            guards.refuse_other_workspace(each, workspace)
        one_house.check_combinable(read, self.proposals(Wanted(status=OPEN)))
        self._department_of_house(read)
        if isinstance(site, tuple):
            told = Described(x=site[0], y=site[1])
            making.check_places(assessment.district, "build", told)
        best = self._best_house(read, assessment, site, costs or builtin_costs())
        return self._keep_house(with_given(best, values), read)

    def house_of(self, proposal: Proposal) -> Proposal | None:
        """Return the open house that is to take a proposal in; None for none."""
        if proposal.status not in OPEN:
            return None
        found = self.proposals(Wanted(status=OPEN, workspace=proposal.workspace))
        return next((each for each in found if proposal.id in each.made_of), None)

    def parts_of(self, house: Proposal) -> list[Proposal]:
        """Return the single proposals that a house takes in."""
        return [self.get(own) for own in house.made_of]

    def _best_house(
        self,
        read: Sequence[Proposal],
        assessment: Assessment,
        site: str | tuple[float, float] | None,
        costs: Costs,
    ) -> Proposal:
        """Return the house at the place where all kinds together bring most."""
        own = new_id("P")
        drafts = []
        for place, host in one_house.places(read, site).items():
            draft = one_house.house_at(read, place, host, costs, own)
            department = self._department_of_house(read, host)
            drafts.append(making.as_kept(replace(draft, department=department), own))
        before = self.before(drafts[0])
        brought = compute_each(assessment, drafts, before, left_out(assessment, before))
        told = [replace(each, figures=it) for each, it in zip(drafts, brought, strict=True)]
        # where nobody knows what it brings, the place that was named first
        gains = [each.gained() for each in brought]
        worth = [-1.0 if gained is None else gained for gained in gains]
        return told[worth.index(max(worth))]

    def _department_of_house(self, read: Sequence[Proposal], host: str = "") -> str:
        """Return who proposes the house: whose place it takes, or else another of them."""
        roles = ("planner", "administrator")
        first = sorted(read, key=lambda each: each.id != host)
        found = [
            each.department for each in first if guards.may(self.actor, roles, each.department)
        ]
        if not found:
            raise guards.may_not(self.actor, roles)
        return found[0]

    def _keep_house(self, house: Proposal, read: Sequence[Proposal]) -> Proposal:
        """Keep the draft, unless what it is made of is another by now."""
        row = checked(house.to_row())
        guards.check_role(self.actor, ("planner", "administrator"), row["department"])

        def work(writing: Writing) -> Proposal:
            now = [Proposal.from_row(writing.row("proposal", each.id)) for each in read]
            for seen, each in zip(read, now, strict=True):
                guards.refuse_unseen(seen, each)
            asked = Wanted(status=OPEN).query()
            one_house.check_combinable(now, self.proposals_in(writing.connection, asked))
            own = {"created_by": self.actor.name, "created_at": writing.at}
            first = {"version": 1, "changed_at": writing.at}
            why = ", ".join(each.id for each in read)
            kept = writing.add("proposal", {**row, **own, **first}, "combine", why)
            return Proposal.from_row(kept)

        return self.store.write(self.actor.author, work)

    def refuse_odd_parts(self, writing: Writing, house: Proposal) -> None:
        """Refuse to go on with a house whose parts were decided meanwhile, or are in another.

        Raises
        ------
        InputError
            ``plan.part_decided``, ``plan.combine_taken``.
        """
        if not house.made_of:
            return
        for own in house.made_of:
            status = writing.row("proposal", own)["status"]
            if status in (*DECIDED, "opened"):
                raise InputError("plan.part_decided", id=own, other=house.id, status=status)
        # one that was withdrawn and taken up again may have lost them to another
        for other in self.proposals_in(writing.connection, Wanted(status=OPEN).query()):
            both = set(house.made_of).intersection(other.made_of)
            if both and other.id not in (house.id, *house.made_of):
                raise InputError("plan.combine_taken", id=min(both), other=other.id)

    def end_parts(self, writing: Writing, house: Proposal) -> None:
        """End the single proposals that are built in a house, now that it is agreed."""
        for own in house.made_of:
            single = Proposal.from_row(writing.row("proposal", own))
            if single.status in OPEN and not single.deleted:
                values = {"status": "superseded", "superseded_by": house.id}
                values["changed_at"] = writing.at
                writing.change("proposal", own, values, "supersede", house.id)
