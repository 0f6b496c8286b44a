"""``planner assess``: who is covered, as a table, and as files where asked for."""

from __future__ import annotations

from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.console import Console, verb
from planner.cli.options import At, Debug, Json, KindsOption, Language, Service, Workspace

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.analysis.result import AssessmentResult
    from planner.district import District

DEFAULT_STANDARD = "gb50180-2018"
WORKSPACE = "workspace.gpkg"
"""The district itself, beside the results."""
WARM_S = 2.0
"""Loading compiled programs takes less than this many seconds; compiling them takes more."""

StandardOption = Annotated[
    str,
    typer.Option(
        metavar="ID|FILE", help="A standard by its id (planner standards) or a TOML file."
    ),
]
GroupOption = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        metavar="COLUMN",
        help="A column of demand to count, such as population or pop_65plus; may be repeated. "
        "[default: all]",
        show_default=False,
    ),
]


@verb
def assess(
    workspace: Workspace,
    standard: StandardOption = DEFAULT_STANDARD,
    group: GroupOption = None,
    at: At = None,
    service: Service = None,
    max_access_m: Annotated[
        float,
        typer.Option(
            metavar="METRES",
            min=0,
            help="Longest straight way from a home or facility to a street, metres.",
        ),
    ] = 250.0,
    island_m: Annotated[
        float | None,
        typer.Option(
            metavar="METRES",
            min=0,
            help="A loose piece of less street than this catches nobody while other streets are "
            "within reach; 0: every piece does. [default: as imported, 2000]",
            show_default=False,
        ),
    ] = None,
    kinds: KindsOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write the map, the tables and the workspace to this folder.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    language: Language = None,
    debug: Debug = False,  # noqa: ARG001 - read by the verb wrapper
) -> None:
    """Assess who lives within reach of each kind of facility.

    Prints coverage by kind for each group of residents; with --out also writes the map, the league
    tables of communities and subdistricts, and a GeoPackage with every home's distances.
    """
    from planner.sources import read_district

    console = Console(language, json)
    district = read_district(workspace, kinds=kinds)
    result = run(
        console,
        district,
        standard,
        groups=group or None,
        at=at,
        service=service,
        max_access_m=max_access_m,
        island_m=island_m,
    )
    files = write(console, result, out) if out else []
    show(console, result, files)


def run(console: Console, district: District, standard: str, **question: Any) -> AssessmentResult:
    """Assess a district, saying what takes long."""
    from planner.analysis.result import assess as assess_district

    warm_up(console)
    with console.progress() as progress:
        return assess_district(district, standard, progress=progress, **question)


def warm_up(console: Console) -> None:
    """Have the distance programs ready; says so where they must be compiled first."""
    from planner.network import warm_up as warm_up_network

    notice = Timer(WARM_S, console.note, ("compiling",))
    notice.daemon = True
    notice.start()
    warm_up_network()
    notice.cancel()


def write(console: Console, result: Assessment, folder: Path) -> list[Path]:
    """Write map, tables and workspace to a folder."""
    from planner.sources import write_district
    from planner.views.exports.assessment import write_outputs

    with console.progress() as progress:
        files = write_outputs(result, folder, console.labels.language, progress)
    return [*files, write_district(result.district, folder / WORKSPACE)]


def show(console: Console, result: Assessment, files: list[Path]) -> None:
    """Print the summary, what must be known about it, and the files written."""
    from planner.cli.tables import summary_tables

    console.give(as_json(console, result, files))
    console.show(*summary_tables(console, result))
    console.show_findings(result.findings, result.district.kinds)
    if result.district.attribution:
        console.show(result.district.attribution)
    for file in files:
        console.show(console.word("wrote", file=file))


def as_json(console: Console, result: Assessment, files: list[Path]) -> dict[str, Any]:
    """Return the summary as a JSON document."""
    from planner.cli.tables import district_json, records

    return {
        "district": district_json(result.district),
        "standard": result.standard.id,
        "groups": list(result.groups),
        "at": result.question.at,
        "service": result.question.service,
        "summary": records(result.summary()),
        "findings": console.findings_json(result.findings, result.district.kinds),
        "files": files,
    }
