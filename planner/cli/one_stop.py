"""``planner one-stop``: buildings that several kinds share, under one budget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.console import Console, verb
from planner.cli.options import (
    DEFAULT_STANDARD,
    At,
    CostsFile,
    Debug,
    Json,
    Language,
    OneGroup,
    Service,
    StandardOption,
    Steps,
    StopGap,
    TimeLimit,
    Where,
    Workspace,
)
from planner.cli.workspace import assessed, finish, head

if TYPE_CHECKING:
    from planner.siting.one_stop.answers import OneStopProposal


@verb
def one_stop(
    workspace: Workspace,
    budget: Annotated[float, typer.Option(metavar="MONEY", help="Most to spend, in 10,000 yuan.")],
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="A kind to bring together with others; may be repeated. [default: up to four that "
            "residents lack, the shortest limits first]",
            show_default=False,
        ),
    ] = None,
    buildings: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", help="Buildings at most.", show_default=False),
    ] = None,
    where: Where = None,
    fitting: Annotated[
        bool,
        typer.Option(
            "--fitting/--any-size",
            help="Whether the floor area of a candidate site limits what it holds.",
        ),
    ] = True,
    costs: CostsFile = None,
    standard: StandardOption = DEFAULT_STANDARD,
    group: OneGroup = None,
    at: At = None,
    service: Service = None,
    time_limit_s: TimeLimit = 10.0,
    steps: Steps = None,
    gap: StopGap = 0.0,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write table, layers, scenario and map to this folder.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    language: Language = None,
    debug: Debug = False,  # noqa: ARG001 - read by the verb wrapper
) -> None:
    """Propose one-stop buildings that several kinds share, with a proven bound.

    Prints the buildings with the kinds in each, what sharing saves, and what the same money brings
    with one kind in each building. With --out also writes a scenario for planner compare.
    """
    from planner.location.limits import Limits
    from planner.siting.costs import read_costs
    from planner.siting.one_stop.gaps import MOST, kinds_with_gaps
    from planner.siting.one_stop.proposals import propose_one_stop
    from planner.views.exports.one_stop import write_one_stop

    console = Console(language, json)
    result = assessed(console, workspace, standard, group=group, at=at, service=service)
    proposal = propose_one_stop(
        result,
        kind or kinds_with_gaps(result) or result.judged_kinds[:MOST],
        budget,
        buildings=buildings,
        where=where,
        fitting=fitting,
        costs=read_costs(costs) if costs else None,
        limits=Limits.each(time_limit_s, max_iterations=steps, gap=gap),
    )
    files = write_one_stop(proposal, out, console.labels.language) if out else []
    _show(console, proposal, files)


def _show(console: Console, proposal: OneStopProposal, files: list[Path]) -> None:
    from planner.cli.tables import records, rows_table
    from planner.views.tables.one_stop import comparison_table, terminal_table
    from planner.views.words.one_stop import against, sentences

    result, labels = proposal.assessment, console.labels
    rows, separate = proposal.buildings, proposal.separate
    console.give(
        {
            **head(result, kinds=list(proposal.kinds), group=proposal.group),
            "budget": proposal.budget,
            "gained": proposal.gained,
            "total": proposal.total,
            "residents": proposal.residents,
            "objective": proposal.objective,
            "bound": proposal.bound,
            "gap": proposal.gap,
            "optimal": proposal.optimal,
            "seconds": proposal.seconds,
            "findings": console.findings_json(proposal.findings, result.district.kinds),
            "cost": proposal.cost,
            "saved": proposal.saved,
            "facilities": proposal.facilities,
            "buildings": records(
                rows.drop(columns="geometry").assign(x=rows.geometry.x, y=rows.geometry.y)
            ),
            "separate": {
                "gained": separate.gained,
                "total": separate.total,
                "bound": separate.siting.bound,
                "cost": separate.cost,
                "facilities": separate.facilities,
            },
            "overlap": records(proposal.overlap),
            "files": files,
        }
    )
    language = labels.language
    title = labels.message("one_stop.title")
    console.show(rows_table(title, terminal_table(proposal, language), 3))
    console.show(*sentences(proposal, language))
    separate_title = labels.message("one_stop.tab_separate")
    console.show(rows_table(separate_title, comparison_table(proposal, language), 1))
    console.show(against(proposal, language), labels.message("siting_words.unverified_costs"))
    finish(console, result.district, files)
