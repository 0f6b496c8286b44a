"""The words of the files, and what they stand for: kinds of facilities, and all others beside."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.pages.data.files import states
from planner.app.pages.data.files.state import Given, with_column
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import tables

ASK, ASIDE = "?", "-"
"""Choices of a word beside the kinds: nothing was said, its rows are set aside."""

BY_WORDS = ""
"""Choice of a list whose rows are of the kinds that their words say."""

MOST_WORDS = 120
_FOR_WORDS = (
    "tables.words_without_kind",
    "sources.no_kind",
    "tables.unknown_status",
    "sources.nothing_walked",
    "sources.no_barrier_kind",
    "tables.no_barrier",
    "tables.words_without_barrier",
)
"""Faults that a word may mend."""

_WIDTHS = [5, 1.2, 5]


def _words(given: Given) -> list[dict[str, Any]]:
    """Return the words of all lists, each once with its rows in all of them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for key in given.lists():
        for told in given.shown()[key].get("words", []):
            own = told["word"], told["kind"]
            before = found.get(own, {"count": 0})
            found[own] = {**told, "key": key, "count": before["count"] + told["count"]}
    return given.as_first_shown("kinds", list(found.values()), lambda each: each["word"])


def _chosen(given: Given, told: dict[str, Any]) -> str:
    """Return what stands for a word: a kind, :data:`ASIDE`, or :data:`ASK`."""
    if told["word"] in given.kind_words:
        return given.kind_words[told["word"]] or ASIDE
    said = given.of(told["key"]).mapping or given.shown()[told["key"]]["mapping"] or {}
    if said.get("kind_words", {}).get(told["word"]) == "":
        return ASIDE
    return told["kind"] or ASK


def undecided(given: Given) -> list[str]:
    """Return the words of which nobody said what they mean."""
    return [each["word"] for each in _words(given) if each["word"] and _chosen(given, each) == ASK]


def refused(given: Given) -> list[str]:
    """Return the files that cannot be read for want of words."""
    errors = {key: told["error"] for key, told in given.shown().items()}
    return [key for key, error in errors.items() if error and error["code"] in _FOR_WORDS]


def _open_questions(context: Context, given: Given) -> None:
    """Draw what is asked of words in all files, and what becomes of those left open.

    What was asked once keeps its line: nothing below moves while it is answered.
    """
    counts = {"kinds": len(undecided(given)), **states.open_by_layer(given)}
    asked = given.order.setdefault("asked", {})
    for matter in (matter for matter, count in counts.items() if count):
        asked.setdefault(matter, len(asked))
    lines = [
        f":material/help: {context.word(f'app_files.open_{matter}', count=counts[matter])}"
        if counts[matter]
        else f":material/check: {context.word(f'app_files.settled_{matter}')}"
        for matter in asked
        if matter in counts
    ]
    if not lines:
        return
    box = st.warning if any(counts.values()) else st.success
    box("  \n".join(lines))


def draw(context: Context, given: Given) -> None:
    """Draw a line for each word, and what other words were taken for."""
    if not given.lists():
        _open_questions(context, given)
        st.markdown(context.word("app_files.words_of_layers"))
        states.draw(context, given, states.OTHERS)
        return
    _open_questions(context, given)
    words = [each for each in _words(given) if each["word"]]
    named = [each for each in _words(given) if not each["word"]]
    left, right = st.columns([7, 5], gap="medium")
    with left:
        st.markdown(context.word("app_files.words_intro"))
        _kinds_of_lists(context, given)
        if words:
            _lines(context, given, words)
        else:
            st.caption(context.word("app_files.no_words"))
        if named:
            _named(context, given, named)
    with right:
        if given.into is None:
            _more_kinds(context, given)
        states.draw(context, given, ("facilities",))
        _taken(context, given)
    if states.any_words(given):
        st.markdown(context.word("app_files.words_of_layers"))
        states.draw(context, given, states.OTHERS)


def _kinds_of_lists(context: Context, given: Given) -> None:
    """Draw for each list whether all its rows are of one kind: of a department's list they are."""
    without = [
        key
        for key in given.lists()
        if key in given.list_kinds or not _kind_header(given, key) or key in refused(given)
    ]
    options = [BY_WORDS, *given.kinds]
    for key in without:
        box = given.key("list_kind", key)
        chosen = given.list_kinds.get(key, BY_WORDS)
        st.selectbox(
            context.word("app_files.list_kind", file=markdown(given.shown()[key]["file"])),
            options,
            index=options.index(chosen) if chosen in options else 0,
            format_func=lambda each: (
                context.labels.kind(each, given.kinds)
                if each
                else context.word("app_files.list_by_words")
            ),
            key=box,
            on_change=_keep_list_kind,
            args=(given, key, box),
        )


def _kind_header(given: Given, key: str) -> str:
    """Return the column of a list that tells kinds, empty where none does."""
    mapping = given.of(key).mapping or given.shown()[key]["mapping"] or {"columns": {}}
    return next((h for h, role in mapping["columns"].items() if role == "kind"), "")


def _keep_list_kind(given: Given, key: str, box: str) -> None:
    chosen = st.session_state[box]
    if chosen == given.list_kinds.get(key, BY_WORDS):
        return
    given.list_kinds.pop(key, None)
    if not chosen:
        given.of(key).mapping = None  # its columns are guessed anew
    else:
        given.list_kinds[key] = chosen
        header, mapping = _kind_header(given, key), given.shown()[key]["mapping"]
        if header and mapping is not None:  # what a person says goes before a column
            said = given.of(key)
            said.mapping = with_column(said.mapping or mapping, header, "")
    given.change()


