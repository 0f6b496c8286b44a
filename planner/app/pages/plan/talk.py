"""What the next joint meeting is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import assumptions, elsewhere, house
from planner.app.pages.plan.years import assuming
from planner.app.session import background
from planner.app.session.answers.gaps import GapQuestion
from planner.app.session.answers.joint_plan import agenda
from planner.app.session.context import Context
from planner.app.session.drafts.prices import own as own_prices
from planner.app.session.errors import markdown
from planner.app.session.jobs import estimates
from planner.app.session.jobs.tickets import Ticket
from planner.app.widgets import downloads
from planner.plan.coordination.meeting.agenda import Agenda
from planner.plan.coordination.meeting.matter import Matter
from planner.plan.plan import Plan
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import Point, agenda_points, quiet_sentences

TOGETHER = ("shared_building", "one_place")
"""Matters of which one house can be made at once."""

MOST_LINES = 40
"""Lines of a point that are shown at first; the Word document has all."""


def draw(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw the points of the agenda, each with the departments concerned and what to decide."""
    labels = context.labels
    asked = GapQuestion.of(context.question, "", result.groups[0])
    question = assuming(context, plan, *assumptions.assumed(result))
    prices = own_prices(context)

    def work(ticket: Ticket) -> Agenda:
        return agenda(question, asked, prices, plan, ticket)

    found = background.value(
        context,
        ("plan_agenda", question, asked, prices),
        work,
        context.word("app_plan.working_talk"),
        can_stop=True,
        size=estimates.judged_size(result, ""),
    )
    if found is None:
        _at_once(context, result, plan)
        return
    points = list(agenda_points(labels, found, result.district))
    for line in quiet_sentences(labels, found):
        st.info(markdown(line), icon=":material/info:")
        elsewhere.another(context, plan)

    def beside(matter: Matter) -> None:
        singles = [found.named[own] for own in matter.proposals]
        house.button(context, result, plan, singles, "plan_one_" + "_".join(matter.proposals))

    for number, point in enumerate(points):
        _point(context, number, point, beside)
    told = labels.message("plan_words.for_the_minutes", entries=found.entries, head=found.head)
    if found.entries:
        st.caption(markdown(told))
    label, name = context.word("app_plan.take_agenda"), f"{context.stem}-agenda.docx"
    downloads.file(downloads.File(label, name, lambda: _word(found, result, labels)), "plan_agenda")


def _at_once(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw what the plan itself tells, while what proposals mean for each other is worked out."""
    told = plan.agenda(None, context.entry.id)
    own = replace(told, matters=(), targets=(), budgets=(), misfits=())
    for number, point in enumerate(agenda_points(context.labels, own, result.district)):
        _point(context, number, point, lambda _matter: None)


def _point(
    context: Context,
    number: int,
    point: Point,
    beside: Callable[[Matter], None],
) -> None:
    """Draw a point of the agenda; of many lines the first, and all of them on demand.

    Below each matter that somebody can act on at once, what does it is drawn.
    """
    box, shown = st.container(), point.lines
    if len(shown) > MOST_LINES:
        label = context.word("app_plan.all_lines", count=context.labels.number(len(shown)))
        if not st.toggle(label, key=f"plan_point_{number}"):
            shown = shown[:MOST_LINES]
    together: list[str] = [f"**{markdown(point.heading)}**"]
    for line, matter in zip_longest(shown, point.matters[: len(shown)]):
        together += [f"- {markdown(line.splitlines()[0])}"]
        together += [f"    - {markdown(each)}" for each in line.splitlines()[1:]]
        if matter is not None and matter.code in TOGETHER:
            box.markdown("\n".join(together))
            together = []
            with box:
                beside(matter)
    box.markdown("\n".join(together))
    for note in point.notes:
        box.caption(markdown(note))


def _word(found: Agenda, result: Assessment, labels: Labels) -> bytes:
    from planner.reports.agenda import agenda_docx

    return agenda_docx(found, result, labels, dt.datetime.now())
