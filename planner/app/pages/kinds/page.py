"""All kinds of facility side by side, for one group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.spacing import ShareRange, share_ranges
from planner.app.session.answers import assessments
from planner.app.session.context import Context
from planner.app.widgets import frame, tables
from planner.views.words.shares import metre_figures, without_telling

RANGE = "range"
"""The column of the range that a share lies in: two would make the rows of the table tall."""


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    group = frame.group_row(context, result, [9, 3])
    context = context.counting(group)
    frame.refused_choices(context)
    st.markdown(context.word("app.kinds_intro", standard=context.labels.standard(result.standard)))
    # a share of homes whose places are not known exactly is one of many, which stand beside it
    ranges = share_ranges(result.range_notes(group))
    table = _rows(context, result, group, ranges)
    columns = _columns(context, table["share"])
    if not ranges:
        del columns[RANGE]
    tables.draw(
        context,
        table[list(columns)],
        "table_kinds",
        first=("kind", "limit", "share", RANGE, "uncovered", "median_distance_m", "facilities"),
        config=columns,
        height="content",
        room=tables.NARROW,
    )
    frame.notes(context, result, None)


def _rows(
    context: Context, result: Assessment, group: str, ranges: Mapping[str, ShareRange]
) -> pd.DataFrame:
    labels = context.labels
    summary = assessments.summary(context.question)
    rows = without_telling(summary[summary["group"] == group])
    limits = rows["limit_m"].map(lambda limit: "" if pd.isna(limit) else labels.metres(limit))
    return rows.assign(
        kind=rows["kind"].map(lambda kind: labels.kind(kind, result.district.kinds)),
        share=tables.shares(context, rows),
        **{RANGE: tables.share_ranges(context, _ends(rows, ranges))},
        median_distance_m=metre_figures(rows["median_distance_m"]),
        **{column: rows[column].round() for column in ("covered", "uncovered", "unknown")},
        limit=limits.where(rows["judged"], context.word("app.not_judged")).mask(
            rows["data"] == "none", labels.value("data_none")
        ),
        clause=rows["kind"].map(lambda kind: labels.clause(result.standard.rules.get(kind))),
    )


def _ends(rows: pd.DataFrame, ranges: Mapping[str, ShareRange]) -> pd.DataFrame:
    """Return rows whose ends are those that the places of homes leave, where they are known.

    The ends of a summary's row leave those of coarse cells out: they are of the unknown alone.
    """
    told = rows["kind"].isin(list(ranges)) & rows["share_low"].notna()
    low, high = (
        rows["kind"].map({kind: getattr(each, end) for kind, each in ranges.items()})
        for end in ("low", "high")
    )
    return rows.assign(
        share_low=rows["share_low"].mask(told, low), share_high=rows["share_high"].mask(told, high)
    )


def _columns(context: Context, shares: pd.Series) -> dict[str, Any]:
    labels, config = context.labels, st.column_config
    return {
        "kind": config.TextColumn(labels.column("kind")),
        "limit": config.TextColumn(context.word("app.limit")),
        "share": tables.share_column(context, shares),
        RANGE: config.TextColumn(context.word("app.share_range")),
        "covered": tables.count_column(context.word("app.covered")),
        "uncovered": tables.count_column(context.word("app.uncovered")),
        "unknown": tables.count_column(context.word("app.unknown")),
        "median_distance_m": tables.metres_column(labels.column("median_distance_m")),
        "facilities": tables.count_column(labels.column("facilities")),
        "communities_lacking": tables.count_column(context.word("app.lacking")),
        "clause": config.TextColumn(labels.column("clause")),
    }
