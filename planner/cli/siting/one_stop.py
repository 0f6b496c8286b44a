"""``planner one-stop``: buildings that several kinds share, under one budget."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import ProvenSearch, Question, own_costs
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish, head, proof

if TYPE_CHECKING:
    from planner.siting.one_stop_sites.answers import OneStopProposal


@verb
def one_stop(
    console: Console,
    *,
    workspace: options.Workspace,
    budget: Annotated[
        float,
        typer.Option(
            metavar="MONEY",
            help="Most to spend, in the unit of the district's prices (10,000 yuan in China).",
        ),
    ],
    kind: Annotated[
        list[str] | None,
        options.optional(
            "KIND",
            "A kind to bring together with others; may be repeated. [default: up to four that "
            "residents lack, the shortest limits first]",
            "--kind",
        ),
    ] = None,
    buildings: Annotated[int | None, options.optional("NUMBER", "Buildings at most.")] = None,
    where: options.Where = None,
    fitting: Annotated[
        bool,
        typer.Option(
            "--fitting/--any-size",
            help="Whether the floor area of a candidate site limits what it holds.",
        ),
    ] = True,
    costs: options.CostsFile = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    search: ProvenSearch,
    out: Annotated[
        Path | None,
        options.optional("DIR", "Write table, layers, scenario and map to this folder."),
    ] = None,
) -> None:
    """Propose one-stop buildings that several kinds share, with a proven bound.

    Prints the buildings with the kinds in each, what sharing saves, and what the same money brings
    with one kind in each building. With --out also writes a scenario for planner compare.
    """
    from planner.siting.candidates import PlaceOptions
    from planner.siting.one_stop_sites.gaps import MOST, kinds_with_gaps
    from planner.siting.one_stop_sites.proposals import propose_one_stop
    from planner.views.exports.siting.one_stop import write_one_stop

    result = assessed(console, workspace, standard, question)
    proposal = propose_one_stop(
        result,
        kind or kinds_with_gaps(result) or result.judged_kinds[:MOST],
        budget,
        buildings=buildings,
        fitting=fitting,
        places=PlaceOptions(where=where, costs=own_costs(costs)),
        limits=search.proven_limits(),
    )
    files = write_one_stop(proposal, out, console.labels.language) if out else []
    _show(console, proposal, files)


def _show(console: Console, proposal: OneStopProposal, files: list[Path]) -> None:
    from planner.cli.shared.tables import point_records, records, rows_table
    from planner.views.tables.siting.one_stop import comparison_table, terminal_table
    from planner.views.words.siting.one_stop import against, building_prices, sentences
    from planner.views.words.siting.prices import answer_labels

    result, labels = proposal.assessment, answer_labels(proposal, console.labels.language)
    separate = proposal.separate
    shown = partial(result.district.shown_count, proposal.group)
    console.give(
        {
            **head(result, kinds=list(proposal.kinds), group=proposal.group),
            "budget": proposal.budget,
            "gained": {kind: shown(count) for kind, count in proposal.gained.items()},
            "total": shown(proposal.total),
            "gained_unsure": shown(proposal.gained_unsure),
            "residents": shown(proposal.residents),
            **proof(console, proposal),
            "saved": proposal.saved,
            "facilities": proposal.facilities,
            "buildings": point_records(proposal.buildings),
            "separate": {
                "gained": {kind: shown(count) for kind, count in separate.gained.items()},
                "total": shown(separate.total),
                "residents": shown(separate.residents),
                "bound": shown(separate.siting.bound),
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
    console.show(against(proposal, language), *building_prices(proposal, labels))
    finish(console, result.district, files, proposal.group, of=result)
