"""Residents who are no points: totals before and after, what joins, groups, year and growth."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from planner.app.pages.data.files import community_names, wording
from planner.app.pages.data.files.state import Given
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import tables
from planner.sources.population.options import FIRST_YEAR, LAST_YEAR
from planner.sources.tables.headers.headers import words_of

A_ROW = 4
"""Groups whose counts stand beside each other."""

SHARE = ""
"""Choice of a group beside the columns: a share of all residents."""


def spread(given: Given) -> bool:
    """Whether residents are no points, so that they are spread."""
    return "demand" not in given.shown()


def faults(given: Given) -> bool:
    """Whether residents cannot be spread as they are."""
    answer = _told(given)
    return bool(answer and answer["error"]) or len(given.rivals()) > 1


def _told(given: Given) -> dict[str, Any] | None:
    found: dict[str, Any] | None = (given.preview or {}).get("residents")
    return found


def draw(context: Context, given: Given) -> None:
    """Draw what the residents come from, and what can be said of them."""
    left, right = st.columns([7, 5], gap="medium")
    with left:
        st.info(context.word("app_files.spread"), icon=":material/info:")
        _answer(context, given)
    with right:
        _years(context, given)
        _groups(context, given)


def _answer(context: Context, given: Given) -> None:
    """Draw totals before and after, what was noticed, and the rows that join nothing."""
    answer = _told(given)
    if answer is None:
        st.caption(context.word("app_files.residents_later"))
        return
    if answer["error"] is not None:
        text = wording.sentence(context, given, answer["error"])
        st.error(markdown(text), icon=":material/error:")
        return
    labels = context.labels
    groups = list(answer["groups"].items())
    for first in range(0, len(groups), A_ROW):
        row = groups[first : first + A_ROW]
        for column, (name, count) in zip(st.columns(A_ROW), row, strict=False):
            column.metric(labels.group(name), labels.number(count))
    parts = [
        context.word(f"app_files.spread_by_{by}", count=labels.number(count))
        for by, count in answer["places"].items()
    ]
    st.caption(context.word("app_files.spread_over", places=labels.text(", ").join(parts)))
    community_names.draw(context, given, answer)
    wording.draw_findings(context, given, answer["findings"])
    _rows(context, answer)


def _rows(context: Context, answer: dict[str, Any]) -> None:
    """Draw what each row of a table of totals joins."""
    if not answer["rows"]:
        return
    word, labels = context.word, context.labels
    rows = pd.DataFrame(
        {
            labels.message("cli.col_row"): [row["row"] for row in answer["rows"]],
            labels.column("name"): [row["name"] for row in answer["rows"]],
            word("app_files.head_joins"): [
                row["joins"]
                or (word("app_files.alike", names=row["alike"]) if row["alike"] else "")
                for row in answer["rows"]
            ],
            labels.column("population"): [row["population"] for row in answer["rows"]],
        }
    )
    config = {labels.column("population"): tables.count_column(labels.column("population"))}
    tables.draw(context, rows, "files_joins", config=config, height=240, room=595)
    if answer["count_rows"] > len(rows):
        st.caption(word("app_files.aside_more", shown=labels.number(len(rows))))


def _years(context: Context, given: Given) -> None:
    """Draw the year of the figures, a later one, and the growth until then."""
    word, said = context.word, given.residents
    year, later = st.columns(2)
    for box, name in ((year, "year"), (later, "to_year")):
        key = given.key(name)
        box.number_input(
            word(f"app_files.{name}"),
            FIRST_YEAR,
            LAST_YEAR,
            value=said.get(name),
            step=1,
            format="%d",
            key=key,
            help=word(f"app_files.{name}_help"),
            on_change=_keep_answer,
            args=(given, name, key),
        )
    if "growth" in given.shown():
        st.caption(word("app_files.growth_of_table"))
        return
    key, rate = given.key("growth"), said.get("growth")
    st.number_input(
        word("app_files.growth"),
        -50.0,
        50.0,
        value=None if rate is None else round(100 * rate, 6),
        step=0.1,
        format="%.2f",
        key=key,
        help=word("app_files.growth_help"),
        on_change=_keep_answer,
        args=(given, "growth", key),
    )


def _keep_answer(given: Given, name: str, key: str) -> None:
    value = st.session_state[key]
    if name == "growth" and value is not None:
        value = round(value / 100, 8)
    if given.residents.get(name) != value:
        given.residents[name] = value
        given.change()


def _groups(context: Context, given: Given) -> None:
    """Draw the groups that were said, and the boxes for another."""
    word, labels = context.word, context.labels
    groups: dict[str, float | str] = given.residents.setdefault("groups", {})
    st.markdown(f"**{word('app_files.groups')}**")
    st.caption(word("app_files.groups_help"))
    for number, (named, said) in enumerate(list(groups.items())):
        text, out = st.columns([6, 1], vertical_alignment="center")
        what = said if isinstance(said, str) else labels.percent(said)
        text.markdown(f"{labels.group(named)}: {markdown(what)}")
        out.button(
            "",
            icon=":material/close:",
            help=word("app_files.group_out"),
            key=given.key("group_out", number),
            on_click=_drop_group,
            args=(given, named),
        )
    known = [name for name in words_of("demand") if name.startswith("pop_") and name not in groups]
    group, column = st.columns(2)
    share, add = st.columns([3, 2], vertical_alignment="bottom")
    group.selectbox(word("app_files.group"), known, format_func=labels.group, key="files_group")
    column.selectbox(
        word("app_files.group_by"),
        [SHARE, *_headers(given)],
        format_func=lambda each: each or word("app_files.group_share"),
        key="files_group_by",
    )
    share.number_input(
        word("app_files.group_percent"),
        0.0,
        100.0,
        value=None,
        step=0.1,
        key="files_group_share",
        disabled=bool(st.session_state.get("files_group_by")),
    )
    add.button(
        word("app_files.own_kind_add"),
        icon=":material/add:",
        key="files_group_add",
        on_click=_add_group,
        args=(given,),
    )


def _headers(given: Given) -> list[str]:
    """Return the columns that may count a group: those of the file that tells the residents."""
    sources = [layer for layer in ("totals", "cells", "communities") if layer in given.shown()]
    if not sources or "raster" in given.shown():
        return []
    answer = given.shown()[sources[0]]
    columns = answer["columns"]
    return [each["header"] for each in columns if each["role"] in ("", "households")]


def _add_group(given: Given) -> None:
    chosen = st.session_state
    group, column, percent = (chosen.get(f"files_group{part}") for part in ("", "_by", "_share"))
    if not group:
        return
    if column:
        given.residents["groups"][group] = column
    elif percent is not None:
        given.residents["groups"][group] = round(float(percent) / 100, 8)
    else:
        return
    given.change()


def _drop_group(given: Given, group: str) -> None:
    del given.residents["groups"][group]
    given.change()
