"""``planner allot``: a number of new sites allotted to many districts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb

if TYPE_CHECKING:
    from rich.table import Table

    from planner.batch.allotted_sites import AllottedSites
    from planner.views.words.labels import Labels


@verb
def allot(
    console: Console,
    *,
    results: Annotated[
        Path,
        typer.Argument(
            metavar="RESULTS",
            help="Folder that planner batch --also curves has written.",
            show_default=False,
        ),
    ],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="Kind of facility.", show_default=False)
    ],
    new: Annotated[
        int,
        typer.Option(
            metavar="NUMBER",
            min=1,
            help="New sites at most, of all districts together.",
            show_default=False,
        ),
    ],
    province: Annotated[
        str | None, options.optional("NAME", "Only the districts of a province.")
    ] = None,
    out: Annotated[
        Path | None,
        options.optional("DIR", "Write districts, sites and what they rest on to this folder."),
    ] = None,
    withhold_below: options.WithholdBelow = None,
) -> None:
    """Allot new sites to districts so that together they bring most people within the limit.

    Each district gets no more than the run sought there. With a proof: what no other choice of as
    many sites among the places of all these districts exceeds.
    """
    from planner.batch.allotted_sites import allot_sites
    from planner.batch.results import open_results

    opened = open_results(results)
    found = allot_sites(opened, kind, new, province=province)
    opened.shown_below(withhold_below, found.group)
    labels = found.labels(console.labels.language)
    files = [] if out is None else found.write(out, labels.language)
    console.give(_as_json(found, labels, files))
    console.show(*found.sentences(labels))
    console.show(_grid(found, labels))
    console.show(*(f"- {note}" for note in [*found.notes(labels), *_reasons(found, labels)]))
    if out is not None:
        console.show(console.word("wrote", file=out))


def _as_json(found: AllottedSites, labels: Labels, files: list[Path]) -> dict[str, Any]:
    from planner.cli.shared.tables import records
    from planner.views.words.analysis.leagues import credits_of

    sites = found.sites.assign(lon=found.sites.geometry.x, lat=found.sites.geometry.y)
    return {
        "asked": found.asked,
        "sites": found.count,
        "gained": found.gained,
        "bound": found.bound,
        "gap": found.gap,
        "cut_off": found.cut_off,
        "others": found.others,
        "districts": records(found.districts.drop(columns="geometry")),
        "places": records(sites.drop(columns="geometry")),
        "sentences": found.sentences(labels),
        "notes": found.notes(labels),
        "attribution": credits_of(found.districts, labels),
        "files": files,
    }


def _grid(found: AllottedSites, labels: Labels) -> Table:
    """Return the districts: how many sites, and what the last and one more would add."""
    from planner.cli.shared.tables import fold_headings, table
    from planner.views.words.analysis.leagues import area_names

    say, rows = labels.message, found.districts
    heads = [say("leagues.col_area"), say("siting.col_sites")]
    heads += [say("leagues.col_share"), say("leagues.col_share_after"), say("siting.col_gained")]
    heads += [say("allot.col_last"), say("allot.col_next")]
    grid = table("", heads, 1)
    for name, row in zip(area_names(rows), rows.to_dict("records"), strict=True):
        after = {each: row[f"{each}_after"] for each in ("share", "share_low", "share_high")}
        cells = [name, _told(row["sites"], labels), labels.rate(row), labels.rate(after)]
        cells += [_told(row[each], labels) for each in ("gained", "last", "next")]
        grid.add_row(*cells)
    fold_headings(grid)
    return grid


def _reasons(found: AllottedSites, labels: Labels) -> list[str]:
    """Return of each district in which no site is proposed why."""
    from planner.views.words.analysis.leagues import area_names

    why = found.districts[f"why_not_{labels.language}"]
    pairs = zip(area_names(found.districts), why, strict=True)
    return [
        labels.message("batch.failure", district=name, reason=why) for name, why in pairs if why
    ]


def _told(value: Any, labels: Labels) -> str:
    """Return a number, a dash where nobody looked at it."""
    import pandas as pd

    return "–" if pd.isna(value) else labels.number(value)
