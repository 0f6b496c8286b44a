"""Data: the layers and where they come from, corrections, districts of one's own, files to take."""

from __future__ import annotations

import streamlit as st

from planner.app import components, data_add, data_correct, data_layers, data_take, state
from planner.app.context import Context
from planner.app.errors import markdown
from planner.app.loading import loaded_district

PARTS = {
    "layers": ("layers", data_layers.draw),
    "correct": ("edit_location_alt", data_correct.draw),
    "add": ("upload", data_add.draw),
    "take": ("download", data_take.draw),
}
"""The parts of the page by their name in the address: icon, and what draws it."""


def page(context: Context) -> None:
    """Draw the page."""
    district = loaded_district(context)
    title, parts = st.columns([4, 8], vertical_alignment="bottom")
    with title:
        components.heading(context, district)
    if state.own("part") not in PARTS:
        state.choices().pop("part", None)
    with parts, st.container(horizontal=True, horizontal_alignment="right"):
        part = state.switch(
            "part",
            context.word("app_data.part"),
            PARTS,
            "layers",
            lambda each: f":material/{PARTS[each][0]}: {context.word(f'app_data.part_{each}')}",
        )
    PARTS[part][1](context, district)
    if district.attribution:
        st.caption(context.say("credits", names=markdown(district.attribution)))
