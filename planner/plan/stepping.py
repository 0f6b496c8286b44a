"""Proposals taken from step to step until they open, or put aside."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import InputError
from planner.plan.houses import Houses
from planner.plan.proposals.proposal import (
    EDITABLE,
    Proposal,
    checked,
)
from planner.plan.proposals.statuses import OPEN
from planner.plan.store.writing import Writing
from planner.plan.workflow import guards
from planner.plan.workflow.opening import correct_workspace
from planner.plan.workflow.steps import STEPS

if TYPE_CHECKING:
    from planner.district.corrections.corrections import Correction


class Stepping(Houses):
    """What becomes of the proposals of a plan.

    Parameters
    ----------
    store
        Where the plan is kept.
    actor
        Who works on it.
    """

    def step(
        self,
        base: Proposal | str,
        name: str,
        why: str = "",
        *,
        by: str = "",
        source: str = "",
        today: date | None = None,
    ) -> Proposal:
        """Take a proposal one step on.

        Parameters
        ----------
        base
            The proposal as it was read, so that nobody decides what they have not seen; or its id.
        name
            One of :data:`planner.plan.workflow.steps.STEPS`.
        why
            The reason, which some steps need.
        by
            For ``"supersede"``: id of the proposal that takes its place.
        source
            For ``"opened"``: by what it is known that it opened.
        today
            Against which the dates of answers are held; the day at hand where none is given.

        Raises
        ------
        ConflictError
            Where its content or status is another than what was read.
        InputError
            As :func:`planner.plan.workflow.guards.check_step`.
        """
        read = self.get(base) if isinstance(base, str) else base
        told = checked({"why": why, "source": source})

        def work(writing: Writing) -> Proposal:
            case = self.case_in(writing.connection, read.id)
            guards.check_step(self.actor, case, name, told["why"], today or date.today())
            guards.refuse_unseen(read, case.proposal)
            self.check_house(writing, case.proposal, name)
            values = {"status": STEPS[name].end, "changed_at": writing.at}
            if name == "reopen":
                values["superseded_by"] = ""
            if name == "supersede":
                values["superseded_by"] = self._other(writing, case.proposal, by)
            if name == "opened":
                if not told["source"]:
                    raise InputError("plan.needs_source", id=read.id)
                values["opened_source"] = told["source"]
            row = writing.change("proposal", read.id, values, name, told["why"])
            if name == "submit":
                self.ask_partners(writing, case)
            if name == "approve":
                self.end_parts(writing, case.proposal)
            return self.shown(Proposal.from_row(row))

        return self._write(work)

    def _other(self, writing: Writing, proposal: Proposal, by: str) -> str:
        if not by:
            raise InputError("plan.needs_successor", id=proposal.id)
        other = Proposal.from_row(writing.row("proposal", by))
        guards.check_successor(proposal, other)
        return other.id

    def open_in(
        self,
        base: Proposal | str,
        workspace: str | Path,
        source: str,
        why: str = "",
        listed: str = "",
    ) -> tuple[Proposal, tuple[Correction, ...]]:
        """Say that a proposal opened, and put it into the data of its workspace.

        Its facilities are added or changed by corrections beside the workspace, with `source`. A
        step that fails after that is taken again without correcting twice.

        Parameters
        ----------
        base
            The proposal as it was read, or its id.
        workspace
            The workspace that it is about.
        source
            By what it is known that it opened.
        why
            The reason.
        listed
            Where the data list a facility of the kind at the place: ``"same"`` where that is what
            opened, so that nothing is added; ``"another"`` where it is not.

        Returns
        -------
        tuple
            The proposal, and the corrections; none where only ways opened, or what is listed.

        Raises
        ------
        ConflictError, InputError
            ``plan.other_workspace``, and as :meth:`step` and
            :func:`planner.plan.workflow.opening.correct_workspace`.
        """
        read = self.get(base) if isinstance(base, str) else base
        told = checked({"why": why, "source": source})
        case = self.case(read.id)
        guards.check_step(self.actor, case, "opened", told["why"], date.today())
        # before anything is corrected: data of one version and a plan of another would differ
        guards.refuse_unseen(read, case.proposal)
        if not told["source"]:
            raise InputError("plan.needs_source", id=read.id)
        guards.refuse_other_workspace(read, Path(workspace).name)
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        parts = self.parts_of(read)
        whose = {kind: each.department for each in parts if each.department for kind in each.kinds}
        made = correct_workspace(read, Path(workspace), told["source"], at, whose, listed)
        return self.step(read, "opened", told["why"], source=told["source"]), made

    def put_aside(self, base: Proposal | str, why: str, *, back: bool = False) -> Proposal:
        """Put a draft, or what was rejected or withdrawn, out of sight; or take it back.

        It is not taken out of the store: the trail and every export have it.

        Raises
        ------
        ConflictError
            Where it is another by now than what was read.
        InputError
            ``plan.may_not``, ``plan.not_editable``, ``plan.needs_reason``,
            ``plan.built_in_house``.
        """
        read = self.get(base) if isinstance(base, str) else base
        reason = str(checked({"why": why})["why"])

        def work(writing: Writing) -> Proposal:
            now = Proposal.from_row(writing.row("proposal", read.id))
            guards.check_role(self.actor, ("planner", "administrator"), now.department)
            if not reason:
                raise InputError("plan.needs_reason", step="put_aside")
            if now.status not in ("draft", "rejected", "withdrawn", "superseded"):
                raise InputError("plan.not_editable", id=now.id, status=now.status)
            own = tuple(name for name in EDITABLE if name != "figures")
            guards.refuse_unseen(read, now, (*own, "status"))
            values = {"deleted": not back, "changed_at": writing.at}
            if back and now.status in OPEN:
                guards.refuse_built(self.case_in(writing.connection, now.id))
                self.refuse_odd_parts(writing, now)
            deed = "take_back" if back else "put_aside"
            row = writing.change("proposal", now.id, values, deed, reason)
            return self.shown(Proposal.from_row(row))

        return self._write(work)
