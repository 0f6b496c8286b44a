"""The standards on offer: those that ship and those that readers made, each by an id."""

from __future__ import annotations

import hashlib
import re
import threading

import streamlit as st

from planner.app.session import choices
from planner.district import Standard, builtin_standards, find_standard
from planner.district.standard_files import standard_toml

KEPT = 100
"""Standards of readers that the server remembers; the oldest are forgotten first."""

_SESSION = "planner_own_standards"
_KNOWN: dict[str, Standard] = {}
_LOCK = threading.Lock()


def add(standard: Standard) -> str:
    """Remember a standard, offer it in this session and return its id.

    The id holds a sum of the content, so that two readers' standards of one name stay apart and
    every cache tells them from each other.
    """
    text = standard_toml(standard)
    name = re.sub(r"[^\w-]+", "-", standard.id).strip("-")[:40] or "own"
    own = f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    with _LOCK:
        _KNOWN.pop(own, None)
        _KNOWN[own] = standard
        while len(_KNOWN) > KEPT:
            del _KNOWN[next(iter(_KNOWN))]
    mine = st.session_state.setdefault(_SESSION, [])
    if own not in mine:
        mine.append(own)
    return own


def offered() -> dict[str, Standard]:
    """Return the standards to choose from: those that ask anything, and this session's own.

    One that the address names is offered too while the server remembers it.
    """
    shipped = {
        name: standard
        for name, standard in builtin_standards().items()
        if standard.rules or standard.areas
    }
    asked = [*st.session_state.get(_SESSION, []), choices.choices().get("standard", "")]
    with _LOCK:
        return shipped | {own: _KNOWN[own] for own in asked if own in _KNOWN}


def find(name: str) -> Standard:
    """Return the standard of an id.

    Raises
    ------
    InputError
        Where there is none.
    """
    with _LOCK:
        own = _KNOWN.get(name)
    return own if own is not None else find_standard(name)
