"""``planner report``: the report of an assessment as Word, Excel or one page of HTML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import FormOptions, ProvenSearch, Question, own_costs
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish, head

if TYPE_CHECKING:
    from planner.reports.request import JointWork
    from planner.result import AssessmentResult
    from planner.siting.costs import Costs
    from planner.siting.proposals.proposal import Proposal


@verb
def report(
    console: Console,
    *,
    workspace: options.Workspace,
    out: Annotated[
        list[Path],
        typer.Option(metavar="FILE", help="A .docx, .xlsx or .html to write; may be repeated."),
    ],
    part: Annotated[
        list[str] | None,
        options.optional(
            "NAME",
            "Tell only this part: summary, standard, coverage, maps, gaps, siting, plan, data or "
            "method; may be repeated. Sources are always told.",
        ),
    ] = None,
    kind: Annotated[
        list[str] | None,
        options.optional("KIND", "Also propose sites for this kind; may be repeated."),
    ] = None,
    new: Annotated[
        int, typer.Option(metavar="NUMBER", help="So many new sites of each KIND.", min=1)
    ] = 3,
    plan: Annotated[
        Path | None,
        options.optional("FILE", "Also tell the joint plan of this file.", "--plan"),
    ] = None,
    costs: options.CostsFile = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    form: FormOptions,
    search: ProvenSearch,
) -> None:
    """Write the report of an assessment, to be read, signed and passed on.

    Findings, standard, coverage by kind, group, subdistrict and community, ranked gaps with cause,
    remedy and department, the data check, the method and the sources: as a Word document, as a
    workbook with all rows, and as one HTML file. All three have the same figures.
    """
    from planner.reports.report import report as make_report

    wanted = form.files(out)
    prices = own_costs(costs)
    result = assessed(console, workspace, standard, question)
    with console.progress() as progress:
        made = make_report(
            result,
            parts=part,
            language=console.labels.language,
            group=question.group,
            proposals=_proposals(result, kind or [], new, question.group, search, prices),
            work=None if plan is None else _work(result, plan, workspace),
            form=form.as_form(),
            costs=prices,
            progress=progress,
        )
    files = [made.write(file, template) for file, template in wanted]
    parts = [each.name for each in made.parts]
    console.give({**head(result, group=question.group), "parts": parts, "files": files})
    finish(console, result.district, files, question.group)


def _proposals(
    result: AssessmentResult,
    kinds: list[str],
    new: int,
    group: str | None,
    search: ProvenSearch,
    costs: Costs | None,
) -> list[Proposal]:
    from planner.siting.candidates import PlaceOptions
    from planner.siting.proposals.proposing import propose

    limits, places = search.proven_limits(), PlaceOptions(costs=costs)
    return [propose(result, kind, new, group=group, limits=limits, places=places) for kind in kinds]


def _work(result: AssessmentResult, plan: Path, workspace: Path) -> JointWork:
    """Return the joint plan of a file, as far as it is about the workspace."""
    from planner.cli.plan.shared import opened
    from planner.reports.request import JointWork

    with opened(plan) as found:
        return JointWork.of(found, result, workspace.name)
