"""What boxes without a home of their own are set to: kept while their step or page is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

Answers = dict[str, Any]
"""What was said, by key of the box; it lies where the work lies that it is about."""


def restore(answers: Answers, usual: Mapping[str, Any]) -> None:
    """Set boxes that are about to be drawn to what was said, else to what is usual.

    Streamlit forgets a box that was not drawn, as after a step back or a look at another page.
    """
    for key, value in usual.items():
        if key not in st.session_state:
            st.session_state[key] = answers.get(key, value)


def remember(answers: Answers, keys: Iterable[str]) -> None:
    """Keep what boxes that were drawn are set to."""
    answers.update({key: st.session_state[key] for key in keys})
