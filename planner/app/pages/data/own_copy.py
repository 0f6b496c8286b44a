"""A reader's own copy of the demo: the demo stays as it is, corrections go on in the copy."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from planner.app.server.reading.uploads import new_folder, publish
from planner.app.server.settings.settings import settings
from planner.app.session.answers import assessments
from planner.app.session.catalogue import DEMO, Entry, catalogue
from planner.app.session.context import Context
from planner.app.session.reader import permissions
from planner.errors import PlannerError
from planner.sources import write_district
from planner.sources.corrections import corrections_file

_STEM = f"{DEMO}-copy"
_NAME = re.compile(rf"{_STEM}(-[0-9]+)?\.gpkg")
_OWN = "planner_own_copies"


def make(context: Context) -> str:
    """Write a copy of the demo among the workspaces and return its id.

    Raises
    ------
    PlannerError
        Where it cannot be written; nothing is then left behind.
    """
    folder = settings().workspaces
    part = new_folder(folder)
    try:
        made = publish(write_district(context.district(), part / "copy.gpkg"), folder, _STEM).name
    finally:
        for left in part.glob("*"):
            left.unlink()
        part.rmdir()
    st.session_state.setdefault(_OWN, []).append(made)
    return made


def found() -> Entry | None:
    """Return the copy that the reader corrected last, None where there is none.

    It is one made in this window; where nobody but this machine reaches the server any copy is
    the reader's own. What has other facilities than the demo by now is no copy of it.
    """
    offered = _offered()
    own = [offered[name] for name in st.session_state.get(_OWN, ()) if name in offered]
    if not own and permissions.is_alone():
        own = [entry for name, entry in offered.items() if _NAME.fullmatch(name)]
    alike = [entry for entry in own if _is_copy(entry)]
    return max(alike, key=_changed_ns, default=None)


def entry_of(name: str) -> Entry:
    """Return the entry of a copy."""
    return _offered()[name]


def file(of: Entry) -> Path:
    """Return the workspace of a copy."""
    return settings().workspaces / of.id


def _offered() -> dict[str, Entry]:
    folder = settings().workspaces
    return catalogue(folder) if folder.is_dir() else {}


def _changed_ns(of: Entry) -> int:
    beside = corrections_file(file(of))
    return (beside if beside.is_file() else file(of)).stat().st_mtime_ns


def _is_copy(of: Entry) -> bool:
    """Whether a workspace lists the very facilities that the demo does."""
    try:
        read = assessments.as_read(Entry(of.id, of.path, of.stamp))
    except PlannerError:
        return False  # what is wrong with it is told where it is opened
    ids = assessments.district(Entry(DEMO)).facilities["facility_id"]
    return set(read.facilities["facility_id"]) == set(ids)
