"""``planner mix``: sites, doors, hours, services and links under one budget."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import Question, own_costs
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish, head


@verb
def mix(
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
    kind: options.SomeKinds = None,
    links: Annotated[
        int, options.at_least("NUMBER", "How many of the best links to consider.")
    ] = 20,
    costs: options.CostsFile = None,
    steps: options.Steps = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    out: Annotated[Path | None, options.optional("FILE", "Write it as a scenario (.json).")] = None,
) -> None:
    """Choose the remedies that bring most residents within the limits for the money.

    Considers new sites, facilities of units, the best links and, with --at or --service, longer
    hours and added services. The choice is assessed anew, and --out writes it as a scenario.
    """
    from planner.cli.shared.tables import records, rows_table
    from planner.location.limits import Limits
    from planner.siting.budget import best_mix
    from planner.siting.candidates import PlaceOptions
    from planner.views.exports.siting.budget import mix_scenario
    from planner.views.tables.siting.budget import mix_table
    from planner.views.words.siting.budget import mix_sentences

    result = assessed(console, workspace, standard, question)
    found = best_mix(
        result,
        budget,
        kind,
        links=links,
        places=PlaceOptions(costs=own_costs(costs)),
        limits=Limits(max_iterations=steps),
    )
    from planner.analysis.notes.groups import group_notes

    spoken = console.labels.language
    files = [mix_scenario(found, spoken).save(out)] if out else []
    notes = group_notes(result.district, found.group)
    findings = tuple(dict.fromkeys([*notes, *found.findings, *result.findings]))
    shown = partial(result.district.shown_count, found.group)
    console.give(
        {
            **head(result, kinds=list(found.kinds), group=found.group),
            "budget": budget,
            "cost": found.cost,
            "gained": shown(found.gained),
            "gained_unsure": shown(found.gained_unsure),
            "residents": shown(found.residents),
            "swaps": found.swaps,
            "promised": shown(found.promised),
            "promised_bound": shown(found.siting.bound),
            "promised_gap": found.siting.gap,
            "findings": console.findings_json(findings, result.district.kinds),
            "actions": records(found.table),
            "files": files,
        }
    )
    title = console.labels.message("budget.title")
    console.show(rows_table(title, mix_table(found, spoken), 3), *mix_sentences(found, spoken))
    finish(console, result.district, files, found.group, of=result)