def _lines(context: Context, given: Given, words: list[dict[str, Any]]) -> None:
    heads = st.columns(_WIDTHS)
    for head, name in zip(heads, ("word", "rows", "stands_for"), strict=True):
        head.caption(context.word(f"app_files.head_{name}"))
    kinds = given.kinds
    with st.container(height=min(360, 60 * len(words) + 20), border=False):
        for number, told in enumerate(words[:MOST_WORDS]):
            word, count, kind = st.columns(_WIDTHS, vertical_alignment="center")
            chosen = _chosen(given, told)
            word.markdown(f"**{markdown(told['word'])}**")
            count.markdown(context.labels.number(told["count"]))
            first = [each for each in told["choices"] if each in kinds]
            if not told["kind"]:
                word.caption(_why_asked(context, given, first))
            options = [ASK, *dict.fromkeys([*first, *kinds]), ASIDE]
            key = given.key("word", number)
            kind.selectbox(
                context.word("app_files.kind_of", word=markdown(told["word"])),
                options,
                index=options.index(chosen) if chosen in options else 0,
                format_func=partial(_kind_word, context, given, first),
                key=key,
                label_visibility="collapsed",
                on_change=_keep_kind,
                args=(given, told, key),
            )
    if len(words) > MOST_WORDS:
        st.caption(context.word("app_files.more_words", count=len(words) - MOST_WORDS))


def _why_asked(context: Context, given: Given, likely: list[str]) -> str:
    if not likely:
        return context.word("app_files.word_unknown")
    names = [context.labels.kind(each, given.kinds) for each in likely]
    return context.word("app_files.word_several", kinds=context.labels.text(", ").join(names))


def _kind_word(context: Context, given: Given, likely: list[str], kind: str) -> str:
    if kind == ASK:
        return context.word("app_files.word_ask")
    if kind == ASIDE:
        return context.word("app_files.word_aside")
    name = context.labels.kind(kind, given.kinds)
    return context.word("app_files.word_likely", kind=name) if kind in likely else name


def _keep_kind(given: Given, told: dict[str, Any], key: str) -> None:
    chosen, word = st.session_state[key], told["word"]
    if chosen == _chosen(given, told):
        return
    if chosen == ASK:
        given.kind_words.pop(word, None)
    else:
        given.kind_words[word] = "" if chosen == ASIDE else chosen
    given.change()


def _named(context: Context, given: Given, named: list[dict[str, Any]]) -> None:
    """Tell of which kinds names without a category were taken."""
    st.caption(context.word("app_files.kinds_of_names"))
    rows = pd.DataFrame(
        {
            context.labels.column("kind"): [
                context.labels.kind(each["kind"], given.kinds) for each in named
            ],
            context.word("app_files.head_rows"): [each["count"] for each in named],
        }
    )
    tables.draw(context, rows, "files_named", height="content")


def _more_kinds(context: Context, given: Given) -> None:
    """Draw the choice of everyday kinds, and the box for a kind of one's own."""
    everyday = given.key("everyday")
    st.checkbox(
        context.word("app_data.everyday"),
        value=given.everyday,
        key=everyday,
        on_change=_set_everyday,
        args=(given, everyday),
    )
    name, add = st.columns([3, 2], vertical_alignment="bottom")
    name.text_input(
        context.word("app_files.own_kind"),
        key="files_own_kind",
        max_chars=40,
        help=context.word("app_files.own_kind_help"),
    )
    add.button(
        context.word("app_files.own_kind_add"),
        icon=":material/add:",
        key="files_own_kind_add",
        on_click=_add_kind,
        args=(given,),
    )
    if given.own_kinds:
        names = context.labels.text(", ").join(given.own_kinds.values())
        st.caption(context.word("app_files.own_kinds", names=markdown(names)))


def _set_everyday(given: Given, key: str) -> None:
    if given.everyday != bool(st.session_state[key]):
        given.everyday = bool(st.session_state[key])
        given.change()


def _add_kind(given: Given) -> None:
    """Add a kind under a name that none has."""
    name = st.session_state["files_own_kind"].strip()
    names = {each for kind in given.kinds.values() for each in (kind.id, kind.en, kind.zh)}
    if not name or name in names:
        return
    plain = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_") if name.isascii() else ""
    own = f"own_{plain or len(given.own_kinds) + 1}"
    given.own_kinds[own] = name
    st.session_state["files_own_kind"] = ""
    given.change()


def _taken(context: Context, given: Given) -> None:
    """Draw opening hours as the file has them, beside what they are read as."""
    taken = [row for key in given.lists() for row in given.shown()[key].get("taken", [])]
    if not taken:
        return
    labels = context.labels
    rows = pd.DataFrame(
        {
            context.word("app_files.head_column"): [labels.column(row["column"]) for row in taken],
            context.word("app_files.head_in_file"): [row["word"] for row in taken],
            context.word("app_files.head_read_as"): [labels.value(row["value"]) for row in taken],
            context.word("app_files.head_rows"): [row["count"] for row in taken],
        }
    )
    st.caption(context.word("app_files.taken"))
    tables.draw(context, rows, "files_taken", height=300)
