"""The workspace that a verb is given, opened and assessed, and what every verb says of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli.shared.console import Console, count_in, price_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.analysis.assessment import Assessment
    from planner.cli.shared.option_groups import GroupsQuestion, Question
    from planner.district import District
    from planner.errors import Finding
    from planner.result import AssessmentResult
    from planner.siting.one_stop_sites.answers import OneStopProposal
    from planner.siting.proposals.proposal import Proposal
    from planner.siting.relocation.relocation import Relocation

DEMO = "demo"
"""Stands for the demo district wherever a workspace is asked for."""


def open_workspace(
    workspace: Path, kinds: str | None = None, withhold_below: int | None = None
) -> District:
    """Return the district of a workspace, or the demo district for ``demo``.

    Sentences follow what its demand counts from here on. A file that is called ``demo`` goes
    first. Of groups no count below `withhold_below` is told, where it is given.

    Raises
    ------
    InputError
        Where the workspace cannot be read.
    """
    from planner.sources import read_district

    district: District = read_district(workspace_file(workspace), kinds=kinds)
    count_in(district.demand_unit)
    price_in(district.money)
    return district if withhold_below is None else district.withhold(withhold_below)


def workspace_file(workspace: Path) -> Path:
    """Return the file of a workspace; for ``demo`` that which travels with the package."""
    from planner.sources.workspace.demo import demo_file

    return demo_file() if str(workspace) == DEMO and not workspace.exists() else workspace


def assessed(
    console: Console,
    workspace: Path,
    standard: str,
    question: Question | GroupsQuestion,
    kinds: str | None = None,
    *,
    again: bool = False,
) -> AssessmentResult:
    """Return the assessment of a workspace for what is asked of it.

    `again`, where the same was asked of another workspace before, the question is not told twice.
    """
    district = open_workspace(workspace, kinds, question.withhold_below)
    result = run(console, district, standard, **question.keywords())
    if not again:
        console.show(*console.labels.asked(result))
    return result


def run(console: Console, district: District, standard: str, **question: Any) -> AssessmentResult:
    """Assess a district, saying what takes long."""
    from planner.result import assess as assess_district

    warm_up(console)
    with console.progress() as progress:
        result = assess_district(district, standard, progress=progress, **question)
    # of an estimate one group may be asked for, which counts people
    count_in(result.demand_unit, result.groups[0])
    return result


def warm_up(console: Console) -> None:
    """Have the distance programs ready; says so where they must be compiled first."""
    from planner.network import warming

    if not warming.is_compiled():
        console.note("compiling")
    warming.warm_up()


def head(result: Assessment, **about: object) -> dict[str, Any]:
    """Return what the JSON of a verb begins with: district, standard and question."""
    from planner.cli.shared.tables import district_json

    return {
        "district": district_json(result.district),
        "standard": result.standard.id,
        **about,
        "group_units": {group: result.unit_of(group) for group in result.groups},
        "at": result.question.asked_at,
        "service": result.question.service,
    }


def proof(console: Console, found: Proposal | Relocation | OneStopProposal) -> dict[str, Any]:
    """Return what the JSON of a search tells of its answer: how good it is, and its cost."""
    from planner.analysis.notes.groups import group_notes

    result = found.assessment
    notes = group_notes(result.district, found.group)
    findings = tuple(dict.fromkeys([*notes, *found.findings, *result.findings]))
    return {
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "optimal": found.optimal,
        "seconds": found.seconds,
        "findings": console.findings_json(findings, result.district.kinds),
        "cost": found.cost,
    }


def finish(
    console: Console,
    district: District,
    files: Iterable[object] = (),
    group: str | None = None,
    of: Assessment | None = None,
) -> None:
    """Say what no reader may miss, then the files written.

    That are remarks by which figures may be wrong, of the assessment `of` that they come from, and
    what is withheld in it; data made up, demand estimated, and homes that do not tell the group
    counted.
    """
    notes: list[Finding] = []
    if group is not None:
        from planner.analysis.notes.groups import group_notes

        notes += group_notes(district, group)
    if of is not None and not console.json:
        from planner.sources.checks.severity import in_doubt

        notes += in_doubt(of.findings, group)
        # which counts are withheld, and which are estimates since they tell of less than a block
        notes += [each for each in of.findings if each.code.startswith("small_numbers.")]
    console.show_findings(tuple(dict.fromkeys(notes)), district.kinds)
    if district.synthetic:
        console.show(console.word("synthetic_note"))
    if district.estimated:
        console.show(console.word("estimated_note"))
    for file in files:
        console.show(console.word("wrote", file=file))
