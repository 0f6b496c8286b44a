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
    from collections.abc import Iterator

    import pandas as pd

    from planner.analysis.assessment import Assessment

AREAS = "areas.csv"
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
    area: Annotated[
        list[Path] | None,
        options.optional(
            "FILE",
            "Also tell the figures of the areas in this file of polygons, one by one (GeoJSON, "
            "GeoPackage, zipped Shapefile, KML); may be repeated.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        options.optional("DIR", "Write the map, the tables and the workspace to this folder."),
    ] = None,
) -> None:
    """Assess who lives within reach of each kind of facility.

    Prints coverage by kind for each group of residents; with --out also writes the map, the league
    tables of communities and subdistricts, and a GeoPackage with every home's distances.
    With --area it tells who lives in each polygon of a file, who of them is covered, and which
    facilities stand there; --out writes areas.csv too.
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
    console.show(*console.labels.asked(result))
    figures = _area_figures(console, result, area or [])
    files = write(console, result, out) if out else []
    if out and figures is not None:
        files.append(_write_areas(console, result, figures, out))
    show(console, result, files, figures)


def write(console: Console, result: Assessment, folder: Path) -> list[Path]:
    """Write map, tables and workspace to a folder."""
    from planner.sources import write_district
    from planner.views.exports.analysis.assessment import write_outputs

    with console.progress() as progress:
        files = write_outputs(result, folder, console.labels.language, progress)
    return [*files, write_district(result.district, folder / WORKSPACE)]


def _area_figures(console: Console, result: Assessment, files: list[Path]) -> pd.DataFrame | None:
    """Return the figures of the areas in some files, None where no file is given."""
    import pandas as pd

    from planner.analysis.measures.areas import area_figures
    from planner.sources.files.areas import read_areas

    tables = []
    for file in files:
        areas, seen = read_areas(file)
        for each in seen:
            console.tell(each)
        tables.append(area_figures(result, areas))
    if len(tables) > 1:
        for file, table in zip(files, tables, strict=True):
            table["area_id"] = f"{file.stem}: " + table["area_id"]
    return pd.concat(tables, ignore_index=True) if tables else None


def _write_areas(console: Console, result: Assessment, figures: pd.DataFrame, folder: Path) -> Path:
    from planner.views.exports.files import write_csv
    from planner.views.tables.analysis.areas import area_table

    file = folder / AREAS
    write_csv(area_table(figures, console.labels, result.district.kinds, several=True), file)
    return file


def _area_tables(console: Console, result: Assessment, figures: pd.DataFrame) -> Iterator[Any]:
    """Yield a table for each area, the judged kinds and what a reader must know of it."""
    from planner.cli.shared.tables import rows_table
    from planner.views.maps.parts.area_card import area_notes, size_word
    from planner.views.tables.analysis.areas import short_table

    for name, rows in figures.groupby("area_id", sort=False):
        size = size_word(rows["area_m2"].iloc[0], console.labels)
        title = f"{name} · {size} · {console.labels.group(result.groups[0])}"
        first = rows[(rows["group"] == result.groups[0]) & rows["judged"]]
        yield rows_table(title, short_table(first, console.labels, result.district.kinds), 1)
        yield from area_notes(rows, console.labels)


def show(
    console: Console,
    result: Assessment,
    files: list[Path],
    figures: pd.DataFrame | None = None,
) -> None:
    """Print the summary, what must be known about it, figures of areas, and the files written."""
    from planner.cli.shared.tables import summary_tables

    console.give(as_json(console, result, files, figures))
    console.show(*summary_tables(console, result))
    if figures is not None:
        console.show(*_area_tables(console, result, figures))
    if result.profile is not None:
        from planner.cli.shared.profiles import profile_tables

        console.show(*profile_tables(console, result))
    console.show_findings(result.findings, result.district.kinds)
    if not result.judged_kinds and result.kinds_without_data:
        console.show(_other_standards(console, result))
    if result.district.attribution:
        console.show(result.district.attribution)
    for file in files:
        console.show(console.word("wrote", file=file))


def _other_standards(console: Console, result: Assessment) -> str:
    """Return by which standards that ship something would be judged."""
    from planner.district import builtin_standards
    from planner.district.judging import judging

    found = judging(result.district, builtin_standards())
    names = [f"{console.labels.standard(each)} ({name})" for name, (each, _) in found.items()]
    code = "other_standards" if names else "no_other_standard"
    return console.word(code, standards=console.labels.text("; ").join(names))


def as_json(
    console: Console,
    result: Assessment,
    files: list[Path],
    figures: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Return the summary as a JSON document."""
    from planner.cli.shared.profiles import profile_json
    from planner.cli.shared.tables import records

    return {
        **head(result, groups=list(result.groups)),
        "profile": profile_json(result),
        "unmapped_m": result.unmapped_m,
        "summary": records(result.summary()),
        "areas": [] if figures is None else records(figures),
        "findings": console.findings_json(result.findings, result.district.kinds),
        "files": files,
    }
