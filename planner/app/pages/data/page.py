"""Data: the layers and where they come from, corrections, districts of one's own, files to take."""

from __future__ import annotations

import streamlit as st

from planner.app.pages.data import add, correct, kinds, layers, take
from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.loading import loaded_district
from planner.app.widgets import components

PARTS = {
    "layers": ("layers", layers.draw),
    "kinds": ("fact_check", kinds.draw),
    "correct": ("edit_location_alt", correct.draw),
    "add": ("upload", add.draw),
    "take": ("download", take.draw),
}
"""The parts of the page by their name in the address: icon, and what draws it."""


def page(context: Context) -> None:
    """Draw the page."""
    district = loaded_district(context)
    title, parts = st.columns([4, 8], vertical_alignment="bottom")
    with title:
        components.heading(context, district)
    if choices.own("part") not in PARTS:
        choices.choices().pop("part", None)
    with parts, st.container(horizontal=True, horizontal_alignment="right"):
        part = choices.switch(
            "part",
            context.word("app_data.part"),
            PARTS,
            "layers",
            lambda each: f":material/{PARTS[each][0]}: {context.word(f'app_data.part_{each}')}",
        )
    PARTS[part][1](context, district)
    if district.attribution:
        st.caption(context.say("credits", names=markdown(district.attribution)))
