"""The trail: who did what, when and why; whether it is whole; the plan as a file to pass on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import exchange
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import downloads, tables
from planner.plan.plan import Plan
from planner.views.words.plan.proposals import entry_cells

COLUMNS = ("number", "at", "person", "deed", "id", "fields", "why")
MOST_SHOWN = 200
"""Entries that are shown, the newest; all lie in the file."""


def draw(context: Context, _result: Assessment, plan: Plan) -> None:
    """Draw the trail, the newest entry first, and whether it is as it was written."""
    entries = plan.trail(newest=MOST_SHOWN)
    whole, _ = plan.store.head()
    st.caption(context.word("app_plan.trail", count=context.labels.number(whole)))
    if whole > len(entries):
        st.caption(context.word("app_plan.trail_newest", count=len(entries)))
    with st.container(horizontal=True, vertical_alignment="center"):
        check = st.button(
            context.word("app_plan.verify"), icon=":material/verified:", key="plan_verify"
        )
        label = context.word("app_plan.take_trail")
        table = downloads.table(
            label, "plan-trail.csv", lambda: entries_table(context, plan.trail())
        )
        downloads.file(table, "plan_trail")
    if check:
        _verify(context, plan)
    exchange.draw(context, plan)
    rows = entries_table(context, entries[::-1])
    tables.draw(context, rows, "plan_trail", height=tables.TALL, room=tables.WHOLE)


def entries_table(context: Context, entries: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return entries of the trail as a table in words."""
    labels = context.labels
    headings = [labels.message(f"plan_words.col_{name}") for name in COLUMNS]
    return pd.DataFrame([entry_cells(labels, each) for each in entries], columns=headings)


def _verify(context: Context, plan: Plan) -> None:
    labels = context.labels
    found = plan.verify()
    if not found:
        entries, head = plan.store.head()
        told = labels.message("plan_words.all_well", entries=entries, head=head)
        st.success(markdown(told), icon=":material/verified:")
        return
    lines = [labels.message("plan_words.not_well"), *map(labels.finding, found)]
    st.error("\n".join(f"- {markdown(line)}" for line in lines), icon=":material/error:")
