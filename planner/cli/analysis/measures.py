"""``planner measure``: supply, redundancy, hours, groups, equity, pattern and uncertainty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import open_workspace, run
from planner.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from planner.analysis.assessment import Assessment
    from planner.errors import Finding

ROWS = 40
"""Rows of a table that a terminal shows; --json and --out have them all."""


class Measure(StrEnum):
    """What can be measured."""

    load = "load"
    supply = "supply"
    access = "access"
    redundancy = "redundancy"
    week = "week"
    always = "always"
    groups = "groups"
    equity = "equity"
    pattern = "pattern"
    clusters = "clusters"
    uncertainty = "uncertainty"
    pieces = "pieces"


@dataclass(frozen=True)
class MeasureOptions:
    """What is asked beside the measure: kinds, groups, and how supply is shared out."""

    kinds: list[str] | None
    groups: list[str] | None
    method: str | None
    decay: str | None
    visits_a_day: float | None


@verb
def measure(
    console: Console,
    *,
    workspace: options.Workspace,
    what: Annotated[
        Measure,
        typer.Argument(
            metavar="MEASURE",
            help="load, supply, access, redundancy, week, always, groups, equity, pattern, "
            "clusters, uncertainty or pieces.",
            show_default=False,
        ),
    ],
    kind: Annotated[
        list[str] | None,
        options.optional(
            "KIND", "A kind of facility (planner kinds); may be repeated. [default: all]"
        ),
    ] = None,
    group: options.Groups = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    at: options.At = None,
    service: options.Service = None,
    method: Annotated[
        str | None,
        options.optional("METHOD", "For access: 2sfca, e2sfca or 3sfca. [default: 2sfca]"),
    ] = None,
    decay: Annotated[
        str | None,
        options.optional(
            "DECAY",
            "For access: none, steps, steps_fast, gaussian or linear. "
            "[default: that of the method]",
        ),
    ] = None,
    visits_a_day: Annotated[
        float | None,
        options.optional(
            "VISITS",
            "For load and supply: visits of a resident on a day, which turn a capacity in "
            "people a day into residents. [default: the column capacity_residents]",
        ),
    ] = None,
    withhold_below: options.WithholdBelow = None,
    out: Annotated[
        Path | None, options.optional("FILE", "Write the table to this CSV file.")
    ] = None,
) -> None:
    """Measure supply, redundancy, hours, groups, equity, pattern or uncertainty.

    What is unknown is told apart or gives a range, from all of it against to all of it for the
    residents. The columns of each table are explained in docs/measures.md.
    """
    from planner.cli.shared.tables import records
    from planner.views.exports.files import reader_columns, write_csv

    asked = MeasureOptions(kind or None, group or None, method, decay, visits_a_day)
    _refuse_unheeded(what, asked, at, service)
    district = open_workspace(workspace, withhold_below=withhold_below)
    result = run(console, district, standard, groups=group or None, at=at, service=service)
    console.show(*console.labels.asked(result))
    table = MEASURES[what](result, asked)
    findings = (*_of_the_measure(result, what, asked, table), *result.findings)
    if out is not None:
        write_csv(reader_columns(table, result.demand_unit), out)
    console.give(
        {
            "measure": what.value,
            "standard": result.standard.id,
            "at": result.question.asked_at,
            "service": result.question.service,
            "rows": records(table),
            "findings": console.findings_json(findings, result.district.kinds),
            "files": [out] if out else [],
        }
    )
    if not console.json:
        console.show(*_shown(console, result, what, table))
        console.show_findings(findings, result.district.kinds)
        if out is not None:
            console.show(console.word("wrote", file=out))


def _refuse_unheeded(
    what: Measure, asked: MeasureOptions, at: str | None, service: str | None
) -> None:
    """Refuse what is asked of a measure that would say the same without it."""
    supply = (Measure.load, Measure.supply)
    hours = (Measure.week, Measure.always)
    for option, value, heeded in (
        ("--visits-a-day", asked.visits_a_day, what in supply),
        ("--method", asked.method, what is Measure.access),
        ("--decay", asked.decay, what is Measure.access),
        ("--at", at, what not in (*hours, Measure.pieces)),
        ("--kind", asked.kinds, what is not Measure.pieces),
        ("--group", asked.groups, what is not Measure.pieces),
        ("--service", service, what is not Measure.pieces),
    ):
        if value is not None and not heeded:
            raise InputError("cli.unheeded", option=option, measure=what.value)


def _of_the_measure(
    result: Assessment, what: Measure, asked: MeasureOptions, table: pd.DataFrame
) -> tuple[Finding, ...]:
    """Return what must be known of a measure itself."""
    from planner.analysis.measures.redundancy import taken_as_open
    from planner.analysis.measures.supply import group_alone

    if what in (Measure.load, Measure.supply, Measure.access):
        return group_alone(result, asked.groups)
    return taken_as_open(table) if what is Measure.redundancy else ()


def _by_kind(
    result: Assessment, asked: MeasureOptions, one: Callable[..., pd.DataFrame], judged: bool
) -> pd.DataFrame:
    """Return the tables of each kind and group, one below the other."""
    import pandas as pd

    kinds = asked.kinds or (result.judged_kinds if judged else result.kinds)
    tables = [
        one(kind, group).reset_index().assign(kind=kind, group=group)
        for kind in kinds
        for group in asked.groups or result.groups[:1]
    ]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    first = [name for name in ("kind", "group") if name in table]
    return table[[*first, *table.columns.drop(first)]]


def _load(result: Assessment, asked: MeasureOptions) -> pd.DataFrame:
    import pandas as pd

    from planner.analysis.measures.supply import load

    tables = [
        load(result, group=group, visits_a_day=asked.visits_a_day).reset_index().assign(group=group)
        for group in asked.groups or result.groups[:1]
    ]
    table = pd.concat(tables, ignore_index=True)
    if asked.kinds:
        for kind in asked.kinds:
            result.rule(kind)
        table = table[table["kind"].isin(asked.kinds)]
    return table[["kind", "group", *table.columns.drop(["kind", "group"])]]


def _supply(result: Assessment, asked: MeasureOptions) -> pd.DataFrame:
    from planner.analysis.measures.supply import catchments

    def one(kind: str, group: str) -> pd.DataFrame:
        return catchments(result, kind, group=group, visits_a_day=asked.visits_a_day)

    return _by_kind(result, asked, one, judged=False)


def _access(result: Assessment, asked: MeasureOptions) -> pd.DataFrame:
    from planner.analysis.measures.floating_catchments import access_scores

    def one(kind: str, group: str) -> pd.DataFrame:
        return access_scores(
            result,
            kind,
            method=asked.method or "2sfca",  # type: ignore[arg-type] # refused there where it is none
            decay=asked.decay,
            group=group,
        )

    return _by_kind(result, asked, one, judged=True)


def _redundancy(result: Assessment, asked: MeasureOptions) -> pd.DataFrame:
    from planner.analysis.measures.redundancy import redundancy

    return _by_kind(
        result, asked, lambda kind, group: redundancy(result, kind, group=group), judged=True
    )


def _week(result: Assessment, asked: MeasureOptions) -> pd.DataFrame:
    from planner.analysis.measures.week import week

    return week(result, asked.kinds, groups=asked.groups or result.groups[:1])


def _always(result: Assessment, asked: MeasureOptions) -> pd.DataFrame:
    from planner.analysis.measures.week import round_the_clock

    return round_the_clock(result, asked.kinds, groups=asked.groups or result.groups[:1])


def _groups(result: Assessment, asked: MeasureOptions) -> pd.DataFrame:
    from planner.analysis.measures.groups import group_coverage

    return group_coverage(result, asked.kinds, groups=asked.groups)


def _equity(result: Assessment, asked: MeasureOptions) -> pd.DataFrame:
    from planner.analysis.measures.equity import equity

    return equity(result, asked.kinds, groups=asked.groups or result.groups[:1])


def _pattern(result: Assessment, asked: MeasureOptions) -> pd.DataFrame:
    from planner.analysis.measures.pattern import morans_i

    def one(kind: str, group: str) -> pd.DataFrame:
        row = morans_i(result, kind, group=group).to_frame().T
        return row.astype({"communities": "int64", "left_out": "int64"})

    return _by_kind(result, asked, one, judged=True).drop(columns="index")


def _clusters(result: Assessment, asked: MeasureOptions) -> pd.DataFrame:
    from planner.analysis.measures.pattern import lisa

    def one(kind: str, group: str) -> pd.DataFrame:
        table: pd.DataFrame = lisa(result, kind, group=group).drop(columns="geometry")
        return table

    return _by_kind(result, asked, one, judged=True).drop(columns="index")


def _uncertainty(result: Assessment, asked: MeasureOptions) -> pd.DataFrame:
    from planner.analysis.measures.uncertainty import uncertainty

    return uncertainty(result, asked.kinds, groups=asked.groups or result.groups[:1])


def _pieces(result: Assessment, _asked: MeasureOptions) -> pd.DataFrame:
    from planner.analysis.measures.uncertainty import loose_pieces

    return loose_pieces(result)


MEASURES: dict[Measure, Callable[[Assessment, MeasureOptions], pd.DataFrame]] = {
    Measure.load: _load,
    Measure.supply: _supply,
    Measure.access: _access,
    Measure.redundancy: _redundancy,
    Measure.week: _week,
    Measure.always: _always,
    Measure.groups: _groups,
    Measure.equity: _equity,
    Measure.pattern: _pattern,
    Measure.clusters: _clusters,
    Measure.uncertainty: _uncertainty,
    Measure.pieces: _pieces,
}


def _shown(
    console: Console, result: Assessment, what: Measure, table: pd.DataFrame
) -> Iterator[Table | str]:
    """Yield the table for people, cut where it is long; the week as a strip for each day.

    Of access people see each community's mean.
    """
    from planner.cli.analysis.measure_tables import plain_table, week_table

    title = console.labels.message(f"measures.{what.value}")
    if table.empty:
        yield console.labels.message("measures.nothing")
        return
    if what is Measure.week:
        yield week_table(console, result, title, table)
        yield console.labels.message("measures.week_key")
        return
    if what is Measure.access:
        table = _by_community(result, table)
    yield plain_table(console, result, title, table.head(ROWS))
    if len(table) > ROWS:
        yield console.labels.message("measures.cut", shown=ROWS, rows=len(table))


def _by_community(result: Assessment, table: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    from planner.analysis.measures.floating_catchments import access_by_community

    means = [
        access_by_community(result, rows.set_index("demand_id"), group=str(group)).assign(
            kind=str(kind), group=str(group)
        )
        for (kind, group), rows in table.groupby(["kind", "group"], sort=False)
    ]
    return pd.concat(means, ignore_index=True)
