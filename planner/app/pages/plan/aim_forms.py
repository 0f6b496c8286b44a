"""The forms in which targets and limits are set, changed and put aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import conflict
from planner.app.pages.plan.steps import MOST_TEXT, attempt
from planner.app.session.context import Context
from planner.district.kinds import DEPARTMENTS
from planner.plan.plan import Plan
from planner.plan.proposals.proposal import YEARS
from planner.plan.targets.aims import AIMS, MOST_YEARS, Limit, Target
from planner.views.words.plan.proposals import field_word, value_word
from planner.views.words.plan.targets import limit_sentence, past_limit_sentences

Kept = TypeVar("Kept", Target, Limit)
_BASE, _SEEN = "planner_plan_aim", "planner_plan_aims_seen"
_SHARES = ("share", "step", "reached")


def new_target(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw the form in which a target is set."""
    say, labels, district = context.word, context.labels, result.district
    kinds = [*result.judged_kinds, *result.kinds_without_data]
    areas = _areas(context, result)
    with st.popover(say("app_targets.new"), icon=":material/flag:", key="plan_new_target"):
        with st.form("plan_new_target_form", border=False):
            values: dict[str, Any] = {
                "kind": st.selectbox(
                    say("app_targets.col_kind"),
                    kinds,
                    format_func=lambda each: labels.kind(each, district.kinds),
                    key="plan_target_kind",
                ),
                "group": st.selectbox(
                    say("app_targets.col_group"), district.groups, format_func=labels.group
                ),
            }
            area = st.selectbox(
                say("app_targets.col_area"), list(areas), format_func=areas.__getitem__
            )
            values["measure"] = (
                "communities" if st.checkbox(say("app_targets.communities")) else "people"
            )
            values |= _numbers(context, Target(year=dt.date.today().year + 4, share=0.9), "new")
            why = _why(context, needed=False)
            sent = st.form_submit_button(say("app_plan.save"), type="primary")
        if sent:
            values["level"], values["area"] = area
            values |= {"workspace": context.entry.id, "note": why}
            attempt(partial(plan.set_target, why=why, **values), "set_target")
            st.rerun()


def _areas(context: Context, result: Assessment) -> dict[tuple[str, str], str]:
    """Return the areas that a target may be about, by level and id, with their names."""
    communities = result.district.communities
    named = sorted({str(name) for name in communities["subdistrict"] if name})
    ids = zip(communities["community_id"], communities["name"], strict=True)
    return {
        ("district", ""): context.labels.message("plan_targets.whole_district"),
        **{("subdistrict", name): name for name in named},
        **{("community", str(own)): str(name) for own, name in ids},
    }


def _numbers(context: Context, base: Target, name: str) -> dict[str, Any]:
    """Draw the boxes of year and shares, in per cent."""
    say = context.word
    year = st.number_input(say("app_targets.year"), *YEARS, base.year, key=f"plan_year_{name}")
    shares = {
        each: st.number_input(
            say(f"app_targets.{each}"),
            0.0,
            100.0,
            round(100 * getattr(base, each), 6),
            key=f"plan_{each}_{name}",
        )
        / 100
        for each in _SHARES
    }
    years = st.number_input(
        say("app_targets.years"), 1, MOST_YEARS, base.years, key=f"plan_years_{name}"
    )
    # what is asked in one year only does not rise, whatever stands in that box
    step = round(shares["step"], 9) if years > 1 else 0.0
    rounded = {each: round(value, 9) for each, value in shares.items()}
    return {**rounded, "step": step, "year": int(year), "years": int(years)}


def _why(context: Context, *, needed: bool = True) -> str:
    return st.text_input(
        context.word("app_plan.why" if needed else "app_targets.note"), max_chars=MOST_TEXT
    )


def _base(own: Kept) -> Kept:
    """Return a target or limit as it was when its boxes were first drawn: typed is meant so."""
    kept = st.session_state.get(_BASE)
    if type(kept) is not type(own) or kept.id != own.id:
        st.session_state[_BASE] = kept = own
    return kept


def change_target(context: Context, plan: Plan, own: Target) -> None:
    """Draw the form in which a target is changed."""
    base = _base(own)
    with st.popover(context.word("app_plan.edit"), icon=":material/edit:", key="plan_edit_target"):
        if base.version != own.version:
            st.caption(context.word("app_targets.changed_meanwhile"))
        with st.form(f"plan_edit_target_form_{own.id}", border=False):
            values = _numbers(context, base, f"{own.id}_{base.version}")
            why = _why(context)
            sent = st.form_submit_button(context.word("app_plan.save"), type="primary")
        if sent:
            st.session_state.pop(_BASE, None)
            _edit(plan, base, values, why)
            st.rerun()


