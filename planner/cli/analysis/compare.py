"""``planner compare``: what a scenario, or another state of the same place, changes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import GroupsQuestion, own_costs
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.analysis.comparison import Comparison
    from planner.errors import Finding
    from planner.siting.scenario_comparison import ScenarioComparison

SCENARIO_SUFFIX = ".json"


@verb
def compare(
    console: Console,
    *,
    before: options.Workspace,
    after: Annotated[
        Path,
        typer.Argument(
            metavar="SCENARIO|WORKSPACE",
            help="A scenario file (.json) to apply to it, or a workspace with the same homes.",
            show_default=False,
        ),
    ],
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: GroupsQuestion,
    costs: options.CostsFile = None,
    out: Annotated[
        Path | None, options.optional("DIR", "Write tables and layers to this folder.")
    ] = None,
) -> None:
    """Compare a workspace with a scenario, or with another workspace of the same homes.

    Prints coverage by kind before and after, and the difference; of a scenario also what it costs
    and brings for the money. With --out also writes what changes for each community and home.
    """
    from planner.analysis.comparison import compare as compare_assessments
    from planner.views.exports.siting.comparisons import write_comparison

    first = assessed(console, before, standard, question)
    unknown = _unmarked(first, after)
    rules = standard or first.standard.id
    comparison = compare_assessments(first, _after(console, first, after, rules, question))
    priced = _priced(comparison, after, costs)
    files = write_comparison(comparison, out, console.labels.language, priced) if out else []
    _show(console, comparison, files, priced, unknown)


def _unmarked(first: Assessment, file: Path) -> tuple[Finding, ...]:
    """Return what is told of a scenario that knows its facilities by their ids alone."""
    from planner.district import Scenario
    from planner.district.scenarios.changes import unmarked

    if file.suffix.casefold() != SCENARIO_SUFFIX:
        return ()
    return unmarked(first.district, Scenario.load(file))


def _after(
    console: Console, first: Assessment, file: Path, standard: str, question: GroupsQuestion
) -> Assessment:
    from planner.district import Scenario

    if file.suffix.casefold() == SCENARIO_SUFFIX:
        return first.apply(Scenario.load(file))
    return assessed(console, file, standard, question, again=True)


def _priced(comparison: Comparison, file: Path, costs: Path | None) -> ScenarioComparison | None:
    """Return what a scenario brings and costs, None where another workspace was compared."""
    from planner.district import Scenario
    from planner.siting.scenario_comparison import compare_scenarios

    if file.suffix.casefold() != SCENARIO_SUFFIX:
        return None
    return compare_scenarios(
        comparison.before, [Scenario.load(file)], costs=own_costs(costs), after=[comparison.after]
    )


def _show(
    console: Console,
    comparison: Comparison,
    files: list[Path],
    priced: ScenarioComparison | None,
    unknown: tuple[Finding, ...],
) -> None:
    from planner.cli.shared.tables import district_json, records
    from planner.views.words.ranges import spread_after_words

    after = comparison.after
    summary = comparison.summary()
    told = (*unknown, *comparison.findings, *(priced.findings if priced else ()))
    findings = tuple(dict.fromkeys([*told, *after.findings]))
    console.give(
        {
            "district": district_json(comparison.before.district),
            "after": after.district.name,
            "standard": after.standard.id,
            "groups": list(after.groups),
            "at": after.question.asked_at,
            "service": after.question.service,
            "summary": records(summary),
            "communities": records(comparison.league("community")),
            "scenario": records(priced.table.drop(columns="scenario")) if priced else [],
            "currency": priced.costs.currency if priced else "",
            "prices_verified": priced.costs.verified if priced else False,
            "findings": console.findings_json(findings, after.district.kinds),
            "files": files,
        }
    )
    console.show_findings(told, after.district.kinds)
    console.show(_table(console, comparison))
    before = comparison.before
    console.show(*spread_after_words(before, after, after.groups[0], console.labels))
    if priced is not None:
        _show_costs(console, priced)
    finish(console, after.district, files, of=after)


def _table(console: Console, comparison: Comparison) -> Any:
    """Coverage of all residents by kind, before and after."""
    from planner.cli.shared.tables import fold_headings, records, table
    from planner.views.words.shares import points_between

    labels, after = console.labels, comparison.after
    columns = ("kind", "limit_m", "before", "after", "points", "covered_change", "distance_change")
    names = [comparison.before.district.name, labels.standard(after.standard)]
    grid = table(" · ".join(names), map(console.heading, columns))
    summary = comparison.summary()
    rows = summary[(summary["group"] == after.groups[0]) & summary["limit_m"].notna()]
    points = points_between(rows["share_before"], rows["share_after"])
    for row, change in zip(records(rows), points, strict=True):
        grid.add_row(
            labels.kind(row["kind"], after.district.kinds),
            labels.number(row["limit_m"]),
            *(_share(console, row, side) for side in ("before", "after")),
            _signed(labels.number(change, 1), change),
            _signed(labels.number(row["covered_change"]), row["covered_change"]),
            _signed(labels.number(row["mean_distance_m_change"]), row["mean_distance_m_change"]),
        )
    fold_headings(grid)
    return grid


def _show_costs(console: Console, priced: ScenarioComparison) -> None:
    """Show the rows of the whole scenario: gained, cost, gained for the money."""
    from planner.cli.shared.tables import records
    from planner.views.tables.siting.scenarios import scenarios_table
    from planner.views.words.siting.prices import unverified

    whole = int((priced.table["kind"] == "").sum())
    rows = scenarios_table(priced, ["value"], console.labels.language).head(whole)
    for row in records(rows):
        what, unit, value = row.values()
        figure = (
            "–"
            if value is None or math.isnan(value)
            else console.labels.number(value, 0 if value == int(value) else 2)
        )
        console.show(f"{what}: {figure} ({unit})")
    console.show(console.labels.message("scenarios.note"))
    console.show(*unverified(priced.costs, console.labels))


def _share(console: Console, row: dict[str, Any], side: str) -> str:
    """Return a share covered, or that there is no data on the kind."""
    if row[f"data_{side}"] == "none":
        return console.labels.value("data_none")
    return console.labels.percent(row[f"share_{side}"])


def _signed(text: str, value: float) -> str:
    """Return a change with its sign; a dash where nothing changes."""
    if value == 0:
        return "–"
    return f"+{text}" if value > 0 else text
