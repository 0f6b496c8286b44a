"""The words of status and ownership of the facility list, and what each means."""

from __future__ import annotations

from typing import Any

import streamlit as st

from planner.app.pages.data.files.state import Given
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.sources.tables.states import values_of

ASK, NOTHING = "?", "-"
"""Choices of a word beside its values: nobody said; its rows are set aside, or it is left empty."""

MOST_WORDS = 60
_WIDTHS = [4, 1.2, 4]


def _words(given: Given) -> list[dict[str, Any]]:
    """Return the words of all lists, each once with its rows in all of them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for key in given.lists():
        for told in given.shown()[key].get("states", []):
            own = told["column"], told["word"]
            before = found.get(own, {"count": 0})
            found[own] = {**told, "key": key, "count": before["count"] + told["count"]}
    return list(found.values())


def _chosen(given: Given, told: dict[str, Any]) -> str:
    """Return what stands for a word: a value, :data:`NOTHING`, or :data:`ASK`."""
    column, word = told["column"], told["word"]
    said = given.state_words.get(column, {})
    if word in said:
        return said[word] or NOTHING
    mapping = given.of(told["key"]).mapping or {}
    if mapping.get(f"{column}_words", {}).get(word) == "":
        return NOTHING
    return told["value"] or (ASK if column == "status" else NOTHING)


def undecided(given: Given) -> list[str]:
    """Return the statuses of which nobody said what they mean."""
    return [each["word"] for each in _words(given) if _chosen(given, each) == ASK]


def draw(context: Context, given: Given) -> None:
    """Draw a line for each word, those first that are not known."""
    words = sorted(_words(given), key=lambda each: bool(each["value"]))
    if not words:
        return
    st.markdown(f"**{context.word('app_files.states')}**")
    if open_words := undecided(given):
        warning = context.word("app_files.states_open", count=len(open_words))
        st.warning(warning, icon=":material/help:")
    with st.container(height=min(300, 60 * len(words) + 20), border=False):
        for number, told in enumerate(words[:MOST_WORDS]):
            _line(context, given, number, told)


def _line(context: Context, given: Given, number: int, told: dict[str, Any]) -> None:
    word, count, box = st.columns(_WIDTHS, vertical_alignment="center")
    column, chosen = told["column"], _chosen(given, told)
    word.markdown(f"**{markdown(told['word'])}** · {context.labels.column(column)}")
    count.markdown(context.labels.number(told["count"]))
    options = [*([ASK] if column == "status" else []), *values_of(column), NOTHING]
    key = given.key("state", number)
    box.selectbox(
        context.word("app_files.state_of", word=markdown(told["word"])),
        options,
        index=options.index(chosen) if chosen in options else 0,
        format_func=lambda each: _name(context, column, each),
        key=key,
        label_visibility="collapsed",
        on_change=_say,
        args=(given, told, key),
    )


def _name(context: Context, column: str, value: str) -> str:
    if value == ASK:
        return context.word("app_files.word_ask")
    if value == NOTHING:
        code = "word_aside" if column == "status" else "state_empty"
        return context.word(f"app_files.{code}")
    return context.labels.value(value)


def _say(given: Given, told: dict[str, Any], key: str) -> None:
    chosen = st.session_state[key]
    if chosen == _chosen(given, told):
        return
    said = given.state_words.setdefault(told["column"], {})
    if chosen == ASK:
        said.pop(told["word"], None)
    else:
        said[told["word"]] = "" if chosen == NOTHING else chosen
    given.change()
