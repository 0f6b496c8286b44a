"""Options that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer

Language = Annotated[
    str | None,
    typer.Option(
        envvar="PLANNER_LANGUAGE",
        metavar="en|zh",
        help="Language of messages, tables and maps. [default: that of the system]",
        show_default=False,
    ),
]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else there.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show where an unforeseen error came from.")]
Workspace = Annotated[
    Path,
    typer.Argument(
        metavar="WORKSPACE",
        help="A workspace GeoPackage, or 'demo' for the demo district.",
        show_default=False,
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        metavar="MOMENT",
        help="Count only facilities open then: 'Su 22:00', a date and time, or 'always'.",
        show_default=False,
    ),
]
Service = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Count only facilities that offer this service.", show_default=False
    ),
]
OneGroup = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="The column of demand to count, such as pop_65plus. [default: all residents]",
        show_default=False,
    ),
]
CostsFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Prices of your own (TOML).", show_default=False),
]
KindsOption = Annotated[
    str | None,
    typer.Option(
        "--kinds",
        metavar="FILE",
        help="A kinds file of your own that the workspace lacks, or 'everyday'.",
        show_default=False,
    ),
]
DEFAULT_STANDARD = "gb50180-2018"
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
SomeKinds = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="A kind that counts; may be repeated. [default: all with a limit]",
        show_default=False,
    ),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="ORIGIN",
        help="Places to choose from: candidates, internal, premises, streets, homes or grid; "
        "may be repeated. [default: candidates and internal, streets where none is listed]",
        show_default=False,
    ),
]
OwnLimit = Annotated[
    float | None,
    typer.Option(
        metavar="METRES", min=1, help="A limit other than the standard's.", show_default=False
    ),
]
TimeLimit = Annotated[
    float, typer.Option(metavar="SECONDS", min=0.01, help="Longest search, processor time.")
]
Steps = Annotated[
    int | None,
    typer.Option(
        metavar="NUMBER",
        min=1,
        help="Steps of the search in place of its time: the answer is then the same on every "
        "machine.",
        show_default=False,
    ),
]
StopGap = Annotated[
    float,
    typer.Option(
        metavar="SHARE", min=0, max=1, help="Stop once this distance from the best is proven."
    ),
]
TablesFolder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Write tables, layers and a scenario to this folder.",
        show_default=False,
    ),
]
Spacing = Annotated[
    float,
    typer.Option(
        metavar="METRES", help="Least distance between places made up on streets, homes or a grid."
    ),
]
Inside = Annotated[
    list[str] | None,
    typer.Option(
        "--within",
        metavar="COMMUNITY|FILE",
        help="Only places in a community (id or name) or in a polygon file; may be repeated.",
        show_default=False,
    ),
]
Outside = Annotated[
    list[str] | None,
    typer.Option(
        "--outside",
        metavar="COMMUNITY|FILE",
        help="No places in a community (id or name) or in a polygon file; may be repeated.",
        show_default=False,
    ),
]
