"""How far the work on uploaded files is, and a way to end it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import streamlit as st

from planner.app.server.reading.jobs import Job
from planner.app.session import notices
from planner.app.session.context import Context
from planner.app.session.errors import markdown, showing_errors
from planner.errors import PlannerError

EVERY_SECONDS = 0.5


class Working(Protocol):
    """What a session keeps of files that are worked on."""

    @property
    def job(self) -> Job:
        """The work at hand."""

    @property
    def title(self) -> str:
        """What is worked on, for people."""


@st.fragment(run_every=EVERY_SECONDS)
def progress(context: Context, key: str, *, may_cancel: bool = True) -> None:
    """Draw how far the work is, and a way to end it.

    Parameters
    ----------
    context
        The reader's language.
    key
        Name under which the session keeps the :class:`Working`.
    may_cancel
        Whether the work may be ended: what is written into a district of others is not.
    """
    with showing_errors(context.labels):
        working: Working | None = st.session_state.get(key)
        if working is None or working.job.state != "running":
            st.rerun()
        job = working.job
        with st.container(border=True):
            st.markdown(f"##### {markdown(working.title)}")
            stage = context.word(job.stage)
            seconds = context.word("app_data.seconds", seconds=int(job.seconds))
            st.progress(job.share, f"{stage} · {seconds}")
            if may_cancel:
                st.button(
                    context.word("app_data.cancel"),
                    icon=":material/cancel:",
                    key="add_cancel",
                    on_click=job.cancel,
                )
            st.caption(context.word("app_data.goes_on"))


def guarded(work: Callable[[], None]) -> None:
    """Do something; where it cannot be done, the next page drawn says why."""
    try:
        work()
    except PlannerError as error:
        notices.leave(error.finding)
