"""What to do about a gap: each remedy is tried in What if, or looked for on its own page.

What if and siting measure everyone's walk at any hour: a gap that is one only at a moment, for a
service, by room or for a profile is none there, and nothing tried would show a gain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from planner.app.session import choices
from planner.app.session.answers.costs import costs_of
from planner.app.session.answers.gaps import GapQuestion, gap, place_in
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.session.drafts.prices import own
from planner.app.session.errors import markdown
from planner.app.widgets import propose, take_over
from planner.app.widgets.propose import Offer
from planner.district.scenarios.scenario import Change, Connect, OpenInternal
from planner.plan.proposals import making
from planner.plan.proposals.proposal import Proposal
from planner.siting.best_place import BestPlace


def draw(context: Context, question: GapQuestion, row: Any, name: str = "") -> None:
    """Draw the next steps for a gap of one kind.

    Parameters
    ----------
    context
        Words and district.
    question
        What was asked.
    row
        The gap, a row of :func:`planner.app.session.answers.gaps.linked_gap`.
    name
        What the gap is called and comes of, Markdown, beside which the steps are in sight; empty
        where that is told already.
    """
    say = context.word
    plain = question.plain and not question.capacity
    best = place_in(question, str(row.gap_id), own(context)) if plain else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="gap_steps"):
        if name:
            st.markdown(name, width="content")
        if plain:
            for name, icon, change in _tries(row, best):
                take_over.draw(
                    context,
                    current.blank(context).then(change),
                    f"gap_{name}",
                    label=say(f"gaps.try_{name}"),
                    icon=icon,
                    kind=row.kind,
                )
            told = say("gaps.to_siting_help")
            _button(context, question, row.kind, "siting", "add_location", told)
        if row.remedy in ("longer_hours", "hours_and_service"):
            _button(context, question, row.kind, "supply", "schedule")
    if not plain:
        st.caption(say("gaps.not_tried"))
    elif best is None:
        st.caption(say("gaps.no_new"))
    else:
        numbers = {
            "brought": context.labels.number(best.brought),
            "people": context.labels.number(best.people),
            "gained": context.labels.number(best.gained),
            "places": context.labels.number(best.places),
        }
        more = numbers["gained"] != numbers["brought"]
        code = "gaps.new_brings" if more else "gaps.new_brings_there"
        st.caption(markdown(say(code, **numbers)))
    _propose(context, question, row, _tries(row, best) if plain else [])


def _propose(
    context: Context, question: GapQuestion, row: Any, tries: list[tuple[str, str, Change]]
) -> None:
    """Draw what proposes each remedy of a gap, and a round to the door until a site exists."""
    about, prices = question.assessment(), costs_of(own(context))
    own_gap = gap(question, str(row.gap_id))

    def change(step: Change) -> list[Proposal]:
        return [replace(each, origin="gap") for each in making.drafts([step], about, prices)]

    def offer(name: str, icon: str, make: Callable[[], list[Proposal]]) -> Offer:
        return Offer(name, context.word(f"propose.gap_{name}"), icon, make)

    offers = [offer(name, icon, partial(change, step)) for name, icon, step in tries]
    if row.remedy in _BY_GAP:
        name, icon = _BY_GAP[row.remedy]
        offers.append(offer(name, icon, partial(making.drafts, own_gap, about, prices)))
    offers.append(offer("outreach", "directions_walk", partial(making.outreach, about, own_gap)))
    heading, what = context.word("propose.heading"), str(row.gap_id)
    propose.row(context, about, offers, "gap", what=what, heading=heading)


_BY_GAP = {
    "longer_hours": ("hours", "schedule"),
    "hours_and_service": ("hours", "schedule"),
    "add_service": ("service", "add_task"),
    "enlarge": ("enlarge", "open_in_full"),
}
"""Remedies whose proposal tells the facility and leaves open what exactly is done."""


def _button(
    context: Context,
    question: GapQuestion,
    kind: str,
    page: str,
    icon: str,
    told: str | None = None,
) -> None:
    """Draw the button to another page, with the kind and whom is counted."""
    st.button(
        context.word(f"gaps.to_{page}", kind=context.kind(kind)),
        icon=f":material/{icon}:",
        key=f"gap_{page}",
        help=told,
        on_click=_go,
        args=(kind, question.group, page),
    )


def _tries(row: Any, best: BestPlace | None) -> list[tuple[str, str, Change]]:
    """Return what can be tried in What if: its name, sign and change."""
    found: list[tuple[str, str, Change]] = []
    if row.link_work:
        ends = (row.link_x1, row.link_y1, row.link_x2, row.link_y2)
        link = Connect(*ends, name=row.link_name, length_m=row.link_length_m)
        gate = row.link_work == "open_gate"
        found.append(("gate", "door_open", link) if gate else ("link", "add_road", link))
    if row.remedy == "open_internal":
        found.append(("internal", "lock_open", OpenInternal(row.facility_id)))
    if best is not None:
        found.append(("new", "tactic", best.change))
    return found


def _go(kind: str, group: str, page: str) -> None:
    choices.choices().update(kind=kind, group=group)
    if page == "supply":
        choices.choices()["view"] = "hours"
    choices.go(page)
