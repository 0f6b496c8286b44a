"""The proposals of the district: what waits for an answer, and all of them as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import by_hand, card, elsewhere
from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.reader import permissions
from planner.app.widgets import downloads, tables
from planner.plan.coordination.meeting.open_cases import asked_of, objected_to, waiting_cases
from planner.plan.joint import is_of_other_data
from planner.plan.plan import Plan
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED, STATUSES
from planner.plan.queries import Wanted
from planner.plan.workflow.reviews import Case
from planner.views.tables.plan.plan import proposals_table
from planner.views.words.plan.brought import bases, bases_sentence, no_data_sentence
from planner.views.words.plan.details import of_other_data_sentence
from planner.views.words.plan.proposals import (
    consultation_sentence,
    cost_heading,
    departments_words,
    proposal_name,
    review_sentence,
    status_sentence,
    word,
)

ALL, OPEN_YEAR = "all", "open"
FILTERS: dict[str, Callable[[Proposal], Sequence[str]]] = {
    "status": lambda own: [own.status],
    "department": lambda own: [own.department] if own.department else [],
    "kinds": lambda own: own.kinds,
    "year": lambda own: [OPEN_YEAR if own.year is None else str(own.year)],
}
"""What the table can be narrowed down by: of a proposal, the values that it fits."""

MOST_WAITING = 8
"""Lines of what waits for an answer that are shown at once."""

_DECIDE = (
    "title",
    "status",
    "department",
    "year",
    "gained",
    "gained_unsure",
    "gained_more",
    "cost",
    "waiting",
    "unanswered",
)


def draw(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw what waits, and the proposals of this district, those that wait for an answer first."""
    if by_hand.is_open(context):
        by_hand.draw(context, result, plan)
        return
    cases = plan.cases(Wanted(workspace=context.entry.id))
    _figures(context, cases)
    _waiting(context, cases)
    by_hand.offer(context)
    if not cases:
        elsewhere.draw(context, plan, context.word("app_plan.nothing_proposed"))
        return
    shown = _filtered(context, cases)
    if not shown:
        return
    shown.sort(key=lambda case: case.urgency)
    table = proposals_table(shown, context.labels, result.district.kinds)
    ids = [case.proposal.id for case in shown]
    by = bases(context.labels, [case.proposal for case in shown])
    units = {row.currency for case in shown if (row := case.proposal).cost is not None}
    headings = {
        name: context.word(f"plan_words.col_{name}") for name in _first(shown, by, len(units))
    }
    headings = {name: own for name, own in headings.items() if own in table}
    cost, one = headings["cost"], cost_heading(context.labels, units)
    first = [one if each == cost else each for each in headings.values()]
    tables.draw(
        context,
        table.rename(columns={cost: one}),
        f"plan_{hash(tuple(ids))}",
        first=first,
        height="content",
        room=tables.WHOLE,
        take=partial(_open_row, ids=ids),
        name="plan",
        beside=lambda: _beside(context, table),
    )
    own = [case.proposal for case in shown]
    # who is shown fewer counts has other data: nothing is said of whether they changed
    hidden = permissions.withheld_below(context.entry.id)
    old = [] if hidden else [x.id for x in own if is_of_other_data(x, result.district)]
    for told in (
        bases_sentence(context.labels, by),
        no_data_sentence(context.labels, own),
        of_other_data_sentence(context.labels, old),
    ):
        if told:
            st.caption(markdown(told))


def _first(shown: Sequence[Case], by: Sequence[str], units: int) -> list[str]:
    """Return the columns that decide.

    The most of a price stands beside the least where they differ, by what a gain was counted
    beside the gain where that is not the same of all, and the unit beside the price likewise.
    """
    found = list(_DECIDE)
    if any(case.proposal.cost_high is not None for case in shown):
        found.insert(found.index("cost") + 1, "cost_most")
    if units > 1:
        found.insert(found.index("cost") + 1, "currency")
    if len(by) > 1:
        found.insert(found.index("cost"), "standard")
    return found


def _beside(context: Context, table: pd.DataFrame) -> None:
    st.caption(context.word("app_plan.pick"), width="content")
    label, name = context.word("app_plan.take_table"), f"{context.stem}-plan.csv"
    downloads.file(downloads.table(label, name, lambda: table), "plan")


def _open_row(key: str, ids: list[str]) -> None:
    choices.choices()[card.PROPOSAL] = tables.chosen_row(key, ids)


def _figures(context: Context, cases: list[Case]) -> None:
    """Draw how many proposals there are, how many of them wait, and what is decided."""
    labels, say = context.labels, context.word
    status = [case.proposal.status for case in cases]
    asked = asked_of(cases)
    boxes = st.columns(4, gap="small")
    counts = {
        "open": len(asked),
        "waiting": sum(case.missing_any for case in asked),
        "unanswered": len(objected_to(cases)),
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
    asked_for = {case.proposal.id for case in asked_of(cases)}
    for case in waiting_cases(cases):
        about = {"id": case.proposal.id, "name": proposal_name(labels, case.proposal)}
        for review in case.unanswered:
            said = review_sentence(labels, case, review)
            lines.append(labels.message("plan_words.unanswered_row", **about, said=said))
        if case.missing_any and case.proposal.id in asked_for:
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
    """Draw a choice for each of the filters, and return the proposals that fit all of them."""
    labels, say = context.labels, context.word
    boxes = st.columns(len(FILTERS))
    chosen: dict[str, str] = {}
    for box, (name, values_of) in zip(boxes, FILTERS.items(), strict=True):
        there = {value for case in cases for value in values_of(case.proposal)}
        # statuses and kinds in their own order, years and departments in that of their words
        known = [*STATUSES, *context.district().kinds]
        order = sorted(there, key=lambda each: (known.index(each) if each in known else 0, each))
        with box:
            chosen[name] = choices.pick(
                f"plan_{name}",
                labels.message(f"plan_words.col_{name}"),
                [ALL, *order],
                ALL,
                partial(_filter_word, context, name),
            )
    if chosen["status"] != ALL:
        boxes[0].caption(status_sentence(labels, chosen["status"]))
    shown = [
        case
        for case in cases
        if all(
            chosen[name] in (ALL, *values_of(case.proposal)) for name, values_of in FILTERS.items()
        )
    ]
    if cases and not shown:
        st.info(say("app_plan.none_fits"), icon=":material/filter_alt_off:")
    return shown


def _filter_word(context: Context, name: str, value: str) -> str:
    labels = context.labels
    if value == ALL:
        return context.word("app_plan.all")
    if name == "status":
        return word(labels, "status", value)
    if name == "department":
        return departments_words(labels, [value])
    if name == "kinds":
        return labels.kind(value, context.district().kinds)
    return context.word("app_plan.year_open") if value == OPEN_YEAR else value
