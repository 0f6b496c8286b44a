"""Proposals made and changed: of advice or by hand, edited, computed anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.errors import InputError
from planner.plan.coordination.fitting import left_out
from planner.plan.houses import Houses
from planner.plan.proposals import making
from planner.plan.proposals.changes import check_kinds
from planner.plan.proposals.computing import compute, compute_each
from planner.plan.proposals.floor_areas import with_one_area
from planner.plan.proposals.listed import beside_marks
from planner.plan.proposals.merging import ConflictError, merge
from planner.plan.proposals.one_house import signs_of_parts
from planner.plan.proposals.owners import known_anew, with_owners_of
from planner.plan.proposals.prices import (
    is_listed,
    list_price,
    price_after,
    site_fault,
    with_given,
)
from planner.plan.proposals.proposal import (
    COUNTED,
    EDITABLE,
    MEASURE,
    PRICE,
    Proposal,
    checked,
    edited_fields,
)
from planner.plan.proposals.statuses import OPEN
from planner.plan.store.writing import Writing, new_id
from planner.plan.workflow import guards

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.district.scenarios.scenario import Change
    from planner.plan.proposals.advice import Advice
    from planner.siting.costs import Costs

_WRITTEN = (*EDITABLE, "made_of")
"""What an edit writes: beside the fields of somebody, what the parts of a house are by now."""


class Drafting(Houses):
    """How the content of proposals comes to be, and becomes another.

    Parameters
    ----------
    store
        Where the plan is kept.
    actor
        Who works on it.
    """

    def propose(
        self,
        advice: Advice | Sequence[Change] | Sequence[Proposal],
        *,
        department: str | None = None,
        assessment: Assessment | None = None,
        workspace: str = "",
        costs: Costs | None = None,
        figures: bool = True,
        origin: str = "",
        **values: Any,
    ) -> list[Proposal]:
        """Make proposals of what the tool advises, as drafts; all or none.

        Parameters
        ----------
        advice, assessment, costs
            As :func:`planner.plan.proposals.making.drafts`.
        department
            Who proposes; that which answers for the first kind where none is given, and one's own
            where nobody does.
        workspace
            Name of the workspace that it is about.
        figures
            Whether to compute what each brings on top of what is decided; of one that does not tell
            yet what exactly is built nothing is computed. What is decided and no longer fits the
            data is left out and named, see ``left_out`` of
            :class:`planner.plan.proposals.figures.Figures`.
        origin
            What it is made from, where `advice` does not tell; one of
            :data:`planner.plan.proposals.origins.ORIGINS`.
        **values
            Fields of :class:`planner.plan.proposals.proposal.Proposal` that all of them get.

        Raises
        ------
        InputError
            ``plan.may_not``, ``plan.bad_value``, ``plan.namesake`` and others.
        """
        about = making.assessment_of(advice, assessment)
        self.refuse_namesake(about.district, workspace)
        made = making.drafts(advice, about, costs)
        if origin:
            made = [replace(each, origin=origin) for each in made]
        given = {**values, "workspace": workspace}
        if department is not None:
            given["department"] = department
        named = [
            making.as_kept(self._with_given(each, given, about, costs), new_id("P"))
            for each in made
        ]
        if figures:
            counted = [each for each in named if each.can_be_counted]
            before = self.decided(workspace)
            brought = compute_each(about, counted, before, left_out(about, before))
            of = {each.id: told for each, told in zip(counted, brought, strict=True)}
            named = [replace(each, figures=of.get(each.id, each.figures)) for each in named]
        return self._keep_new(named)

    @staticmethod
    def _with_given(
        draft: Proposal, given: Mapping[str, Any], about: Assessment, costs: Costs | None
    ) -> Proposal:
        """Return a draft with the values given; of another floor area it has another price."""
        told = with_one_area(with_given(draft, given), draft, given)
        if told.changes != draft.changes and is_listed(told.to_row()):
            return replace(told, **list_price(told, about, costs))
        return told

    def add(self, **values: Any) -> Proposal:
        """Make one proposal by hand, as a draft; of one's own department where none is given.

        Parameters
        ----------
        **values
            Fields of :class:`planner.plan.proposals.proposal.Proposal`.

        Raises
        ------
        InputError
            ``plan.may_not``, ``plan.unknown_field``, ``plan.bad_value`` and others.
        """
        blank = replace(Proposal(), **edited_fields(values))
        blank = with_one_area(blank, Proposal(), values)
        told = with_owners_of(blank, self.proposals()) if blank.kinds else blank
        return self._keep_new([making.as_kept(told, new_id("P"))])[0]

    def _keep_new(self, proposals: Sequence[Proposal]) -> list[Proposal]:
        for each in proposals:
            check_kinds(each.kinds, each.changes, each.known_by)
        rows = [checked(each.to_row()) for each in proposals]
        for row in rows:
            # without a department it would be every planner's to edit and to put aside
            row["department"] = row["department"] or self.actor.department
            guards.check_role(self.actor, ("planner", "administrator"), row["department"])

        def work(writing: Writing) -> list[Proposal]:
            made = []
            for row in rows:
                own = {"created_by": self.actor.name, "created_at": writing.at}
                first = {"version": 1, "changed_at": writing.at}
                kept = writing.add("proposal", {**row, **own, **first}, "propose")
                made.append(self.shown(Proposal.from_row(kept)))
            return made

        return self._write(work)

    def edit(self, base: Proposal | str, *, why: str = "", **values: Any) -> Proposal:
        """Change fields of a proposal.

        Edits of other fields that somebody made since are kept beside; where somebody gave the same
        field another value, nothing is written. What a proposal brings is forgotten where what is
        to be built, or its workspace, becomes another: it is computed anew by :meth:`recompute`. So
        is a price by a list, where it is not given anew. One that somebody answers for stays, and
        :meth:`~planner.plan.queries.Queries.priced_as` tells what it was given for. Kinds that what
        is done does not have are refused.
        While departments look at it, those that must agree only since the edit, such as who answers
        for a kind that is new, are asked as at the submission.
        The floor area and that of the facility that opens are one figure, see
        :func:`planner.plan.proposals.floor_areas.with_one_area`.

        Parameters
        ----------
        base
            The proposal as it was read; or its id, which means as it is.
        why
            The reason, which a decided proposal needs.
        **values
            Fields of :data:`planner.plan.proposals.proposal.EDITABLE`.

        Raises
        ------
        ConflictError
            Where the same field was changed meanwhile; it tells all three values.
        InputError
            ``plan.may_not``, ``plan.not_editable``, ``plan.unknown_field``, ``plan.kinds_differ``,
            ``plan.area_of_rooms`` and others.
        """
        read = self.get(base) if isinstance(base, str) else base
        wished = with_one_area(replace(read, **edited_fields(values)), read, values)
        edited = making.as_kept(wished, read.id)
        if (edited.kinds, edited.changes) != (read.kinds, read.changes):
            check_kinds(edited.kinds, edited.changes, edited.known_by)
            edited = with_owners_of(edited, self.proposals())
        start = read.to_row()
        wanted = {**start, **edited.to_row()}
        wanted |= price_after(start, wanted, values)
        return self._write_edit(read, checked(wanted), why)

    def _write_edit(self, read: Proposal, wanted: Mapping[str, Any], why: str) -> Proposal:
        def work(writing: Writing) -> Proposal:
            now = writing.row("proposal", read.id)
            start, mine = self._with_kept_figures(read.to_row(), wanted, now)
            ours, conflicts = merge(
                {name: start[name] for name in _WRITTEN},
                {name: mine[name] for name in _WRITTEN},
                {name: now[name] for name in _WRITTEN},
                (MEASURE, PRICE),
            )
            if conflicts:
                raise ConflictError(read.id, conflicts, now)
            current = Proposal.from_row(now)
            department = ours.get("department", current.department)
            guards.check_edit(self.actor, current, department, why)
            ours = {name: value for name, value in ours.items() if value != now[name]}
            if not ours:
                return self.shown(current)
            if "figures" in ours:
                # they are of what was read
                guards.refuse_unseen(read, current, COUNTED)
            elif ours.keys() & set(COUNTED):
                ours["figures"] = None
            ours["changed_at"] = writing.at
            row = writing.change("proposal", read.id, ours, "edit", why)
            edited = Proposal.from_row(row)
            # what is refused is taken back with the whole writing
            self.check_house_edit(writing, current, edited)
            self.forget_joined(writing, current, edited)
            self.ask_new_partners(writing, current, edited, why)
            return self.shown(edited)

        return self._write(work)

    def _with_kept_figures(
        self, start: Mapping[str, Any], wanted: Mapping[str, Any], now: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return what was read and what is wanted with the figures that are kept.

        Who read them without counts of groups has neither changed nor seen these.
        """
        told = self.shown(Proposal.from_row(now)).to_row()["figures"]
        if start["figures"] != told:
            return start, wanted
        kept = {"figures": now["figures"]}
        return {**start, **kept}, {**wanted, **kept} if wanted["figures"] == told else wanted

    def recompute(
        self,
        base: Proposal | str,
        assessment: Assessment,
        workspace: str = "",
        costs: Costs | None = None,
        *,
        another: bool = False,
    ) -> Proposal:
        """Compute anew what a proposal brings on top of what is decided before it, and keep it.

        What is decided and no longer fits the data is left out, and named in the figures. A draft
        without a price, or with that of a site of which the data tell another by now, and what has
        or had the list's price for something else, is priced anew. A price that somebody answers
        for stays; what departments see without a price is left so, since a new one would void what
        they said. Of a house it is not told any more that its parts changed since it was made. Who
        answers for a kind that an edit gave it, by the kinds of the district, is asked where
        departments are looking at it.

        Parameters
        ----------
        base
            The proposal as it was read, or its id.
        assessment
            Its workspace as it is.
        workspace
            The name of that workspace, where it is known.
        costs
            The list of prices; that which ships where none is given.
        another
            Say that what the data list of its kinds at its place is another facility: it counts
            beside that one from now on.

        Raises
        ------
        ConflictError
            Where what is to be built is another by now.
        InputError
            ``plan.other_workspace``; ``plan.nothing_to_count`` for one that does not tell yet what
            exactly is built; and as :func:`planner.plan.proposals.computing.compute`.
        """
        read = self.get(base) if isinstance(base, str) else base
        if workspace:
            guards.refuse_other_workspace(read, workspace)
        if not read.can_be_counted:
            raise InputError("plan.nothing_to_count", id=read.id)
        before = self.before(read)
        figures = compute(assessment, read, before, left_out(assessment, before))
        values: dict[str, Any] = {"figures": figures}
        if read.made_of and read.status in OPEN:
            # who computes it anew has looked at what its parts are now
            parts = {each.id: each for each in self.parts_of(read)}
            values["part_signs"] = signs_of_parts(read, parts)
        if read.status in OPEN:
            values["known_by"] = known_anew(read, assessment.district)
        if another:
            beside = beside_marks(assessment.district, read.changes)
            values["known_by"] = {**values.get("known_by", read.known_by), **beside}
        if self._is_priced_anew(read) or (
            read.status == "draft" and site_fault(assessment.district, read) is not None
        ):
            values |= self.price_anew(read, assessment, costs)
        return self._write_edit(read, checked(replace(read, **values).to_row()), "recompute")

    def _is_priced_anew(self, read: Proposal) -> bool:
        """Whether a price is a list's to tell: of a draft without one, or in place of a list's."""
        priced = self.priced_as(read)
        if read.cost is not None:
            return priced is not None and is_listed(read.to_row())
        if self.sum_forgotten(read):
            return True
        return read.status == "draft" or (priced is not None and is_listed(priced.to_row()))
