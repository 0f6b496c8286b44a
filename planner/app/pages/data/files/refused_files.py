"""Files that the server did not take: said in words, with the way on."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from planner.app.server.requests.upload_limit import LARGE_OF_A_SESSION, MOST_FILES
from planner.app.server.settings.settings import settings
from planner.app.session import sent_files
from planner.app.session.context import Context

EVERY_SECONDS = 2.0
"""A refused file makes no page run anew, so that the page looks for itself."""


@st.fragment(run_every=EVERY_SECONDS)
def draw(context: Context, key: str, empty: Callable[[], None]) -> None:
    """Draw that files were refused, where some were, and what can be done.

    Parameters
    ----------
    context
        The reader's language.
    key
        Name of the box, once on a page.
    empty
        Empties the box: what it held is let go.
    """
    count = sent_files.refused()
    drawn, now = f"{key}_refused", bool(count)
    if st.session_state.get(drawn, False) != now:
        st.session_state[drawn] = now
        st.rerun()  # the button beside the box depends on it
    if not count:
        return
    most = settings().upload_limit_mb
    told = context.word(
        "app_files.refused",
        count=count,
        most=most,
        files=MOST_FILES,
        together=LARGE_OF_A_SESSION * most,
    )
    with st.container(border=True):
        st.error(told, icon=":material/error:")
        with st.container(horizontal=True):
            for name, icon, does in (
                ("refused_empty", "restart_alt", empty),
                ("refused_without", "arrow_forward", sent_files.answered),
            ):
                st.button(
                    context.word(f"app_files.{name}"),
                    icon=f":material/{icon}:",
                    key=f"{key}_{name}",
                    on_click=does,
                )
