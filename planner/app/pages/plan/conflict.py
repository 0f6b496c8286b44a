"""An edit that met another's, kept for a choice: what was before, ours and theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.server.folders import without_folders
from planner.app.session import notices
from planner.app.session.context import Context
from planner.app.widgets import tables
from planner.errors import Finding, PlannerError
from planner.plan.proposals.merging import ConflictError
from planner.plan.proposals.proposal import Proposal
from planner.plan.targets.aims import Limit, Target

Kept = Proposal | Target | Limit
Edit = Callable[..., object]
"""Writes fields of what was read: ``edit(read, why=..., **values)``."""

_MET = "planner_plan_met"
ROOM = 560
"""For the table, pixels."""


@dataclass(frozen=True)
class Met:
    """An edit that met another's: what was wanted, of what, and what is kept by now.

    Parameters
    ----------
    read
        What was to be changed, as it was read.
    values, why
        The fields that were to be written, and the reason.
    error
        What another changed, and the row that is kept by now.
    """

    read: Kept
    values: Mapping[str, Any]
    why: str
    error: ConflictError

    @property
    def theirs(self) -> Kept:
        """What is kept by now, as it is shown."""
        return type(self.read).from_row(self.error.theirs)

    def differing(self) -> list[tuple[str, Any, Any, Any]]:
        """Return the fields of which ours and theirs differ, each with what it was before."""
        sides = self.read, self.theirs
        told = [
            (name, getattr(sides[0], name), value, getattr(sides[1], name))
            for name, value in self.values.items()
        ]
        return [each for each in told if each[2] != each[3]]


def attempt_edit(edit: Edit, read: Kept, values: Mapping[str, Any], why: str, done: str) -> None:
    """Write fields, and leave word of it; what met another's edit is kept for a choice."""
    try:
        edit(read, why=why, **values)
    except ConflictError as error:
        st.session_state[_MET] = Met(read, values, why, error)
    except PlannerError as error:
        notices.leave(Finding(error.code, without_folders(error.params)))
    else:
        notices.leave(Finding(f"app_plan.done_{done}", {}), done=True)


def draw(
    context: Context,
    ids: Iterable[str],
    edit: Edit,
    done: str,
    word: Callable[[str], str],
    shown: Callable[[str, Any], str],
) -> None:
    """Draw the fields that two people gave different values, with both ways out.

    Parameters
    ----------
    context
        The reader's language.
    ids
        Of what is drawn here: of anything else nothing is shown.
    edit, done
        As of :func:`attempt_edit`.
    word, shown
        What a field is called, and its value in words.
    """
    met: Met | None = st.session_state.get(_MET)
    if met is None or met.error.row_id not in ids:
        return
    say = context.word
    st.warning(say("app_plan.met"), icon=":material/call_split:")
    rows = [
        [word(name), *(shown(name, value) for value in sides)] for name, *sides in met.differing()
    ]
    headings = [say(f"app_plan.met_{name}") for name in ("field", "base", "ours", "theirs")]
    table = pd.DataFrame(rows, columns=headings)
    tables.draw(context, table, "plan_met", height="content", room=ROOM)
    with st.container(horizontal=True):
        st.button(
            say("app_plan.take_ours"),
            key="plan_ours",
            on_click=partial(_write_over, edit, met, done),
        )
        st.button(say("app_plan.take_theirs"), key="plan_theirs", on_click=_forget)


def _write_over(edit: Edit, met: Met, done: str) -> None:
    """Write our values over what was shown; what changed once more meets again."""
    _forget()
    attempt_edit(edit, met.theirs, met.values, met.why, done)


def _forget() -> None:
    st.session_state.pop(_MET, None)
