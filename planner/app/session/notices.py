"""A sentence for the reader that the next page drawn shows, once."""

from __future__ import annotations

import time

import streamlit as st

from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.errors import Finding

_NOTICE, _DRAWN = "planner_notice", "planner_notice_drawn"

SEEN_S = 8.0
"""So long a notice is to be read before a page that is drawn anew by itself may take it away."""


def leave(finding: Finding, *, done: bool = False) -> None:
    """Leave a notice for the page, in place of one that was left before.

    Parameters
    ----------
    finding
        What it says.
    done
        Whether it tells that something was done as it was asked: that is no warning.
    """
    st.session_state[_NOTICE] = finding, done


def is_left() -> bool:
    """Whether a notice waits to be shown."""
    return st.session_state.get(_NOTICE) is not None


def again() -> None:
    """Let the next page show what was shown last, where nobody has had the time to read it.

    For a page that is drawn anew without anybody's doing, such as for another's change.
    """
    drawn: tuple[Finding, bool, float] | None = st.session_state.get(_DRAWN)
    if drawn is not None and not is_left() and time.monotonic() - drawn[2] < SEEN_S:
        leave(drawn[0], done=drawn[1])


def draw(context: Context) -> None:
    """Draw the notice that was left, and forget it."""
    # always one place on the page: what follows would else be drawn anew, the map with it
    place, left = st.empty(), st.session_state.pop(_NOTICE, None)
    if left is None:
        return
    finding, done = left
    st.session_state[_DRAWN] = finding, done, time.monotonic()
    text = markdown(context.labels.finding(finding))
    if done:
        place.success(text, icon=":material/check_circle:")
    else:
        place.warning(text, icon=":material/info:")
