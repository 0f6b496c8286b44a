"""Corrections of facilities from a page: checked, kept beside the workspace, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd
import shapely
import streamlit as st

from planner.analysis.hours.rules import is_readable
from planner.analysis.misplaced import misplaced
from planner.app.pages.data import own_copy
from planner.app.session import choices, notices
from planner.app.session.answers import assessments
from planner.app.session.answers.cache import answer
from planner.app.session.catalogue import Entry
from planner.app.session.conflicts import Choice, Conflict, Conflicts
from planner.app.session.context import Context, entry_word
from planner.app.session.reader import permissions
from planner.district import District
from planner.district.corrections.applied import apply_corrections
from planner.district.corrections.corrections import Correction, Corrections, Value
from planner.district.corrections.steps import add, again, complete, edit, remove
from planner.errors import Finding, InputError, PlannerError
from planner.sources.corrections import (
    OtherCorrectionsError,
    change_corrections,
    read_corrections,
)

CHOSEN = "fixing"
"""Name under which the address carries the facility that is corrected."""

LOOK = "correct_look"
"""Key of the session under which the place to look at is kept."""

FAR_M = 10_000.0
"""A place farther than this from the district's streets is a slip of the hand."""


_SHOWN = "planner_corrections_shown"
_MADE = "planner_correction_made"
_WENT_ON = "planner_correction_went_on"


@dataclass(frozen=True)
class CorrectionsConflict(Conflict[Corrections, Corrections]):
    """What two windows made of the same corrections.

    Parameters
    ----------
    mine, theirs
        As they would be here, and as the other window left them.
    base
        The corrections when they were last shown in this window.
    """

    base: Corrections

    @property
    def added(self) -> tuple[Correction, ...]:
        """The steps made here; none where one was taken back."""
        return self.mine.steps[len(self.base.steps) :]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The ways to go on. What was taken back here cannot be joined with what came there."""
        return ("theirs", "both", "mine") if self.added else ("theirs", "mine")


_CONFLICTS = Conflicts[CorrectionsConflict]("planner_corrections_conflicts")


def shown(entry: Entry) -> Corrections:
    """Return the corrections of a district as a page is about to show them, none for the demo.

    They are remembered: what this window does next is held against them.
    """
    found = read_corrections(entry.path) if entry.path else Corrections()
    if found.sign == entry.corrections:
        st.session_state.setdefault(_SHOWN, {})[entry.id] = found
    return found


@answer()
def problems(entry: Entry) -> pd.DataFrame:
    """Return the facilities whose place looks wrong."""
    return misplaced(assessments.district(entry))


def now() -> str:
    """Return the time with its zone, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def made(entry: Entry) -> Correction | None:
    """Return the last step that this window made in a district, None where none or elsewhere."""
    of, step = st.session_state.get(_MADE, ("", None))
    return step if of == entry.id else None


def went_on() -> bool:
    """Return whether the last step was made in a copy that had corrections before it."""
    return bool(st.session_state.get(_WENT_ON, False))


def save(context: Context, facility_id: str, values: Mapping[str, Value]) -> Correction | None:
    """Give a facility other values and return the step, None where nothing came of it."""
    return _step(context, lambda here: edit(here, facility_id, _checked(here, values), now()))


def add_facility(context: Context, values: Mapping[str, Value]) -> str:
    """Add a facility and return its id, empty where it could not be added."""
    step = _step(context, lambda here: add(here, _checked(here, values), now()))
    return step.facility_id if step else ""


def remove_facility(context: Context, facility_id: str) -> None:
    """Remove a facility."""
    _step(context, lambda here: remove(here, facility_id, now()))


def say_complete(context: Context, kinds: Sequence[str]) -> None:
    """Say that all facilities of some kinds are listed, none included."""
    here = context.district()

    def then(kept: Corrections) -> Corrections:
        steps = [complete(here, kind, now()) for kind in kinds]
        fresh = [step for step in steps if step is not None]
        if not fresh:
            return kept
        return Corrections(kept.steps, kept.undone, here.crs.to_string()).do(*fresh)

    _change(context, then)


def undo(context: Context) -> None:
    """Take the last correction back."""
    _change(context, lambda kept: kept.undo())


def redo(context: Context) -> None:
    """Make the correction again that was taken back last."""
    _change(context, lambda kept: kept.redo())


def _step(context: Context, make: Callable[[District], Correction | None]) -> Correction | None:
    """Make a step, remember it for who wants to take it back at once, and return it."""
    here = context.district()
    steps: list[Correction] = []

    def then(kept: Corrections) -> Corrections:
        step = make(here)
        if step is None:
            return kept
        steps[:] = [step]
        return Corrections(kept.steps, kept.undone, here.crs.to_string()).do(step)

    changed = _change(context, then)
    if changed is None or not steps:
        return None
    # in a copy of the demo it may have become another step, with other values before, or none
    step = changed.steps[-1] if changed.steps else None
    if step is None or step.at != steps[0].at:
        return None
    st.session_state[_MADE] = choices.choices().get("district", context.entry.id), step
    return step


