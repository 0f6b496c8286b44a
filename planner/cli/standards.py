"""``planner standards``: list the standards, show one, copy one to edit."""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb

standards_app = typer.Typer(
    help="List the standards, show one, or copy one to edit.",
    epilog="Example: planner standards show gb50180-2018",
    rich_markup_mode=None,
    invoke_without_command=True,
)

Name = Annotated[
    str,
    typer.Argument(metavar="ID|FILE", help="Id of a standard, or a TOML file.", show_default=False),
]


@standards_app.callback()
def standards(context: typer.Context) -> None:
    """List the standards, show one, or copy one to edit."""
    if context.invoked_subcommand is None:
        list_()


@standards_app.command("list", epilog="Example: planner standards list --json")
@verb
def list_(
    console: Console,
) -> None:
    """List the standards that ship with the tool."""
    from planner.cli.shared.tables import table
    from planner.district import builtin_standards

    known = builtin_standards().values()
    console.give(
        {
            "standards": [
                {
                    "id": standard.id,
                    "en": standard.en,
                    "zh": standard.zh,
                    "source": standard.source,
                    "rules": len(standard.rules),
                    "verified": sum(rule.verified for rule in standard.rules.values()),
                }
                for standard in known
            ]
        }
    )
    grid = table("", map(console.heading, ("id", "name", "rules", "verified")), 2)
    for standard in known:
        verified = sum(rule.verified for rule in standard.rules.values())
        name = console.labels.standard(standard)
        grid.add_row(standard.id, name, str(len(standard.rules)), str(verified))
    console.show(grid)


@standards_app.command("show", epilog="Example: planner standards show gb50180-2018")
@verb
def show(
    console: Console,
    *,
    standard: Name,
) -> None:
    """Show a standard: each kind's limit, its clause, and whether it was verified."""
    from planner.cli.shared.tables import table
    from planner.district import find_standard
    from planner.views.words.standards import area_word

    found = find_standard(standard)
    console.give({**asdict(found), "rules": [asdict(rule) for rule in found.rules.values()]})
    labels = console.labels
    grid = table(
        labels.standard(found),
        map(console.heading, ("kind", "limit_m", "floor_area_m2", "verified", "clause")),
    )
    grid.columns[-1].justify = "left"
    for rule in found.rules.values():
        grid.add_row(
            labels.kind(rule.kind),
            labels.number(rule.limit_m),
            "–" if rule.floor_area_m2 is None else labels.number(rule.floor_area_m2),
            console.word("yes" if rule.verified else "no"),
            rule.clause,
        )
    for area in found.areas:
        grid.add_row(
            labels.text(", ").join(map(labels.kind, area.kinds)),
            "–",
            area_word(area, labels),
            console.word("yes" if area.verified else "no"),
            area.clause,
        )
    console.show(grid, found.source)


@standards_app.command(
    "copy", epilog="Example: planner standards copy gb50180-2018 our-standard.toml"
)
@verb
def copy(
    console: Console,
    *,
    standard: Annotated[
        str,
        typer.Argument(metavar="ID|FILE", help="What to copy.", show_default=False),
    ],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write.", show_default=False)
    ],
) -> None:
    """Copy a standard to a TOML file to edit, for planner assess --standard FILE."""
    from planner.district import builtin_standards, find_standard, write_standard
    from planner.errors import InputError

    found = find_standard(standard)
    if file.exists():
        raise InputError("cli.file_exists", file=str(file))
    if found.id in builtin_standards():
        builtin = files("planner.district") / "standards" / f"{found.id}.toml"
        file.write_bytes(builtin.read_bytes())
    else:
        write_standard(found, file)
    console.give({"file": file})
    console.show(console.word("wrote", file=file))


@standards_app.command("state", epilog="Example: planner standards state gb50180-2018")
@verb
def state(
    console: Console,
    *,
    standard: Name,
) -> None:
    """Show what each clause rests on, who checked it, and what is still to be checked."""
    from planner.cli.shared.tables import records, table
    from planner.district import find_standard
    from planner.district.standards.checking import clauses
    from planner.views.words.standards import checked_sentence, clauses_table

    rows = clauses(find_standard(standard))
    told = clauses_table(rows, console.labels)
    console.give({"clauses": records(rows)})
    grid = table("", map(str, told.columns), len(told.columns))
    for row in told.itertuples(index=False):
        grid.add_row(*map(str, row))
    console.show(grid, checked_sentence(rows, console.labels))


@standards_app.command(
    "verify", epilog='Example: planner standards verify ours.toml --kind clinic --by "Li Wei"'
)
@verb
def verify(
    console: Console,
    *,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A standard of your own.", show_default=False)
    ],
    kind: Annotated[
        list[str],
        typer.Option(
            "--kind", metavar="KIND", help="A clause, by its kind, or area-1; may be repeated."
        ),
    ],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who checked it.")],
    read_in: Annotated[
        str, typer.Option("--read-in", metavar="TEXT", help="In which edition of the text.")
    ] = "",
    back: Annotated[
        bool, typer.Option("--take-back", help="It counts as not checked again.")
    ] = False,
) -> None:
    """Mark clauses as checked against the official text, with name and day, in their file."""
    from planner.district import read_standard, write_standard
    from planner.district.standards.checking import checked, doubted

    found = read_standard(file)
    made = doubted(found, kind) if back else checked(found, kind, by, read_in=read_in)
    write_standard(made, file)
    console.give({"file": file, "clauses": kind})
    console.show(console.word("wrote", file=file))


@standards_app.command(
    "compare", epilog="Example: planner standards compare gb50180-2018 our-standard.toml"
)
@verb
def compare(
    console: Console,
    *,
    first: Name,
    second: Name,
) -> None:
    """Show what two standards ask differently, field by field."""
    from planner.cli.shared.tables import records, table
    from planner.district import diff_standards, find_standard
    from planner.views.words.standards import difference_rows

    one, other = find_standard(first), find_standard(second)
    found = diff_standards(one, other)
    console.give({"first": one.id, "second": other.id, "differences": records(found)})
    labels = console.labels
    # a copy keeps the id of what it was copied from
    names = (one.id, other.id) if one.id != other.id else (Path(first).name, Path(second).name)
    headings = [labels.column("kind"), labels.message("standards.field"), *names]
    grid = table(f"{labels.standard(one)} · {labels.standard(other)}", headings, 4)
    for row in difference_rows(found, labels):
        grid.add_row(*row)
    console.show(grid if len(found) else labels.message("standards.same"))
