"""``planner departments``: which department must act where, by what, at what price, with whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import Question, own_costs
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish, head

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from planner.siting.departments.departments import Departments

SHOWN = 20
"""Gaps printed; the files and JSON hold all."""


@verb
def departments(
    console: Console,
    *,
    workspace: options.Workspace,
    department: Annotated[
        str | None,
        options.optional(
            "NAME", "One department by its id or name, such as health or 卫健. [default: all]"
        ),
    ] = None,
    links: Annotated[
        int,
        options.at_least(
            "NUMBER", "For how many of the largest gaps behind a barrier to find the best link."
        ),
    ] = 10,
    costs: options.CostsFile = None,
    duties: Annotated[
        Path | None, options.optional("FILE", "Who does what, a table of your own (TOML).")
    ] = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    out: Annotated[
        Path | None, options.optional("DIR", "Write tables and layers to this folder.")
    ] = None,
) -> None:
    """Say which department must act on which gap, by what, at what price, and with whom.

    Prints the departments with those beyond the limits of their kinds, of one department also its
    gaps, the places where two departments could share a building, and who should talk to whom.
    """
    from planner.siting.departments.departments import who_must_act
    from planner.siting.departments.duties import builtin_duties, read_duties
    from planner.views.exports.siting.departments import write_departments

    result = assessed(console, workspace, standard, question)
    table = read_duties(duties) if duties else builtin_duties()
    found = who_must_act(
        result, group=question.group, links=links, costs=own_costs(costs), duties=table
    )
    if department is not None:
        found = found.of(table.department(department))
    files = write_departments(found, out, console.labels.language) if out else []
    _show(console, found, files, gaps=department is not None)


def _show(console: Console, found: Departments, files: list[Path], *, gaps: bool) -> None:
    from planner.cli.shared.tables import point_records, records
    from planner.views.tables.siting.departments import (
        departments_table,
        gaps_table,
        kinds_table,
        shared_buildings_table,
    )
    from planner.views.words.ranges import spread_words
    from planner.views.words.siting.departments import (
        answer_sentences,
        buildings_worth,
        notes,
        talk_sentences,
    )

    result, labels = found.assessment, console.labels
    language, district = labels.language, result.district
    shown = district.shown_areas(found.gaps, "beyond", "unknown")
    findings = (*result.findings, *found.findings)
    console.give(
        {
            **head(result, group=found.group),
            "currency": found.costs.currency,
            "prices_verified": found.costs.verified,
            "duties_verified": found.duties.verified,
            "departments": records(found.departments),
            "kinds": records(found.kinds),
            "gaps": records(shown.drop(columns="geometry")),
            "shared_buildings": point_records(found.buildings),
            "more_buildings": found.more_buildings,
            "talks": records(found.talks),
            "findings": console.findings_json(findings, district.kinds),
            "files": files,
        }
    )
    console.show(*answer_sentences(found, language))
    console.show(*spread_words(result, found.group, labels, [*found.kinds["kind"]]))
    say = labels.message
    columns = ["department", "beyond", "not_known", "gaps", "for_others", "agrees", "price"]
    console.show(_table(found, console, "page", departments_table(found, language), columns))
    columns = ["department", "kind", "beyond", "not_known", "gaps", "cause", "price"]
    console.show(_table(found, console, "by_kind", kinds_table(found, language), columns))
    if gaps and len(found.gaps):
        table = gaps_table(found, language).head(SHOWN)
        columns = ["place", "kind", "beyond", "not_known", "remedy", "actor", "price"]
        console.show(_table(found, console, "gaps", table, columns))
        console.show(say("departments.shown", shown=len(table), total=len(found.gaps)))
    if len(found.buildings):
        table = shared_buildings_table(found, language)
        columns = ["building", "departments", "kinds", "people", "cost", "saved"]
        console.show(_table(found, console, "buildings", table, columns))
        console.show(buildings_worth(found, console.labels))
    if len(found.talks):
        console.show(say("departments.talks"))
        console.show(*(f"- {line}" for line in talk_sentences(found, language)))
    console.show(*notes(found, language))
    finish(console, district, files, found.group, of=result)


def _table(
    found: Departments, console: Console, title: str, table: pd.DataFrame, columns: list[str]
) -> Table:
    """Return some columns of a table for the terminal, words first."""
    from planner.cli.shared.tables import rows_table
    from planner.views.words.siting.departments import currency_word

    labels = console.labels
    currency = currency_word(found, labels)
    headings = [labels.message(f"departments.col_{name}", currency=currency) for name in columns]
    chosen = table[headings]
    grid = rows_table(labels.message(f"departments.{title}"), chosen, 1)
    for number, name in enumerate(chosen):
        if chosen[name].dtype.kind not in "iuf":
            grid.columns[number].justify = "left"
    return grid
