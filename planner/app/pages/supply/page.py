"""Supply and hours: the week, load against capacity, redundancy, equity, ranges."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.supply import equity, hours, load, ranges
from planner.app.session import background, choices
from planner.app.session.answers import measures
from planner.app.session.answers.assessments import Question
from planner.app.session.context import Context
from planner.app.session.jobs.tickets import Ticket
from planner.app.widgets import frame

Measure = Callable[[Question, str, str], object]


class View(NamedTuple):
    """What the page can show: what draws it, whether it needs a limit, and its measures."""

    draw: Callable[[Context, Assessment, str, str], None]
    needs_limit: bool
    measures: tuple[Measure, ...]


VIEWS: dict[str, View] = {
    "hours": View(
        hours.draw,
        True,
        (
            lambda question, _, group: measures.week(question, group),
            lambda question, _, group: measures.round_the_clock(question, group),
        ),
    ),
    "load": View(
        load.draw,
        False,
        (measures.catchments, lambda question, _, group: measures.load(question, group)),
    ),
    "alone": View(load.draw_redundancy, True, (measures.redundancy,)),
    "equity": View(
        equity.draw,
        False,
        (lambda question, _, group: measures.equity(question, group), measures.distance_lorenz),
    ),
    "range": View(
        ranges.draw,
        True,
        (measures.ranges, lambda question, _kind, _group: measures.loose_pieces(question)),
    ),
}


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    kind, group = frame.kind_and_group_row(context, result)
    context = context.counting(group)
    frame.refused_choices(context)
    view = choices.switch(
        "view",
        context.word("measures.page"),
        VIEWS,
        "hours",
        lambda name: context.word(f"measures.tab_{name}"),
    )
    if VIEWS[view].needs_limit and result.rule(kind) is None:
        st.info(context.word("measures.not_judged_note"), icon=":material/info:")
    elif _ready(context, view, kind, group):
        VIEWS[view].draw(context, result, kind, group)
    frame.notes(context, result, kind)


def _ready(context: Context, view: str, kind: str, group: str) -> bool:
    """Work out what a view shows, unless it is there already; False while it is not."""
    needed = VIEWS[view].measures

    def work(ticket: Ticket) -> bool:
        for number, measure in enumerate(needed, start=1):
            ticket.check()
            measure(context.question, kind, group)
            ticket.progress(number / len(needed))
        return True

    key = ("supply", context.question, view, kind, group)
    return bool(background.value(context, key, work, context.word("app_work.measures")))
