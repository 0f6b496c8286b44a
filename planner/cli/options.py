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
    Path, typer.Argument(metavar="WORKSPACE", help="A workspace GeoPackage.", show_default=False)
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
