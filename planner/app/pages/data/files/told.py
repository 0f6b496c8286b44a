"""What the process that reads files says, in words: faults, findings, meanings of columns."""

from __future__ import annotations

from typing import Any

import streamlit as st

from planner.app.pages.data.files.state import Given
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.errors import Finding, messages

MOST_FINDINGS = 12


def role(context: Context, name: str) -> str:
    """Return the word for what a column means."""
    if not name:
        return context.word("app_files.carried_along")
    code = f"tables.role_{name}"
    return context.word(code) if code in messages() else context.labels.column(name)


def sentence(context: Context, given: Given, told: dict[str, Any]) -> str:
    """Return a code with parameters as a sentence, empty where the code is not known."""
    if told["code"] not in messages():
        return ""
    return context.labels.finding(Finding(told["code"], told["params"]), given.kinds)


def error(context: Context, given: Given, answer: dict[str, Any]) -> None:
    """Draw why a file cannot be read as it is."""
    if answer["error"] is not None:
        text = sentence(context, given, answer["error"])
        st.error(markdown(text), icon=":material/error:")


def findings(context: Context, given: Given, answer: dict[str, Any]) -> None:
    """Draw what was seen while a file was read."""
    found = [sentence(context, given, each) for each in answer["findings"]]
    lines = [f"- {markdown(each)}" for each in found if each]
    if lines:
        with st.expander(context.word("app_files.seen", count=len(lines)), expanded=True):
            st.markdown("\n".join(lines[:MOST_FINDINGS]))
