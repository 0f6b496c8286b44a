"""``planner check``: is a workspace sound, what is in it, and what can be mended."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import finish, open_workspace, workspace_file
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.analysis.data_check import DataCheck, Mended
    from planner.district import District
    from planner.errors import Finding


@verb
def check(
    console: Console,
    *,
    workspace: options.Workspace,
    mend: Annotated[
        Path | None,
        options.optional(
            "FILE",
            "Write a copy of the workspace in which all is mended that needs no decision, and list "
            "each change; WORKSPACE stays as it is.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        options.optional(
            "MEND",
            "Make only this mend: join_streets, drop_doubles or clean_borders; may be repeated.",
        ),
    ] = None,
    tick: Annotated[
        list[str] | None,
        options.optional(
            "KEY",
            "Tick off a row that was looked at and is right, by its key in data_problem_rows.csv; "
            "it is left out from then on. May be repeated.",
        ),
    ] = None,
    untick: Annotated[
        list[str] | None,
        options.optional("KEY", "Take a tick back; may be repeated."),
    ] = None,
    withhold_below: options.WithholdBelow = None,
    out: options.TablesFolder = None,
) -> None:
    """Check a workspace, say what is in it, and mend what needs no decision.

    Every layer, column, id and shape is checked; the first fault is named with its layer, row and
    column, and the exit code is 2. Then follows what to mend before believing the figures, the
    gravest first: streets that do not join, places without a street, rows listed twice,
    communities that overlap, columns not filled. Rows that were looked at can be ticked off.
    """
    from planner.analysis.data_check import check_data, mend_data
    from planner.sources.ticks import change_ticks, read_ticks
    from planner.views.exports.analysis.data_check import write_data_check

    if only and mend is None:
        raise InputError("data_check.only_without_mend")
    file = workspace_file(workspace)
    district = open_workspace(workspace)
    # what is shown has no small counts; ticks and mends are of the data as they are
    found = whole = check_data(district)
    if withhold_below is not None:
        found = check_data(district.withhold(withhold_below))
    if tick or untick:
        _known(whole, tick or ())
        change_ticks(file, tick or (), untick or ())
    keys = set(whole.rows()["key"])
    ticked = keys & set(read_ticks(file).at)
    left = found.without(ticked)
    mended = None if mend is None else mend_data(district, only, right=ticked)
    if mended is not None and mend is not None:
        _write_mended(file, mend, mended, ticked)
    language = console.labels.language
    changes = None if mended is None else mended.changes
    files = write_data_check(found, out, language, ticked=ticked, changes=changes) if out else []
    _show(console, workspace, left, len(ticked), files)
    if mended is not None:
        _show_mended(console, workspace, mend, mended)


def _known(found: DataCheck, keys: Iterable[str]) -> None:
    known = set(found.rows()["key"])
    for key in keys:
        if key not in known:
            raise InputError("data_check.unknown_key", key=key)


def _write_mended(workspace: Path, out: Path, mended: Mended, ticked: Iterable[str]) -> None:
    """Write the mended copy, and beside it what was ticked off: a second mend leaves it too."""
    from planner.sources import write_district
    from planner.sources.ticks import carry_ticks

    if out.exists() and out.resolve() == workspace.resolve():
        raise InputError("corrections.onto_itself", file=str(out))
    if len(mended.changes):
        write_district(mended.district, out)
        carry_ticks(workspace, out, ticked)


def _show(
    console: Console, workspace: Path, left: DataCheck, ticked: int, files: list[Path]
) -> None:
    """Print layers, sources, problems, and what else must be known of the district."""
    from planner.analysis.data_check import AS_PROBLEMS
    from planner.district import kind_notes
    from planner.sources import check as check_district
    from planner.sources.checks.severity import in_doubt
    from planner.sources.streets.layer import LOOSE_MUCH, loose_share

    district = left.district
    rest = check_district(district, without=AS_PROBLEMS)
    found = (*left.findings, *rest, *kind_notes(district))
    show_layers(console, district, found, _document(console, left, ticked, files))
    if left.problems:
        console.show(_problems(console, left))
    else:
        console.show(console.labels.message("data_check.none"))
    if ticked:
        console.show(console.labels.message("data_check.all_ticked", count=ticked))
    finish(console, district, files)
    console.show_findings(found, district.kinds)
    loose = loose_share(district.streets)
    wrong = sum(each.severity == "wrong" for each in left.problems)
    if loose >= LOOSE_MUCH:
        percent = round(100 * loose, 1)
        console.show(console.word("check_loose", file=workspace, percent=percent))
    elif wrong:
        console.show(console.labels.message("data_check.to_mend", file=workspace, count=wrong))
    elif doubts := len(in_doubt(found)):
        console.show(console.word("check_doubts", file=workspace, count=doubts))
    else:
        console.show(console.word("check_good", file=workspace))


def _document(console: Console, left: DataCheck, ticked: int, files: list[Path]) -> dict[str, Any]:
    from planner.cli.shared.tables import records

    problems = records(left.table())
    texts = [console.labels.finding(f, left.district.kinds) for f in left.findings]
    rows = left.rows()
    return {
        "problems": [row | {"text": text} for row, text in zip(problems, texts, strict=True)],
        "problem_rows": records(rows.drop(columns="geometry")),
        "ticked": ticked,
        "files": files,
    }


def _problems(console: Console, left: DataCheck) -> Any:
    """Return the problems as a table of short names; their sentences follow as findings."""
    from planner.cli.shared.tables import table
    from planner.views.tables.analysis.data_check import problems_table, short_name

    shown = problems_table(left, console.labels)
    grid = table(console.labels.message("data_check.title"), list(shown.columns), 4)
    for row, each in zip(shown.itertuples(index=False), left.problems, strict=True):
        name = short_name(each.code, console.labels)
        column = str(each.finding.params.get("column", ""))
        what = f"{name}: {console.labels.column(column)}" if column else name
        grid.add_row(str(row[0]), str(row[1]), what, *map(str, row[3:]))
    return grid


def _show_mended(console: Console, workspace: Path, out: Path | None, mended: Mended) -> None:
    from planner.cli.shared.tables import rows_table
    from planner.views.tables.analysis.data_check import changes_table

    message = console.labels.message
    if not len(mended.changes):
        console.show(message("data_check.nothing_to_mend"))
        return
    title = message("data_check.changes_title")
    console.show(rows_table(title, changes_table(mended.changes, console.labels), 5))
    count = len(mended.changes)
    console.show(message("data_check.mended_file", file=out, count=count, workspace=workspace))


def show_layers(
    console: Console, district: District, found: Iterable[Finding], more: dict[str, Any]
) -> None:
    """Print a district's layers and sources; give them and what was found as the document."""
    from planner.cli.shared.tables import district_json, table
    from planner.views.words.provenance import source_date

    findings = console.findings_json(tuple(found), district.kinds)
    console.give({**district_json(district), "findings": findings, **more})
    title = f"{district.name} · {district.crs.to_string()}"
    grid = table(title, map(console.heading, ("layer", "rows")))
    for name, layer in district.layers.items():
        grid.add_row(name, console.labels.number(len(layer)))
    sources = table("", map(console.heading, ("layer", "source", "date", "licence")), 4)
    for source in district.sources:
        licence = source.licence or console.labels.message("provenance.no_licence")
        date = source_date(source, console.labels)
        sources.add_row(source.layer, source.source, date, licence)
    console.show(grid, sources)


def show(console: Console, district: District, found: Iterable[Finding]) -> None:
    """Print a district's layers and sources, and what was found in it."""
    found = tuple(found)
    show_layers(console, district, found, {})
    finish(console, district)
    console.show_findings(found, district.kinds)
