"""What the process that reads files says, in words: faults, findings, meanings of columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from planner.app.pages.data.files.state import Given
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import findings as found
from planner.district import Kinds
from planner.errors import Finding, messages
from planner.sources.files.lists import layer_of
from planner.views.words.labels import Labels

INSTEAD = {
    "datums.not_sure": "app_files.datum_asked",
    "sources.no_crs": "app_files.no_crs",
    "sources.no_kind": "app_files.list_without_kind",
    "sources.no_barrier_kind": "app_files.barrier_kind_first",
    "sources.nothing_walked": "app_files.walked_first",
    "sources.private_streets": "app_files.private_first",
    "sources.unknown_kind": "app_files.reason_unknown",
    "tables.ambiguous_kind": "app_files.reason_ambiguous",
    "tables.unknown_status": "app_files.reason_status",
    "tables.word_needs_kind": "app_files.reason_everyday",
    "tables.words_without_kind": "app_files.words_first",
    "tables.no_barrier": "app_files.reason_barrier",
    "tables.rows_do_not_fit": "app_files.none_fits",
    "tables.words_without_barrier": "app_files.barriers_first",
}
"""Sentences that name the step of the page where a person can say what is asked."""

SHOWN_ELSEWHERE = (
    "tables.kinds_of_words",
    "tables.kinds_of_names",
    "tables.words_taken",
    "tables.hours_of_words",
    "tables.set_aside",
)
"""Findings that a step of the page shows as a table."""


def layer(context: Context, given: Given, key: str) -> str:
    """Return the word for a layer, with its file's name where it comes in several lists."""
    word = context.word(f"app.layer_{layer_of(key)}")
    if len(given.lists()) < 2 or layer_of(key) == key != "facilities":
        return word
    return f"{word} ({given.shown()[key]['file']})"


def role(context: Context, name: str, layer: str = "facilities") -> str:
    """Return the word for what a column of a layer means."""
    if not name:
        return context.word("app_files.carried_along")
    if name == "kind" and layer_of(layer) != "facilities":
        return context.word("app_files.role_kind_of_others")
    code = f"tables.role_{name}"
    return context.word(code) if code in messages() else context.labels.column(name)


def sentence(context: Context, given: Given | None, told: dict[str, Any]) -> str:
    """Return a code with parameters as a sentence, empty where the code is not known.

    Parameters
    ----------
    context
        The reader's language.
    given
        The files on their way; None where they were imported: the kinds are those of the district
        looked at, and no step of the page is named.
    told
        Code and parameters.
    """
    if given is None:
        return worded(context.labels, told, context.district().kinds)
    instead = INSTEAD.get(told["code"], told["code"])
    return worded(context.labels, {**told, "code": instead}, given.kinds)


def worded(labels: Labels, told: dict[str, Any], kinds: Kinds) -> str:
    """Return a code with parameters as a sentence; empty where the code is not known."""
    code = told["code"]
    if code not in messages():
        return ""
    params = dict(told["params"])
    if f"tables.role_{params.get('column')}" in messages():
        params["column"] = labels.message(f"tables.role_{params['column']}")
    if code == "sources.unknown_kind":
        params["known"] = labels.text(", ").join(labels.kind(each, kinds) for each in kinds)
    return labels.finding(Finding(code, params), kinds)


def error(context: Context, given: Given, answer: dict[str, Any]) -> None:
    """Draw why a file cannot be read as it is."""
    if answer["error"] is not None:
        text = sentence(context, given, answer["error"])
        st.error(markdown(text), icon=":material/error:")


def findings(context: Context, given: Given, answer: dict[str, Any]) -> None:
    """Draw what was seen while a file was read."""
    hidden = (*SHOWN_ELSEWHERE, "datums.")
    told = [each for each in answer["findings"] if not each["code"].startswith(hidden)]
    draw_findings(context, given, told)


def draw_findings(context: Context, given: Given, told: Iterable[dict[str, Any]]) -> None:
    """Draw findings, given as codes with parameters, in groups by how much they matter."""
    found.draw(context, [(each["code"], sentence(context, given, each)) for each in told])
