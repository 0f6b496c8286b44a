"""Checklists of services, and the coverage of service lines."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.checklists import completeness, line_coverage
from planner.analysis.coverage.levels import Level
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import tables
from planner.district.checklists import builtin_checklists
from planner.views.words.shares import percent_figures


def draw(context: Context, result: Assessment, level: Level) -> None:
    """Draw each checklist: which areas are complete, and what they lack."""
    labels = context.labels
    for checklist in builtin_checklists().values():
        names = {item.id: item.name(labels.language) for item in checklist.items}
        table = completeness(result, checklist, level)
        table = table[table["facilities"] > 0].reset_index(drop=True)
        missing = [
            labels.text(", ").join(names[item] for item in text.split(";") if item)
            for text in table["missing"]
        ]
        columns = {
            labels.column("name"): table["name"],
            labels.column("facilities"): table["facilities"],
            context.word("checkup.col_unknown"): table["unknown"],
            context.word("checkup.col_complete"): table["complete"],
            context.word("checkup.col_share"): percent_figures(table["share"]),
            context.word("checkup.col_share_low"): table["share_low"] * 100,
            context.word("checkup.col_share_high"): table["share_high"] * 100,
            context.word("checkup.col_lacks"): missing,
        }
        st.markdown(f"#### {markdown(checklist.name(labels.language))}")
        percent = st.column_config.NumberColumn(format="%.1f%%")
        shares = [
            context.word(f"checkup.col_{name}") for name in ("share", "share_low", "share_high")
        ]
        tables.draw(
            context,
            pd.DataFrame(columns),
            f"checkup_list_{checklist.id}",
            first=[labels.column("name"), context.word("checkup.col_complete"), shares[0]],
            config=dict.fromkeys(shares, percent),
            height=tables.TALL,
            room=tables.WHOLE,
            name="checkup_lists",
        )


def draw_lines(context: Context, result: Assessment, level: Level) -> None:
    """Draw the coverage of the lines of service."""
    labels = context.labels
    st.markdown(context.word("checkup.lines_note"))
    rows = pd.concat([line_coverage(result), line_coverage(result, level)], ignore_index=True)
    kinds = [
        labels.text(", ").join(
            labels.kind(kind, result.district.kinds) for kind in text.split(";") if kind
        )
        for text in rows["kinds"]
    ]
    shares = {
        f"share_{name}": context.word(f"checkup.col_share_{name}")
        for name in ("any", "any_low", "any_high", "all", "all_low", "all_high")
    }
    columns = {
        labels.column("name"): rows["name"],
        context.word("checkup.col_line"): [labels.service_line(line) for line in rows["line"]],
        **{heading: percent_figures(rows[name]) for name, heading in shares.items()},
        context.word("checkup.col_unknown_any"): rows["unknown_any"].round(),
        context.word("checkup.col_kinds"): kinds,
    }
    tables.draw(
        context,
        pd.DataFrame(columns),
        "checkup_lines",
        first=[labels.column("name"), context.word("checkup.col_line"), shares["share_any"]],
        config=dict.fromkeys(shares.values(), st.column_config.NumberColumn(format="%.1f%%")),
        height=tables.TALL,
        room=tables.WHOLE,
    )
