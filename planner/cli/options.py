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
