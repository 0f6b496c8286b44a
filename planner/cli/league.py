"""``planner league``: areas of many districts, ranked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.levels import LevelOption, level_of
from planner.cli.shared.option_groups import FormOptions
from planner.cli.shared.verbs import verb

if TYPE_CHECKING:
    from rich.table import Table

    from planner.batch.leagues import League
    from planner.views.words.labels import Labels

MOST_SHOWN = 30
"""Rows that the terminal shows."""


@verb
def league(
    console: Console,
    *,
    results: Annotated[
        Path,
        typer.Argument(
            metavar="RESULTS", help="Folder that planner batch has written.", show_default=False
        ),
    ],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="Kind of facility.", show_default=False)
    ],
    level: LevelOption = "district",
    group: options.OneGroup = None,
    before: Annotated[
        Path | None,
        options.optional("RESULTS", "Results of an earlier run, to tell the change against."),
    ] = None,
    table: Annotated[
        int | None,
        options.optional(
            "NUMBER",
            "Which table, where areas have several units, standards or limits. "
            "[default: that with the most areas]",
        ),
    ] = None,
    province: Annotated[
        str | None, options.optional("NAME", "Only areas of a province; ranks are among all.")
    ] = None,
    district: Annotated[
        str | None, options.optional("ID", "Only areas of a district; ranks are among all.")
    ] = None,
    out: Annotated[
        Path | None, options.optional("DIR", "Write tables, layer and map to this folder.")
    ] = None,
    report: Annotated[
        list[Path] | None,
        options.optional(
            "FILE",
            "Write a report: a .docx, .xlsx or .html with the ranking, its map, the lowest areas "
            "of every kind, districts without results, and the sources; may be repeated.",
        ),
    ] = None,
    form: FormOptions,
    withhold_below: options.WithholdBelow = None,
) -> None:
    """Rank districts, subdistricts or communities by the share of people within the limit.

    Areas are ranked among those with the same unit, standard and limit alone. Where distances of
    some are not known the rank is a range. With --out also writes CSV, Excel, GeoJSON and a map
    that opens in any browser.
    """
    from planner.batch import open_results
    from planner.batch.leagues import find_league
    from planner.batch.report import league_report

    written = form.files(report or [])
    opened = open_results(results).shown_below(withhold_below, group)
    found = find_league(
        opened,
        level_of(level),
        kind,
        group,
        before=None if before is None else open_results(before).shown_below(withhold_below, group),
        table=table,
        province=province,
        district=district,
    )
    labels = found.labels(console.labels.language)
    files = [] if out is None else found.write(out, labels.language)
    if written:
        made = league_report(
            opened,
            found,
            level_of(level),
            group,
            language=labels.language,
            form=form.as_form(),
        )
        files += [made.write(file, template) for file, template in written]
    console.give(_as_json(found, labels, files))
    console.show(_grid(found, labels))
    if len(found.areas) > MOST_SHOWN:
        counts = {"shown": MOST_SHOWN, "all": len(found.areas)}
        console.show(labels.message("leagues.shown", **counts))
    if found.tables > 1:
        numbers = {"table": found.table, "all": found.tables}
        console.show(labels.message("leagues.tables", **numbers))
    console.show(*(f"- {note}" for note in found.notes(labels)))
    for file in [*([] if out is None else [out]), *(each for each, _ in written)]:
        console.show(console.word("wrote", file=file))


def _as_json(found: League, labels: Labels, files: list[Path]) -> dict[str, Any]:
    from planner.cli.shared.tables import records
    from planner.views.words.analysis.leagues import credits_of

    return {
        "title": found.title(labels),
        "table": found.table,
        "tables": found.tables,
        "areas": records(found.areas.drop(columns="geometry")),
        "gone": None if found.gone is None else records(found.gone),
        "notes": found.notes(labels),
        "attribution": credits_of(found.areas, labels),
        "files": files,
    }


def _grid(found: League, labels: Labels) -> Table:
    """Return the first areas: rank, name, district, share and people beyond the limit."""
    from planner.cli.shared.tables import fold_headings, table
    from planner.views.words.analysis.leagues import area_names, short_rank

    rows = found.areas.head(MOST_SHOWN)
    changed, inside = "share_change" in rows, "name" in rows
    heads = [labels.message("leagues.col_rank"), labels.message("leagues.col_area")]
    heads += [labels.message("leagues.col_district_name")] if inside else []
    # a share that the data leave open stands with both its ends, whatever leaves it open
    ranged = bool((rows["share_low"] < rows["share_high"]).any())
    heads += [labels.column("share"), *([labels.message("app.share_range")] if ranged else [])]
    heads += [labels.column("uncovered"), labels.column("unknown")]
    changes = ("share_change", "rank_change") if changed else ()
    heads += [labels.message(f"leagues.col_{name}") for name in changes]
    grid = table(found.title(labels), heads, 3 if inside else 2)
    for name, row in zip(area_names(rows), rows.to_dict("records"), strict=True):
        cells = [short_rank(row, labels), name]
        cells += [str(row["district_name"] or row["district"])] if inside else []
        cells += [labels.rate(row)]
        cells += [labels.percent_range(row["share_low"], row["share_high"])] if ranged else []
        cells += [labels.count(row["uncovered"]), labels.count(row["unknown"])]
        if changed:
            cells += [_points(row["share_change"], labels), _ranks(row["rank_change"], labels)]
        grid.add_row(*cells)
    fold_headings(grid)
    return grid


def _points(change: float, labels: Labels) -> str:
    """Return a change in percentage points with its sign, a dash where it is not known."""
    if change != change:
        return "–"
    return f"{'+' if change > 0 else ''}{labels.number(change * 100, 1)}"


def _ranks(change: Any, labels: Labels) -> str:
    """Return by how many ranks an area went up, with the sign; a dash where it is not known."""
    import pandas as pd

    if pd.isna(change):
        return "–"
    return f"{'+' if change > 0 else ''}{labels.number(change)}"
