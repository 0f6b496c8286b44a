"""Load: residents beside the room of the places, and who depends on one place alone."""

from __future__ import annotations

import math

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.measures.redundancy import taken_as_open
from planner.analysis.measures.supply import group_alone
from planner.app.pages.supply import charts
from planner.app.pages.supply.tables import column_words, draw_table, figure_word
from planner.app.session.answers import assessments, measures
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import key_figures, tables
from planner.app.widgets.key_figures import Figure

LOAD_COLUMNS = [
    "name",
    "load_low",
    "load_high",
    "relative_load",
    "residents_low",
    "residents_high",
    "room_residents",
    "capacity",
    "mean_distance_m",
    "farthest_m",
    "counts",
]


def draw(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw how full the places of a kind are, or how loaded beside one another."""
    table, labels = measures.catchments(context.question, kind, group), context.labels
    if table.empty:
        st.info(context.word("measures.no_facility"), icon=":material/info:")
        return
    totals = measures.load(context.question, group)
    total = totals.loc[[kind]].to_dict("records")[0]
    told_room = table["room_residents"].notna().any()
    note = "load_note" if told_room else "load_relative_note"
    st.markdown(context.word(f"measures.{note}", group=labels.group(group)))
    for finding in group_alone(result, [group]):
        st.info(markdown(labels.finding(finding)), icon=":material/info:")
    figures = {"served_figure": labels.count(total["residents"])}
    if told_room:
        figures["room_figure"] = labels.number(total["room_residents"])
        figures["col_full"] = _between(context, total["full_low"], total["full_high"])
        figures["residents_full_figure"] = _between(
            context, total["residents_at_full_low"], total["residents_at_full_high"]
        )
    shown = [
        Figure(
            context.word(f"measures.{code}"),
            figure,
            context.word("measures.full_help")
            if "full" in code
            else context.word(f"app_work.{code}"),
            "" if code == "served_figure" else "load",
        )
        for code, figure in figures.items()
    ]
    key_figures.draw(context, result, shown, "load")
    if total["unknown_room"] and told_room:
        unknown = context.word("measures.load_unknown", count=int(total["unknown_room"]))
        st.info(unknown, icon=":material/info:")
    column = "load_high" if told_room else "relative_load"
    left, right = st.columns([6, 7])
    with left:
        outlines = result.district.communities[["geometry"]].simplify(5).__geo_interface__
        words = column_words(context, result, [*table.columns, "load"])
        if context.labels.names:
            table = context.labels.names.in_cells(table)
        told = table[column].map(lambda load: figure_word(labels, load, 2))
        chart = charts.load_map(table.assign(told=told).reset_index(), outlines, words, column)
        st.altair_chart(chart, key="load_map")
    with right:
        ranked = table.sort_values(column, ascending=False)[LOAD_COLUMNS]
        draw_table(context, result, ranked.dropna(axis=1, how="all"), "load", tables.HALF)


def draw_redundancy(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw how many depend on one place alone."""
    table, labels = measures.redundancy(context.question, kind, group), context.labels
    if table.empty:
        st.info(context.word("measures.no_facility"), icon=":material/info:")
        return
    limit = labels.metres(result.limit_m(kind, group))
    st.markdown(context.word("measures.alone_note", limit=limit))
    covered = _covered(context, kind, group)
    if covered > 0:
        # who is covered for sure has one such place alone, if any: nobody is in two rows of these
        sure = table[table["counts"].fillna(value=False)]
        # a sum of which a part is withheld would be too small
        low, high = (float(sure[name].sum(skipna=False)) for name in ("alone_low", "alone_high"))
        sums = {
            "alone": _between(context, low, high),
            "within": labels.number(covered),
            "share": _share(context, low / covered, high / covered),
        }
        st.markdown(context.word("measures.alone_sum", **sums))
    for told in taken_as_open(table):
        st.info(labels.finding(told, result.district.kinds), icon=":material/info:")
    draw_table(context, result, table, "alone")


def _covered(context: Context, kind: str, group: str) -> float:
    league = assessments.league(context.question, "district")
    return float(league[(league["kind"] == kind) & (league["group"] == group)]["covered"].iloc[0])


def _between(context: Context, low: float, high: float) -> str:
    return "–".join(dict.fromkeys(context.labels.count(end) for end in (low, high)))


def _share(context: Context, low: float, high: float) -> str:
    """Return a range of shares; withheld where an end of it is."""
    known = low == low and high == high
    return context.labels.percent_range(low, high) if known else context.labels.count(math.nan)
