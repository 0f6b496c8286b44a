"""``planner match``: residents' needs matched with places that have room."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import finish, open_workspace, run
from planner.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from planner.siting.matching.matching import Matching
    from planner.siting.matching.options import MatchOptions

SHOWN = 12
"""Rows of a table printed; the files and JSON hold all."""


@dataclass(frozen=True)
class Needs:
    """How much is needed, and which places take part."""

    need: Annotated[
        str,
        typer.Option(
            metavar="RATE|COLUMN",
            help="Share of residents who need a place, or visits a day; or a column of demand.",
        ),
    ] = "1"
    capacity: Annotated[
        str | None,
        options.optional(
            "AMOUNT|unlimited", "Room of places that do not tell it. [default: unknown]"
        ),
    ] = None
    limit: Annotated[
        float | None,
        options.optional("METRES", "Longest way. [default: the standard's for each kind]"),
    ] = None
    partners: Annotated[
        bool, typer.Option("--partners/--no-partners", help="Whether partners' places count.")
    ] = True
    internal: Annotated[
        bool, typer.Option("--internal", help="Let places internal to units count too.")
    ] = False

    def as_options(self) -> MatchOptions:
        """Return what a matching is asked for."""
        from planner.siting.matching.options import MatchOptions

        return MatchOptions(
            need_per_resident=_rate(self.need),
            partners=self.partners,
            internal=self.internal,
            limit_m=self.limit,
            capacity=_amount(self.capacity),
        )


@verb
def match(
    console: Console,
    *,
    workspace: options.Workspace,
    kind: Annotated[
        str | None,
        options.optional(
            "KIND", "Kind of the places. [default with --service: all kinds that offer it]"
        ),
    ] = None,
    service: Annotated[
        str | None, options.optional("NAME", "Only places that offer this service.")
    ] = None,
    group: options.OneGroup = None,
    needs: Needs,
    more: Annotated[
        float | None,
        options.optional(
            "AMOUNT", "By how much a place is enlarged. [default: a fifth of the middle place]"
        ),
    ] = None,
    steps: Annotated[int, options.at_least("NUMBER", "How many enlargements to list.", 1)] = 5,
    standard: options.Standard = options.DEFAULT_STANDARD,
    at: options.At = None,
    withhold_below: options.WithholdBelow = None,
    out: Annotated[
        Path | None,
        options.optional("DIR", "Write tables, layers, a scenario and a map to this folder."),
    ] = None,
) -> None:
    """Match residents' needs with places that have room, over the shortest ways in total.

    Prints who serves how many, who is not served and why, and where more room would serve most.
    With --out also writes places, communities, homes and flows, layers, enlargements and a map.
    """
    from planner.siting import match_needs
    from planner.views.exports.siting.matching import write_matching

    asked = needs.as_options()
    district = open_workspace(workspace, withhold_below=withhold_below)
    result = run(console, district, standard, at=at)
    console.show(*console.labels.asked(result))
    found = match_needs(result, kind, service=service, group=group, options=asked)
    grown = found.enlarge_sequence(more, steps)
    spoken = console.labels.language
    files = write_matching(found, out, spoken, more=more, count=steps) if out else []
    _show(console, found, grown, files)


def _rate(text: str) -> float | str:
    """Return a number, or the name of a column."""
    try:
        return float(text)
    except ValueError:
        return text


def _amount(text: str | None) -> float | None:
    if text is None:
        return None
    if text.strip().casefold() in ("unlimited", "inf"):
        return math.inf
    try:
        return float(text)
    except ValueError:
        raise InputError("matching.bad_capacity", value=text) from None


def _show(console: Console, found: Matching, grown: pd.DataFrame, files: list[Path]) -> None:
    from planner.cli.shared.tables import district_json, records
    from planner.views.tables.siting import matching as tables
    from planner.views.words.siting import matching as words

    result, spoken = found.assessment, console.labels.language
    findings = (*result.findings, *found.findings)
    console.give(
        {
            "district": district_json(result.district),
            "standard": result.standard.id,
            "kind": found.kind,
            "service": found.service,
            "group": found.group,
            "at": result.question.asked_at,
            "room": found.room,
            "summary": found.summary(),
            "ownership": records(found.by_ownership()),
            "operators": records(found.by_operator()),
            "places": records(found.served.drop(columns="geometry")),
            "communities": records(found.communities().drop(columns="geometry")),
            "enlargements": records(grown),
            "findings": console.findings_json(findings, result.district.kinds),
            "files": files,
        }
    )
    console.show(words.note(found, spoken), words.answer(found, spoken))
    places = tables.places_table(found, spoken)
    console.show(_table(console, "tab_owners", tables.owners_table(found, spoken), 2))
    console.show(_table(console, "tab_places", places.iloc[:SHOWN, :7], 2))
    communities = tables.communities_table(found, spoken).iloc[:SHOWN, :12]
    console.show(_table(console, "tab_communities", communities, 1))
    if grown.empty:
        console.show(words.say(console.labels, "room_none"))
    else:
        table = tables.enlargements_table(found, grown, spoken)
        console.show(_table(console, "tab_room", table.iloc[:, :8], 2))
        more = words.amount_word(console.labels, float(grown["more"].iloc[0]))
        console.show(words.say(console.labels, "room_note", more=more))
    console.show_findings(found.findings, result.district.kinds)
    finish(console, result.district, files, found.group, of=result)


def _table(console: Console, title: str, rows: pd.DataFrame, numbers_from: int) -> Table:
    """Return a table for the terminal: shares in per cent, whole metres, amounts short."""
    from planner.cli.shared.tables import fold_headings, table
    from planner.views.tables.siting import matching as tables
    from planner.views.words.siting import matching as words

    labels = console.labels
    shares = {words.say(labels, f"col_{name}") for name in tables.SHARES}
    metres = {words.say(labels, f"col_{name}") for name in tables.METRES}
    grid = table(words.say(labels, title), [str(name) for name in rows], numbers_from)
    for row in rows.itertuples(index=False):
        cells = []
        for name, cell in zip(rows, row, strict=True):
            if isinstance(cell, str):
                cells.append(cell)
            elif cell is None or math.isnan(cell):
                cells.append("–")
            elif name in shares:
                cells.append(labels.percent(cell))
            elif name in metres and math.isfinite(cell):
                cells.append(labels.whole_metres(cell))
            else:
                cells.append(words.amount_word(labels, float(cell)))
        grid.add_row(*cells)
    fold_headings(grid)
    return grid
