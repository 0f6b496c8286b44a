"""What was found, in groups by how much it matters: what may make figures wrong stands open."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from planner.app.session.context import Context
from planner.app.widgets.frame import bullets
from planner.sources.checks.severity import SEVERITIES, severity

_ICONS = {"harmful": "warning", "decided": "visibility", "plain": "info"}


def draw(context: Context, told: Iterable[tuple[str, str]]) -> None:
    """Draw sentences in folded groups with their counts, the gravest group open.

    Parameters
    ----------
    context
        The reader's language.
    told
        Code and sentence of each finding; empty sentences are passed over.
    """
    groups: dict[str, list[str]] = {each: [] for each in SEVERITIES}
    for code, sentence in told:
        if sentence and sentence not in groups[severity(code)]:
            groups[severity(code)].append(sentence)
    for name, lines in groups.items():
        if lines:
            title = context.word(f"app_data.found_{name}", count=context.labels.number(len(lines)))
            icon = f":material/{_ICONS[name]}:"
            with st.expander(title, expanded=name == SEVERITIES[0], icon=icon):
                st.markdown(bullets(lines))
