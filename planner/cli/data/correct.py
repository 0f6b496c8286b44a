"""``planner correct``: the corrections of facilities beside a workspace."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import open_workspace, workspace_file
from planner.errors import InputError


@verb
def correct(
    console: Console,
    *,
    workspace: options.Workspace,
    out: Annotated[
        Path | None,
        options.optional(
            "FILE", "Write a workspace with the corrections in it; WORKSPACE stays as it is."
        ),
    ] = None,
    complete: Annotated[
        list[str] | None,
        options.optional(
            "KIND",
            "Say that all facilities of this kind are listed, none included; may be repeated. "
            "A kind without a facility has otherwise no data and is not judged.",
        ),
    ] = None,
) -> None:
    """List the corrections made by hand, or write them into a workspace of their own.

    The dashboard keeps corrections of facilities beside the workspace, in a file of the same name
    that ends in .corrections.json. Every verb applies them and says so. The workspace that --out
    writes has the newest format; one of an older format can be read and stays as it is.
    """
    from planner.sources import write_district
    from planner.sources.corrections import corrections_file, read_corrections

    named, workspace = workspace, workspace_file(workspace)
    if complete:
        if named != workspace:
            raise InputError("corrections.demo")
        _say_complete(workspace, complete)
    district = open_workspace(workspace)
    kept = read_corrections(workspace)
    rows: list[dict[str, object]] = [
        {
            "number": number,
            "at": step.at,
            "do": step.do,
            "facility_id": step.facility_id,
            "old": dict(step.old),
            "new": dict(step.new),
        }
        for number, step in enumerate(kept.steps, start=1)
    ]
    if out is not None:
        _refuse_itself(workspace, out)
        write_district(district, out)
    found = [each for each in district.findings if each.code.startswith("corrections.")]
    console.give(
        {
            "workspace": str(workspace),
            "corrections": rows,
            "findings": console.findings_json(found, district.kinds),
            "file": str(out) if out else None,
        }
    )
    if not rows:
        console.show(console.labels.message("corrections.none", file=corrections_file(workspace)))
    else:
        _show(console, rows)
    console.show_findings(found, district.kinds)
    if out is not None:
        console.show(console.word("wrote", file=out))


def _say_complete(workspace: Path, kinds: list[str]) -> None:
    """Keep the word that all facilities of some kinds are listed."""
    from planner.district.corrections.corrections import Corrections
    from planner.district.corrections.steps import complete as complete_step
    from planner.sources import read_district
    from planner.sources.corrections import change_corrections, read_corrections

    sign = read_corrections(workspace).sign
    district = read_district(workspace)
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    steps = [complete_step(district, kind, now) for kind in dict.fromkeys(kinds)]
    fresh = [step for step in steps if step is not None]

    def then(kept: Corrections) -> Corrections:
        return Corrections(kept.steps, kept.undone, district.crs.to_string()).do(*fresh)

    if fresh:
        change_corrections(workspace, sign, then)


def _refuse_itself(workspace: Path, out: Path) -> None:
    if out.exists() and out.resolve() == Path(workspace).resolve():
        raise InputError("corrections.onto_itself", file=str(out))


def _show(console: Console, rows: list[dict[str, object]]) -> None:
    from planner.cli.shared.tables import table

    message = console.labels.message
    names = ("at", "facility", "deed", "field", "old", "new")
    grid = table("", [message(f"corrections.col_{name}") for name in names], 6)
    for row in rows:
        old, new = row["old"], row["new"]
        assert isinstance(old, dict)
        assert isinstance(new, dict)
        # that a list goes before what was entered names no field
        for number, field in enumerate({**old, **new} or ("",)):
            head = [
                str(row["at"])[:16],
                str(row["facility_id"]),
                message(f"corrections.{row['do']}"),
            ]
            lead = head if number == 0 else ["", "", ""]
            grid.add_row(*lead, field, _cell(old.get(field)), _cell(new.get(field)))
    console.show(grid)


def _cell(value: object) -> str:
    return "–" if value in (None, "") else str(value)
