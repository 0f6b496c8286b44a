"""What one reader may leave on the server in a day, so that none fills it for all."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from planner.app.server.sign_in.sessions import COOKIE
from planner.app.session.reader import permissions
from planner.errors import InputError

DAY_S = 24 * 3600.0
MOST_READERS = 20_000
"""Readers that are remembered; those who left something the longest ago are forgotten first."""

_left: dict[tuple[str, str], deque[float]] = {}
_lock = threading.Lock()


def take(what: str, most: int) -> None:
    """Count one more of something that the reader of this session leaves.

    Parameters
    ----------
    what
        Name of what is left.
    most
        So many in a day.

    Raises
    ------
    InputError
        ``app.share_used`` where the reader left as many within a day.
    """
    key, now = (what, reader()), time.monotonic()
    with _lock:
        times = _left.pop(key, deque())
        while times and times[0] < now - DAY_S:
            times.popleft()
        _left[key] = times
        if len(times) >= most:
            raise InputError("app.share_used", most=most)
        times.append(now)
        while len(_left) > MOST_READERS:
            del _left[next(iter(_left))]


def reader() -> str:
    """Return a sign of who is signed in; where nobody is, of the browser, else of the window."""
    claims = permissions.claims() if permissions.is_signed_in() else {}
    if claims:
        parts = f"{claims.get('iss', '')}\n{claims.get('sub', '')}"
        return hashlib.sha256(parts.encode("utf-8")).hexdigest()
    mark = st.context.cookies.get(COOKIE, "")
    if isinstance(mark, str) and mark:
        return hashlib.sha256(mark.encode("utf-8")).hexdigest()
    running = get_script_run_ctx()
    return running.session_id if running else ""
