"""``planner kinds``: the facility kinds and how they are recognised."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.console import Console, verb
from planner.cli.options import Debug, Json, Language


@verb
def kinds(
    file: Annotated[
        Path | None,
        typer.Option(
            "--kinds", metavar="FILE", help="A kinds file of your own.", show_default=False
        ),
    ] = None,
    json: Json = False,
    language: Language = None,
    debug: Debug = False,  # noqa: ARG001 - read by the verb wrapper
) -> None:
    """List the facility kinds and their OpenStreetMap tags."""
    from planner.cli.tables import table
    from planner.district import builtin_kinds, read_kinds

    console = Console(language, json)
    known = builtin_kinds() | read_kinds(file) if file else builtin_kinds()
    console.give({"kinds": [asdict(kind) for kind in known.values()]})
    grid = table("", map(console.heading, ("id", "name", "department", "tags")), 4)
    for kind in known.values():
        tags = " | ".join(
            " + ".join(f"{key}={value}" for key, value in wanted.items()) for wanted in kind.osm
        )
        department = console.labels.department(kind.department)
        grid.add_row(kind.id, kind.name(console.labels.language), department, tags)
    console.show(grid)
