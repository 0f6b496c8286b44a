"""Files that a browser sent to this session: let go once read or left, and those refused.

Streamlit keeps what a box took until the window closes, or the browser asks to remove it. What was
read, or whose box is gone, would so use up what the session may send
(:mod:`planner.app.server.requests.upload_limit`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from planner.app.server.requests import upload_limit

_SEEN, _TOLD = "sent_files_seen", "sent_files_told"


def sweep() -> None:
    """Let go of files that a box held and none holds any more; at the start of a whole run."""
    held = {file.file_id for file in _in_boxes()}
    before: set[str] = st.session_state.get(_SEEN, set())
    _remove(before - held)
    st.session_state[_SEEN] = held


def let_go(files: Iterable[Any]) -> None:
    """Let go of files that were read: their boxes must be drawn anew, or not at all."""
    _remove({file.file_id for file in files if hasattr(file, "file_id")})


def let_all_go() -> None:
    """Let go of every file that this session sent, those of boxes that broke off with them."""
    running = get_script_run_ctx()
    if running is not None:
        running.uploaded_file_mgr.remove_session_files(running.session_id)
    st.session_state[_TOLD] = refused_ever()


def refused() -> int:
    """Return how many files were refused since that was last answered, see :func:`answered`."""
    # a window's count is forgotten after many others; what was answered then is not owed back
    return max(0, refused_ever() - int(st.session_state.get(_TOLD, 0)))


def refused_ever() -> int:
    """Return how many files of this session were refused."""
    running = get_script_run_ctx()
    return upload_limit.refused(running.session_id) if running is not None else 0


def answered() -> None:
    """Note that the reader knows of the files that were refused."""
    st.session_state[_TOLD] = refused_ever()


def _in_boxes() -> Iterator[Any]:
    """Return the files that boxes of this session hold."""
    for value in st.session_state.to_dict().values():
        each = value if isinstance(value, list) else [value]
        yield from (file for file in each if hasattr(file, "file_id"))


def _remove(files: Iterable[str]) -> None:
    running = get_script_run_ctx()
    if running is None:
        return
    kept: Any = running.uploaded_file_mgr
    for file in files:
        kept.remove_file(running.session_id, file)
