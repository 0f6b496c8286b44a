"""The verbs of the ``planner`` command. Each loads what it needs when it runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextvars import copy_context
from typing import Annotated

import typer

from planner.cli.allot import allot
from planner.cli.analysis.assess import assess
from planner.cli.analysis.brief import brief
from planner.cli.analysis.checkup import audit, checkup
from planner.cli.analysis.compare import compare
from planner.cli.analysis.departments import departments
from planner.cli.analysis.gaps import gaps
from planner.cli.analysis.links import links
from planner.cli.analysis.match import match
from planner.cli.analysis.measures import measure
from planner.cli.analysis.report import report
from planner.cli.batch import batch
from planner.cli.data.check import check
from planner.cli.data.correct import correct
from planner.cli.data.importing import import_
from planner.cli.data.template import template
from planner.cli.data.update import update
from planner.cli.demo import demo
from planner.cli.kinds import kinds
from planner.cli.league import league
from planner.cli.plan.app import plan_app
from planner.cli.serve import serve
from planner.cli.shared.console import Console, prepare_streams
from planner.cli.siting.mix import mix
from planner.cli.siting.one_stop import one_stop
from planner.cli.siting.relocate import relocate
from planner.cli.siting.site import site
from planner.cli.standards import standards_app
from planner.sources import own_process

app = typer.Typer(
    name="planner",
    help="Who lives too far, on foot, from each kind of community facility.",
    epilog="Example: planner demo",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

app.command(epilog="Example: planner demo --out planner-demo --no-serve")(demo)
app.command(
    "import",
    epilog="Example: planner import city.osm.pbf --boundary 章贡区 --out city.gpkg",
)(import_)
app.command(epilog="Example: planner template facilities.xlsx")(template)
app.command(epilog="Example: planner update city.gpkg --facilities list2026.xlsx --replace --show")(
    update
)
app.command(epilog="Example: planner check city.gpkg")(check)
app.command(epilog="Example: planner correct city.gpkg --out corrected.gpkg")(correct)
app.command(epilog="Example: planner assess city.gpkg --standard 15-minute --out out")(assess)
app.command(epilog="Example: planner audit demo --level subdistrict --out clauses.csv")(audit)
app.command(epilog="Example: planner checkup demo --area 990702001003 --out cards")(checkup)
app.command(epilog="Example: planner compare city.gpkg three-clinics.json --out out")(compare)
app.command(epilog="Example: planner gaps demo --kind clinic --at 'Su 22:00' --out out")(gaps)
app.command(
    epilog="Example: planner departments city.gpkg --department health --out out",
)(departments)
app.command(epilog="Example: planner brief demo --out brief.docx")(brief)
app.command(epilog="Example: planner measure city.gpkg redundancy --kind clinic --json")(measure)
app.command(
    epilog="Example: planner report city.gpkg --out report.docx --out report.xlsx",
)(report)
app.command(epilog="Example: planner links city.gpkg --kind clinic --out out")(links)
app.command(epilog="Example: planner site city.gpkg --kind clinic --new 3 --out sites")(site)
app.command(epilog="Example: planner match demo --kind canteen --limit 500 --out out")(match)
app.command(epilog="Example: planner relocate city.gpkg --kind clinic --moves 2")(relocate)
app.command(
    "one-stop",
    epilog="Example: planner one-stop city.gpkg --budget 2000 --kind clinic --kind police_room",
)(one_stop)
app.command(epilog="Example: planner mix city.gpkg --budget 300 --out mix.json")(mix)
app.command(epilog="Example: planner batch workspaces --into results --workers 4")(batch)
app.command(epilog="Example: planner league results --kind clinic --out league")(league)
app.command(epilog="Example: planner allot results --kind clinic --new 20 --out allotted")(allot)
app.command(epilog="Example: planner serve --data workspaces --port 8501")(serve)
app.command(epilog="Example: planner kinds --json")(kinds)
app.add_typer(plan_app, name="plan")
app.add_typer(standards_app, name="standards")

INTERRUPTED = 130
"""What recent versions of typer answer after Ctrl+C."""

_ClickException: type[Exception] = typer.BadParameter.__mro__[2]


def _version(wanted: bool) -> None:
    if wanted:
        from planner import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Who lives too far, on foot, from each kind of community facility."""


def _language_behind(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with a language that stands before the verb behind it.

    Every verb has the option, and whoever writes it first means the same.

    Examples
    --------
    >>> _language_behind(["--language", "zh", "report", "demo"])
    ['report', 'demo', '--language', 'zh']
    """
    given, moved = list(arguments), []
    while given and given[0].partition("=")[0] == "--language":
        takes = 1 if "=" in given[0] else 2
        moved += given[:takes]
        given = given[takes:]
    if not given:
        return given
    end = given.index("--") if "--" in given else len(given)
    return [*given[:end], *moved, *given[end:]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit with 0, 1 (the work failed) or 2 (bad input)."""
    own_process.claim()
    prepare_streams()
    # what one run counts in, and its money, are not the next run's in the same process
    sys.exit(copy_context().run(_run, arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        given = _language_behind(sys.argv[1:] if arguments is None else arguments)
        code = app(args=given, prog_name="planner", standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        Console().note("interrupted")
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except _ClickException as error:
        return _usage(error)
    if code == INTERRUPTED:
        Console().note("interrupted")
        return 1
    return code if isinstance(code, int) else 0


def _usage(error: Exception) -> int:
    """Say in one line what is wrong with the arguments."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "planner"
    message = " ".join(error.format_message().split())  # type: ignore[attr-defined]
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(context.get_help() if context else message, err=True)
    else:
        typer.echo(f"{command}: {message} (see {command} --help)", err=True)
    return 2
