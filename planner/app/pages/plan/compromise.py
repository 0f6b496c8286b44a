"""What is decided beside the best that the same money could do, with proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import elsewhere
from planner.app.pages.plan.years import question_of
from planner.app.session import background, choices
from planner.app.session.answers.joint_plan import SECONDS, CompromiseQuestion, compromise
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.jobs.tickets import Ticket
from planner.app.widgets import downloads, inputs, map_view, prices, tables
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.map_view import Pane
from planner.app.widgets.print_sheet import sheet
from planner.plan.coordination.compromise.compromise import Compromise
from planner.plan.coordination.compromise.pricing import PRICES
from planner.plan.plan import Plan
from planner.plan.proposals.proposal import Proposal
from planner.views.maps.compromise import compromise_groups, compromise_legend
from planner.views.tables.plan.joint_plan import choices_table, differences_table, kinds_table
from planner.views.words.plan.joint_plan import compromise_sentences

PRICE = "plan_price"
ROOM = 480
"""For the table beside the map, pixels."""


def draw(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw the question and the three choices."""
    decided = [each for each in plan.decided(context.entry.id) if each.changes]
    if not decided:
        name = "nothing_left" if plan.opened(context.entry.id) else "nothing_decided"
        elsewhere.draw(context, plan, context.labels.message(f"plan_words.{name}"))
        return
    question = _question(context, result, plan, ranges=any(each.cost_high for each in decided))

    def work(ticket: Ticket) -> Compromise:
        return compromise(question, plan, ticket)

    found = background.value(
        context,
        ("plan_compare", question),
        work,
        context.word("app_plan.working_compare", seconds=f"{SECONDS:.0f}"),
        can_stop=True,
    )
    if found is None:
        return
    lines = compromise_sentences(found, context.labels.language)
    st.markdown("\n".join(f"- {markdown(line)}" for line in lines))
    _answer(context.counting(found.group), found, decided)


def _question(
    context: Context, result: Assessment, plan: Plan, *, ranges: bool
) -> CompromiseQuestion:
    """Draw what can be chosen: whom it counts, what is offered, how much may be spent."""
    word = context.word
    group_box, kinds_box, budget_box, price_box, own_box = st.columns(
        [2.4, 4, 2, 2, 1.6], vertical_alignment="bottom"
    )
    with group_box:
        group = inputs.group(context, result)
    with kinds_box:
        kinds = inputs.kinds(
            context, result, word("app_plan.offered"), help=word("app_plan.offered_help")
        )
    with budget_box:
        budget = inputs.optional_number(
            "plan_budget",
            word("budget.budget"),
            step=50.0,
            placeholder=word("app_plan.same_money"),
            help=word("app_plan.budget_help"),
        )
    price = "mid"
    if ranges:
        with price_box:
            price = choices.pick(
                PRICE,
                word("app_plan.price_of_range"),
                PRICES,
                "mid",
                lambda each: context.labels.message(f"plan_words.price_{each}"),
            )
    with own_box:
        own = prices.draw(context)
    return CompromiseQuestion(
        **vars(question_of(context, plan)),
        group=group,
        kinds=kinds,
        budget=budget,
        price=price,
        prices=own,
    )


def _answer(context: Context, found: Compromise, decided: Sequence[Proposal]) -> None:
    """Draw the choices side by side, and where they differ: on a map, by kind and one by one."""
    labels, kinds = context.labels, found.assessment.district.kinds
    shown = {
        "compare": choices_table(found, labels),
        "by_kind": kinds_table(found, labels, kinds),
        "differences": differences_table(found, labels, kinds),
    }
    _table(context, "compare", shown["compare"], tables.WHOLE)
    left, right = st.columns([7, 6])
    with left:
        _map(context, found, decided)
    with right:
        _table(context, "by_kind", shown["by_kind"], ROOM)
    _table(context, "differences", shown["differences"], tables.WHOLE)
    _files(context, shown)


def _map(context: Context, found: Compromise, decided: Sequence[Proposal]) -> None:
    """Draw where the free choice differs from what is decided."""
    labels = context.labels
    title = labels.message("plan_words.title_map")
    st.markdown(f"**{title}**")
    legend = compromise_legend(found, labels.language)
    map_view.show(
        context,
        [Pane(compromise_groups(found, decided, labels.language))],
        key="map_plan_compare",
        legend=legend,
        reading=Reading.of(found.assessment, found.group),
        printed=sheet(context, title, legend),
    )


def _table(context: Context, name: str, table: pd.DataFrame, room: int) -> None:
    st.markdown(f"**{context.labels.message(f'plan_words.title_{name}')}**")
    most: Literal["content"] | int = tables.TALL if name == "differences" else "content"
    tables.draw(context, table, f"plan_{name}", height=most, room=room)


def _files(context: Context, shown: dict[str, pd.DataFrame]) -> None:
    offered = [
        downloads.table(
            context.word(f"app_plan.take_{name}"),
            f"{context.stem}-plan-{name}.csv",
            lambda table=table: table,  # type: ignore[misc]
        )
        for name, table in shown.items()
    ]
    downloads.files(context, "plan_compare", offered)
