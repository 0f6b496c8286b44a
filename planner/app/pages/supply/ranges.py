"""Ranges: between which shares the true one lies, by what is not known."""

from __future__ import annotations

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.supply import charts
from planner.app.pages.supply.tables import column_words, draw_table
from planner.app.session.answers import measures
from planner.app.session.context import Context
from planner.views.words.analysis.measures import value


def draw(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw between which shares the true one lies, by what is not known."""
    table, labels = measures.ranges(context.question, kind, group), context.labels
    unknown = labels.count(table["unknown"].iloc[0])
    st.markdown(context.word("measures.range_note", unknown=unknown))
    causes = [value(labels, cause) for cause in table["cause"]]
    words = column_words(context, result, ["cause", "share", "share_low", "share_high"])
    shown = table.assign(cause=causes).drop(columns=["kind", "group"])
    if result.district.withheld is not None and table["unknown"].isna().all():
        names = context.word("measures.tab_range")
        st.info(context.word("small_numbers.columns", names=names), icon=":material/info:")
    else:
        st.altair_chart(charts.range_chart(shown, causes, words), key="ranges")
    pieces = measures.loose_pieces(context.question)
    if len(pieces):
        residents = labels.number(pieces["residents"].sum())
        pieces_told = context.word("measures.range_pieces", count=len(pieces), residents=residents)
        st.warning(pieces_told, icon=":material/link_off:")
        columns = ["edges", "length_m", "homes", "residents", "facilities", "gap_m"]
        draw_table(context, result, pieces.set_index("piece")[columns], "pieces")
