"""What is decided beside the best that the same money could do, with proof."""

from __future__ import annotations

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan.years import question_of
from planner.app.session import background, choices
from planner.app.session.answers.joint_plan import SECONDS, CompromiseQuestion, compromise
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.tickets import Ticket
from planner.app.widgets import downloads, inputs, prices, tables
from planner.plan.coordination.compromise import PRICES, Compromise
from planner.plan.plan import Plan
from planner.views.tables.joint_plan import choices_table, differences_table, kinds_table
from planner.views.words.joint_plan import compromise_sentences

PRICE = "plan_price"


def draw(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw the question and the three choices."""
    decided = [each for each in plan.decided(context.entry.id) if each.changes]
    if not decided:
        st.info(context.labels.message("plan_words.nothing_decided"), icon=":material/info:")
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
    _tables(context.counting(found.group), found)


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
            context,
            result,
            word("app_plan.offered"),
            help=word("app_plan.offered_help"),
            placeholder=word("links.all_kinds"),
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


def _tables(context: Context, found: Compromise) -> None:
    labels, say = context.labels, context.labels.message
    kinds = found.assessment.district.kinds
    shown = {
        "compare": choices_table(found, labels),
        "by_kind": kinds_table(found, labels, kinds),
        "differences": differences_table(found, labels, kinds),
    }
    for name, table in shown.items():
        st.markdown(f"**{say(f'plan_words.title_{name}')}**")
        most = tables.TALL if name == "differences" else "content"
        tables.draw(context, table, f"plan_{name}", height=most, room=tables.WHOLE)  # type: ignore[arg-type]
    offered = [
        downloads.table(
            context.word(f"app_plan.take_{name}"),
            f"{context.stem}-plan-{name}.csv",
            lambda table=table: table,  # type: ignore[misc]
        )
        for name, table in shown.items()
    ]
    downloads.files(context, "plan_compare", offered)
