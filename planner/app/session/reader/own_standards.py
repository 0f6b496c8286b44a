"""The standards on offer: those that ship and those that readers made, each by an id."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from contextlib import suppress
from pathlib import Path

import streamlit as st

from planner.app.server.settings.settings import settings
from planner.app.session import choices
from planner.app.session.reader import shares
from planner.district import Standard, builtin_standards, find_standard
from planner.district.standards.files import parse_standard, standard_toml
from planner.sources.kept_files import ChangedMeanwhileError, locked, put_whole, read_kept

KEPT = 100
"""Standards of readers that stay in memory; the others are read again from their files."""

MOST_FILES = 2_000
"""Standards of all readers that are kept; beyond that, those unused for the longest go first."""

MOST_A_DAY = 60
"""Standards that one reader may make in a day."""

MOST_BYTES = 1_000_000

DIGITS = 16
"""Of the sum in an id: enough that nobody makes another text of the same sum. Ids of 8 are read."""

_ID = re.compile(r"[\w-]{1,40}-(?:[0-9a-f]{8}|[0-9a-f]{16})")
_SESSION = "planner_own_standards"
_KNOWN: dict[str, Standard] = {}
_LOCK = threading.Lock()


def add(standard: Standard) -> str:
    """Remember a standard, offer it in this session and return its id.

    The id holds a sum of the content, so that two readers' standards of one name stay apart and
    every cache tells them from each other. No window writes over another's: a standard that is
    changed is another file. It is kept in a file of that name beside the scenarios,
    so that an address that names it works after the server was started anew.

    Raises
    ------
    InputError
        Where the reader made as many today as may be.
    WorkError
        Where the disk is full or writing is not permitted.
    """
    text = standard_toml(standard)
    name = re.sub(r"[^\w-]+", "-", standard.id).strip("-")[:40] or "own"
    own = f"{name}-{_sum(text)}"
    file = _file(own)
    with locked(file):
        kept = read_kept(file, MOST_BYTES)
        if kept.text and kept.text != text and _sum(kept.text) == _sum(text):
            raise ChangedMeanwhileError(file, kept)  # another's, of the same sum by design
        if kept.text != text:
            shares.take("standards", MOST_A_DAY)
            put_whole(file, text.encode("utf-8"), private=True)
            _make_room(file)
    _remember(own, standard)
    mine = st.session_state.setdefault(_SESSION, [])
    if own not in mine:
        mine.append(own)
    return own


def offered() -> dict[str, Standard]:
    """Return the standards to choose from: those that ask anything, and this session's own.

    One that the address names is offered too.
    """
    shipped = {
        name: standard
        for name, standard in builtin_standards().items()
        if standard.rules or standard.areas
    }
    asked = [*st.session_state.get(_SESSION, []), choices.choices().get("standard", "")]
    return shipped | {own: found for own in asked if (found := _own(own)) is not None}


def find(name: str) -> Standard:
    """Return the standard of an id.

    Raises
    ------
    InputError
        Where there is none.
    """
    own = _own(name)
    return own if own is not None else find_standard(name)


def _own(name: str) -> Standard | None:
    """Return a reader's standard from memory or its file, None where there is none of that id."""
    with _LOCK:
        known = _KNOWN.get(name)
    if known is not None or not _ID.fullmatch(name):
        return known
    text = read_kept(_file(name), MOST_BYTES).text
    told = name.rpartition("-")[2]
    if not text or _sum(text, len(told)) != told:
        return None
    with suppress(OSError):  # its time says when it was last used; a folder may be read only
        os.utime(_file(name))
    return _remember(name, parse_standard(text, f"{name}.toml"))


def _make_room(newest: Path) -> None:
    """Remove the files that nobody used for the longest where there are too many."""
    used: list[tuple[float, Path]] = []
    for file in newest.parent.glob("*.toml"):
        with suppress(OSError):  # another process may have removed it
            used.append((file.stat().st_mtime, file))
    for _, file in sorted(used)[: max(len(used) - MOST_FILES, 0)]:
        if file != newest:
            file.unlink(missing_ok=True)


def _remember(name: str, standard: Standard) -> Standard:
    with _LOCK:
        _KNOWN.pop(name, None)
        _KNOWN[name] = standard
        while len(_KNOWN) > KEPT:
            del _KNOWN[next(iter(_KNOWN))]
    return standard


def _sum(text: str, digits: int = DIGITS) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:digits]


def _file(name: str) -> Path:
    return settings().work / "standards" / f"{name}.toml"
