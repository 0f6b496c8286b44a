"""The district and its assessment, with a word about what takes long."""

from __future__ import annotations

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import store
from planner.app.session.context import Context
from planner.district import District


def loaded_district(context: Context) -> District:
    """Return the district, saying that it is being read while it is."""
    with st.spinner(context.say("reading"), show_time=True):
        return context.district()


def loaded(context: Context) -> Assessment:
    """Return the assessment, saying what is done while it is made."""
    loaded_district(context)
    preparing = store.warm_up().is_alive()
    with st.spinner(context.say("preparing" if preparing else "assessing"), show_time=True):
        return context.assessment()
