"""The planner's desk: which work is open in this session, and that it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.server.arguments import arguments
from planner.app.session import choices, store
from planner.app.session.context import Context
from planner.app.session.scenarios import Work
from planner.district import Scenario
from planner.errors import Finding, PlannerError

_WORK, _HELD, _NOTE = "desk_work", "desk_held", "desk_note"


@dataclass(frozen=True)
class FirstClick:
    """The first of two clicks: the facility to move, or where a connection begins."""

    tool: str
    x: float
    y: float
    facility_id: str = ""


def work(context: Context) -> Work:
    """Return the work on this district: that of the address, of the session, or a blank one."""
    district, asked = context.entry.id, choices.own("work")
    opened: dict[str, tuple[str, Work]] = st.session_state.setdefault(_WORK, {})
    if district in opened and opened[district][0] == asked:
        return opened[district][1]
    found = None
    if asked:
        try:
            found = store.drawer(arguments().work).read(asked, district)
        except PlannerError as error:
            say(error.finding)
        if found is None and not st.session_state.get(_NOTE):
            say(Finding("app_whatif.no_such_work"))
    if found is not None:
        opened[district] = (asked, found)
    elif district not in opened:
        opened[district] = (store.drawer(arguments().work).new_id(), Work(blank(context)))
    choices.choices()["work"] = opened[district][0]
    return opened[district][1]


def blank(context: Context) -> Scenario:
    """Return a scenario without changes, in the district's CRS."""
    return Scenario("", (), context.district().crs.to_string())


def step(context: Context, change: Callable[[Work], Work]) -> None:
    """Make a step, if it can be carried out, and keep the work; else note why not."""
    try:
        before = work(context)
        then = change(before)
        if then.current.changes != before.current.changes:
            assessed(context, then.current)
        district = context.entry.id
        work_id = st.session_state[_WORK][district][0]
        st.session_state[_WORK][district] = (work_id, then)
        store.drawer(arguments().work).write(work_id, district, then)
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
