"""All kinds of facility side by side, for one group."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import choices, store
from planner.app.session.context import Context
from planner.app.session.errors import told
from planner.app.session.loading import loaded
from planner.app.widgets import components


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _draw(context: Context, result: Assessment) -> None:
    """Draw what changes with the group."""
    title, group_box = st.columns([9, 3], vertical_alignment="bottom")
    with title:
        components.heading(context, result.district, result.kinds_without_data)
    with group_box:
        group = components.pick_group(context, result)
    components.refusals(context)
    st.markdown(context.say("kinds_intro", standard=context.labels.standard(result.standard)))
    table = _rows(context, result, group)
    st.dataframe(
        table,
        hide_index=True,
        height=4 + 33 * (len(table) + 1),
        column_config=_columns(context),
        column_order=list(_columns(context)),
        key="table_kinds",
        placeholder="–",
    )
    components.notes(context, result, None)
    choices.write_address()


def _rows(context: Context, result: Assessment, group: str) -> pd.DataFrame:
    labels = context.labels
    summary = store.summary(context.entry, context.standard)
    rows = summary[summary["group"] == group]
    limits = rows["limit_m"].map(lambda limit: "" if pd.isna(limit) else labels.metres(limit))
    return rows.assign(
        kind=rows["kind"].map(lambda kind: labels.kind(kind, result.district.kinds)),
        share=rows["share"] * 100,
        **{column: rows[column].round() for column in ("covered", "uncovered", "unknown")},
        limit=limits.where(rows["judged"], context.say("not_judged")).mask(
            rows["data"] == "none", labels.value("data_none")
        ),
        clause=rows["kind"].map(lambda kind: labels.clause(result.standard.rules.get(kind))),
    )


def _columns(context: Context) -> dict[str, Any]:
    labels, config = context.labels, st.column_config
    return {
        "kind": config.TextColumn(labels.column("kind"), width=215),
        "limit": config.TextColumn(context.say("limit"), width=88),
        "share": components.share_column(context),
        "covered": config.NumberColumn(context.say("covered"), format="localized", width=88),
        "uncovered": config.NumberColumn(context.say("uncovered"), format="localized", width=88),
        "unknown": config.NumberColumn(context.say("unknown"), format="localized", width=88),
        "median_distance_m": config.NumberColumn(
            labels.column("median_distance_m"), format="%.0f", width=124
        ),
        "facilities": config.NumberColumn(
            labels.column("facilities"), format="localized", width=72
        ),
        "communities_lacking": config.NumberColumn(
            context.say("lacking"), format="localized", width=124
        ),
        "clause": config.TextColumn(labels.column("clause"), width="large"),
    }
