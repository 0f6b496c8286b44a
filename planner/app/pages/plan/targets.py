"""Targets and the path that is decided against each, limits of budgets, and what both assume."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import aim_forms, assumptions
from planner.app.pages.plan.target_chart import path_chart
from planner.app.pages.plan.years import assuming
from planner.app.session import background, choices
from planner.app.session.answers.joint_plan import paths
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.jobs import estimates
from planner.app.session.jobs.tickets import Ticket
from planner.app.widgets import tables
from planner.plan.plan import Plan
from planner.plan.targets.budgets import Budget
from planner.plan.targets.lead_times import LeadTimes
from planner.plan.targets.path import Goal, Growth, Path
from planner.plan.workflow import guards
from planner.plan.workflow.guards import SETS_AIMS
from planner.views.words.plan.targets import (
    amount_word,
    area_word,
    asked_word,
    goal_stand_word,
    judged_sentence,
    lead_times_sentence,
    limit_amount,
    limit_sentence,
    money_range,
    path_sentences,
    share_word,
    target_name,
    with_houses,
)

TARGET, LIMIT = "plan_target", "plan_limit"
"""Which of them is shown, by its id: a list that another office makes longer moves nothing."""

_DECIDE = ("kind", "year", "asked", "stand", "state", "lacking", "latest")
"""The columns by which one sees how a target stands."""


def draw(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw targets, their paths and limits of this district."""
    may_set = guards.may(plan.actor, SETS_AIMS)
    with st.container(horizontal=True):
        times, growth = assumptions.draw(context, result)
        if may_set:
            aim_forms.new_target(context, result, plan)
            aim_forms.new_limit(context, result, plan)
    found = _paths(context, result, plan, times, growth)
    if found is not None:
        aim_forms.met(context, plan, "target", [each.target.id for each in found])
        _targets(context, result, plan, found, times, may_set)
    _limits(context, plan, may_set)


def _paths(
    context: Context, result: Assessment, plan: Plan, times: LeadTimes, growth: Growth | None
) -> list[Path] | None:
    question = assuming(context, plan, times, growth)

    def work(_ticket: Ticket) -> list[Path]:
        return paths(question, plan)

    return background.value(
        context,
        ("plan_targets", question),
        work,
        context.word("app_targets.working"),
        size=estimates.judged_size(result, ""),
    )


def _targets(
    context: Context,
    result: Assessment,
    plan: Plan,
    found: Sequence[Path],
    times: LeadTimes,
    may_set: bool,
) -> None:
    labels, say = context.labels, context.word
    st.markdown(f"**{say('app_targets.title')}**")
    if not found:
        st.info(labels.message("plan_targets.no_targets"), icon=":material/info:")
        return
    tables.draw(
        context,
        _table(context, result, found),
        "plan_targets",
        first=[say(f"app_targets.col_{name}") for name in _DECIDE],
        height="content",
        room=tables.WHOLE,
    )
    own = {each.target.id: each for each in found}
    chosen = choices.pick(
        TARGET,
        say("app_targets.which"),
        own,
        next(iter(own)),
        lambda each: target_name(labels, own[each].target, result.district),
    )
    path = own[chosen]
    left, right = st.columns([7, 5])
    with left:
        if any(each.low is not None for each in path.stands):
            names = ("year", "low", "high", "asked", "path", "share")
            words = {name: say(f"app_targets.chart_{name}") for name in names}
            st.altair_chart(path_chart(path, words), key="plan_path")
    with right:
        lines = path_sentences(labels, path, dt.date.today(), result.district)
        st.markdown("\n".join(f"- {markdown(line)}" for line in lines))
        st.caption(markdown(judged_sentence(labels, result.standard)))
        if path.first_missed is not None:
            st.caption(markdown(lead_times_sentence(labels, times)))
        if may_set:
            with st.container(horizontal=True):
                if not math.isnan(path.target.share):  # its boxes would tell it
                    aim_forms.change_target(context, plan, path.target)
                aim_forms.aside(context, plan, "target", path.target)


def _table(context: Context, result: Assessment, found: Sequence[Path]) -> pd.DataFrame:
    """Return a row for each year of each target."""
    say = context.word
    rows = [_goal_row(context, result, path, goal) for path in found for goal in path.goals]
    table = pd.DataFrame(rows)
    return table.rename(columns={name: say(f"app_targets.col_{name}") for name in table})


def _goal_row(context: Context, result: Assessment, path: Path, goal: Goal) -> dict[str, str]:
    labels, latest = context.labels, goal.latest["build"] if goal.latest else None
    return {
        "kind": labels.kind(path.target.kind, result.district.kinds),
        "area": area_word(labels, path.target, result.district),
        "group": labels.group(path.group),
        "year": str(goal.year),
        "asked": share_word(labels, path, asked_word(labels, goal)),
        "stand": goal_stand_word(labels, path, goal),
        "state": context.word(f"app_targets.state_{goal.state}"),
        "lacking": amount_word(labels, path, goal.lacking_low, goal.lacking_high),
        "reached_in": "" if goal.reached_in is None else str(goal.reached_in),
        "latest": "" if latest is None else f"{latest[0]}-{latest[1]:02d}",
    }


def _limits(context: Context, plan: Plan, may_set: bool) -> None:
    """Draw the limits of budgets, and what is decided and asked for of each."""
    labels, say = context.labels, context.word
    st.markdown(f"**{say('app_targets.title_limits')}**")
    found = plan.budgets(context.entry.id)
    if not found:
        st.caption(labels.message("plan_targets.no_limits"))
        return
    aim_forms.met(context, plan, "limit", [each.limit.id for each in found])
    table = pd.DataFrame([_limit_row(context, each) for each in found])
    table = table.rename(columns={name: say(f"app_targets.col_{name}") for name in table})
    tables.draw(
        context,
        table,
        "plan_limits",
        first=[say(f"app_targets.col_{name}") for name in ("department", "year", "state")],
        height="content",
        room=tables.WHOLE,
    )
    for each in (x for x in found if x.whole or x.elsewhere or x.twice):
        named = limit_sentence(labels, each.limit)
        st.caption(with_houses(labels, named, each.whole, each.elsewhere, each.twice))
    if not may_set:
        return
    own = {each.limit.id: each.limit for each in found}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = choices.pick(
            LIMIT,
            say("app_targets.which_limit"),
            own,
            next(iter(own)),
            lambda each: aim_forms.limit_name(context, own[each]),
        )
        aim_forms.change_limit(context, plan, own[chosen])
        aim_forms.aside(context, plan, "limit", own[chosen])


def _limit_row(context: Context, budget: Budget) -> dict[str, str]:
    labels, limit = context.labels, budget.limit
    unpriced = len(budget.decided.unpriced) + len(budget.asked.unpriced)

    def money(low: float, high: float) -> str:
        # the unit stands beside the limit
        return money_range(labels, low, high, "")

    return {
        "department": labels.department(limit.department),
        "year": str(limit.year),
        "limit": limit_amount(labels, limit.amount, limit.currency, limit.workspace),
        "decided": money(budget.decided.low, budget.decided.high),
        "open": money(budget.asked.low, budget.asked.high),
        "unpriced": labels.number(unpriced),
        "state": labels.message(f"plan_targets.state_{budget.state}"),
    }
