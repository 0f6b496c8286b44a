"""The fields of a proposal, edited; where another wrote the same field, all three values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.pages.plan.steps import MOST_TEXT, attempt
from planner.app.server.folders import without_folders
from planner.app.session import notices
from planner.app.session.context import Context
from planner.app.widgets import tables
from planner.errors import Finding, InputError, PlannerError
from planner.plan.plan import Plan
from planner.plan.proposals.merging import ConflictError
from planner.plan.proposals.proposal import YEARS, Proposal
from planner.plan.workflow import guards
from planner.plan.workflow.reviews import Case
from planner.plan.workflow.steps import DECIDED
from planner.views.words.plan import field_word

_BASE, _MET = "planner_plan_base", "planner_plan_met"
TEXTS = ("title", "note", "funding", "cost_source", "currency")
AMOUNTS = ("cost", "cost_high", "floor_area_m2")
ROOM = 560
"""For a table, pixels."""


@dataclass(frozen=True)
class Met:
    """An edit that met another's: what was wanted, and both values of each field.

    Parameters
    ----------
    values, why
        The fields that were to be written, and the reason.
    error
        The fields that another changed too.
    """

    values: dict[str, Any]
    why: str
    error: ConflictError


def may_edit(plan: Plan, own: Proposal) -> bool:
    """Whether this person may edit a proposal now, by the guard that the plan keeps."""
    try:
        guards.check_edit(plan.actor, own, own.department, "given")
    except InputError:
        return False
    return True


def draw(context: Context, plan: Plan, case: Case) -> None:
    """Draw the form of the fields, and an edit that met another's."""
    own = case.proposal
    _met(context, plan, own)
    if not may_edit(plan, own):
        return
    decided = own.status in DECIDED
    base = _base(own)
    name = f"{own.id}_{base.version}"
    with st.popover(context.word("app_plan.edit"), icon=":material/edit:", key="plan_edit"):
        if base.version != own.version:
            st.caption(context.word("app_plan.changed_meanwhile"))
        with st.form(f"plan_edit_{name}", border=False):
            values: dict[str, Any] = {
                each: st.text_input(
                    context.word(f"app_plan.field_{each}"), getattr(base, each), max_chars=MOST_TEXT
                )
                for each in TEXTS
            }
            for each in AMOUNTS:
                values[each] = st.number_input(
                    context.word(f"app_plan.field_{each}"), 0.0, value=getattr(base, each)
                )
            values["year"] = st.number_input(
                context.word("app_plan.field_year"), *YEARS, value=base.year, step=1
            )
            words = "app_plan.why" if decided else "app_plan.why_optional"
            why = st.text_input(context.word(words), max_chars=MOST_TEXT)
            sent = st.form_submit_button(context.word("app_plan.save"), type="primary")
        if sent:
            attempt_edit(plan, base, values, why)
            st.rerun()


def _base(own: Proposal) -> Proposal:
    """Return the proposal as it was when its boxes were first drawn: what is typed is meant so."""
    kept: Proposal | None = st.session_state.get(_BASE)
    if kept is None or kept.id != own.id:
        st.session_state[_BASE] = kept = own
    return kept


def begin_anew() -> None:
    """Let the boxes begin with what is kept by now."""
    st.session_state.pop(_BASE, None)


def attempt_edit(plan: Plan, read: Proposal, values: dict[str, Any], why: str) -> None:
    """Write fields that differ from what was read; keep what met another's edit for a choice."""
    begin_anew()
    wanted = {name: value for name, value in values.items() if value != getattr(read, name)}
    try:
        plan.edit(read, why=why, **wanted)
    except ConflictError as error:
        st.session_state[_MET] = Met(wanted, why, error)
    except PlannerError as error:
        notices.leave(Finding(error.code, without_folders(error.params)))
    else:
        notices.leave(Finding("app_plan.done_edit", {}), done=True)


def _met(context: Context, plan: Plan, own: Proposal) -> None:
    """Draw the fields that two people gave different values, with both ways out."""
    met: Met | None = st.session_state.get(_MET)
    if met is None or met.error.row_id != own.id:
        return
    say = context.word
    st.warning(say("app_plan.met"), icon=":material/call_split:")
    rows = [
        [_field(context, each.field), *map(_shown, (each.base, each.ours, each.theirs))]
        for each in met.error.conflicts
    ]
    headings = [say(f"app_plan.met_{name}") for name in ("field", "base", "ours", "theirs")]
    tables.draw(
        context, pd.DataFrame(rows, columns=headings), "plan_met", height="content", room=ROOM
    )
    with st.container(horizontal=True):
        st.button(
            say("app_plan.take_ours"),
            key="plan_ours",
            on_click=partial(_write_over, plan, own, met),
        )
        st.button(say("app_plan.take_theirs"), key="plan_theirs", on_click=_forget)


def _field(context: Context, name: str) -> str:
    known = (*TEXTS, *AMOUNTS, "year")
    return (
        context.word(f"app_plan.field_{name}")
        if name in known
        else field_word(context.labels, name)
    )


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else str(value)


def _write_over(plan: Plan, own: Proposal, met: Met) -> None:
    """Write our values over what was shown; what changed once more meets again."""
    _forget()
    attempt(lambda: plan.edit(own, why=met.why, **met.values), "edit")


def _forget() -> None:
    st.session_state.pop(_MET, None)
