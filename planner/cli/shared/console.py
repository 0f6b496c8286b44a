"""What a verb says, and where: results on stdout, everything else on stderr."""

from __future__ import annotations

import errno
import locale
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

import typer

from planner.cli.shared import terminal
from planner.cli.shared.json_parts import json_parts
from planner.cli.shared.terminal import escaped, visible
from planner.errors import Finding, PlannerError, WorkError, messages
from planner.progress import Progress

if TYPE_CHECKING:
    from rich.console import Console as RichConsole
    from rich.table import Table

    from planner.district import Kinds, Money
    from planner.views.words.labels import Labels
    from planner.views.words.names_of_places import PlaceNames

Findings = Iterable[Finding]
LANGUAGES = ("en", "zh")
_unit: ContextVar[str] = ContextVar("demand_unit", default="residents")
_group: ContextVar[str] = ContextVar("group", default="")
_money: ContextVar[Money | None] = ContextVar("money", default=None)
_PARTS = 1_000
"""Parts of a JSON text, mostly rows of a table, that are put together and written at a time."""
PIPE_WIDTH = 120
"""Columns of a table where stdout is not a terminal."""


def system_language() -> str:
    """Return the language of the system, English where it is none of ours."""
    names = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((name for name in names if name), None) or locale.getlocale()[0] or ""
    return "zh" if name.casefold().startswith(("zh", "chinese")) else "en"


def count_in(unit: str, group: str = "") -> None:
    """Say from here on what is counted, one of :data:`planner.district.DEMAND_UNITS`, and of whom.

    A group that is everybody needs no word.
    """
    _unit.set(unit)
    _group.set(group)


def price_in(money: Money | None) -> None:
    """Say from here on what prices are in; None: what the prices that ship are in."""
    _money.set(money)


def prepare_streams() -> None:
    """Let no character stop a console that cannot show it, such as a Windows one in cp1252."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@dataclass(frozen=True)
class Console:
    """The two streams of one run, in one language.

    Parameters
    ----------
    language
        ``"en"``, ``"zh"`` or None for the system's.
    json
        Whether stdout carries one JSON object only.
    names
        What places are called in the language, put into sentences; as the data calls them if None.
    """

    language: str | None = None
    json: bool = False
    names: PlaceNames | None = None

    @property
    def labels(self) -> Labels:
        """The words of the chosen language, for what the district at hand counts."""
        from planner.district.defaults import YUAN
        from planner.views.words.labels import Labels

        language = self.language or system_language()
        money = _money.get() or YUAN
        return Labels(language, _unit.get(), money=money, names=self.names, whose=_group.get())

    @cached_property
    def out(self) -> RichConsole:
        """Where results go."""
        out = terminal.console(file=sys.stdout, highlight=False, markup=False, emoji=False)
        if not out.is_terminal:
            out.width = PIPE_WIDTH
        return out

    def word(self, code: str, **params: object) -> str:
        """Return the sentence of a code of ``messages/cli.toml``."""
        return self.labels.message(f"cli.{code}", **params)

    def heading(self, column: str) -> str:
        """Return the heading of a table's column."""
        code = f"cli.col_{column}"
        return self.labels.message(code) if code in messages() else self.labels.column(column)

    def note(self, code: str, **params: object) -> None:
        """Say on stderr what goes on."""
        print(visible(self.word(code, **params)), file=sys.stderr, flush=True)

    def tell(self, finding: Finding) -> None:
        """Say on stderr what must be known while work goes on."""
        print(visible(self.labels.finding(finding)), file=sys.stderr, flush=True)

    def show(self, *parts: str | Table) -> None:
        """Print a result for people; says nothing where JSON was asked for."""
        if not self.json:
            for part in parts:
                if isinstance(part, str):
                    self.out.print(part, soft_wrap=True)
                else:
                    from planner.cli.shared.fitting import fitting

                    self.out.print(*fitting(part, self.out.width), sep="\n")

    def show_findings(self, findings: Findings, kinds: Kinds) -> None:
        """Print what a reader of the figures must know, in groups, the gravest first."""
        from planner.sources.checks.severity import SEVERITIES, severity

        if not findings:
            return
        lines = [self.word("findings")]
        for name in SEVERITIES:
            group = [each for each in findings if severity(each.code) == name]
            if group:
                count = self.labels.number(len(group))
                lines.append(self.labels.message(f"app_data.found_{name}", count=count))
                lines += [f"- {self.labels.finding(each, kinds)}" for each in group]
        self.show("\n".join(lines))

    def give(self, document: Mapping[str, Any]) -> None:
        """Print the one JSON object, where it was asked for."""
        if self.json:
            unicode = (sys.stdout.encoding or "").casefold().replace("-", "") == "utf8"
            # row by row: the text of a city's gaps as one takes 300 MB more while it is made
            parts = json_parts(document, ascii_only=not unicode)
            while some := "".join(islice(parts, _PARTS)):
                sys.stdout.write(escaped(some))
            sys.stdout.write("\n")

    def findings_json(self, findings: Findings, kinds: Kinds) -> list[dict[str, Any]]:
        """Return findings as JSON rows: code, parameters and sentence."""
        return [
            {"code": f.code, "params": dict(f.params), "text": self.labels.finding(f, kinds)}
            for f in findings
        ]

    @contextmanager
    def progress(self, *, remaining: bool = False) -> Iterator[Progress | None]:
        """Give a ``progress(code, fraction)`` that draws a bar on stderr, None off a terminal.

        `remaining`, where what is left can be told by what is done, says how long that takes.
        """
        if not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console as RichConsole
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = [TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()]
        if remaining:
            columns += [TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn()]
        with Bar(*columns, console=RichConsole(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=1.0)

            def advance(code: str, fraction: float) -> None:
                bar.update(task, completed=fraction, description=self.labels.message(code))

            yield advance

    def fail(self, error: PlannerError) -> typer.Exit:
        """Say on stderr, in one line, what went wrong; return the exit to raise."""
        line = visible(" ".join(self.labels.error(error).split()))
        print(f"planner: {line}", file=sys.stderr, flush=True)
        return typer.Exit(error.exit_code)


def foreseen(error: Exception) -> PlannerError:
    """Return an error with a message of ours for any other."""
    if isinstance(error, PlannerError):
        return error
    if isinstance(error, OSError) and error.filename is not None:
        if isinstance(error, PermissionError):
            return WorkError("cli.no_permission", file=str(error.filename))
        if error.errno == errno.ENOSPC:
            return WorkError("cli.disk_full", file=str(error.filename))
        return WorkError("cli.system", file=str(error.filename), reason=error.strerror)
    return WorkError("cli.unexpected", kind=type(error).__name__, reason=str(error))
