"""The proposals of the district: what waits for an answer, and all of them as a table."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import card
from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import downloads, tables
from planner.plan.plan import Plan
from planner.plan.queries import Wanted
from planner.plan.workflow.reviews import Case
from planner.plan.workflow.steps import DECIDED, OPEN, STATUSES
from planner.views.tables.plan import proposals_table
from planner.views.words.plan import (
    consultation_sentence,
    departments_words,
    proposal_name,
    review_sentence,
    status_sentence,
    word,
)

STATUS, DEPARTMENT = "plan_status", "plan_department"
ALL = "all"
MOST_WAITING = 8
"""Lines of what waits for an answer that are shown at once."""

_DECIDE = ("title", "status", "department", "year", "gained", "cost", "waiting", "unanswered")


def draw(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw what waits, and the proposals of this district, those that wait for an answer first."""
    cases = plan.cases(Wanted(workspace=context.entry.id))
    _figures(context, cases)
    _waiting(context, cases)
    shown = _filtered(context, cases)
    if not cases:
        st.info(context.word("app_plan.nothing_proposed"), icon=":material/info:")
        return
    shown.sort(key=_urgency)
    table = proposals_table(shown, context.labels, result.district.kinds)
    ids = [case.proposal.id for case in shown]
    tables.draw(
        context,
        table,
        f"plan_{hash(tuple(ids))}",
        first=[context.labels.message(f"plan_words.col_{name}") for name in _DECIDE],
        height="content",
        room=tables.WHOLE,
        take=partial(_open_row, ids=ids),
        name="plan",
        beside=lambda: _beside(context, table),
    )


def _beside(context: Context, table: pd.DataFrame) -> None:
    st.caption(context.word("app_plan.pick"), width="content")
    label, name = context.word("app_plan.take_table"), f"{context.stem}-plan.csv"
    downloads.file(downloads.table(label, name, lambda: table), "plan")


def _open_row(key: str, ids: list[str]) -> None:
    choices.choices()[card.PROPOSAL] = tables.chosen_row(key, ids)


def _urgency(case: Case) -> tuple[int, str, str]:
    """Return by what proposals are sorted: answers that are needed first, by their date."""
    status = STATUSES.index(case.proposal.status)
    needed = [each.due or "9999" for each in case.waiting_for if each.need == "needed"]
    if case.unanswered or case.missing_any:
        return 0, min(needed, default="0000"), case.proposal.created_at
    return 1 + status, "", case.proposal.created_at


def _figures(context: Context, cases: list[Case]) -> None:
    """Draw how many proposals there are, how many of them wait, and what is decided."""
    labels, say = context.labels, context.word
    status = [case.proposal.status for case in cases]
    waiting = [case for case in cases if case.missing_any]
    unanswered = [case for case in cases if case.unanswered and case.proposal.status in OPEN]
    boxes = st.columns(4, gap="small")
    counts = {
        "open": sum(each in OPEN for each in status),
        "waiting": len(waiting),
        "unanswered": len(unanswered),
        "decided": sum(each in DECIDED for each in status),
    }
    for box, (name, count) in zip(boxes, counts.items(), strict=True):
        box.metric(
            say(f"app_plan.metric_{name}"),
            labels.number(count),
            help=say(f"app_plan.metric_{name}_help"),
            border=True,
        )


def _waiting(context: Context, cases: list[Case]) -> None:
    """Say whose answer is needed and which objections have none, the earliest date first."""
    labels = context.labels
    lines: list[str] = []
    for case in sorted(cases, key=_urgency):
        if case.proposal.status not in OPEN:
            continue
        about = {"id": case.proposal.id, "name": proposal_name(labels, case.proposal)}
        for review in case.unanswered:
            said = review_sentence(labels, case, review)
            lines.append(labels.message("plan_words.unanswered_row", **about, said=said))
        if case.missing_any:
            asked = [each for each in case.waiting_for if each.need == "needed"]
            told = [consultation_sentence(labels, each) for each in asked]
            lines += [
                labels.message("plan_words.waiting_row", **about, asked=each) for each in told
            ]
    if not lines:
        return
    st.markdown(f"**{context.word('app_plan.waits')}**")
    st.markdown("\n".join(f"- {markdown(line)}" for line in lines[:MOST_WAITING]))
    if len(lines) > MOST_WAITING:
        st.caption(context.word("app_plan.more_waits", count=len(lines) - MOST_WAITING))


def _filtered(context: Context, cases: list[Case]) -> list[Case]:
    """Draw the choices of a status and a department, and return the proposals that fit."""
    labels = context.labels
    departments = sorted({case.proposal.department for case in cases} - {""})
    left, right = st.columns(2)
    with left:
        status = choices.pick(
            STATUS,
            labels.message("plan_words.col_status"),
            [ALL, *STATUSES],
            ALL,
            lambda each: (
                context.word("app_plan.all") if each == ALL else word(labels, "status", each)
            ),
        )
        if status != ALL:
            st.caption(status_sentence(labels, status))
    with right:
        department = choices.pick(
            DEPARTMENT,
            labels.message("plan_words.col_department"),
            [ALL, *departments],
            ALL,
            lambda each: (
                context.word("app_plan.all") if each == ALL else departments_words(labels, [each])
            ),
        )
    return [
        case
        for case in cases
        if status in (ALL, case.proposal.status) and department in (ALL, case.proposal.department)
    ]
