"""``planner relocate``: which existing facilities to move or close, and how good that is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import Places, Question, Search
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish, head, proof

if TYPE_CHECKING:
    import pandas as pd

    from planner.siting.relocation.relocation import Relocation


@verb
def relocate(
    console: Console,
    *,
    workspace: options.Workspace,
    kind: Annotated[str, typer.Option(metavar="KIND", help="The kind of facility to move.")],
    moves: Annotated[
        int | None, options.optional("NUMBER", "Facilities that may move at most. [default: all]")
    ] = None,
    closing: Annotated[
        int,
        typer.Option(
            metavar="NUMBER", help="Facilities that close without another in their place."
        ),
    ] = 0,
    objective: Annotated[
        str,
        typer.Option(metavar="NAME", help="coverage (most residents) or distance (least sum)."),
    ] = "coverage",
    keep: Annotated[
        list[str] | None, options.optional("ID", "A facility that stays; may be repeated.")
    ] = None,
    places: Places,
    limit_m: options.OwnLimit = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    curve: Annotated[
        int,
        options.at_least("NUMBER", "Also show what 0 to NUMBER moves bring, and all."),
    ] = 0,
    missed_least: Annotated[
        int,
        options.at_least("NUMBER", "Also list as many facilities that would be missed least."),
    ] = 0,
    search: Search,
    out: options.TablesFolder = None,
) -> None:
    """Propose which existing facilities of a kind to move or close, with a proven bound.

    With the same number of facilities, how much better could it be? Public ones in the district
    may move; those of partners and other kinds stay. With --out also writes a scenario for
    planner compare.
    """
    from planner.siting.relocation.curves import closings, relocation_curve
    from planner.siting.relocation.relocate import relocate as find
    from planner.views.exports.siting.relocations import write_relocation

    result = assessed(console, workspace, standard, question)
    found = find(
        result,
        kind,
        moves,
        closing=closing,
        objective=objective,  # type: ignore[arg-type]
        keep=keep or (),
        limit_m=limit_m,
        places=places.as_options(result.district),
        limits=search.limits(),
    )
    rows = relocation_curve(found, curve, limits=search.limits()) if curve else None
    least = None
    if missed_least:
        every = closings(result, kind, group=question.group, keep=keep or (), limit_m=limit_m)
        least = every.head(missed_least)
    files = write_relocation(found, out, console.labels.language) if out else []
    _show(console, found, rows, least, files)


def _show(
    console: Console,
    found: Relocation,
    curve: pd.DataFrame | None,
    least: pd.DataFrame | None,
    files: list[Path],
) -> None:
    from planner.cli.shared.tables import point_records, records, rows_table
    from planner.views.tables.siting.relocations import closings_table, moves_table, plan_table
    from planner.views.words.siting.prices import answer_labels, unverified
    from planner.views.words.siting.relocations import relocation_answer

    result, labels = found.assessment, answer_labels(found, console.labels.language)
    plan, shown = found.plan, partial(result.district.shown_count, found.group)
    console.give(
        {
            **head(result, kind=found.kind, group=found.group),
            "goal": found.aim,
            "limit_m": found.limit_m,
            "moves": found.moves,
            "closing": found.closing,
            "covered_before": found.covered_before,
            "covered_after": found.covered_after,
            "gained": shown(found.gained),
            "gained_unsure": shown(found.gained_unsure),
            "unknown_before": found.unknown_before,
            "unknown_after": found.unknown_after,
            "lost": shown(found.lost),
            "net": found.net,
            **proof(console, found),
            "plan": point_records(plan),
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
    console.show(*unverified(found.costs, labels))
    finish(console, result.district, files, found.group, of=result)
