"""The steps that somebody may take with a proposal now, each with what it must tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from planner.app.server.folders import without_folders
from planner.app.session import notices
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.reader import permissions
from planner.errors import Finding, PlannerError
from planner.plan.plan import Plan
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.plan.queries import Wanted
from planner.plan.workflow.guards import Offer, offers, takes_in
from planner.plan.workflow.reviews import Case
from planner.views.words.plan.agenda import overrun_sentences
from planner.views.words.plan.in_data import listed_finding
from planner.views.words.plan.proposals import proposal_name

_SEEN = "planner_plan_seen"
"""The proposal as it was drawn last: nobody decides what they have not seen."""

ANSWERS = ("same", "another")
"""What may be said of a facility that the data list where one opened, as the plan has it."""

MOST_TEXT = 2000
"""Characters of a reason that a box takes."""


def attempt(work: Callable[[], Any], done: str, said: Callable[[], Sequence[str]] = tuple) -> None:
    """Do something with the plan, and leave word of it or of why it was refused.

    What `said` returns afterwards is told below.
    """
    try:
        work()
    except PlannerError as error:
        notices.leave(Finding(error.code, without_folders(error.params)))
    else:
        notices.leave(Finding(f"app_plan.done_{done}", {}), done=True, points=said())


def as_seen(case: Case) -> Proposal:
    """Return the proposal as it was drawn last, and keep it as it is drawn now."""
    before: Proposal | None = st.session_state.get(_SEEN)
    st.session_state[_SEEN] = case.proposal
    return before if before is not None and before.id == case.proposal.id else case.proposal


def draw(context: Context, plan: Plan, case: Case, seen: Proposal) -> None:
    """Draw a button for each step that may be taken now; those that are hindered say by what."""
    others = _others(context, plan, case)
    found = [
        _of_house(plan, case, offer)
        for offer in offers(plan.actor, case, date.today())
        if others or offer.step != "supersede"
    ]
    if not found:
        st.caption(context.word("app_plan.no_step"))
        return
    with st.container(horizontal=True):
        for offer in found:
            _step(context, plan, seen, offer, others)


def _of_house(plan: Plan, case: Case, offer: Offer) -> Offer:
    """Return a step that its parts may hinder with what is to be done first."""
    faults = plan.hindering(case.proposal, offer.step)
    return replace(offer, hindered=faults[0]) if faults and not offer.hindered else offer


def _others(context: Context, plan: Plan, case: Case) -> dict[str, Proposal]:
    """Return the proposals of this district that may take the place of one, by id."""
    wanted = Wanted(status=(*OPEN, *DECIDED, "opened"), workspace=context.entry.id)
    own = case.proposal
    found = [each for each in plan.proposals(wanted) if each.id != own.id]
    return {each.id: each for each in found if not takes_in(each, own)}


def _step(
    context: Context, plan: Plan, seen: Proposal, offer: Offer, others: Mapping[str, Proposal]
) -> None:
    label = context.word(f"app_plan.step_{offer.step}")
    hindered = offer.hindered
    if offer.step == "opened" and seen.changes and not permissions.may_change():
        hindered = Finding("app_plan.may_not_change", {})
    if offer.step == "opened" and context.entry.path is None:
        hindered = Finding("app_plan.demo_stays", {})
    if hindered is not None:
        told = context.labels.finding(Finding(hindered.code, without_folders(hindered.params)))
        st.button(label, key=f"plan_step_{offer.step}", disabled=True, help=markdown(told))
        return
    with st.popover(label, key=f"plan_step_{offer.step}"):
        with st.form(f"plan_form_{offer.step}", border=False):
            by, source = _more(context, offer, others)
            listed = _listed(context, seen) if offer.step == "opened" else ""
            why = st.text_area(
                context.word("app_plan.why" if offer.needs_why else "app_plan.why_optional"),
                max_chars=MOST_TEXT,
                height=80,
                key=f"plan_why_{offer.step}",
            )
            sent = st.form_submit_button(label, type="primary")
        if sent:
            work = partial(_take, context, plan, seen, offer.step, why, by, source, listed)
            over = partial(_overruns, context, plan, seen.id) if offer.step == "approve" else tuple
            attempt(work, offer.step, over)
            st.rerun()


def _overruns(context: Context, plan: Plan, own: str) -> list[str]:
    """Return which limits are passed, or may be, with a proposal that was approved just now."""
    passed = plan.overruns(plan.get(own))
    about = {each for matter in passed for each in matter.proposals}
    named = {each: plan.get(each) for each in about}
    return overrun_sentences(context.labels, passed, named)


def _more(context: Context, offer: Offer, others: Mapping[str, Proposal]) -> tuple[str, str]:
    """Draw what a step asks besides a reason: the proposal that takes the place, or a source."""
    if offer.step == "opened":
        return "", st.text_input(
            context.word("app_plan.source"), max_chars=MOST_TEXT, key="plan_source"
        )
    if offer.step != "supersede":
        return "", ""
    chosen = st.selectbox(
        context.word("app_plan.successor"),
        list(others),
        format_func=lambda own: f"{proposal_name(context.labels, others[own])} ({own})",
        key="plan_successor",
    )
    return chosen or "", ""


def _listed(context: Context, seen: Proposal) -> str:
    """Ask whether what the data list where it opened is the same facility; empty where nothing is.

    Nothing is chosen before somebody looked: what is not answered is refused.
    """
    if listed_finding(context.district(), seen) is None:
        return ""
    answer = st.radio(
        context.word("app_plan.listed_ask"),
        ANSWERS,
        index=None,
        format_func=lambda each: context.word(f"app_plan.listed_{each}"),
        key="plan_listed",
    )
    return answer or ""


def _take(
    context: Context,
    plan: Plan,
    seen: Proposal,
    step: str,
    why: str,
    by: str,
    source: str,
    listed: str = "",
) -> None:
    if step == "opened" and seen.changes:
        # what was offered may be another's by now: the file is asked for anew
        assert context.entry.path is not None
        plan.open_in(seen, context.entry.path, source, why, listed)
        return
    plan.step(seen, step, why, by=by, source=source)
