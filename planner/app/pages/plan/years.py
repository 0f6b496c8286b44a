"""What is decided, year by year: coverage as it is built, on a map and as a table, and its cost."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import background, estimates
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.tickets import Ticket
from planner.app.widgets import downloads, inputs, map_view, tables
from planner.plan.coordination.years import JointPlan
from planner.plan.plan import Plan
from planner.views.words.agenda import misfit_lines
from planner.views.words.plan import currency_word, departments_words
from planner.views.words.shares import percent_figures

ROOM = 500
"""For a table, pixels."""


def draw(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw the joint plan of this district."""
    labels = context.labels
    if not plan.decided(context.entry.id):
        st.info(labels.message("plan_words.nothing_decided"), icon=":material/info:")
        return

    def work(_ticket: Ticket) -> JointPlan:
        return plan.joint(result, context.entry.id)

    found = background.value(
        context,
        ("plan_years", context.question, plan.store.place, plan.store.head()),
        work,
        context.word("app_plan.working_years"),
        size=estimates.judged_size(result, ""),
    )
    if found is None:
        return
    if found.misfits:
        heading = markdown(labels.message("plan_words.point_misfits"))
        lines = [f"- {markdown(each)}" for each in misfit_lines(labels, found.misfits)]
        st.warning("\n".join([heading, *lines]), icon=":material/warning:")
    kind_box, group_box, year_box = st.columns([3, 3, 5], vertical_alignment="bottom")
    with kind_box:
        kind = inputs.kind(context, result)
    with group_box:
        group = inputs.group(context, result)
    with year_box:
        year = st.select_slider(
            labels.message("plan_words.col_when"),
            found.years,
            found.years[-1],
            format_func=lambda each: _year(context, each),
            key=f"plan_year_{hash(found.years)}",
        )
    left, right = st.columns([7, 6])
    with left:
        state = found.after[found.years.index(year)]
        map_view.draw(context.counting(group), state, kind, group, key="map_plan_years")
    with right:
        _table(context, found, kind, group)
        _costs(context, found)


def _year(context: Context, year: str) -> str:
    words = {"today": "plan_words.today", "open": "plan_words.year_open"}
    return context.labels.message(words[year]) if year in words else year


def _table(context: Context, found: JointPlan, kind: str, group: str) -> None:
    """Draw the coverage of a kind and group year by year, with what each year adds to today."""
    say = context.word
    own = found.coverage[(found.coverage["kind"] == kind) & (found.coverage["group"] == group)]
    table = pd.DataFrame(
        {
            "year": [_year(context, each) for each in own["year"]],
            "share": percent_figures(own["share"]),
            "covered": own["covered"].round().to_numpy(),
            "gained": own["gained"].round().to_numpy(),
            "unknown": own["unknown"].round().to_numpy(),
        }
    )
    config = {
        "year": st.column_config.TextColumn(context.labels.message("plan_words.col_when")),
        "share": tables.share_column(context),
        "covered": tables.count_column(say("app_plan.col_covered")),
        "gained": tables.count_column(say("app_plan.col_gained")),
        "unknown": tables.count_column(say("app.unknown")),
    }
    st.markdown(f"**{context.labels.message('plan_words.title_years')}**")
    tables.draw(context, table, "plan_years", config=config, height="content", room=ROOM)
    label = say("app_plan.take_years")
    name = f"{context.stem}-plan-years.csv"
    downloads.file(downloads.table(label, name, lambda: found.coverage), "plan_years")


def _costs(context: Context, found: JointPlan) -> None:
    """Draw what is decided costs, by year and department; those without a price are counted."""
    labels = context.labels
    rows = found.costs
    word = labels.message
    table = pd.DataFrame(
        {
            word("plan_words.col_when"): [_year(context, each) for each in rows["year"]],
            word("plan_words.col_department"): [
                departments_words(labels, filter(None, [each])) for each in rows["department"]
            ],
            word("plan_words.col_cost"): rows["cost"].to_numpy(float),
            word("plan_words.col_currency"): [
                currency_word(labels, each) for each in rows["currency"]
            ],
            word("plan_words.col_proposals"): rows["proposals"].to_numpy(),
            word("plan_words.col_unpriced"): rows["unpriced"].to_numpy(),
        }
    )
    st.markdown(f"**{word('plan_words.title_costs')}**")
    tables.draw(context, table, "plan_costs", height="content", room=ROOM)
