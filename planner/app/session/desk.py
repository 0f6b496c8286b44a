"""The planner's desk: which work is open in this session, and that it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.server.arguments import arguments
from planner.app.session import choices, store
from planner.app.session.context import Context
from planner.app.session.scenarios import OtherWorkError, Work, WorkFiles
from planner.district import Scenario
from planner.errors import Finding, PlannerError

_WORK, _HELD, _NOTE, _CONFLICT = "desk_work", "desk_held", "desk_note", "desk_conflict"

Choice = Literal["theirs", "mine", "both"]


@dataclass(frozen=True)
class FirstClick:
    """The first of two clicks: the facility to move, or where a connection begins."""

    tool: str
    x: float
    y: float
    facility_id: str = ""


@dataclass(frozen=True)
class Opened:
    """Work that is open in this session.

    Parameters
    ----------
    id
        Under which the server keeps it.
    work
        As it was last read or written here.
    version
        Of the file then; empty where there was none.
    """

    id: str
    work: Work
    version: str = ""


@dataclass(frozen=True)
class Conflict:
    """A step that was made here on work that another window has changed since.

    Parameters
    ----------
    mine, theirs
        The work as it would be here, and as the other window left it.
    """

    mine: Work
    theirs: Opened


def work(context: Context) -> Work:
    """Return the work on this district: that of the address, of the session, or a blank one.

    Where another window went on with it, theirs is shown, unless both changed it.
    """
    district, asked = context.entry.id, choices.own("work")
    opened: dict[str, Opened] = st.session_state.setdefault(_WORK, {})
    here = opened.get(district)
    same = here is not None and here.id == asked
    if conflict(context) is not None and same and here is not None:
        return here.work
    found = _read(asked, district) if asked else None
    if found is not None:
        if same and here is not None and found.version != here.version and here.version:
            say(Finding("app_whatif.taken_over"))
        opened[district] = found
    elif asked and not same and not st.session_state.get(_NOTE):
        say(Finding("app_whatif.no_such_work"))
    if district not in opened:
        opened[district] = Opened(_files().new_id(), Work(blank(context)))
    choices.choices()["work"] = opened[district].id
    return opened[district].work


def _read(work_id: str, district: str) -> Opened | None:
    try:
        found = _files().read(work_id, district)
    except PlannerError as error:
        say(error.finding)
        return None
    return None if found is None else Opened(work_id, *found)


def _files() -> WorkFiles:
    return store.work_files(arguments().work)


def blank(context: Context) -> Scenario:
    """Return a scenario without changes, in the district's CRS."""
    return Scenario("", (), context.district().crs.to_string())


def step(context: Context, change: Callable[[Work], Work]) -> None:
    """Make a step, if it can be carried out, and keep the work; else note why not.

    Where another window changed the work since it was shown here, nothing is kept: both are held
    against each other until the reader chooses, see :func:`conflict`.
    """
    try:
        opened: dict[str, Opened] = st.session_state.setdefault(_WORK, {})
        district = context.entry.id
        if district not in opened or opened[district].id != choices.own("work"):
            work(context)
        before = opened[district]
        then = change(before.work)
        if then.current.changes != before.work.current.changes:
            assessed(context, then.current)
        _keep(district, before, then)
    except PlannerError as error:
        say(error.finding)


def _keep(district: str, before: Opened, then: Work) -> None:
    opened: dict[str, Opened] = st.session_state[_WORK]
    try:
        version = _files().write(before.id, district, then, before.version)
    except OtherWorkError as error:
        theirs = Opened(before.id, error.theirs, error.version)
        st.session_state.setdefault(_CONFLICT, {})[district] = Conflict(then, theirs)
        return
    opened[district] = Opened(before.id, then, version)


def conflict(context: Context) -> Conflict | None:
    """Return what two windows made of the same work, None where nothing is to be chosen."""
    waiting: dict[str, Conflict] = st.session_state.get(_CONFLICT, {})
    return waiting.get(context.entry.id)


def settle(context: Context, choice: Choice) -> None:
    """Go on after a conflict.

    Parameters
    ----------
    context
        Whose district it is.
    choice
        ``"theirs"`` drops the step made here, ``"mine"`` puts the work as it would be here in the
        place of the other, ``"both"`` keeps it as work of its own beside the other.
    """
    district = context.entry.id
    found: Conflict | None = st.session_state.get(_CONFLICT, {}).pop(district, None)
    if found is None:
        return
    opened: dict[str, Opened] = st.session_state[_WORK]
    try:
        opened[district] = found.theirs
        if choice == "mine":
            _keep(district, found.theirs, found.mine)
        elif choice == "both":
            opened[district] = Opened(_files().new_id(), found.mine)
            _keep(district, opened[district], found.mine)
        choices.choices()["work"] = opened[district].id
    except PlannerError as error:
        say(error.finding)


def assessed(context: Context, scenario: Scenario) -> Assessment:
    """Return the assessment after a scenario, that of today where it changes nothing."""
    if not scenario.changes:
        return context.assessment()
    return store.after(context.entry, context.standard, store.changes_text(scenario))


def hold(held: FirstClick | None) -> None:
    """Remember the first of two clicks, or forget it."""
    st.session_state[_HELD] = held


def held(tool: str) -> FirstClick | None:
    """Return the first click of a tool."""
    kept: FirstClick | None = st.session_state.get(_HELD)
    return kept if kept is not None and kept.tool == tool else None


def say(finding: Finding) -> None:
    """Leave a note for the page, shown once."""
    st.session_state[_NOTE] = finding


def note() -> Finding | None:
    """Return the note and forget it."""
    left: Finding | None = st.session_state.pop(_NOTE, None)
    return left
