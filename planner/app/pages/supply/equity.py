"""Equity: how evenly distances are spread over residents and groups."""

from __future__ import annotations

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.supply import charts
from planner.app.pages.supply.tables import draw_table
from planner.app.session.answers import measures
from planner.app.session.context import Context
from planner.app.widgets import tables


def draw(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw how evenly distances are spread over residents, and over groups."""
    table = measures.equity(context.question, group)
    row = table[table["kind"] == kind].iloc[0]
    left, right = st.columns([5, 7])
    with left:
        st.markdown(context.word("measures.equity_note"))
        if row["people"] > 0:
            chart = charts.lorenz_chart(
                measures.distance_lorenz(context.question, kind, group),
                context.word("measures.equity_people"),
                context.word("measures.equity_distance"),
            )
            st.altair_chart(chart, key="lorenz")
        left_out = row["unreachable"] + row["unknown"]
        if left_out > 0:
            count = context.labels.number(left_out)
            st.caption(context.word("measures.equity_left_out", count=count))
    with right:
        draw_table(
            context, result, table.drop(columns="group").set_index("kind"), "equity", tables.HALF
        )
    if result.rule(kind) is not None:
        st.markdown(context.word("measures.groups_note"))
        groups = (
            measures.group_coverage(context.question, kind).drop(columns="kind").set_index("group")
        )
        draw_table(context, result, groups, "groups")
