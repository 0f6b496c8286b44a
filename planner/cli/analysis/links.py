"""``planner links``: which gate, footbridge or path to open first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import Question
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish, head

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from rich.table import Table

    from planner.analysis.assessment import Assessment
    from planner.analysis.links.places import Search
    from planner.views.words.labels import Labels

STEPS = 5
MAP_ROWS = 10


@verb
def links(
    console: Console,
    *,
    workspace: options.Workspace,
    standard: options.Standard = options.DEFAULT_STANDARD,
    kind: options.SomeKinds = None,
    question: Question,
    count: Annotated[int, options.at_least("NUMBER", "How many links to list.", 1)] = 20,
    max_gap_m: Annotated[
        float,
        options.at_least("METRES", "Longest straight line between two streets."),
    ] = 80.0,
    bridge_m: Annotated[
        float,
        options.at_least("METRES", "Longest footbridge across water."),
    ] = 350.0,
    sites: Annotated[
        bool,
        typer.Option("--sites", help="Compare the best link with the best new facility by kind."),
    ] = False,
    out: options.TablesFolder = None,
) -> None:
    """Find the gates, footbridges and paths that bring most residents within the limit.

    Prints the best single links, each judged alone, and the five to open one after another. With
    --out also writes them as tables, as layers and as a scenario for planner compare.
    """
    from planner.analysis.links.link_or_site import compare_with_site
    from planner.analysis.links.links import DEFAULT, anybody_gains, best_links, link_sequence
    from planner.analysis.links.map_work import map_work
    from planner.siting.unsure import gains_of_links_unsure
    from planner.views.exports.analysis.links import write_links

    result = assessed(console, workspace, standard, question)
    if anybody_gains(result, kind, question.group):
        _warm_up(console)
    search = DEFAULT._replace(max_gap_m=max_gap_m, bridge_m=bridge_m)
    ranked = best_links(result, kind, question.group, count, search=search)
    steps = link_sequence(result, kind, question.group, STEPS, search=search)
    against = compare_with_site(result, kind, question.group, search=search) if sites else None
    corrections = map_work(result.reach, search)
    counted = question.group or result.groups[0]
    unsure = gains_of_links_unsure(result, steps, kind, question.group)
    unsure = result.district.shown_count(counted, unsure)
    files = []
    if out is not None:
        files = write_links(result, ranked, steps, corrections, out, console.labels.language)
    _show(console, result, ranked, steps, corrections, against, files, unsure, search)


def _warm_up(console: Console) -> None:
    """Have the programs that look for links ready; says so where they must be compiled first."""
    from planner.network.links import candidates

    if not candidates.is_compiled():
        console.note("compiling")
    candidates.warm_up()


def _show(
    console: Console,
    result: Assessment,
    ranked: gpd.GeoDataFrame,
    steps: gpd.GeoDataFrame,
    corrections: gpd.GeoDataFrame,
    against: pd.DataFrame | None,
    files: list[Path],
    unsure: float,
    search: Search,
) -> None:
    from planner.cli.shared.tables import records
    from planner.views.words.analysis.links import looked_for
    from planner.views.words.ranges import gains_unsure_words, spread_words

    def rows(table: gpd.GeoDataFrame) -> list[dict[str, Any]]:
        return records(table.drop(columns="geometry"))

    console.give(
        {
            **head(result, group=result.groups[0]),
            "links": rows(ranked),
            "sequence": rows(steps),
            "gained_unsure": unsure,
            "map_work": rows(corrections),
            "sites": None if against is None else records(against),
            "findings": console.findings_json(result.findings, result.district.kinds),
            "files": files,
        }
    )
    labels = console.labels
    if ranked.empty:
        console.show(labels.message("links.none"), looked_for(search, labels))
    else:
        console.show(_table(console, result, ranked, "ranked"), labels.message("links.ranked_note"))
        console.show(_table(console, result, steps, "sequence"))
        console.show(labels.message("links.sequence_note"), *gains_unsure_words(unsure, labels))
        console.show(*_left_out_words(ranked, labels))
        console.show(*spread_words(result, result.groups[0], labels))
    if not corrections.empty:
        console.show(
            _map_table(console, result, corrections), labels.message("links.map_work_note")
        )
    if against is not None:
        console.show(_sites_table(console, result, against), _sites_note(console, against))
    finish(console, result.district, files, result.groups[0], of=result)


def _table(console: Console, result: Assessment, links: gpd.GeoDataFrame, title: str) -> Table:
    """Return links as a table for the terminal; kinds are in the files."""
    from planner.cli.shared.tables import fold_headings, records, table
    from planner.views.words.analysis.links import walk_word, where_words, work_word
    from planner.views.words.places import community_names

    labels = console.labels
    columns = ["work", "where", "community", "length_m", "walked_m", "gain", "residents"]
    if "total" in links:
        columns[-2:] = ["total", "total_residents"]
    names = community_names(result.district)
    headings = [labels.message(f"links.col_{column}") for column in ("rank", *columns)]
    grid = table(labels.message(f"links.{title}"), headings, 4)
    where = where_words(links, result.district, labels)
    for place, row in zip(where, records(links), strict=True):
        grid.add_row(
            str(row["rank"]),
            work_word(row["work"], labels),
            place,
            str(names.get(row["community_id"], "")),
            labels.number(row["length_m"]),
            walk_word(row["walked_m"], labels),
            *(labels.count(row[column]) for column in columns[-2:]),
        )
    fold_headings(grid)
    return grid


def _left_out_words(links: gpd.GeoDataFrame, labels: Labels) -> list[str]:
    """Return of each link that a way leads along which is no street what is to be settled there."""
    from planner.views.words.analysis.links import left_out_word

    return [
        labels.message("links.numbered", number=row.rank, words=words)
        for row in links.itertuples()
        if (words := left_out_word(row, labels))
    ]


def _map_table(console: Console, result: Assessment, corrections: gpd.GeoDataFrame) -> Table:
    """Return the first corrections of the map for the terminal; all are in the file."""
    from planner.cli.shared.tables import fold_headings, table
    from planner.views.tables.analysis.links import map_work_table

    shown = map_work_table(result, corrections.head(MAP_ROWS), console.labels.language)
    grid = table(console.labels.message("links.map_work"), list(shown.columns), 2)
    for row in shown.itertuples(index=False):
        grid.add_row(row[0], row[1], *(console.labels.number(value) for value in row[2:]))
    fold_headings(grid)
    return grid


def _sites_table(console: Console, result: Assessment, against: pd.DataFrame) -> Table:
    """Return the best link beside the best new facility of each kind."""
    from planner.cli.shared.tables import records, table
    from planner.views.words.analysis.links import work_word

    labels = console.labels
    headings = [console.heading("kind")]
    headings += [labels.message(f"links.col_{name}") for name in ("best_link", "work", "site")]
    grid = table(labels.message("links.against_site"), headings)
    for row in records(against):
        grid.add_row(
            labels.kind(row["kind"], result.district.kinds),
            labels.count(row["gain_link"]),
            work_word(row["work"], labels) if row["work"] else "–",
            labels.count(row["gain_site"]),
        )
    return grid


def _sites_note(console: Console, against: pd.DataFrame) -> str:
    labels = console.labels
    tried = labels.text(", ").join(
        labels.message(f"links.from_{layer}") for layer in sorted(set(against["sites_from"]))
    )
    return labels.message("links.against_site_note", place=tried)
