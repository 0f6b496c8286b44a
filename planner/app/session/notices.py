"""A sentence for the reader that the next page drawn shows, once."""

from __future__ import annotations

import streamlit as st

from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.errors import Finding

_NOTICE = "planner_notice"


def leave(finding: Finding) -> None:
    """Leave a notice for the page, in place of one that was left before."""
    st.session_state[_NOTICE] = finding


def is_left() -> bool:
    """Whether a notice waits to be shown."""
    return st.session_state.get(_NOTICE) is not None


def draw(context: Context) -> None:
    """Draw the notice that was left, and forget it."""
    # always one place on the page: what follows would else be drawn anew, the map with it
    place, finding = st.empty(), st.session_state.pop(_NOTICE, None)
    if finding is not None:
        place.warning(markdown(context.labels.finding(finding)), icon=":material/info:")
