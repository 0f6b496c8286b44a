"""The table of communities or subdistricts of the page Coverage."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.levels import Level
from planner.app.pages.coverage import files
from planner.app.pages.coverage.place import COMMUNITY
from planner.app.session import choices
from planner.app.session.answers import assessments
from planner.app.session.context import Context
from planner.app.widgets import inputs, tables
from planner.views.words.shares import metre_figures, without_telling

ROOM = 395
"""For the table, pixels."""

_COUNTS = ("total", "uncovered", "unknown", "unreachable")


def draw(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw the table of communities or subdistricts, the most people beyond the limit first."""
    with st.container(horizontal=True, vertical_alignment="center"):
        level = inputs.level(context, result, "table_level")
        files.draw(context, kind, group)
    table = _area_rows(context, kind, group, level)
    if level == "community" and len(table) == 1:
        st.caption(context.word("app_overview.one_community"))
    order = _column_order(table, result.rule(kind) is not None, level)
    opened = [f"{COMMUNITY}{each}" for each in table["area_id"]]
    tables.draw(
        context,
        table[order],
        f"table_{level}",
        config=_columns(context, result, table["share"]),
        height=tables.TALL,
        room=ROOM,
        take=partial(open_row, addresses=opened) if level == "community" else None,
    )
    order_told = [context.word("app_place_search.by_beyond")] if "uncovered" in order else []
    opens = [context.word("app_place_search.row_opens")] if level == "community" else []
    st.caption(context.labels.paragraph([*order_told, *opens]))


def open_row(key: str, addresses: list[str]) -> None:
    """Show the figures of the community whose row a reader chose in a table.

    Parameters
    ----------
    key
        Name of the table on its page.
    addresses
        The place of each row, as the page's address carries it.
    """
    choices.choices()["place"] = tables.chosen_row(key, addresses)


def _area_rows(context: Context, kind: str, group: str, level: Level) -> pd.DataFrame:
    league = assessments.league(context.question, level, kind)
    rows = without_telling(league[league["group"] == group])
    table = rows.assign(
        name=rows["name"].where(rows["name"] != "", rows["area_id"]),
        share=tables.shares(context, rows),
        mean_distance_m=metre_figures(rows["mean_distance_m"]),
        **{column: rows[column].round() for column in _COUNTS},
    )
    # where nobody says how far is too far, those who can walk to none come first
    return table.sort_values(
        ["uncovered", "unreachable", "mean_distance_m", "area_id"],
        ascending=[False, False, False, True],
    )


def _column_order(table: pd.DataFrame, judged: bool, level: Level) -> list[str]:
    order = ["name", *(["share", "uncovered"] if judged else []), "mean_distance_m"]
    # a mean is of those who can walk to one: who cannot stands beside it
    if (table["unreachable"] > 0).any():
        order.append("unreachable")
    if (table["unknown"] > 0).any():
        order.append("unknown")
    order += ["total", "facilities"]
    if level == "community" and (table["subdistrict"] != "").any():
        order.append("subdistrict")
    return order


def _columns(context: Context, result: Assessment, shares: pd.Series) -> dict[str, Any]:
    labels, config = context.labels, st.column_config
    people = labels.group(result.groups[0])
    return {
        "name": config.TextColumn(context.word("app.col_name")),
        "subdistrict": config.TextColumn(labels.column("subdistrict")),
        "share": tables.share_column(context, shares),
        "uncovered": tables.count_column(context.word("app.uncovered")),
        "unknown": tables.count_column(context.word("app.unknown")),
        "unreachable": tables.count_column(labels.column("unreachable")),
        "mean_distance_m": tables.metres_column(labels.column("mean_distance_m")),
        "total": tables.count_column(people),
        "facilities": tables.count_column(context.word("app.facilities_inside")),
    }
