"""``planner update``: a layer of a workspace brought up to date from a newer file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.data.import_options import facility_columns
from planner.cli.data.importing import refuse
from planner.cli.data.intake import called, intake, keep_set_aside
from planner.cli.shared import options
from planner.cli.shared.console import Console, count_in
from planner.cli.shared.option_groups import Files
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import DEMO, workspace_file
from planner.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from planner.sources import LayerChange, Reading
    from planner.sources.update.taking import Taken

ROWS_SHOWN = 20
"""Rows of each table that a terminal shows."""

ALL_ROWS = 1_000_000

_OF_FACILITIES = ("kind_word", "ownership_word")
"""Of how files are read, what is said of lists of facilities alone."""

_OF_SEVERAL = {"status_word": ("facilities", "streets"), "list_kind": ("facilities", "barriers")}
"""What is said of files of two layers."""


def _file(text: str) -> Any:
    return options.optional("FILE", text)


@verb
def update(
    console: Console,
    *,
    workspace: options.Workspace,
    facilities: Annotated[Path | None, _file("The newer list of facilities.")] = None,
    demand: Annotated[Path | None, _file("Newer points with residents and groups.")] = None,
    boundaries: Annotated[Path | None, _file("Newer community areas.")] = None,
    candidates: Annotated[Path | None, _file("Newer sites where one could build.")] = None,
    streets: Annotated[Path | None, _file("Newer streets.")] = None,
    barriers: Annotated[Path | None, _file("Newer barriers.")] = None,
    gates: Annotated[Path | None, _file("Newer openings in the barriers.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="What the file does not list goes.")
    ] = False,
    append: Annotated[
        bool, typer.Option("--append", help="New rows are added, and nothing else changes.")
    ] = False,
    keep_other_kinds: Annotated[
        bool | None,
        typer.Option(
            "--keep-other-kinds/--drop-other-kinds",
            help="With --replace: whether facilities of kinds that the file does not list stay. "
            "They do where nothing is said.",
            show_default=False,
        ),
    ] = None,
    same: Annotated[
        list[str] | None,
        options.optional(
            "ROW=ID",
            "Row ROW of the file is the one with the ID in the workspace; nothing after = where it "
            "is another one. May be repeated.",
        ),
    ] = None,
    as_listed: Annotated[
        list[str] | None,
        options.optional(
            "ROW=ID",
            "Row ROW of the file is the facility with the ID that was added by hand or by the "
            "joint plan, and what the file says of it goes before what was entered; with --same "
            "it is the other way round. May be repeated.",
        ),
    ] = None,
    apart: Annotated[
        bool,
        typer.Option("--apart", help="All rows that may be one that is there are other ones."),
    ] = False,
    facility_column: Annotated[
        list[str] | None,
        options.optional(
            "KIND=COLUMN", "A count column of --facilities that stands for a kind; may be repeated."
        ),
    ] = None,
    crs: Annotated[
        str | None,
        options.optional("EPSG:N", "CRS of the file's coordinates, where the file does not say."),
    ] = None,
    complete: Annotated[
        list[str] | None,
        options.optional(
            "KIND", "The file lists all facilities of this kind, none included; may be repeated."
        ),
    ] = None,
    join_streets: Annotated[
        bool | None,
        typer.Option(
            "--join-streets/--no-join-streets",
            help="Join streets that cross or nearly meet at one level. "
            "[default: as those of the workspace were]",
        ),
    ] = None,
    withhold_below: options.WithholdBelow = None,
    files: Files,
    show_only: options.Show = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Put back the workspace before the last update, once.")
    ] = False,
) -> None:
    """Bring a layer of a workspace up to date: what is new, gone and changed is told first.

    The file of one layer is read as planner import reads it, as the last one was. Its rows are
    matched with those of the workspace by ID where IDs are kept, by name and kind, and by place;
    what fits several is listed, to be decided with --same or --apart. So is what may be a facility
    that was added by hand or by the joint plan under another name: both would count. Other layers
    stay as they are, and so do corrections made by hand: those whose facility is gone are named.

    The workspace before is kept beside it; --undo puts it back, unless it was changed since.
    """
    from planner.sources import read_update, write_update
    from planner.sources.update.withheld import without_groups

    given = {
        "facilities": facilities,
        "demand": demand,
        "boundaries": boundaries,
        "candidates": candidates,
        "streets": streets,
        "barriers": barriers,
        "gates": gates,
    }
    of_layer: dict[str, dict[str, Any]] = {
        "facilities": {
            **_kinds_said(keep_other_kinds),
            "complete": complete,
            "facility_column": facility_column,
            "as_listed": as_listed,
            **{name: getattr(files, name) for name in _OF_FACILITIES},
        },
        "barriers": {"barrier_word": files.barrier_word},
        "gates": {"gate_word": files.gate_word},
        "streets": {
            "join_streets": join_streets,
            "street_word": files.street_word,
            "access_word": files.access_word,
        },
    }
    if undo:
        modes = {"replace": replace or None, "append": append or None, "apart": apart or None}
        others = {"same": same, "crs": crs, **vars(files), "strict": files.strict or None}
        for own in ({**given, **modes, **others}, *of_layer.values()):
            refuse("cli.update_undo_alone", own)
        _undo(console, workspace, show_only)
        return
    chosen = [option for option, file in given.items() if file is not None]
    if len(chosen) != 1:
        raise InputError("cli.update_file")
    if replace == append:
        raise InputError("cli.update_mode")
    _refuse_others(of_layer, files, chosen[0])
    if append:
        refuse("cli.update_passed_over", _kinds_said(keep_other_kinds), other="--replace")
    file = workspace_file(workspace)
    if not show_only:
        _refuse_demo(workspace, file)
    readings: list[Reading] = []
    option = chosen[0]
    lists = called({"facilities": facilities, "barriers": barriers})
    change = read_update(
        file,
        "communities" if option == "boundaries" else option,
        given[option],
        "replace" if replace else "append",
        intake=intake(files, chosen, readings.append, lists),
        crs=crs,
        facility_columns=facility_columns(facility_column or []),
        same=rows_said(same or []),
        as_listed=rows_said(as_listed or [], "cli.update_as_listed"),
        apart=apart,
        keep_other_kinds=keep_other_kinds,
        complete=complete or [],
        join_streets=join_streets,
    )
    count_in(change.after.demand_unit)
    written = None
    if not (show_only or change.to_decide or change.changes_nothing):
        written = write_update(change)
    shown = change if withhold_below is None else without_groups(change)
    _show(console, shown, taken=written is not None)
    if written is not None:
        keep_set_aside(console, readings, file, change.after.kinds, change.replaced)
    elif change.to_decide and not show_only:
        rows = ", ".join(change.undecided["row"][:10])
        raise InputError("update.undecided", count=change.to_decide, rows=rows)


def _kinds_said(keep: bool | None) -> dict[str, bool | None]:
    """Return which of the two was said of kinds that a file does not list."""
    return {"drop_other_kinds": True} if keep is False else {"keep_other_kinds": keep}


def rows_said(pairs: list[str], refusal: str = "cli.update_same") -> dict[str, str]:
    """Return the id by row of the ``ROW=ID`` pairs, empty where the row is another one.

    Raises
    ------
    InputError
        With the code `refusal` where a text is no such pair; the id of that of ``--as-listed``
        cannot be empty.

    Examples
    --------
    >>> rows_said(["5=f12", "7="])
    {'5': 'f12', '7': ''}
    """
    said = {}
    for pair in pairs:
        row, equals, own = pair.partition("=")
        if not (equals and row.strip()) or not (own.strip() or refusal == "cli.update_same"):
            raise InputError(refusal, value=pair)
        said[row.strip()] = own.strip()
    return said


def _refuse_demo(workspace: Path, file: Path) -> None:
    if str(workspace) == DEMO and file != workspace:
        raise InputError("update.demo")


def _refuse_others(of_layer: dict[str, dict[str, Any]], files: Files, chosen: str) -> None:
    """Refuse what is said of other layers than the one whose file is given."""
    for option, own in of_layer.items():
        if option != chosen:
            refuse("cli.update_passed_over", own, other=f"--{option}")
    for name, others in _OF_SEVERAL.items():
        if chosen not in others:
            words = {name: getattr(files, name)}
            refuse("cli.update_passed_over", words, other=f"--{others[0]}")


def _undo(console: Console, workspace: Path, show_only: bool) -> None:
    """Take the last update back, or tell what would be."""
    from planner.sources import undo_update
    from planner.sources.update.taking import to_undo

    file = workspace_file(workspace)
    _refuse_demo(workspace, file)
    if show_only:
        _told_of(console, file, to_undo(file), "can_undo")
        return
    _told_of(console, file, undo_update(file), "undone")


def _told_of(console: Console, file: Path, taken: Taken, code: str) -> None:
    message = console.labels.message
    document = {"layer": taken.layer, "mode": taken.mode, "source": taken.file, "at": taken.at}
    counts = dict(taken.counts)
    console.give({"workspace": str(file), "undone": code == "undone", **document, "counts": counts})
    layer = message(f"app.layer_{taken.layer}")
    date = taken.at[:10]
    console.show(message(f"update.{code}", file=file, layer=layer, source=taken.file, date=date))


def _show(console: Console, change: LayerChange, *, taken: bool) -> None:
    """Print what the file changes."""
    from planner.sources.update.described import described
    from planner.views.tables import updates

    labels, kinds, message = console.labels, change.after.kinds, console.labels.message
    document = described(change, ALL_ROWS)
    found = (*change.reading.findings, *change.findings)
    told = console.findings_json(found, kinds)
    console.give({"workspace": str(change.workspace), **document, "findings": told, "taken": taken})
    console.show(updates.title(document, labels))
    parts: dict[str, Callable[..., pd.DataFrame]] = {
        "new": updates.new_rows,
        "gone": updates.gone_rows,
        "changed": updates.changed_rows,
        "undecided": updates.undecided_rows,
    }
    for name, table in parts.items():
        if document[name]:
            count = len(document[name])
            heading = message(f"update.{name}_title", count=labels.number(count))
            _print(console, heading, table(document, labels, kinds))
    if document["corrections"]:
        heading = message("update.corrections_title")
        _print(console, heading, updates.corrections(document, labels))
    _print(console, message("update.figures_title"), updates.figures(document, labels, kinds), 1)
    console.show_findings(found, kinds)
    if change.changes_nothing:
        console.show(message("update.nothing"))
    elif taken:
        layer = message(f"app.layer_{change.layer}")
        source = change.reading.source.source
        console.show(message("update.taken", file=change.workspace, layer=layer, source=source))
    else:
        if change.to_decide:
            console.show(console.word("update_decide"))
        console.show(console.word("update_only_shown", file=change.workspace))


def _print(console: Console, title: str, table: pd.DataFrame, numbers_from: int = 9) -> None:
    from planner.cli.shared.tables import rows_table

    console.show(rows_table(title, table.head(ROWS_SHOWN), numbers_from))
    if len(table) > ROWS_SHOWN:
        console.show(console.word("update_more", count=len(table) - ROWS_SHOWN))
