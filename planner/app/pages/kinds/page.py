"""All kinds of facility side by side, for one group."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session.answers import assessments
from planner.app.session.context import Context
from planner.app.widgets import frame, inputs, tables
from planner.views.words.shares import percent_figures


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    (group_box,) = frame.heading_row(context, result, [9, 3])
    with group_box:
        group = inputs.group(context, result)
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
        "covered": config.NumberColumn(context.word("app.covered"), format="localized", width=88),
        "uncovered": config.NumberColumn(
            context.word("app.uncovered"), format="localized", width=88
        ),
        "unknown": config.NumberColumn(context.word("app.unknown"), format="localized", width=88),
        "median_distance_m": config.NumberColumn(
            labels.column("median_distance_m"), format="%.0f", width=124
        ),
        "facilities": config.NumberColumn(
            labels.column("facilities"), format="localized", width=72
        ),
        "communities_lacking": config.NumberColumn(
            context.word("app.lacking"), format="localized", width=124
        ),
        "clause": config.TextColumn(labels.column("clause"), width="large"),
    }
