"""Data: the layers and where they come from, corrections, districts of one's own, files to take."""

from __future__ import annotations

import streamlit as st

from planner.app.pages.data import check, facilities, kinds, layers, taking, update, upload
from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.session.loading import loaded_district
from planner.app.widgets import frame

PARTS = {
    "layers": ("layers", layers.draw),
    "check": ("checklist", check.draw),
    "kinds": ("fact_check", kinds.draw),
    "correct": ("edit_location_alt", facilities.draw),
    "update": ("published_with_changes", update.draw),
    "add": ("upload", upload.draw),
    "take": ("download", taking.draw),
}
"""The parts of the page by their name in the address: icon, and what draws it."""


def page(context: Context) -> None:
    """Draw the page."""
    district = loaded_district(context)
    title, parts = st.columns([3, 9], vertical_alignment="bottom")
    with title:
        frame.heading(context, district)
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
    PARTS[part][1](context.with_own_names(), district)
    frame.credits_line(context, district)
