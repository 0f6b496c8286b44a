"""``planner assess``: who is covered, as a table, and as files where asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import GroupsQuestion, Walk
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import head, open_workspace, run

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

WORKSPACE = "workspace.gpkg"
"""The district itself, beside the results."""


@verb
def assess(
    console: Console,
    *,
    workspace: options.Workspace,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: GroupsQuestion,
    walk: Walk,
    max_access_m: Annotated[
        float,
        options.at_least(
            "METRES", "Longest straight way from a home or facility to a street, metres."
        ),
    ] = 250.0,
    island_m: Annotated[
        float | None,
        options.optional(
            "METRES",
            "A loose piece of less street than this catches nobody while other streets are "
            "within reach; 0: every piece does. [default: as imported, 2000]",
            min=0,
        ),
    ] = None,
    kinds: options.KindsFile = None,
    out: Annotated[
        Path | None,
        options.optional("DIR", "Write the map, the tables and the workspace to this folder."),
    ] = None,
) -> None:
    """Assess who lives within reach of each kind of facility.

    Prints coverage by kind for each group of residents; with --out also writes the map, the league
    tables of communities and subdistricts, and a GeoPackage with every home's distances.
    With --profile it tells coverage for that walk, whom it moves across the limits, and by which
    rules.
    """
    district = open_workspace(workspace, kinds, question.withhold_below)
    result = run(
        console,
        district,
        standard,
        **question.keywords(),
        **walk.keywords(),
        max_access_m=max_access_m,
        island_m=island_m,
    )
    files = write(console, result, out) if out else []
    show(console, result, files)


def write(console: Console, result: Assessment, folder: Path) -> list[Path]:
    """Write map, tables and workspace to a folder."""
    from planner.sources import write_district
    from planner.views.exports.assessment import write_outputs

    with console.progress() as progress:
        files = write_outputs(result, folder, console.labels.language, progress)
    return [*files, write_district(result.district, folder / WORKSPACE)]


def show(console: Console, result: Assessment, files: list[Path]) -> None:
    """Print the summary, what must be known about it, and the files written."""
    from planner.cli.shared.tables import summary_tables

    console.give(as_json(console, result, files))
    console.show(*summary_tables(console, result))
    if result.profile is not None:
        from planner.cli.shared.profiles import profile_tables

        console.show(*profile_tables(console, result))
    console.show_findings(result.findings, result.district.kinds)
    if result.district.attribution:
        console.show(result.district.attribution)
    for file in files:
        console.show(console.word("wrote", file=file))


def as_json(console: Console, result: Assessment, files: list[Path]) -> dict[str, Any]:
    """Return the summary as a JSON document."""
    from planner.cli.shared.profiles import profile_json
    from planner.cli.shared.tables import records

    return {
        **head(result, groups=list(result.groups)),
        "profile": profile_json(result),
        "unmapped_m": result.unmapped_m,
        "summary": records(result.summary()),
        "findings": console.findings_json(result.findings, result.district.kinds),
        "files": files,
    }
