"""Hours: the share covered in each hour of the week."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.hours.moments import WEEKDAYS
from planner.app.pages.supply import charts
from planner.app.pages.supply.tables import column_words
from planner.app.session import choices
from planner.app.session.answers import measures
from planner.app.session.context import Context
from planner.app.widgets import key_figures
from planner.app.widgets.key_figures import Figure
from planner.views.words.analysis.measures import value


def draw(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw the share covered in each hour of the week, and the share at any hour."""
    table = measures.week(context.question, group)
    days = [value(context.labels, day) for day in WEEKDAYS]
    table = table.assign(day=table["weekday"].map(dict(zip(WEEKDAYS, days, strict=True))))
    rows = table[table["kind"] == kind]
    if rows["share_low"].isna().all():
        return
    words = column_words(context, result, [*rows.columns, "day", "hour_of_day"])
    unknown = int(rows["facilities_unknown"].max())
    total = len(result.district.open_facilities(kind))
    told = _told(result, table)
    if kind not in told:  # of no hour is anything known, not even that all are shut
        st.info(context.word("measures.no_hours", count=total), icon=":material/info:")
        st.button(
            context.word("measures.to_data"),
            icon=":material/database:",
            on_click=partial(choices.go, "data"),
            key="hours_to_data",
        )
    else:
        _week(context, result, kind, group, rows, days, words)
    _around(context, result, kind, group)
    if 0 < unknown < total:
        points = 100 * float((rows["share_high"] - rows["share_low"]).max())
        counts = {"count": unknown, "total": total, "points": context.labels.number(points, 1)}
        st.info(context.word("measures.hours_unknown", **counts), icon=":material/info:")
    if told:
        names = {each: context.kind(each) for each in told}
        strips = table[table["kind"].isin(told)].assign(kind=lambda rows: rows["kind"].map(names))
        chart = charts.week_strips(strips, list(names.values()), words, days)
        st.altair_chart(chart, key="week_strips")


def _told(result: Assessment, table: pd.DataFrame) -> list[str]:
    """Return the judged kinds of which the hours of some facility are known, or that have none."""
    unknown = table.groupby("kind")["facilities_unknown"].max()
    count = {kind: len(result.district.open_facilities(kind)) for kind in result.judged_kinds}
    return [kind for kind, all_of in count.items() if not 0 < all_of <= unknown[kind]]


def _week(
    context: Context,
    result: Assessment,
    kind: str,
    group: str,
    rows: pd.DataFrame,
    days: list[str],
    words: dict[str, str],
) -> None:
    """Draw the week of one kind, and its best and its worst hour."""
    ranked = rows.sort_values("share_low", ascending=False, kind="stable").to_dict("records")
    best, worst = ranked[0], ranked[-1]
    percent = context.labels.percent
    st.markdown(
        context.word(
            "measures.hours_note",
            group=context.labels.group(group),
            limit=context.labels.metres(result.limit_m(kind, group)),
            best=percent(best["share_low"]),
            best_at=_moment(best),
            worst=percent(worst["share_low"]),
            worst_at=_moment(worst),
        )
    )
    st.altair_chart(charts.week_heat(rows, days, words), key="week_heat")


def _around(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw the shares that are covered at every hour."""
    around = measures.round_the_clock(context.question, group)
    around = around[around["kind"] == kind]
    percent, figures = context.labels.percent, []
    for row in around.to_dict("records"):
        ends = dict.fromkeys(percent(float(row[end])) for end in ("share_low", "share_high"))
        name = str(row["reading"])
        meaning = context.word(f"app_work.around_{name}")
        figures.append(
            Figure(
                context.word(f"measures.around_{name}"), "–".join(ends), meaning, "coverage", [kind]
            )
        )
    key_figures.draw(context, result, figures, "hours")


def _moment(row: Mapping[Hashable, Any]) -> str:
    return f"{row['day']} {int(row['hour_of_day']):02d}:00"
