"""``planner template``: an empty table to fill in, which an import reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb


@verb
def template(
    console: Console,
    *,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE.xlsx", help="The workbook to write.", show_default=False),
    ],
    layer: Annotated[
        str | None,
        options.optional(
            "facilities|demand|communities|candidates|gates",
            "What is listed. [default: by the file's name]",
        ),
    ] = None,
    kinds: options.KindsFile = None,
) -> None:
    """Write an empty workbook to fill in, which an import reads.

    Its headers are in Chinese and English, with a note on each, lists to choose from, limits of
    numbers, and an example, which an import leaves out.
    """
    from planner.district import given_kinds
    from planner.views.exports.templates import COLUMNS, write_template

    wanted = layer or next((name for name in COLUMNS if name in file.stem.casefold()), "facilities")
    written = write_template(file, wanted, given_kinds(kinds))
    console.give({"file": str(written), "layer": wanted, "columns": list(COLUMNS[wanted])})
    console.show(console.word("wrote", file=written))
