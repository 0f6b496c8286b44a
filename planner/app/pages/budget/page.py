"""One budget: sites, doors, hours and links that bring most residents for the money."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.comparison import compare
from planner.analysis.nearby import nearby
from planner.app.session import background, choices
from planner.app.session.answers.budget import BudgetQuestion, remedies
from planner.app.session.context import Context
from planner.app.session.drafts.prices import priced
from planner.app.session.errors import markdown
from planner.app.session.jobs import estimates
from planner.app.widgets import (
    downloads,
    frame,
    inputs,
    key_figures,
    map_view,
    numbered_row,
    plan_figures,
    plan_files,
    prices,
    propose,
    tables,
    take_over,
)
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane
from planner.app.widgets.print_sheet import sheet
from planner.siting.budget import Mix
from planner.views.exports.siting.budget import mix_scenario
from planner.views.maps.base.bounds import remedy_bounds
from planner.views.maps.budget import mix_groups, mix_legend
from planner.views.tables.siting.budget import mix_table
from planner.views.words.places import brief_places
from planner.views.words.shares import percent_figures
from planner.views.words.siting.budget import mix_answer, mix_remarks

DEFAULT_BUDGET = 300.0
BARE_BUDGET = f"{DEFAULT_BUDGET:.0f}"
"""As other pages read it in the address, where it is bare of what is usual here."""

REMEDY = "remedy"
"""What a row of the remedies is called in the address."""

TABLE_HEIGHT = 300
ROOM = 552
"""For a table over a little more than half of the page, pixels."""


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    pointer_box, group_box = frame.heading_row(context, result, [4.6, 3.4, 2.4])
    with pointer_box:
        _to_siting(context, result)
    with group_box:
        group = inputs.group(context, result)
    context = priced(context.counting(group))
    if frame.nothing_judged(context, result):
        return
    question = _question(context, result, group)
    frame.refused_choices(context)
    found = background.searched(
        context,
        remedies,
        question,
        context.word("budget.searching"),
        size=estimates.size_of(result.district, len(question.kinds or result.judged_kinds)),
    )
    if found is None:
        return
    _figures(context, found)
    frame.spread(context, found.assessment, found.kinds, found.group)
    left, right = st.columns([13, 15])
    with left:
        groups = mix_groups(found, context.labels.language)
        legend = mix_legend(found, context.labels.language)
        printed = sheet(context, context.word("budget.page"), legend)
        reading = Reading.of(found.assessment, found.group)
        chosen = numbered_row.chosen(REMEDY, question, len(found.chosen))
        map_view.show(
            context,
            [Pane(groups)],
            key="mix",
            look_at=remedy_bounds(found, chosen) if chosen else None,
            legend=legend,
            reading=reading,
            printed=printed,
        )
    with right:  # above the map it would push the legend out of sight
        st.markdown(frame.sentences(context, mix_answer(found, context.labels.language)))
        _tables(context, found, question)
    # the table is what is asked for: what it rests on stands below it
    for remark in mix_remarks(found, context.labels.language):
        st.caption(markdown(remark))
    frame.notes(context, result, None)


def _to_siting(context: Context, result: Assessment) -> None:
    """Draw the way to the page that is told how many sites: here the money alone decides."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            context.word("budget.to_siting"),
            icon=":material/add_location:",
            key="budget_to_siting",
            on_click=_go_siting,
            args=(result.judged_kinds,),
        )


def _go_siting(judged: Sequence[str]) -> None:
    """Ask there of new sites of the first kind chosen here, for the same money and people."""
    made = choices.choices()
    kinds = inputs.listed("kinds", judged, ",")
    made.update(question="build", objective="coverage", budget=made.get("budget") or BARE_BUDGET)
    if kinds and made.get("kind") not in kinds:
        made["kind"] = kinds[0]
    choices.go("siting")


