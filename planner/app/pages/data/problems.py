"""Facilities whose place looks wrong, and how to mend it."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.pages.data import corrections
from planner.app.pages.data.corrections import CHOSEN, LOOK
from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.district import District
from planner.district.corrections.steps import values_of
from planner.views.maps.base.basemap import bounds_around


def problem_word(context: Context, row: Any) -> str:
    """Return what looks wrong with the place of a facility, and how far the next street is."""
    word = context.word(f"app_data.problem_{row.problem}")
    if pd.isna(row.street_m):
        return f"{word}. {context.word('app_data.no_street_near')}"
    metres = context.labels.metres(row.street_m)
    return f"{word}. {context.word('app_data.street_at', metres=metres)}"


def draw(context: Context, here: District, wrong: pd.DataFrame) -> None:
    """Draw the facilities whose place looks wrong, each with a way to mend it."""
    if wrong.empty:
        st.success(context.word("app_data.no_problems"), icon=":material/check:")
        return
    names = here.facilities.set_index("facility_id")["name"]
    for row in wrong.head(50).itertuples():
        own = str(row.facility_id)
        words, show, move = st.columns([6, 1.6, 3.4], vertical_alignment="center")
        words.markdown(
            f"**{markdown(names[own] or own)}**  \n{markdown(problem_word(context, row))}"
        )
        show.button(
            "",
            icon=":material/my_location:",
            help=context.word("app_data.show"),
            key=f"show-{own}",
            on_click=_look,
            args=(here, own),
        )
        move.button(
            context.word("app_data.to_street"),
            key=f"street-{own}-{context.entry.corrections}",
            disabled=not math.isfinite(float(str(row.x))),
            on_click=_to_street,
            args=(context, own, float(str(row.x)), float(str(row.y))),
        )
    if len(wrong) > 50:
        st.caption(context.word("app_data.more_problems", count=len(wrong) - 50))


def _to_street(context: Context, own: str, x: float, y: float) -> None:
    corrections.save(context, own, {"x": x, "y": y})


def _look(here: District, own: str) -> None:
    choices.choices()[CHOSEN] = own
    held = values_of(here, own)
    st.session_state[LOOK] = bounds_around(here, float(held["x"] or 0), float(held["y"] or 0), 200)
