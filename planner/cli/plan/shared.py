"""What the verbs of the plan share: their options, the plan opened, a proposal printed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.options import WITHHOLD_BELOW
from planner.cli.shared.workspace import DEMO, open_workspace
from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.district import District
    from planner.plan.coordination.fitting import Misfit
    from planner.plan.coordination.meeting.matter import Matter
    from planner.plan.plan import Plan
    from planner.plan.proposals.proposal import Proposal
    from planner.plan.workflow.reviews import Case

PlanFile = Annotated[
    Path | None,
    options.optional(
        "FILE",
        "The plan's file. [default: the database of PLANNER_DATABASE_URL, else plan.sqlite here]",
        "--plan",
    ),
]
ProposalId = Annotated[
    str,
    typer.Argument(metavar="PROPOSAL", help="Id of a proposal, such as P-4F7K-92QD."),
]
Why = Annotated[str, options.optional("TEXT", "The reason, which the trail keeps.")]
NeededWhy = Annotated[
    str, options.optional("TEXT", "The reason, which is needed; the trail keeps it.")
]
Version = Annotated[
    int | None,
    options.optional(
        "NUMBER",
        "The version that you read (planner plan show): what others changed since is then kept, "
        "or told as a conflict. [default: as it is]",
        min=1,
    ),
]
OfProposal = Annotated[
    Path | None,
    options.optional(
        "FILE",
        "The workspace that it is about. [default: that of its name, here or beside the plan]",
        "--workspace",
    ),
]
Department = Annotated[
    str | None,
    options.optional("NAME", "A department by its id or name, such as health or 卫健."),
]


def opened(plan: Path | None, *, create: bool = False) -> Plan:
    """Return the plan that a verb is about.

    Where small counts are withheld from whoever calls (``PLANNER_WITHHOLD_BELOW``), it is one
    without the counts of groups that it keeps.
    """
    from planner.plan.plan import open_plan

    found = open_plan(plan, create=create)
    return found.without_groups() if os.environ.get(WITHHOLD_BELOW) else found


def department_id(name: str | None) -> str | None:
    """Return the id of a department that is named by id or in words."""
    from planner.siting.departments.duties import builtin_duties

    return None if name is None else builtin_duties().department(name)


def read(plan: Plan, proposal: str, version: int | None) -> Proposal:
    """Return a proposal as it is, or as it was at the version that somebody read."""
    return plan.get(proposal) if version is None else plan.as_of(proposal, version)


def district_of(plan: Plan, proposal: Proposal, workspace: Path | None = None) -> District | None:
    """Return the district that a proposal is about; None where its workspace is not found.

    Parameters
    ----------
    plan, proposal
        The plan, and what is to be told of it.
    workspace
        As somebody named it; else it is looked for by its name, here and beside the plan's file.
    """
    if workspace is not None:
        from planner.plan.workflow import guards

        guards.refuse_other_workspace(proposal, workspace.name)
        return open_workspace(workspace)
    file = plan.store.file
    for folder in (Path(), *(() if file is None else (file.parent,))):
        there = folder / Path(proposal.workspace).name
        if proposal.workspace and (there.is_file() or proposal.workspace == DEMO):
            try:
                return open_workspace(there)
            except PlannerError:  # nobody named that file, and the proposal is told without it
                return None
    return None


def stale_reasons(
    plan: Plan, proposal: Proposal, district: District | None, standard: str
) -> tuple[str, ...] | None:
    """Return why figures may be others by now; None where there are no data to hold them against.

    The question stays that of the figures, so that nothing needs to be measured.
    """
    from planner.district.standards.files import find_standard

    if district is None:
        return None
    return plan.outdated(proposal, district, find_standard(standard or district.usual.standard))


def of_other_data(plan: Plan, proposals: Iterable[Proposal]) -> dict[str, bool | None]:
    """Return by id of those with figures whether the data are others by now.

    Each workspace is read once; None stands for one that is not at hand.
    """
    from planner.plan.joint import is_of_other_data

    read: dict[str, District | None] = {}
    found: dict[str, bool | None] = {}
    for each in proposals:
        if each.figures is None:
            continue
        if each.workspace not in read:
            read[each.workspace] = district_of(plan, each)
        district = read[each.workspace]
        found[each.id] = None if district is None else is_of_other_data(each, district)
    return found


def naming(console: Console, district: District | None) -> Console:
    """Return a console that calls places as pages in its language do."""
    from planner.views.words.names_of_places import PlaceNames

    if district is None:
        return console
    return replace(console, names=PlaceNames.of_district(district, console.labels.language))


def titles(console: Console, plan: Plan, proposals: Iterable[Proposal]) -> dict[str, str]:
    """Return titles by id as pages in the reader's language have them.

    A workspace is read only where a title may hold a name that it knows in that language.
    """
    from planner.views.words.names_of_places import SAID_IN
    from planner.views.words.plan.proposals import proposal_name

    titled = [each for each in proposals if each.title]
    found = {each.id: proposal_name(console.labels, each) for each in titled}
    if console.labels.language not in SAID_IN:
        return found
    named: dict[str, Console] = {}
    for each in titled:
        name = found[each.id]
        if name.isascii():
            continue
        if each.workspace not in named:
            named[each.workspace] = naming(console, district_of(plan, each))
        found[each.id] = named[each.workspace].labels.place(name)
    return found


def details_json(
    console: Console,
    proposal: Proposal,
    district: District | None,
    stale: Sequence[str] | None,
) -> dict[str, Any]:
    """Return where a proposal is, whether its figures hold, and what it brings, for machines.

    ``stale`` is null where there were no data to hold the figures against.
    """
    from planner.views.words.plan.details import place_word_of
    from planner.views.words.plan.in_data import done_finding, is_gone, listed_finding

    listed = listed_finding(district, proposal)
    figures = proposal.figures
    unit = None if figures is None else figures.asked["unit"]
    rows = [] if figures is None else figures.table().to_dict("records")
    return {
        "place": place_word_of(console.labels, proposal, district),
        "stale": stale,
        "listed": None if listed is None else dict(listed.params),
        "done_in_data": done_finding(district, proposal) is not None,
        "not_in_data": is_gone(district, proposal),
        "gained": None if figures is None else figures.gained(),
        "brings": [{**each, "unit": unit} for each in rows],
        "no_data": [] if figures is None else list(figures.no_data),
    }


def proposal_json(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal for machines: its geometry as well-known text in its CRS."""
    row = proposal.to_row()
    shape = proposal.shape
    found = {**row, "geometry": None if shape is None else shape.wkt}
    told = {"awaits_streets": proposal.awaits_streets, "made_of": list(proposal.made_of)}
    return {**found, **told}