def _change(context: Context, then: Callable[[Corrections], Corrections]) -> Corrections | None:
    """Change what is kept and return it.

    Where it cannot be, a note is left why not, or both versions where two windows met.
    """
    entry = context.entry
    base: Corrections | None = st.session_state.get(_SHOWN, {}).get(entry.id)
    st.session_state[_WENT_ON] = False
    try:
        allowed()
        if entry.path is None:
            return _change_copy(context, then)
        try:
            return change_corrections(entry.path, entry.corrections, then)
        except OtherCorrectionsError as error:
            if base is None or base.sign != entry.corrections:
                raise
            _hold(entry, CorrectionsConflict(then(base), error.theirs, base))
    except PlannerError as error:
        notices.leave(error.finding)
    return None


def _change_copy(
    context: Context, then: Callable[[Corrections], Corrections]
) -> Corrections | None:
    """Change the reader's copy of the demo, which stays as it is, and go on with the copy."""
    steps = then(Corrections()).steps  # what cannot be done is refused before anything is written
    if not steps:
        return None
    found = own_copy.found()
    code, before = ("corrections.in_copy", 0)
    if found is None:
        found = own_copy.entry_of(own_copy.make(context))
    elif before := len(read_corrections(own_copy.file(found)).steps):
        code = "corrections.in_own_copy"

    def joined(theirs: Corrections) -> Corrections:
        return _with_steps(found, theirs, steps)

    changed = change_corrections(own_copy.file(found), found.corrections, joined)
    st.session_state[_WENT_ON] = before > 0
    choices.choices()["district"] = found.id
    copy = entry_word(context.labels, found.id)
    notices.leave(Finding(code, {"copy": copy, "count": before}), done=True)
    return changed


def _hold(entry: Entry, found: CorrectionsConflict) -> None:
    """Keep both versions for the reader to choose, unless both windows did the same."""
    if found.mine != found.theirs:
        _CONFLICTS.add(entry.id, found)


def conflict(context: Context) -> CorrectionsConflict | None:
    """Return what two windows made of the same corrections, None where nothing is to be chosen."""
    return _CONFLICTS.of(context.entry.id)


def settle(context: Context, choice: Choice) -> None:
    """Go on after a conflict.

    Parameters
    ----------
    context
        Whose district it is.
    choice
        ``"theirs"`` drops what was done here, ``"both"`` does it once more after theirs,
        ``"mine"`` puts the corrections as they would be here in the place of theirs.
    """
    entry = context.entry
    found = _CONFLICTS.take(entry.id)
    if found is None or choice == "theirs":
        return
    try:
        allowed()
        if entry.path is None:
            raise InputError("corrections.demo")
        kept = found.mine if choice == "mine" else _with_steps(entry, found.theirs, found.added)
        try:
            change_corrections(entry.path, found.theirs.sign, lambda _: kept)
        except OtherCorrectionsError as error:  # and once more
            _hold(entry, CorrectionsConflict(found.mine, error.theirs, found.base))
    except PlannerError as error:
        notices.leave(error.finding)


def _with_steps(entry: Entry, theirs: Corrections, steps: Sequence[Correction]) -> Corrections:
    """Return corrections with steps after them that were made on another state of a district."""
    read = assessments.as_read(replace(entry, corrections=""))
    joined = theirs
    for step in steps:
        once_more = again(apply_corrections(read, joined), step)
        if once_more is not None:
            crs = read.crs.to_string()
            joined = Corrections(joined.steps, joined.undone, crs).do(once_more)
    return joined


def allowed() -> None:
    """Refuse who may not change anything here.

    Raises
    ------
    InputError
        Where it is so.
    """
    if not permissions.may_change():
        raise InputError("corrections.not_permitted")


def _checked(here: District, values: Mapping[str, Value]) -> Mapping[str, Value]:
    hours = str(values.get("opening_hours") or "").strip()
    if hours and not is_readable(hours):
        raise InputError("corrections.bad_hours", hours=hours)
    x, y = values.get("x"), values.get("y")
    if isinstance(x, int | float) and isinstance(y, int | float):
        away_m = float(
            shapely.distance(shapely.box(*here.streets.total_bounds), shapely.Point(x, y))
        )
        if not away_m <= FAR_M:
            km = round(away_m / 1000) if away_m < 1e9 else "∞"
            raise InputError("corrections.far_away", km=km)
    return values
