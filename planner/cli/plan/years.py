"""Verbs for what is decided: ``years`` and ``compare``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.plan import shared
from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import Question, own_costs
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish, head

if TYPE_CHECKING:
    from planner.district import Kinds
    from planner.plan.coordination.compromise.compromise import Compromise
    from planner.plan.coordination.years.years import JointPlan

MOST_LEFT_OUT = 10
"""Areas of those who are still left out that a terminal shows."""


@verb
def years(
    console: Console,
    *,
    workspace: options.Workspace,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    out: Annotated[
        Path | None,
        options.optional("FOLDER", "Write tables by community, subdistrict and year (CSV)."),
    ] = None,
    plan: shared.PlanFile = None,
) -> None:
    """Say what is decided, year by year: coverage as it is built, who is left out, what it costs.

    With what the money buys, and with --out coverage of every community and subdistrict.
    """
    from planner.cli.shared.tables import records
    from planner.views.exports.plan.joint_plan import write_joint_plan
    from planner.views.words.plan.joint_plan import nothing_sentence

    result = assessed(console, workspace, standard, question)
    with shared.opened(plan) as found:
        joint = found.joint(result, workspace.name)
        elsewhere = shared.Elsewhere.of(found, workspace)
    group = question.group or result.groups[0]
    spoken = console.labels.language
    files = write_joint_plan(joint, out, spoken, group) if out else []
    console.give(
        {
            **head(result),
            "years": joint.years,
            "coverage": records(joint.coverage),
            "costs": records(joint.costs),
            "money": records(joint.money(group)),
            "areas": records(joint.areas()),
            "subdistricts": records(joint.areas("subdistrict")),
            "left_out": records(joint.left_out()),
            "misfits": shared.misfits_json(console, joint.misfits),
            "not_in_data": [each.id for each in joint.gone],
            "files": files,
            **elsewhere.to_json(),
        }
    )
    elsewhere.show(console)
    if len(joint.years) > 1:
        _show_years(console, joint, group)
        _show_costs(console, joint)
        _show_money(console, joint, group, result.district.kinds)
    else:
        console.show(nothing_sentence(console.labels, joint))
        _show_costs(console, joint)
    shared.show_misfits(console, joint.misfits)
    shared.show_gone(console, joint.gone)
    finish(console, result.district, files, question.group, of=result)


def _show_years(console: Console, joint: JointPlan, group: str) -> None:
    from planner.cli.shared.tables import table as grid_of
    from planner.views.words.plan.joint_plan import ranged_coverage, year_word
    from planner.views.words.ranges import share_or_range
    from planner.views.words.shares import without_telling

    labels = console.labels
    coverage = without_telling(ranged_coverage(joint))
    rows = coverage[(joint.coverage["group"] == group) & joint.coverage["judged"].astype(bool)]
    told = [year_word(labels, year) for year in joint.years]
    headings = [labels.message("plan_words.col_kinds"), *told]
    grid = grid_of(labels.message("plan_words.title_years"), headings)
    shares = {
        (row["kind"], row["year"]): share_or_range(row, labels) for row in rows.to_dict("records")
    }
    for kind in dict.fromkeys(rows["kind"]):
        cells = [shares.get((kind, year), labels.percent(None)) for year in joint.years]
        grid.add_row(labels.kind(str(kind)), *cells)
    console.show(grid)


def _show_costs(console: Console, joint: JointPlan) -> None:
    from planner.cli.shared.tables import rows_table
    from planner.views.tables.plan.joint_plan import costs_table

    labels = console.labels
    if len(joint.costs):
        title = labels.message("plan_words.title_costs")
        console.show(rows_table(title, costs_table(joint.costs, labels), 2))


def _show_money(console: Console, joint: JointPlan, group: str, kinds: Kinds) -> None:
    """Say what the money buys, and where most are still left out."""
    from planner.cli.shared.tables import rows_table
    from planner.views.tables.plan.joint_plan import left_out_table, money_table
    from planner.views.words.plan.joint_plan import money_notes, year_word

    labels = console.labels
    say = labels.message
    table = money_table(joint.money(group), labels, joint.costs)
    console.show(rows_table(say("plan_words.title_money"), table, 1))
    console.show(*money_notes(labels, joint, group))
    left = joint.left_out()
    left = left[left["group"] == group]
    if left.empty:
        console.show(say("plan_words.nobody_left_out"))
        return
    title = say("plan_words.title_left_out", year=year_word(labels, joint.years[-1]))
    shown = left.head(MOST_LEFT_OUT)
    console.show(rows_table(title, left_out_table(shown, labels, kinds), 4))
    if len(left) > len(shown):
        told = {"shown": len(shown), "count": labels.number(len(left))}
        console.show(console.word("left_out_shown", **told))


@verb
def compare(
    console: Console,
    *,
    workspace: options.Workspace,
    budget: Annotated[
        float | None,
        typer.Option(
            metavar="MONEY",
            help="Most that each choice may cost. [default: what is decided costs]",
        ),
    ] = None,
    kind: options.SomeKinds = None,
    price: Annotated[
        str,
        typer.Option(
            metavar="low|mid|high", help="Which price is taken where that of a proposal is a range."
        ),
    ] = "mid",
    costs: options.CostsFile = None,
    steps: options.Steps = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    plan: shared.PlanFile = None,
) -> None:
    """Compare what is decided with the best that the same money could do, with proof.

    Three choices: as decided; as decided, with the best for what is left of the budget; and chosen
    freely from the decided proposals and all other sites. --kind says what is offered beside the
    plan; every judged kind is counted in all three.
    """
    from planner.location.limits import Limits
    from planner.siting.candidates import PlaceOptions

    result = assessed(console, workspace, standard, question)
    with shared.opened(plan) as found:
        told = found.compare(
            result,
            workspace.name,
            budget,
            group=question.group,
            kinds=kind,
            price=price,
            places=PlaceOptions(costs=own_costs(costs)),
            limits=Limits(max_iterations=steps),
        )
    _give_compromise(console, told)
    finish(console, result.district, group=question.group, of=result)


def _give_compromise(console: Console, told: Compromise) -> None:
    from planner.cli.shared.tables import records, rows_table
    from planner.views.tables.plan.joint_plan import (
        choices_table,
        differences_table,
        kinds_table,
    )
    from planner.views.words.plan.joint_plan import compromise_sentences

    labels, kinds = console.labels, told.assessment.district.kinds
    console.give(
        {
            **head(told.assessment, group=told.group),
            "budget": told.budget,
            "choices": records(told.table),
            "by_kind": records(told.by_kind),
            "differences": records(told.differences),
            "given_up": told.given_up,
            "given_up_most": told.given_up_most,
            "standing": told.standing,
            "idle": told.idle,
            "compared": told.compared,
            "opened": vars(told.opened),
            "price": told.price,
            "ranges": told.ranges,
            "unpriced": told.unpriced,
            "currency": told.currency,
            "verified": told.costs.verified,
            "findings": console.findings_json(told.findings, kinds),
            "misfits": shared.misfits_json(console, told.misfits),
            "not_in_data": [each.id for each in told.gone],
        }
    )
    say = labels.message
    console.show(
        rows_table(say("plan_words.title_compare"), choices_table(told, labels), 1),
        rows_table(say("plan_words.title_by_kind"), kinds_table(told, labels, kinds), 1),
        rows_table(say("plan_words.title_differences"), differences_table(told, labels, kinds), 4),
        *compromise_sentences(told, labels.language),
    )
