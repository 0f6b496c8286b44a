"""What words of the files mean that are no kinds: of statuses, streets, barriers and gates."""

from __future__ import annotations

from typing import Any

import streamlit as st

from planner.app.pages.data.files import wording
from planner.app.pages.data.files.state import Given
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.district.layers import BARRIER_KINDS
from planner.sources.files.lists import layer_of
from planner.sources.tables.words.states import ASKED, values_of
from planner.views.words.streets import class_word

ASK, NOTHING = "?", "-"
"""Choices of a word beside its values: nobody said; its rows are set aside, or it is left empty."""

BY_WORDS = ""
"""Choice of a file of barriers that are what their words tell."""

OTHERS = tuple(layer for layer in ASKED if layer != "facilities")
"""Layers with such words beside the facilities."""

MOST_WORDS = 60
_WIDTHS = [4, 1.2, 4]
_SET_ASIDE = {("facilities", "status"): "word_aside", ("barriers", "barrier"): "word_no_barrier"}
"""Where :data:`NOTHING` leaves rows out, and how that is said."""

_EMPTY = ("ownership",)
"""What may stay empty."""


def _layers(given: Given) -> dict[str, list[str]]:
    """Return the keys of the files that have such words, by their layer."""
    found: dict[str, list[str]] = {layer: [] for layer in ASKED}
    for key in given.shown():
        if layer_of(key) in found:
            found[layer_of(key)].append(key)
    return found


def _words(given: Given, layer: str) -> list[dict[str, Any]]:
    """Return the words of all files of a layer, each once with its rows in all of them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for key in _layers(given)[layer]:
        for told in given.shown()[key].get("states", []):
            own = told["column"], told["word"]
            before = found.get(own, {"count": 0})
            count = before["count"] + told["count"]
            found[own] = {**told, "key": key, "layer": layer, "count": count}
    asked_first = sorted(found.values(), key=lambda each: bool(each["value"]))
    return given.as_first_shown(layer, asked_first, lambda each: (each["column"], each["word"]))


def _chosen(given: Given, told: dict[str, Any]) -> str:
    """Return what stands for a word: a value, :data:`NOTHING`, or :data:`ASK`."""
    column, word = told["column"], told["word"]
    said = given.state_words.get(column, {})
    if word in said:
        return said[word] or NOTHING
    mapping = given.of(told["key"]).mapping or given.shown()[told["key"]]["mapping"] or {}
    if mapping.get(f"{column}_words", {}).get(word) == "":
        return NOTHING
    return told["value"] or (NOTHING if column in _EMPTY else ASK)


def undecided(given: Given) -> list[str]:
    """Return the words of which nobody said what they mean."""
    return [
        each["word"]
        for layer in ASKED
        for each in _words(given, layer)
        if _chosen(given, each) == ASK
    ]


def open_by_layer(given: Given) -> dict[str, int]:
    """Return how many words of each layer nobody said anything of."""
    return {
        layer: sum(_chosen(given, each) == ASK for each in _words(given, layer)) for layer in ASKED
    }


def any_words(given: Given) -> bool:
    """Whether streets, barriers or gates have words, or barriers may be said to be of one kind."""
    barriers = _layers(given)["barriers"]
    return bool(barriers) or any(_words(given, layer) for layer in OTHERS)


def draw(context: Context, given: Given, layers: tuple[str, ...]) -> None:
    """Draw a line for each word of some layers, those first that are not known."""
    for layer in layers:
        words = _words(given, layer)
        keys = _layers(given)[layer]
        if not words and not (layer == "barriers" and keys):
            continue
        if layer == "facilities":
            st.markdown(f"**{context.word('app_files.states')}**")
        else:
            st.markdown(f"**{context.word(f'app.layer_{layer}')}**")
        for key in keys:
            _first(context, given, layer, key)
        _lines(context, given, words)


def _first(context: Context, given: Given, layer: str, key: str) -> None:
    """Draw what is said of a whole file before its words."""
    answer = given.shown()[key]
    if layer == "streets":
        for told in answer["findings"]:
            if told["code"] in ("sources.private_streets", *PRIVATE):
                text = wording.sentence(context, given, told)
                st.warning(markdown(text), icon=":material/directions_walk:")
    if layer == "barriers" and (key in given.list_kinds or not answer["states"]):
        box = given.key("barriers_all", key)
        options = [BY_WORDS, *BARRIER_KINDS]
        st.selectbox(
            context.word("app_files.barriers_all", file=markdown(answer["file"])),
            options,
            index=options.index(given.list_kinds.get(key, BY_WORDS)),
            format_func=lambda each: (
                context.labels.meaning("barrier", each)
                if each
                else context.word("app_files.barriers_by_words")
            ),
            key=box,
            on_change=_keep_all_meanings,
            args=(given, key, box),
        )


PRIVATE = ("sources.private_places", "sources.private_facilities")
"""Findings that tell whom it concerns that nobody walks on private streets."""


def _lines(context: Context, given: Given, words: list[dict[str, Any]]) -> None:
    if not words:
        return
    with st.container(height=min(300, 60 * len(words) + 20), border=False):
        for number, told in enumerate(words[:MOST_WORDS]):
            _line(context, given, number, told)
    if len(words) > MOST_WORDS:
        st.caption(context.word("app_files.more_words", count=len(words) - MOST_WORDS))


def _line(context: Context, given: Given, number: int, told: dict[str, Any]) -> None:
    word, count, box = st.columns(_WIDTHS, vertical_alignment="center")
    column, chosen = told["column"], _chosen(given, told)
    several = len(ASKED[told["layer"]]) > 1
    asked = f" · {context.word(f'tables.asked_{column}')}" if several else ""
    word.markdown(f"**{markdown(told['word'])}**{asked}")
    count.markdown(context.labels.number(told["count"]))
    nothing = column in _EMPTY or (told["layer"], column) in _SET_ASIDE
    options = list(
        dict.fromkeys(
            [
                *([] if column in _EMPTY else [ASK]),
                *values_of(column),
                chosen,  # a class that is known and seldom chosen, as a slip road
                *([NOTHING] if nothing else []),
            ]
        )
    )
    key = given.key("state", told["layer"], number)
    box.selectbox(
        context.word("app_files.state_of", word=markdown(told["word"])),
        options,
        index=options.index(chosen),
        format_func=lambda each: _name(context, told, each),
        key=key,
        label_visibility="collapsed",
        on_change=_keep_meaning,
        args=(given, told, key),
    )


def _name(context: Context, told: dict[str, Any], value: str) -> str:
    if value == ASK:
        return context.word("app_files.word_ask")
    if value == NOTHING:
        code = _SET_ASIDE.get((told["layer"], told["column"]), "state_empty")
        return context.word(f"app_files.{code}")
    word = context.labels.meaning(told["column"], value)
    return class_word(value, context.labels) if word == value else word


def _keep_meaning(given: Given, told: dict[str, Any], key: str) -> None:
    chosen = st.session_state[key]
    if chosen == _chosen(given, told):
        return
    said = given.state_words.setdefault(told["column"], {})
    if chosen == ASK:
        said.pop(told["word"], None)
    else:
        said[told["word"]] = "" if chosen == NOTHING else chosen
    given.change()


def _keep_all_meanings(given: Given, key: str, box: str) -> None:
    chosen = st.session_state[box]
    if chosen == given.list_kinds.get(key, BY_WORDS):
        return
    given.list_kinds.pop(key, None)
    if chosen:
        given.list_kinds[key] = chosen
    given.change()
