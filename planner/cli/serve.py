"""``planner serve``: the dashboard in a web browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.console import Console, verb
from planner.cli.options import Debug, Language

Port = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=1,
        max=65535,
        help="Port of the dashboard. [default: 8501 or the next free one]",
        show_default=False,
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Address to listen at; 0.0.0.0 lets other computers in. [default: 127.0.0.1]",
        show_default=False,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        envvar="PLANNER_CONFIG",
        metavar="FILE",
        help="Configuration of a server with many users (TOML): sign-in, uploads, tiles.",
        show_default=False,
    ),
]


@verb
def serve(
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder of workspace files that the dashboard offers beside the demo.",
            show_default=False,
        ),
    ] = None,
    port: Port = None,
    address: Address = None,
    config: Config = None,
    language: Language = None,
    debug: Debug = False,  # noqa: ARG001 - read by the verb wrapper
) -> None:
    """Serve the dashboard and print its address.

    It answers this computer only, unless --address says otherwise, and asks nothing of the
    internet. Ctrl+C ends it.
    """
    run(Console(language), data, port, address, config)


def run(
    console: Console,
    data: Path | None,
    port: int | None,
    address: str | None,
    config: Path | None = None,
) -> None:
    """Run the dashboard until it is stopped."""
    from planner.app.server.serve import serve as serve_dashboard

    console.note("wait_dashboard")
    serve_dashboard(
        data,
        port,
        address,
        console.language,
        announce=lambda url: print(console.word("serving", url=url), flush=True),
        config=config,
        fallback_language=console.labels.language,
        warn=lambda finding: print(console.labels.finding(finding), file=sys.stderr, flush=True),
    )