def _question(context: Context, result: Assessment, group: str) -> BudgetQuestion:
    """Draw the boxes of the question: kinds, moment and budget."""
    word = context.word
    boxes = st.columns([5, 2, 2, 1.6], vertical_alignment="bottom")
    kinds_box, at_box, budget_box, prices_box = boxes
    with kinds_box:
        kinds = inputs.kinds(context, result, word("budget.kinds"), help=word("budget.kinds_help"))
    with at_box:
        at = inputs.text(
            "at",
            word("budget.at"),
            help=word("budget.at_help"),
            placeholder=word("gaps.at_example"),
        )
    with budget_box:
        budget = inputs.budget(context, word("budget.budget"), DEFAULT_BUDGET, step=50.0, most=1e9)
    with prices_box:
        own = prices.draw(context)
    return BudgetQuestion(
        context.entry, context.standard, at=at, kinds=kinds, group=group, budget=budget, prices=own
    )


def _figures(context: Context, found: Mix) -> None:
    labels, say, word = context.labels, context.word, context.word
    layers = (*plan_figures.PLACES, "barriers", "gates")
    summary = found.assessment.summary()
    unknown = plan_figures.unknown_of_kinds(context, summary, found.kinds, found.group)
    people = labels.group(found.group)

    def counted(metric: str, value: float, help_code: str, look: str) -> Figure:
        told = word(help_code, group=people)
        shown = labels.count(found.assessment.district.shown_count(found.group, value))
        return Figure(say(metric), shown, told, look, found.kinds, layers, unknown)

    gained = counted(
        "budget.metric_gained", found.gained, "plan_figures.gained_kinds_help", "budget"
    )
    residents = counted(
        "budget.metric_residents", found.residents, "plan_figures.residents_help", ""
    )
    budget = word("plan_figures.spent_help", budget=labels.number(found.budget))
    cost = plan_figures.money(context, say("budget.metric_cost"), found.cost, budget)
    count = labels.number(len(found.actions))
    actions = Figure(
        say("budget.metric_actions"),
        labels.number(len(found.chosen)),
        word("plan_figures.actions_help", count=count),
        layers=layers,
    )
    proof = plan_figures.proof(
        context,
        say("budget.metric_gap"),
        word("plan_figures.sum_gap_help"),
        optimal=found.siting.optimal,
        gap=found.siting.gap,
        kinds=found.kinds,
    )
    key_figures.draw(context, found.assessment, [gained, residents, cost, actions, proof], "mix")


def _tables(context: Context, found: Mix, question: BudgetQuestion) -> None:
    language = context.labels.language
    config = st.column_config
    district, rows = found.assessment.district, found.table
    spots = nearby(district, rows[["x", "y"]].to_numpy())
    places = brief_places(rows["name"], spots, context.labels)
    table = tables.briefly(
        context, mix_table(found, language), context.word("budget.col_name"), places
    )
    deciding = ("number", "remedy", "name", "cost", "alone")
    first = [context.word(f"budget.col_{name}") for name in deciding]
    changes = mix_scenario(found, language)

    def beside() -> None:
        take_over.draw(context, changes, "mix")
        downloads.file(plan_files.scenario_file(context, "remedies", changes), "mix")
        propose.of_advice(context, found, "mix")

    numbered_row.draw(
        context,
        table,
        REMEDY,
        question,
        name="mix_table",
        first=first,
        height=TABLE_HEIGHT,
        room=ROOM,
        beside=beside,
    )
    st.caption(context.word("budget.gain_by_kind"))
    tables.draw(
        context,
        _by_kind(context, found),
        "mix_kinds_table",
        config={
            context.word(f"cli.col_{moment}"): config.ProgressColumn(
                format="%.1f%%", min_value=0, max_value=100
            )
            for moment in ("before", "after")
        },
        height="content",
        room=ROOM,
    )


def _by_kind(context: Context, found: Mix) -> pd.DataFrame:
    """Return the share covered of each kind before and after."""
    rows = compare(found.assessment, found.after).summary()
    rows = rows[(rows["group"] == found.group) & rows["kind"].isin(found.kinds)]
    labels, kinds = context.labels, found.assessment.district.kinds
    return pd.DataFrame(
        {
            labels.column("kind"): [labels.kind(kind, kinds) for kind in rows["kind"]],
            context.word("cli.col_before"): percent_figures(rows["share_before"]),
            context.word("cli.col_after"): percent_figures(rows["share_after"]),
        }
    )
