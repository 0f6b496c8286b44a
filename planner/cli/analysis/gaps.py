"""``planner gaps``: who lacks which facilities, where, and why."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import Question, Walk
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import finish, head, open_workspace, run

if TYPE_CHECKING:
    import geopandas as gpd
    from rich.table import Table

    from planner.analysis.assessment import Assessment
    from planner.errors import Finding

SHOWN = 30
"""Gaps printed; the files and JSON hold all."""

LEFT_OUT_SHOWN = 5
"""Of so many gaps the cycleways beside them that are no streets are printed."""


@verb
def gaps(
    console: Console,
    *,
    workspace: options.Workspace,
    standard: options.Standard = options.DEFAULT_STANDARD,
    kind: Annotated[
        str | None,
        options.optional(
            "KIND",
            "A kind; 'any', 'several' or 'all' for homes that lack one, half or all of the "
            "kinds. [default: each kind with a limit]",
        ),
    ] = None,
    question: Question,
    walk: Walk,
    capacity: Annotated[
        bool, typer.Option("--capacity", help="Ask also for room: find facilities that are full.")
    ] = False,
    links: Annotated[
        int,
        options.at_least(
            "NUMBER", "For how many of the largest gaps behind a barrier to find the best link."
        ),
    ] = 0,
    out: Annotated[
        Path | None, options.optional("DIR", "Write table and layers to this folder.")
    ] = None,
) -> None:
    """Find the areas where people lack facilities, and why.

    Prints the gaps, the most people first, with their cause, the facility that nearly serves them
    and what would mend them. With --out also writes them as a table, a GeoPackage and GeoJSON.
    """
    from planner.analysis.gaps.gaps import gap_notes
    from planner.views.exports.analysis.gaps import write_gaps

    for option, chosen in {"--links": links > 0, "--capacity": capacity}.items():
        if chosen:
            walk.plain_for(option)
    district = open_workspace(workspace, withhold_below=question.withhold_below)
    asked = {"at": question.at, "service": question.service, **walk.keywords()}
    result = run(console, district, standard, **asked)
    console.show(*console.labels.asked(result))
    found = result.gaps(kind, group=question.group, capacity=capacity, links=links)
    notes = gap_notes(result, kind, capacity=capacity)
    files = write_gaps(result, found, out, console.labels.language) if out else []
    _show(console, result, found, question.group or result.groups[0], capacity, notes, files)


def _show(
    console: Console,
    result: Assessment,
    found: gpd.GeoDataFrame,
    group: str,
    capacity: bool,
    notes: tuple[Finding, ...],
    files: list[Path],
) -> None:
    from planner.analysis.gaps.causes import AT_THE_MAP
    from planner.analysis.notes.groups import group_notes
    from planner.cli.shared.tables import records
    from planner.views.words.analysis.gaps import left_out_word, place_word
    from planner.views.words.ranges import spread_words

    kinds, shown = result.district.kinds, result.district.shown_areas(found, "unknown")
    findings = (*result.findings, *notes)
    console.give(
        {
            **head(result, group=group),
            "profile": result.profile.id if result.profile else None,
            "unmapped_m": result.unmapped_m,
            "capacity": capacity,
            "gaps": _rows(console, records(shown.drop(columns="geometry")), shown),
            "findings": console.findings_json(findings, kinds),
            "files": files,
        }
    )
    if found.empty:
        untold = group_notes(result.district, group)
        console.show(console.labels.message("gaps.none_told" if untold else "gaps.none"))
    else:
        console.show(_table(console, result, shown.head(SHOWN), group))
        total, people = len(found), console.labels.number(found[group].sum())
        said = {"shown": min(SHOWN, total), "total": total, "people": people}
        console.show(console.labels.message("gaps.shown", **said))
    for row in found[found["left_out_ways"] != ""].head(LEFT_OUT_SHOWN).itertuples(index=False):
        told = {
            "place": place_word(row, console.labels),
            "words": left_out_word(row, console.labels),
        }
        console.show(console.labels.message("gaps.at_place", **told))
    if found["remedy"].isin(AT_THE_MAP).any():
        console.show(console.labels.message("gaps.map_work"))
    asked = set(found["kind"])  # kinds taken together rest on the shares of all
    single = asked if asked and asked <= set(result.judged_kinds) else None
    console.show(*spread_words(result, group, console.labels, single))
    console.show_findings(notes, kinds)
    finish(console, result.district, files, group, of=result)


def _rows(
    console: Console, rows: list[dict[str, Any]], found: gpd.GeoDataFrame
) -> list[dict[str, Any]]:
    """Return gaps as JSON rows: lists for what is joined, and the name of the place."""
    from planner.views.words.analysis.gaps import rows_of, words_of_places

    for row, name in zip(rows, words_of_places(rows_of(found), console.labels), strict=True):
        row["name"] = name
        for column in ("communities", "kinds", "demand_ids"):
            row[column] = list(filter(None, row[column].split(";")))
    return rows


def _table(console: Console, result: Assessment, found: gpd.GeoDataFrame, group: str) -> Table:
    """Return gaps as a table for the terminal."""
    from planner.cli.shared.tables import fold_headings, table
    from planner.views.words.analysis.gaps import barrier_word, kind_word, place_word, remedy_word

    labels, kinds = console.labels, result.district.kinds
    several = found["kind"].nunique() > 1
    words = ["place", *(["kind"] if several else []), "cause", "barrier", "remedy"]
    figures = ["straight_m", "walked_m", "detour"]
    headings = [labels.message(f"gaps.col_{name}") for name in (*words, *figures)]
    headings.insert(len(words), labels.group(group))
    title = [labels.message("gaps.page")]
    if not several:
        title.append(kind_word(str(found["kind"].iloc[0]), labels, kinds))
    grid = table(" · ".join(title), headings, len(words))
    # the name of a group may be no name of an attribute: "pop_65 (own)"
    for row, people in zip(found.itertuples(index=False), found[group], strict=True):
        grid.add_row(
            place_word(row, labels),
            *([kind_word(str(row.kind), labels, kinds)] if several else []),
            labels.message(f"gaps.cause_{row.cause}"),
            barrier_word(row, labels) or "–",
            remedy_word(row, labels) or "–",
            labels.number(people),
            *(
                labels.whole_metres(m) if math.isfinite(m) else labels.number(m)
                for m in (row.straight_m, row.walked_m)
            ),
            labels.number(row.detour_ratio, 1),
        )
    fold_headings(grid)
    grid.columns[0].overflow = "fold"
    return grid
