"""``planner relocate``: which existing facilities to move or close, and how good that is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.areas import area
from planner.cli.console import Console, verb
from planner.cli.options import (
    DEFAULT_STANDARD,
    At,
    CostsFile,
    Debug,
    Inside,
    Json,
    Language,
    OneGroup,
    Outside,
    OwnLimit,
    Service,
    Spacing,
    StandardOption,
    Steps,
    TablesFolder,
    TimeLimit,
    Where,
    Workspace,
)
from planner.cli.workspace import assessed, finish, head

if TYPE_CHECKING:
    import pandas as pd

    from planner.siting.relocation.relocation import Relocation


@verb
def relocate(
    workspace: Workspace,
    kind: Annotated[str, typer.Option(metavar="KIND", help="The kind of facility to move.")],
    moves: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER",
            help="Facilities that may move at most. [default: all]",
            show_default=False,
        ),
    ] = None,
    closing: Annotated[
        int,
        typer.Option(
            metavar="NUMBER", help="Facilities that close without another in their place."
        ),
    ] = 0,
    objective: Annotated[
        str,
        typer.Option(metavar="NAME", help="coverage (most residents) or distance (least walking)."),
    ] = "coverage",
    keep: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="A facility that stays; may be repeated.", show_default=False
        ),
    ] = None,
    where: Where = None,
    spacing: Spacing = 150.0,
    within: Inside = None,
    outside: Outside = None,
    costs: CostsFile = None,
    limit_m: OwnLimit = None,
    standard: StandardOption = DEFAULT_STANDARD,
    group: OneGroup = None,
    at: At = None,
    service: Service = None,
    curve: Annotated[
        int,
        typer.Option(
            metavar="NUMBER", min=0, help="Also show what 0 to NUMBER moves bring, and all."
        ),
    ] = 0,
    missed_least: Annotated[
        int,
        typer.Option(
            metavar="NUMBER", min=0, help="Also list as many facilities that would be missed least."
        ),
    ] = 0,
    time_limit_s: TimeLimit = 10.0,
    steps: Steps = None,
    out: TablesFolder = None,
    json: Json = False,
    language: Language = None,
    debug: Debug = False,  # noqa: ARG001 - read by the verb wrapper
) -> None:
    """Propose which existing facilities of a kind to move or close, with a proven bound.

    With the same number of facilities, how much better could it be? Public ones in the district
    may move; those of partners and other kinds stay. With --out also writes a scenario for
    planner compare.
    """
    from planner.location.limits import Limits
    from planner.siting.costs import read_costs
    from planner.siting.relocation.relocation import closings, relocation_curve
    from planner.siting.relocation.relocation import relocate as find
    from planner.views.exports.relocations import write_relocation

    console = Console(language, json)
    result = assessed(console, workspace, standard, group=group, at=at, service=service)
    found = find(
        result,
        kind,
        moves,
        closing=closing,
        objective=objective,  # type: ignore[arg-type]
        keep=keep or (),
        where=where,
        spacing_m=spacing,
        within=area(result.district, within),
        without=area(result.district, outside),
        costs=read_costs(costs) if costs else None,
        limit_m=limit_m,
        limits=Limits.each(time_limit_s, max_iterations=steps),
    )
    rows = (
        relocation_curve(found, curve, time_limit_s=time_limit_s, max_iterations=steps)
        if curve
        else None
    )
    least = (
        closings(result, kind, group=group, keep=keep or (), limit_m=limit_m).head(missed_least)
        if missed_least
        else None
    )
    files = write_relocation(found, out, console.labels.language) if out else []
    _show(console, found, rows, least, files)


def _show(
    console: Console,
    found: Relocation,
    curve: pd.DataFrame | None,
    least: pd.DataFrame | None,
    files: list[Path],
) -> None:
    from planner.cli.tables import records, rows_table
    from planner.views.tables.relocations import closings_table, moves_table, plan_table
    from planner.views.words.relocations import relocation_answer

    result, labels = found.assessment, console.labels
    plan = found.plan
    moved = plan.drop(columns="geometry").assign(x=plan.geometry.x, y=plan.geometry.y)
    console.give(
        {
            **head(result, kind=found.kind, group=found.group),
            "goal": found.aim,
            "limit_m": found.limit_m,
            "moves": found.moves,
            "closing": found.closing,
            "covered_before": found.covered_before,
            "covered_after": found.covered_after,
            "gained": found.gained,
            "lost": found.lost,
            "net": found.net,
            "objective": found.objective,
            "bound": found.bound,
            "gap": found.gap,
            "optimal": found.optimal,
            "seconds": found.seconds,
            "findings": console.findings_json(found.findings, result.district.kinds),
            "cost": found.cost,
            "plan": records(moved),
            "kept": found.kept,
            "curve": None if curve is None else records(curve),
            "closings": None if least is None else records(least),
            "files": files,
        }
    )
    language, say = labels.language, labels.message
    if len(plan):
        console.show(rows_table(say("relocation.plan"), plan_table(found, language), 3))
    console.show(*relocation_answer(found, language))
    if curve is not None:
        console.show(rows_table(say("relocation.curve"), moves_table(curve, labels), 0))
    if least is not None:
        console.show(rows_table(say("relocation.closings"), closings_table(least, labels), 1))
    console.show(say("siting_words.unverified_costs"))
    finish(console, result.district, files)
