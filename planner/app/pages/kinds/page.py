"""All kinds of facility side by side, for one group."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session.answers import assessments
from planner.app.session.context import Context
from planner.app.widgets import frame, tables
from planner.views.words.shares import percent_figures


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    group = frame.group_row(context, result, [9, 3])
    context = context.counting(group)
    frame.refused_choices(context)
    st.markdown(context.word("app.kinds_intro", standard=context.labels.standard(result.standard)))
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
    frame.notes(context, result, None)


def _rows(context: Context, result: Assessment, group: str) -> pd.DataFrame:
    labels = context.labels
    summary = assessments.summary(context.question)
    rows = summary[summary["group"] == group]
    limits = rows["limit_m"].map(lambda limit: "" if pd.isna(limit) else labels.metres(limit))
    return rows.assign(
        kind=rows["kind"].map(lambda kind: labels.kind(kind, result.district.kinds)),
        share=percent_figures(rows["share"]),
        **{column: rows[column].round() for column in ("covered", "uncovered", "unknown")},
        limit=limits.where(rows["judged"], context.word("app.not_judged")).mask(
            rows["data"] == "none", labels.value("data_none")
        ),
        clause=rows["kind"].map(lambda kind: labels.clause(result.standard.rules.get(kind))),
    )


def _columns(context: Context) -> dict[str, Any]:
    labels, config = context.labels, st.column_config
    return {
        "kind": config.TextColumn(labels.column("kind"), width=215),
        "limit": config.TextColumn(context.word("app.limit"), width=88),
        "share": tables.share_column(context),
        "covered": tables.count_column(context.word("app.covered"), 88),
        "uncovered": tables.count_column(context.word("app.uncovered"), 88),
        "unknown": tables.count_column(context.word("app.unknown"), 88),
        "median_distance_m": tables.metres_column(labels.column("median_distance_m"), 124),
        "facilities": tables.count_column(labels.column("facilities"), 72),
        "communities_lacking": tables.count_column(context.word("app.lacking"), 124),
        "clause": config.TextColumn(labels.column("clause"), width="large"),
    }
