"""A tour of the demo: steps that go from page to page, each with its settings in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from planner.app.session import choices
from planner.app.session.catalogue import DEMO
from planner.app.session.context import Context

NAME = "tour"
OFF = "off"
STANDARD = "gb50180-2018"
_GO = "tour_go"


class Step(NamedTuple):
    """A step: its text's code, the address of its page, and the choices made there."""

    code: str
    path: str
    settings: Mapping[str, str]


STEPS = (
    Step("coverage", "coverage", {"kind": "clinic", "group": "population", "place": ""}),
    Step("gap", "gaps", {"gap_kind": "clinic", "gap_cause": "barrier", "gap": "clinic-005"}),
    Step("gate", "links", {"links": "clinic", "order": "ranked", "link": "1"}),
    Step(
        "siting",
        "siting",
        {"kind": "clinic", "objective": "coverage", "sites": "3", "places": "listed", "budget": ""},
    ),
    Step("budget", "budget", {"kinds": "", "at": "", "budget": "300"}),
    Step("what_if", "what-if", {"kind": "clinic", "work_view": "draw", "tool": "gate"}),
    Step("keep", "what-if", {"kind": "clinic", "work_view": "compare"}),
)
"""The gap of the second step is the one that the gate of the third brings within the limit."""


def start_button(context: Context, key: str) -> None:
    """Draw the button that begins the tour."""
    st.button(
        context.word("app_tour.tour"),
        key=key,
        icon=":material/tour:",
        help=context.word("app_tour.tour_help"),
        on_click=_go,
        args=(1,),
    )


def draw(context: Context, page: StreamlitPage, pages: Mapping[str, StreamlitPage]) -> None:
    """Draw the step at hand above a page, or offer the tour; go to a step's page once it is due.

    Parameters
    ----------
    context
        Words, and the district looked at.
    page
        The page about to be drawn.
    pages
        All pages by address.
    """
    number = _number()
    if number and st.session_state.pop(_GO, False):
        target = pages.get(STEPS[number - 1].path)
        if target is not None and target is not page:
            st.switch_page(target)
    place = st.empty()
    if number:
        choices.own(NAME)
        with place.container(key="tour_card"):
            _card(context, number, page is pages.get(STEPS[number - 1].path))
    elif context.entry.id == DEMO and page is pages.get("overview") and choices.own(NAME) != OFF:
        with place.container(key="tour_card"):
            _offer(context)


def _number() -> int:
    """Return the number of the step at hand, from 1; 0 where there is none."""
    text = choices.choices().get(NAME, "")
    number = int(text) if text.isdecimal() and len(text) < 3 else 0
    return number if number <= len(STEPS) else 0


def _go(number: int) -> None:
    """Take up a step: make its choices and turn to its page."""
    choices.choices().update(
        {"district": DEMO, "standard": STANDARD, NAME: str(number), **STEPS[number - 1].settings}
    )
    st.session_state[_GO] = True


def _stop() -> None:
    choices.choices()[NAME] = OFF


def _card(context: Context, number: int, here: bool) -> None:
    say, step = context.word, STEPS[number - 1]
    title = say(
        "app_tour.step", number=number, count=len(STEPS), title=say(f"app_tour.{step.code}")
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        told = say(f"app_tour.{step.code}_text") if here else say("app_tour.elsewhere")
        st.markdown(f"**{title}** {told}", width="stretch")
        if not here:
            _button(context, "resume", "reply", number)
        else:
            if number > 1:
                _button(context, "back", "arrow_back", number - 1)
            if number < len(STEPS):
                _button(context, "next", "arrow_forward", number + 1)
        done = "finish" if here and number == len(STEPS) else "stop"
        st.button(say(f"app_tour.{done}"), key="tour_stop", icon=":material/close:", on_click=_stop)


def _button(context: Context, code: str, icon: str, to: int) -> None:
    st.button(
        context.word(f"app_tour.{code}"),
        key=f"tour_{code}",
        icon=f":material/{icon}:",
        type="primary" if code in ("next", "resume") else "secondary",
        on_click=_go,
        args=(to,),
    )


def _offer(context: Context) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(context.word("app_tour.offer"), width="stretch")
        st.button(
            context.word("app_tour.start"),
            key="tour_start",
            icon=":material/tour:",
            type="primary",
            on_click=_go,
            args=(1,),
        )
        st.button(
            context.word("app_tour.no"), key="tour_no", icon=":material/close:", on_click=_stop
        )
