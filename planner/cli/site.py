"""``planner site``: where new facilities of a kind should be opened, and how good that is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.assess import DEFAULT_STANDARD, StandardOption, run
from planner.cli.console import Console, verb
from planner.cli.options import At, CostsFile, Debug, Json, Language, OneGroup, Service, Workspace

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from planner.siting.proposals import Proposal


@verb
def site(
    workspace: Workspace,
    kind: Annotated[str, typer.Option(metavar="KIND", help="The kind of facility to site.")],
    new: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", help="New sites at most.", show_default=False),
    ] = None,
    objective: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="coverage (most residents), everyone (fewest sites for all), distance (least "
            "walking), farthest (shortest longest walk) or worst_first (worst community first).",
        ),
    ] = "coverage",
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="ORIGIN",
            help="Places to choose from: candidates, internal, premises, streets, homes or grid; "
            "may be repeated. [default: candidates and internal]",
            show_default=False,
        ),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(
            metavar="MONEY", help="Most to spend, in 10,000 yuan.", min=0, show_default=False
        ),
    ] = None,
    costs: CostsFile = None,
    limit_m: Annotated[
        float | None,
        typer.Option(
            metavar="METRES", min=1, help="A limit other than the standard's.", show_default=False
        ),
    ] = None,
    standard: StandardOption = DEFAULT_STANDARD,
    group: OneGroup = None,
    at: At = None,
    service: Service = None,
    curve: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, help="Also show what 1 to NUMBER sites bring.")
    ] = 0,
    time_limit_s: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.01, help="Longest search.")
    ] = 10.0,
    gap: Annotated[
        float,
        typer.Option(
            metavar="SHARE", min=0, max=1, help="Stop once this distance from the best is proven."
        ),
    ] = 0.0,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write tables, layers and a scenario to this folder.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    language: Language = None,
    debug: Debug = False,  # noqa: ARG001 - read by the verb wrapper
) -> None:
    """Propose where new facilities of a kind should be opened, with a proven bound.

    Prints the sites in the order in which they bring most, and how far they are at most from the
    best possible choice. With --out also writes them as a scenario for planner compare.
    """
    from planner.siting.costs import read_costs
    from planner.siting.curves import coverage_curve
    from planner.siting.proposals import WHERE, propose
    from planner.sources import read_district
    from planner.views.proposals import write_proposal

    console = Console(language, json)
    groups = None if group is None else [group]
    result = run(console, read_district(workspace), standard, groups=groups, at=at, service=service)
    proposal = propose(
        result,
        kind,
        new,
        objective=objective,  # type: ignore[arg-type]
        where=where or WHERE,
        budget=budget,
        costs=read_costs(costs) if costs else None,
        limit_m=limit_m,
        time_limit_s=time_limit_s,
        gap=gap,
    )
    rows = coverage_curve(proposal, curve, time_limit_s=time_limit_s) if curve else None
    files = write_proposal(proposal, out, console.labels.language) if out else []
    _show(console, proposal, rows, files)


def _show(
    console: Console, proposal: Proposal, curve: pd.DataFrame | None, files: list[Path]
) -> None:
    from planner.cli.tables import district_json, records
    from planner.views.proposals import answer, curve_table, sites_table

    result, labels = proposal.assessment, console.labels
    sites = proposal.sites
    places = sites.drop(columns="geometry").assign(x=sites.geometry.x, y=sites.geometry.y)
    console.give(
        {
            "district": district_json(result.district),
            "standard": result.standard.id,
            "kind": proposal.kind,
            "group": proposal.group,
            "at": result.question.at,
            "service": result.question.service,
            "goal": proposal.goal,
            "limit_m": proposal.limit_m,
            "gained": proposal.gained,
            "objective": proposal.objective,
            "bound": proposal.bound,
            "gap": proposal.gap,
            "optimal": proposal.optimal,
            "seconds": proposal.seconds,
            "cost": proposal.cost,
            "sites": records(places),
            "curve": None if curve is None else records(curve),
            "files": files,
        }
    )
    language = labels.language
    console.show(
        rows_table(labels.message("siting_words.sites"), sites_table(proposal, language), 3)
    )
    console.show(*answer(proposal, language))
    if curve is not None:
        console.show(
            rows_table(labels.message("siting_words.curve"), curve_table(curve, language), 0)
        )
    console.show(labels.message("siting_words.unverified_costs"))
    if result.district.synthetic:
        console.show(console.word("synthetic_note"))
    for file in files:
        console.show(console.word("wrote", file=file))


def rows_table(title: str, rows: Any, numbers_from: int) -> Table:
    """Return a table of words and numbers for the terminal."""
    from planner.cli.tables import fold_headings, table

    grid = table(title, map(str, rows.columns), numbers_from)
    for row in rows.astype(object).where(rows.notna(), None).to_numpy():
        grid.add_row(*("–" if cell is None else _cell(cell) for cell in row))
    fold_headings(grid)
    return grid


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
