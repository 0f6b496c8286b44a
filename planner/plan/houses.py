"""One house for several proposals: made as a draft, and what becomes of the single ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.errors import Finding, InputError
from planner.plan.coordination.fitting import left_out
from planner.plan.coordination.house_faults import (
    STEPS,
    house_faults,
    lost_kinds,
    lost_year,
    odd_parts,
)
from planner.plan.coordination.houses import houses_with, rivals
from planner.plan.proposals import making, one_house
from planner.plan.proposals.by_hand import Described
from planner.plan.proposals.computing import compute_each
from planner.plan.proposals.floor_areas import with_one_area
from planner.plan.proposals.prices import (
    FORGOTTEN,
    SUM_FORGOTTEN,
    SUM_TURNS_ON,
    list_price,
    with_given,
)
from planner.plan.proposals.proposal import MEASURE, PRICE, Proposal, checked
from planner.plan.proposals.statuses import OPEN
from planner.plan.queries import Wanted
from planner.plan.store.writing import Writing, new_id
from planner.plan.targets.setting import Setting
from planner.plan.workflow import guards
from planner.siting.costs import builtin_costs

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from planner.analysis.assessment import Assessment
    from planner.siting.costs import Costs


FOLLOWS = (*MEASURE, "figures")
"""What of a house follows from its parts, its place and its workspace, and is not given."""


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
        (superseded); once it is handed in, the agenda and limits of budgets count it and not them.
        Where it is withdrawn or rejected, they go on, or are reopened. It is proposed by the
        department whose place it takes, else by one's own; the other departments are asked once it
        is submitted.

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
            Fields of :class:`planner.plan.proposals.proposal.Proposal`, but for :data:`FOLLOWS`.

        Raises
        ------
        ConflictError
            Where one of them is another by now than what was read.
        InputError
            ``plan.may_not``, ``plan.other_workspace``, ``plan.combine_follows``, those of
            :func:`planner.plan.proposals.one_house.check_combinable` and of
            :func:`planner.plan.proposals.one_house.places`.
        """
        for name in values:
            if name in FOLLOWS:
                raise InputError("plan.combine_follows", field=name)
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
        house = with_one_area(with_given(best, values), best, values)
        return self._keep_house(house, read)

    def house_of(self, proposal: Proposal) -> Proposal | None:
        """Return the open house that is to take a proposal in, of several the first; else None."""
        if proposal.status not in OPEN:
            return None
        found = self.proposals(Wanted(status=OPEN))
        return next(iter(houses_with(proposal.id, found)), None)

    def house_about(self, proposal: Proposal) -> Proposal | None:
        """Return the house of a proposal: open, or unbuilt and gave it back, or agreed to."""
        return self.house_of(proposal) or self.gave_back(proposal) or self.built_by(proposal)

    def rivals_of(self, proposal: Proposal) -> list[Proposal]:
        """Return the open houses that hinder one another about a proposal, or about its parts.

        See :func:`planner.plan.coordination.houses.rivals`.
        """
        if proposal.status not in OPEN:
            return []
        return rivals(proposal, self.proposals(Wanted(status=OPEN)))

    def parts_of(self, house: Proposal) -> list[Proposal]:
        """Return the single proposals that a house takes in, put aside or not."""
        if not house.made_of:
            return []
        known = {each.id: each for each in self.proposals(Wanted(put_aside=True))}
        return [known[own] for own in house.made_of if own in known]

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
            made = one_house.house_at(read, place, host, costs, own)
            draft = one_house.within_place(made, assessment.district)
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
            one_house.check_combinable(now, self._open_in(writing))
            own = {"created_by": self.actor.name, "created_at": writing.at}
            first = {"version": 1, "changed_at": writing.at}
            why = ", ".join(each.id for each in read)
            kept = writing.add("proposal", {**row, **own, **first}, "combine", why)
            return self.shown(Proposal.from_row(kept))

        return self._write(work)

    def check_house(self, writing: Writing, house: Proposal, name: str) -> None:
        """Refuse a step of a house whose parts do not allow it.

        Raises
        ------
        InputError
            ``plan.part_ended``, ``plan.part_put_aside``, ``plan.combine_taken``; on its way to a
            decision also ``plan.house_lacks``, ``plan.house_year``, ``plan.house_district`` and
            ``plan.part_unanswered``, ``plan.part_asked``.
        """
        _refuse(self._faults_in(writing.connection, house, name))

    def hindering(self, proposal: Proposal, step: str) -> tuple[Finding, ...]:
        """Return why a house cannot take a step; nothing for what is no house, or where it can.

        Parameters
        ----------
        proposal
            As it was read.
        step
            One of :data:`planner.plan.workflow.steps.STEPS`.
        """
        with self.store.reading() as connection:
            return tuple(self._faults_in(connection, proposal, step))

    def _faults_in(self, connection: Connection, house: Proposal, step: str) -> list[Finding]:
        if not house.made_of or step not in STEPS:
            return []
        parts = {own: self.case_in(connection, own) for own in house.made_of}
        others = self.proposals_in(connection, Wanted(status=OPEN).query())
        whole = replace(self.case_in(connection, house.id), proposal=house)
        return list(house_faults(whole, parts, others, step))

    def check_house_edit(self, writing: Writing, before: Proposal, edited: Proposal) -> None:
        """Refuse an edit of a house after which it does not build what its parts are for.

        Raises
        ------
        InputError
            ``plan.house_lacks``, ``plan.house_year``.
        """
        if not before.made_of:
            return
        parts = self._parts_in(writing, before)
        # of a kind that a part got since, the house is told when it is handed in
        whole = [each for each in parts if not one_house.missing_kinds(before, each)]
        _refuse(lost_kinds(edited, whole))
        if edited.status != "draft":
            _refuse(lost_year(edited, parts))

    def refuse_odd_parts(self, writing: Writing, house: Proposal) -> None:
        """Refuse to go on with a house whose parts are not open any more, or are in another.

        Raises
        ------
        InputError
            ``plan.part_ended``, ``plan.part_put_aside``, ``plan.combine_taken``.
        """
        parts = {each.id: each for each in self._parts_in(writing, house)}
        _refuse(odd_parts(house, parts, self._open_in(writing)))

    def forget_joined(self, writing: Writing, before: Proposal, edited: Proposal) -> None:
        """Forget the sum of prices of the house that takes a part in, once that became another.

        What somebody answers for stays.
        """
        old, new = before.to_row(), edited.to_row()
        if all(old[name] == new[name] for name in SUM_TURNS_ON):
            return
        for house in self.houses_with(writing, edited.id):
            if one_house.has_sum(house):
                values = {**FORGOTTEN, "changed_at": writing.at}
                writing.change("proposal", house.id, values, SUM_FORGOTTEN, edited.id)

    def sum_forgotten(self, house: Proposal) -> bool:
        """Whether a house has no price since one of its parts became another."""
        if not house.made_of or house.cost is not None:
            return False
        told = [
            entry
            for entry in self.trail(house.id)
            if entry["layer"] == "proposal" and entry["applies"] and "cost" in entry["after"]
        ]
        return bool(told) and self._forgets_sum(told[-1], house)

    def _forgets_sum(self, entry: Mapping[str, Any], house: Proposal) -> bool:
        """Whether an entry of the trail forgot the sum of a house."""
        if entry["deed"] == SUM_FORGOTTEN:
            return True
        if entry["deed"] != "edit" or entry["why"] not in house.made_of:
            return False
        # it was an edit once, written at one with that of the part: nobody's own edit is
        return any(each["at"] == entry["at"] for each in self.trail(entry["why"]))

    def price_anew(
        self, read: Proposal, assessment: Assessment, costs: Costs | None
    ) -> dict[str, Any]:
        """Return the price of a proposal as fields: of a house the sum of its parts, as they are.

        None where a part has no price, or they are in several units: the list knows nothing of what
        is lacking. By the list where the house builds what none of them is for.
        """
        parts = self.parts_of(read)
        kinds = {kind for each in parts for kind in each.kinds}
        if len(parts) > 1 and kinds == set(read.kinds):
            here = read.shape
            of = {each.id: each.shape for each in parts if each.changes}
            host = next((own for own, at in of.items() if at is not None and at == here), "")
            told = one_house.joined_price(parts, host, costs or builtin_costs())
            return dict(zip(PRICE, told, strict=True))
        return list_price(read, assessment, costs)

    def _parts_in(self, writing: Writing, house: Proposal) -> list[Proposal]:
        return [Proposal.from_row(writing.row("proposal", own)) for own in house.made_of]

    def _open_in(self, writing: Writing) -> list[Proposal]:
        return self.proposals_in(writing.connection, Wanted(status=OPEN).query())

    def end_parts(self, writing: Writing, house: Proposal) -> None:
        """End the single proposals that are built in a house, now that it is agreed."""
        for own in house.made_of:
            single = Proposal.from_row(writing.row("proposal", own))
            if single.status in OPEN and not single.deleted:
                values = {"status": "superseded", "superseded_by": house.id}
                values["changed_at"] = writing.at
                writing.change("proposal", own, values, "supersede", house.id)


def _refuse(faults: Iterable[Finding]) -> None:
    """Refuse by the first fault, where there is one."""
    for each in faults:
        raise InputError(each.code, **each.params)
