"""``planner serve``: the dashboard in a web browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.terminal import visible
from planner.cli.shared.verbs import verb_without_json

Port = Annotated[
    int | None,
    options.optional(
        "N", "Port of the dashboard. [default: 8501 or the next free one]", min=1, max=65535
    ),
]
Address = Annotated[
    str | None,
    options.optional(
        "ADDRESS", "Address to listen at; 0.0.0.0 lets other computers in. [default: 127.0.0.1]"
    ),
]
Config = Annotated[
    Path | None,
    options.optional(
        "FILE",
        "Configuration of a server with many users (TOML): sign-in, uploads, tiles.",
        envvar="PLANNER_CONFIG",
    ),
]


@verb_without_json
def serve(
    console: Console,
    *,
    data: Annotated[
        Path | None,
        options.optional(
            "DIR", "Folder of workspace files that the dashboard offers beside the demo."
        ),
    ] = None,
    port: Port = None,
    address: Address = None,
    config: Config = None,
) -> None:
    """Serve the dashboard and print its address.

    It answers this computer only, unless --address says otherwise, and asks nothing of the
    internet. Ctrl+C ends it.
    """
    run(console, data, port, address, config)


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
        warn=lambda finding: print(
            visible(console.labels.finding(finding)), file=sys.stderr, flush=True
        ),
    )
