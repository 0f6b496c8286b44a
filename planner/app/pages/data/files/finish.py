"""What will be imported, the rows that will be set aside, and the button that imports."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.pages.data import import_rules, work
from planner.app.pages.data.files import aside, requests, residents, told
from planner.app.pages.data.files.state import BUFFER_M, Given
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import tables
from planner.views.tables.set_aside import set_aside_rows
from planner.views.words.labels import Labels


def may_import(given: Given) -> bool:
    """Whether all that is needed can be read as it was shown."""
    open_ones = given.lacking() or given.twice() or given.rivals() or given.faults()
    return not (open_ones or residents.faults(given) or given.stale)


def agrees(given: Given) -> bool:
    """Whether it was agreed that rows which do not fit are left out."""
    return bool(st.session_state.get(given.key("agreed")))


def draw(context: Context, given: Given) -> None:
    """Draw what will be made, and the button."""
    left, right = st.columns([9, 15], gap="medium")
    with left:
        _summary(context, given)
    with right:
        count = sum(answer["count_set_aside"] for answer in given.shown().values())
        if count:
            set_aside(context, given, count)
        else:
            st.success(context.word("app_files.all_fit"), icon=":material/check_circle:")
        _options(context, given)
        _blocked(context, given)
        agreed = not count or agrees(given)
        if may_import(given) and not agreed:
            st.caption(context.word("app_files.agree_first"))
        st.button(
            context.word("app_files.import"),
            type="primary",
            icon=":material/play_arrow:",
            key="files_import",
            disabled=not (may_import(given) and agreed),
            on_click=_import,
            args=(context.labels, given, bool(count)),
        )


def _summary(context: Context, given: Given) -> None:
    labels = context.labels
    rows = []
    for layer, answer in given.shown().items():
        people = answer["sums"].get("population", answer["sums"].get("weight"))
        rows.append(
            {
                "layer": told.layer(context, given, layer),
                "rows": answer["rows"],
                "people": people,
                "aside": answer["count_set_aside"] or None,
            }
        )
    column = st.column_config
    config = {
        "layer": column.TextColumn(context.word("app.col_layer")),
        "rows": tables.count_column(context.word("app_files.head_rows")),
        "people": tables.count_column(labels.column("population")),
        "aside": tables.count_column(context.word("app_files.head_aside")),
    }
    st.markdown(context.word("app_files.finish_intro"))
    if residents.spread(given):
        st.info(context.word("app_files.spread"), icon=":material/info:")
    tables.draw(context, pd.DataFrame(rows), "files_sum", config=config, height="content")


def set_aside(context: Context, given: Given, count: int) -> None:
    """Draw the rows that will be left out with their reasons, and ask whether they may."""
    rows = [row for answer in given.shown().values() for row in answer["set_aside"]]
    sentence = partial(told.sentence, context, given)
    table = set_aside_rows(rows, context.labels, sentence)
    st.warning(
        context.word("app_files.aside", count=context.labels.number(count)),
        icon=":material/playlist_remove:",
    )
    aside.draw(context, table, "files_aside")
    if count > len(table):
        st.caption(context.word("app_files.aside_more", shown=context.labels.number(len(table))))
    with st.container(horizontal=True, vertical_alignment="center"):
        aside.offer(
            context,
            "files_aside",
            context.labels.number(count),
            lambda: set_aside_rows(aside.every_row(given.folder), context.labels, sentence),
        )
        st.checkbox(context.word("app_files.aside_agree"), key=given.key("agreed"))


def _options(context: Context, given: Given) -> None:
    boundaries = given.part_of("communities")
    name, buffer = st.columns(2)
    name.text_input(
        context.word("app_files.name"),
        key="files_name",
        max_chars=80,
        placeholder=Path(boundaries["file"]).stem if boundaries else "",
    )
    buffer.number_input(
        context.word("app_data.buffer"),
        0.0,
        10_000.0,
        BUFFER_M,
        step=100.0,
        format="%.0f",
        key="files_buffer",
        help=context.word("app_data.buffer_help"),
    )
    import_rules.draw(context)


def _blocked(context: Context, given: Given) -> None:
    """Tell what must be said before an import."""
    if residents.faults(given):
        st.error(context.word("app_files.residents_open"), icon=":material/error:")
    names = [
        markdown(told.layer(context, given, key)) for key in (*given.lacking(), *given.faults())
    ]
    if names:
        layers = context.labels.text(", ").join(names)
        st.error(context.word("app_files.blocked", layers=layers), icon=":material/error:")


def _import(labels: Labels, given: Given, some_aside: bool) -> None:
    chosen = st.session_state
    options: dict[str, Any] = {"buffer_m": chosen["files_buffer"], **import_rules.request()}
    name, agreed = (
        chosen["files_name"].strip(),
        some_aside and bool(chosen.get(given.key("agreed"))),
    )
    work.guarded(partial(requests.import_files, labels, options, name, agreed=agreed))
