"""A sentence for the reader that the next page drawn shows, once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.errors import Finding

_NOTICE, _TOLD = "planner_notice", "planner_notice_told"

SEEN_S = 8.0
"""So long a notice is to be read before a page that is drawn anew by itself may take it away."""


@dataclass(frozen=True)
class _Notice:
    """What was left."""

    finding: Finding
    done: bool
    heading: str
    points: tuple[str, ...]

    def markdown(self, context: Context) -> str:
        """Return it in the reader's language, what is listed below it."""
        told = markdown(context.labels.finding(self.finding))
        if not self.points:
            return told
        listed = "\n".join(f"- {markdown(each)}" for each in self.points)
        return f"{told}\n\n{markdown(self.heading)}\n{listed}"


def leave(
    finding: Finding, *, done: bool = False, heading: str = "", points: Sequence[str] = ()
) -> None:
    """Leave a notice for the page, in place of one that was left before.

    Parameters
    ----------
    finding
        What it says.
    done
        Whether it tells that something was done as it was asked: that is no warning.
    heading, points
        What is listed below it, in the reader's language.
    """
    st.session_state[_NOTICE] = _Notice(finding, done, heading, tuple(points))


def is_left() -> bool:
    """Whether a notice waits to be shown."""
    return st.session_state.get(_NOTICE) is not None


def draw(context: Context, *, stays: bool = False) -> None:
    """Draw the notice that was left, and forget it.

    Parameters
    ----------
    context
        The reader's language.
    stays
        For a page that is drawn anew without anybody's doing, such as for another's change: what
        was told is told again until it can have been read. The page says by :func:`drawn` that it
        is whole.
    """
    # always one place on the page: what follows would else be drawn anew, the map with it
    place, left = st.empty(), st.session_state.pop(_NOTICE, None)
    if stays and left is not None:
        st.session_state[_TOLD] = left, None
    elif stays:
        left = _still_to_read()
    if left is None:
        return
    if left.done:
        place.success(left.markdown(context), icon=":material/check_circle:")
    else:
        place.warning(left.markdown(context), icon=":material/info:")


def drawn() -> None:
    """Begin to count the time that it takes to read: a page that was cut short told nothing."""
    told = st.session_state.get(_TOLD)
    if told is not None and told[1] is None:
        st.session_state[_TOLD] = told[0], time.monotonic()


def _still_to_read() -> _Notice | None:
    told = st.session_state.get(_TOLD)
    if told is None or (told[1] is not None and time.monotonic() - told[1] >= SEEN_S):
        return None
    notice: _Notice = told[0]
    return notice
