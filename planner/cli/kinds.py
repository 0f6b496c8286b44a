"""``planner kinds``: the facility kinds and how they are recognised."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb


@verb
def kinds(
    console: Console,
    *,
    file: Annotated[
        Path | None, options.optional("FILE", "A kinds file of your own.", "--kinds")
    ] = None,
) -> None:
    """List the facility kinds and their OpenStreetMap tags."""
    from planner.cli.shared.tables import table
    from planner.district import builtin_kinds, read_kinds

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
