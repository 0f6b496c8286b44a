"""The draft that is open in this session: read, changed and kept, two windows held apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.server.settings.settings import settings
from planner.app.session import choices, notices
from planner.app.session.answers import assessments
from planner.app.session.conflicts import Choice, Conflict, Conflicts
from planner.app.session.context import Context
from planner.app.session.drafts.draft import Draft
from planner.app.session.drafts.files import DraftFiles, OtherDraftError
from planner.app.session.reader import shares
from planner.district import Scenario
from planner.district.scenarios.changes import known_by
from planner.errors import Finding, PlannerError

_DRAFTS = "planner_drafts"
_FIRST_CLICK = "planner_first_click"
_MOVING = {"open", "move"}
"""Tools that move a facility which was taken up; it stays in hand from one to the other."""
MOST_A_DAY = 200
"""Works that one reader may begin in a day."""

ADDRESS = "work"
"""Name under which the address carries the id of a draft."""


@dataclass(frozen=True)
class FirstClick:
    """The first of two clicks: the facility to move, or where a connection begins.

    Parameters
    ----------
    tool, kind
        What was in hand, and the kind that was looked at; another forgets the click.
    x, y
        Where, metres in the district's CRS.
    facility_id
        What was taken up, empty for a place.
    entry
        Id of the district: facilities of two may have one id.
    """

    tool: str
    kind: str
    x: float
    y: float
    facility_id: str = ""
    entry: str = ""


@dataclass(frozen=True)
class Opened:
    """Draft that is open in this session.

    Parameters
    ----------
    id
        Under which the server keeps it.
    draft
        As it was last read or written here.
    version
        Of the file then; empty where there was none.
    """

    id: str
    draft: Draft
    version: str = ""


DraftConflict = Conflict[Draft, Opened]
"""A step that was made here on work that another window has changed since."""

_CONFLICTS = Conflicts[DraftConflict]("planner_draft_conflicts")


def open_draft(context: Context) -> Draft:
    """Return the work on this district: that of the address, of the session, or a blank one.

    Where another window went on with it, theirs is shown, unless both changed it.
    """
    district, asked = context.entry.id, choices.own(ADDRESS)
    opened: dict[str, Opened] = st.session_state.setdefault(_DRAFTS, {})
    here = opened.get(district)
    same = here is not None and here.id == asked
    if conflict(context) is not None and same and here is not None:
        return here.draft
    found = _read(asked, district) if asked else None
    if found is not None:
        if same and here is not None and found.version != here.version and here.version:
            notices.leave(Finding("app_what_if.taken_over"))
        opened[district] = found
    elif asked and not same and not notices.is_left():
        notices.leave(Finding("app_what_if.no_such_work"))
    if district not in opened:
        opened[district] = Opened(_files().new_id(), Draft(blank(context)))
    choices.choices()[ADDRESS] = opened[district].id
    return opened[district].draft


def standing(context: Context) -> Draft:
    """Return the work that this session has open on the district, a blank one where none is.

    Other than :func:`open_draft` it reads nothing, and the page's address does not carry it.
    """
    opened: dict[str, Opened] = st.session_state.get(_DRAFTS, {})
    here = opened.get(context.entry.id)
    return here.draft if here else Draft(blank(context))


def _read(draft_id: str, district: str) -> Opened | None:
    try:
        found = _files().read(draft_id, district)
    except PlannerError as error:
        notices.leave(error.finding)
        return None
    return None if found is None else Opened(draft_id, *found)


def is_kept(draft_id: str) -> bool:
    """Whether the server keeps a work under an id."""
    return _files().is_kept(draft_id)


@lru_cache(maxsize=4)
def _kept_in(folder: Path) -> DraftFiles:
    """Return the drafts of a folder, cleaned of broken writes once, as they are first asked for."""
    return DraftFiles(folder)


def _files() -> DraftFiles:
    return _kept_in(settings().work)


def blank(context: Context) -> Scenario:
    """Return a scenario without changes, in the district's CRS."""
    return Scenario("", (), context.district().crs.to_string())


def change(context: Context, step: Callable[[Draft], Draft], *, anew: bool = False) -> None:
    """Make a step, if it can be carried out, and keep the work; else note why not.

    Where another window changed the work since it was shown here, nothing is kept: both are held
    against each other until the reader chooses, see :func:`conflict`.

    Parameters
    ----------
    context
        Whose district it is.
    step
        Makes the work that is kept of the one before.
    anew
        Whether it begins work of its own; what was open stays kept under its address.
    """
    try:
        opened: dict[str, Opened] = st.session_state.setdefault(_DRAFTS, {})
        district = context.entry.id
        if anew:
            before = Opened(_files().new_id(), Draft(blank(context)))
        else:
            if district not in opened or opened[district].id != choices.own(ADDRESS):
                open_draft(context)
            before = opened[district]
        then = step(before.draft)
        if then.current.changes != before.draft.current.changes:
            assessment_after(context, then.current)
            then = replace(then, current=known_by(context.district(), then.current))
        _keep(district, before, then)
        choices.choices()[ADDRESS] = opened[district].id
    except PlannerError as error:
        notices.leave(error.finding)


def _keep(district: str, before: Opened, then: Draft) -> None:
    opened: dict[str, Opened] = st.session_state[_DRAFTS]
    if not before.version:
        shares.take("drafts", MOST_A_DAY)
    try:
        version = _files().write(before.id, district, then, before.version)
    except OtherDraftError as error:
        theirs = Opened(before.id, error.theirs, error.version)
        _CONFLICTS.add(district, DraftConflict(then, theirs))
        return
    opened[district] = Opened(before.id, then, version)


def conflict(context: Context) -> DraftConflict | None:
    """Return what two windows made of the same work, None where nothing is to be chosen."""
    return _CONFLICTS.of(context.entry.id)


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
    found = _CONFLICTS.take(district)
    if found is None:
        return
    opened: dict[str, Opened] = st.session_state[_DRAFTS]
    try:
        opened[district] = found.theirs
        if choice == "mine":
            _keep(district, found.theirs, found.mine)
        elif choice == "both":
            opened[district] = Opened(_files().new_id(), found.mine)
            _keep(district, opened[district], found.mine)
        choices.choices()[ADDRESS] = opened[district].id
    except PlannerError as error:
        notices.leave(error.finding)


def assessment_after(context: Context, scenario: Scenario) -> Assessment:
    """Return the assessment after a scenario, that of today where it changes nothing."""
    if not scenario.changes:
        return context.assessment()
    return assessments.after(context.question, assessments.changes_text(scenario))


def remember_first_click(click: FirstClick | None) -> None:
    """Remember the first of two clicks, or forget it."""
    st.session_state[_FIRST_CLICK] = click


def first_click(context: Context, tool: str, kind: str) -> FirstClick | None:
    """Return the first click of a tool for a kind in a district, forgotten where one differs.

    A facility that was taken up before the tool to move was chosen is not: both orders are usual.
    """
    click: FirstClick | None = st.session_state.get(_FIRST_CLICK)
    if click is not None:
        moves = bool(click.facility_id) and {click.tool, tool} == _MOVING
        same = (click.tool == tool or moves) and (click.kind, click.entry) == (
            kind,
            context.entry.id,
        )
        click = replace(click, tool=tool) if same else None
        remember_first_click(click)
    return click