def _edit(plan: Plan, base: Target | Limit, values: Mapping[str, Any], why: str) -> None:
    """Write fields of a target or limit; all of it meets another's edit, as all of it is meant."""
    layer = "target" if isinstance(base, Target) else "limit"
    whole = {name: getattr(base, name) for name in AIMS[layer].together} | dict(values)
    edit = plan.edit_target if layer == "target" else plan.edit_limit
    conflict.attempt_edit(edit, base, whole, why, f"edit_{layer}")


def met(context: Context, plan: Plan, layer: str, ids: Collection[str]) -> None:
    """Draw an edit of one of these targets or limits that met another's, with both ways out."""
    labels = context.labels
    conflict.draw(
        context,
        ids,
        plan.edit_target if layer == "target" else plan.edit_limit,
        f"edit_{layer}",
        partial(field_word, labels),
        lambda name, value: (
            labels.percent(value) if name in _SHARES else value_word(labels, name, value)
        ),
    )


def new_limit(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw the form in which a limit is set, in the unit of the proposals' prices."""
    say = context.word
    usual = plan.usual_unit(context.entry.id, str(result.district.money))
    with st.popover(say("app_targets.new_limit"), icon=":material/payments:", key="plan_new_limit"):
        with st.form("plan_new_limit_form", border=False):
            department = st.selectbox(
                say("app_targets.col_department"),
                list(DEPARTMENTS),
                format_func=context.labels.department,
            )
            year = st.number_input(say("app_targets.limit_year"), *YEARS, dt.date.today().year + 1)
            amount = st.number_input(say("app_targets.amount"), 0.0, key="plan_new_amount")
            currency = st.text_input(say("app_targets.currency"), usual, max_chars=40)
            note = _why(context, needed=False)
            sent = st.form_submit_button(say("app_plan.save"), type="primary")
        if sent:
            values = {"department": department, "year": int(year), "amount": amount, "note": note}
            values |= {"currency": currency, "workspace": context.entry.id}
            past = partial(past_limit_sentences, context.labels, int(year), dt.date.today())
            attempt(lambda: plan.set_limit(why=note, **values), "set_limit", past)
            st.rerun()


def change_limit(context: Context, plan: Plan, own: Limit) -> None:
    """Draw the form in which the amount of a limit is changed."""
    kept: dict[str, Limit] = st.session_state.setdefault(f"{_BASE}_limits", {})
    base = kept.setdefault(own.id, own)
    with st.popover(context.word("app_plan.edit"), icon=":material/edit:", key="plan_edit_limit"):
        if base.version != own.version:
            st.caption(context.word("app_targets.changed_meanwhile"))
        with st.form(f"plan_edit_limit_form_{own.id}", border=False):
            amount = st.number_input(
                context.word("app_targets.amount"),
                0.0,
                value=base.amount,
                key=f"plan_amount_{own.id}_{base.version}",
            )
            why = _why(context)
            sent = st.form_submit_button(context.word("app_plan.save"), type="primary")
        if sent:
            kept.pop(own.id, None)
            _edit(plan, base, {"amount": amount}, why)
            st.rerun()


def aside(context: Context, plan: Plan, layer: str, own: Target | Limit) -> None:
    """Draw the form in which a target or limit is put aside."""
    seen: dict[str, Target | Limit] = st.session_state.setdefault(_SEEN, {})
    # as it was drawn when somebody pressed, so that nobody puts aside what they have not seen
    before, seen[own.id] = seen.get(own.id, own), own
    label = context.word("app_targets.put_aside")
    with st.popover(label, icon=":material/visibility_off:", key=f"plan_aside_{layer}"):
        with st.form(f"plan_aside_{layer}_form_{own.id}", border=False):
            why = _why(context)
            sent = st.form_submit_button(label, type="primary")
        if sent:
            work = (
                partial(plan.put_target_aside, before, why)
                if isinstance(before, Target)
                else partial(plan.put_limit_aside, before, why)
            )
            attempt(work, f"put_aside_{layer}")
            st.rerun()


def limit_name(context: Context, limit: Limit) -> str:
    """Return a limit by department, year and amount."""
    return limit_sentence(context.labels, limit)