def case_json(case: Case) -> dict[str, Any]:
    """Return a proposal with all that was said of it, for machines."""
    parts = ("reviews", "consultations", "comments", "documents")
    said = {name: [vars(each) for each in getattr(case, name)] for name in parts}
    states = {asked.id: state for asked, state in case.asked_states}
    said["consultations"] = [
        {**each, "state": states[each["id"]]} for each in said["consultations"]
    ]
    return {"proposal": proposal_json(case.proposal), **said}


def misfits_json(console: Console, misfits: Iterable[Misfit]) -> list[dict[str, Any]]:
    """Return the proposals that no longer fit the data, for machines."""
    return [
        {
            "proposal": each.proposal.id,
            "code": each.reason.code,
            "reason": console.labels.finding(each.reason),
        }
        for each in misfits
    ]


@dataclass(frozen=True)
class Elsewhere:
    """Where the plan of a workspace may be, where the one at hand has nothing about it.

    Parameters
    ----------
    about
        What the plan at hand is about instead, see :func:`planner.plan.queries.elsewhere_of`.
    beside
        The file of another plan beside the workspace.
    """

    about: tuple[str, ...] = ()
    beside: Path | None = None

    @classmethod
    def of(cls, plan: Plan, workspace: Path) -> Elsewhere:
        """Return it for a plan; empty where that has proposals about the workspace."""
        from planner.plan.queries import Wanted
        from planner.plan.store.places import plan_beside

        if plan.proposals(Wanted(workspace=workspace.name)):
            return cls()
        return cls(plan.elsewhere(workspace.name), plan_beside(workspace, plan.store.file))

    def to_json(self) -> dict[str, Any]:
        """Return it for machines, nothing where there is nothing to tell."""
        if not self.about and self.beside is None:
            return {}
        beside = None if self.beside is None else str(self.beside)
        return {"elsewhere": {"workspaces": sorted({*filter(None, self.about)}), "plan": beside}}

    def show(self, console: Console, *, named: bool = False) -> None:
        """Say so; of what the plan at hand is about only where that was not named already."""
        from planner.views.words.plan.elsewhere import beside_sentence, elsewhere_sentence

        if self.about and not named:
            console.show(elsewhere_sentence(console.labels, self.about))
        if self.beside is not None:
            console.show(beside_sentence(console.labels, self.beside))


def show_misfits(console: Console, misfits: Sequence[Misfit]) -> None:
    """Say which proposals no longer fit the data, each with the reason."""
    from planner.views.words.plan.agenda import misfit_lines

    if misfits:
        console.show(console.labels.message("plan_words.point_misfits"))
        console.show(*(f"- {line}" for line in misfit_lines(console.labels, misfits)))


def show_gone(console: Console, proposals: Sequence[Proposal]) -> None:
    """Say what opened by the plan and is not in the data; nothing where all of it is."""
    from planner.views.words.plan.in_data import gone_sentence

    if told := gone_sentence(console.labels, proposals):
        console.show(told)


def show_former_price(console: Console, proposal: Proposal, priced: Proposal | None) -> None:
    """Say what a price was given for, where the proposal is to be another since."""
    from planner.views.words.plan.prices import former_price_sentence

    if priced is not None:
        console.show(former_price_sentence(console.labels, proposal, priced))


def overruns_json(overruns: Iterable[Matter]) -> dict[str, Any]:
    """Return the limits that are passed, or may be, for machines; nothing where none is."""
    told = [{"code": each.code, "proposals": each.proposals, **each.told} for each in overruns]
    return {"overruns": told} if told else {}


def tell(
    console: Console, proposals: Iterable[Proposal], beside: Mapping[str, Any] | None = None
) -> None:
    """Say what became of proposals, and what that means; for machines what is told beside, too."""
    from planner.views.words.plan.areas import area_sentence
    from planner.views.words.plan.proposals import (
        means_sentence,
        moved_sentence,
        proposal_name,
        status_word,
    )

    labels = console.labels
    found = list(proposals)
    console.give({"proposals": [proposal_json(each) for each in found], **(beside or {})})
    for each in found:
        console.show(
            labels.message(
                "plan_words.done",
                id=each.id,
                name=proposal_name(labels, each),
                status=status_word(labels, each),
                means=means_sentence(labels, each),
            )
        )
        if moved := moved_sentence(labels, each):
            console.show(moved)
        if area := area_sentence(labels, each):
            console.show(area)
