"""The fields of a proposal, edited; where another wrote the same field, all three values."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import streamlit as st

from planner.app.pages.plan import conflict
from planner.app.pages.plan.steps import MOST_TEXT
from planner.app.session.context import Context
from planner.errors import InputError
from planner.plan.plan import Plan
from planner.plan.proposals.prices import AMOUNT, is_listed
from planner.plan.proposals.proposal import PRICE, YEARS, Proposal
from planner.plan.proposals.statuses import DECIDED
from planner.plan.workflow import guards
from planner.plan.workflow.reviews import Case
from planner.views.words.plan.proposals import cost_source_word, currency_word, field_word

_BASE = "planner_plan_base"
TEXTS = ("title", "note", "funding", "cost_source", "currency")
AMOUNTS = ("cost", "cost_high", "floor_area_m2")


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
    conflict.draw(
        context, [own.id], plan.edit, "edit", partial(_field, context), lambda _name, v: _shown(v)
    )
    if not may_edit(plan, own):
        return
    decided = own.status in DECIDED
    base = _base(own)
    name = f"{own.id}_{base.version}"
    with st.popover(context.word("app_plan.edit"), icon=":material/edit:", key="plan_edit"):
        if base.version != own.version:
            st.caption(context.word("app_plan.changed_meanwhile"))
        with st.form(f"plan_edit_{name}", border=False):
            values: dict[str, Any] = {each: _text(context, base, each) for each in TEXTS}
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


def _text(context: Context, base: Proposal, name: str) -> str:
    """Draw the box of a text; what is kept as a code is shown in words, and stays if they do."""
    kept = str(getattr(base, name))
    say = {"cost_source": cost_source_word, "currency": currency_word}.get(name)
    shown = say(context.labels, kept) if say else kept
    typed = st.text_input(context.word(f"app_plan.field_{name}"), shown, max_chars=MOST_TEXT)
    return kept if typed == shown else typed


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
    if wanted.keys() & set(PRICE):
        wanted |= _whole_price(read, values, wanted)
    conflict.attempt_edit(plan.edit, read, wanted, why, "edit")


def _whole_price(read: Proposal, values: dict[str, Any], changed: Iterable[str]) -> dict[str, Any]:
    """Return all of a price of which something was changed.

    Our amount in another's unit would be nobody's. One that somebody typed is no list's: its source
    and the range around the old amount go, where the boxes of these were left as they were.
    """
    price = {name: values[name] for name in PRICE if name in values}
    if not is_listed(read.to_row()) or not set(AMOUNT).intersection(changed):
        return price
    if "cost_source" not in changed:
        price["cost_source"] = ""
    if "cost" in changed and "cost_high" not in changed:
        price["cost_high"] = None
    return price


def _field(context: Context, name: str) -> str:
    known = (*TEXTS, *AMOUNTS, "year")
    return (
        context.word(f"app_plan.field_{name}")
        if name in known
        else field_word(context.labels, name)
    )


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
