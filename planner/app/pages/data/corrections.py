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
from planner.app.server.reading.uploads import new_folder, publish
from planner.app.server.settings.settings import settings
from planner.app.session import choices, notices
from planner.app.session.answers import assessments
from planner.app.session.answers.cache import answer
from planner.app.session.catalogue import Entry, catalogue
from planner.app.session.conflicts import Choice, Conflict, Conflicts
from planner.app.session.context import Context
from planner.app.session.reader import permissions
from planner.district import District
from planner.district.corrections.applied import apply_corrections
from planner.district.corrections.corrections import Correction, Corrections, Value
from planner.district.corrections.steps import add, again, complete, edit, remove
from planner.errors import Finding, InputError, PlannerError
from planner.sources import write_district
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


def save(context: Context, facility_id: str, values: Mapping[str, Value]) -> None:
    """Give a facility other values."""
    _step(context, lambda here: edit(here, facility_id, _checked(here, values), now()))


def add_facility(context: Context, values: Mapping[str, Value]) -> str:
    """Add a facility and return its id, empty where it could not be added."""
    made: list[Correction] = []

    def step(here: District) -> Correction:
        made.append(add(here, _checked(here, values), now()))
        return made[0]

    return made[0].facility_id if _step(context, step) and made else ""


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


def copy_of_demo(context: Context) -> str:
    """Keep a copy of the district among the workspaces and return its id, empty where it failed."""
    try:
        _allowed()
        folder = settings().workspaces
        part = new_folder(folder)
        try:
            written = write_district(context.district(), part / "copy.gpkg")
            return publish(written, folder, f"{context.entry.id}-copy").name
        finally:
            for left in part.glob("*"):
                left.unlink()
            part.rmdir()
    except PlannerError as error:
        notices.leave(error.finding)
        return ""


def _step(context: Context, make: Callable[[District], Correction | None]) -> bool:
    here = context.district()

    def then(kept: Corrections) -> Corrections:
        step = make(here)
        if step is None:
            return kept
        return Corrections(kept.steps, kept.undone, here.crs.to_string()).do(step)

    return _change(context, then)


def _change(context: Context, then: Callable[[Corrections], Corrections]) -> bool:
    """Change what is kept; else leave a note why not, or both versions where two windows met."""
    entry = context.entry
    base: Corrections | None = st.session_state.get(_SHOWN, {}).get(entry.id)
    try:
        _allowed()
        if entry.path is None:
            return _change_copy(context, then)
        try:
            change_corrections(entry.path, entry.corrections, then)
        except OtherCorrectionsError as error:
            if base is None or base.sign != entry.corrections:
                raise
            _hold(entry, CorrectionsConflict(then(base), error.theirs, base))
            return False
    except PlannerError as error:
        notices.leave(error.finding)
        return False
    return True


def _change_copy(context: Context, then: Callable[[Corrections], Corrections]) -> bool:
    """Change a copy of the demo, which stays as it is, and go on with the copy."""
    kept = then(Corrections())  # what cannot be done is refused before anything is written
    made = copy_of_demo(context) if kept.steps else ""
    if not made:
        return False
    copy = catalogue(settings().workspaces)[made]
    change_corrections(settings().workspaces / made, copy.corrections, lambda _: kept)
    choices.choices()["district"] = made
    notices.leave(Finding("corrections.in_copy", {"copy": made}), done=True)
    return True


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
        _allowed()
        if entry.path is None:
            raise InputError("corrections.demo")
        made = found.mine if choice == "mine" else _joined(entry, found)
        try:
            change_corrections(entry.path, found.theirs.sign, lambda _: made)
        except OtherCorrectionsError as error:  # and once more
            _hold(entry, CorrectionsConflict(found.mine, error.theirs, found.base))
    except PlannerError as error:
        notices.leave(error.finding)


def _joined(entry: Entry, found: CorrectionsConflict) -> Corrections:
    """Return their corrections with the steps made here after them."""
    read = assessments.as_read(replace(entry, corrections=""))
    joined = found.theirs
    for step in found.added:
        once_more = again(apply_corrections(read, joined), step)
        if once_more is not None:
            crs = read.crs.to_string()
            joined = Corrections(joined.steps, joined.undone, crs).do(once_more)
    return joined


def _allowed() -> None:
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
