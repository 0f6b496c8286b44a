"""``planner demo``: the whole way on the demo district."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.analysis.assess import show, write
from planner.cli.serve import Address, Port
from planner.cli.serve import run as run_dashboard
from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import DEMO, open_workspace
from planner.cli.shared.workspace import run as run_assessment


@verb
def demo(
    console: Console,
    *,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for the map, the tables and the workspace.")
    ] = Path("planner-demo"),
    serve: Annotated[
        bool,
        typer.Option("--serve/--no-serve", help="Serve the dashboard, or end after writing."),
    ] = True,
    standard: options.Standard = options.DEFAULT_STANDARD,
    port: Port = None,
    address: Address = None,
) -> None:
    """Go the whole way on the made-up demo district.

    Assesses it, prints the summary, writes the map, the tables and the GeoPackage to a folder, then
    serves the dashboard and prints its address.
    """
    console.note("reading_demo")
    result = run_assessment(console, open_workspace(Path(DEMO)), standard)
    console.note("writing", file=out)
    show(console, result, write(console, result, out))
    if serve and not console.json:
        run_dashboard(console, None, port, address)
