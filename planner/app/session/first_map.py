"""The first map of a window: it is sent and drawn before what stands around it.

A browser that gets all of a page at once lays out its tables and figures, and reads the programs
that these need, before it asks for the map's frame: the map would come last.
"""

from __future__ import annotations

import secrets

import streamlit as st

from planner.app.server.requests import drawn

MOST_S = 8.0
"""So long the rest of the page waits at the most, where a browser does not tell."""

BROWSERS = "Mozilla/"
"""What every browser calls itself first (RFC 9110, section 10.1.5, and what became of it)."""

_SIGN = "planner_first_map"


def sign() -> str:
    """Return under which sign the map's frame tells that it is drawn, empty where it need not."""
    kept: str | None = st.session_state.get(_SIGN)
    if kept is None:
        # programs that are no browser draw no map, and would tell of none
        agent = st.context.headers.get("User-Agent", "")
        kept = secrets.token_urlsafe(16) if agent.startswith(BROWSERS) else ""
        st.session_state[_SIGN] = kept
        if kept:
            drawn.expect(kept)
    return kept


def wait() -> None:
    """Wait until the first map of this window is drawn; there is none to wait for afterwards."""
    if kept := st.session_state.get(_SIGN):
        st.session_state[_SIGN] = ""
        drawn.wait(kept, MOST_S)
