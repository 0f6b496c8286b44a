"""The district and its assessment, with a word about what takes long."""

from __future__ import annotations

import threading
from functools import cache

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.district import District

_one_at_a_time = threading.Lock()


def warm_up() -> threading.Thread:
    """Prepare the distance kernels in the background, once for the life of the server."""
    with _one_at_a_time:
        return _warm_up()


@cache
def _warm_up() -> threading.Thread:
    def prepare() -> None:
        from planner import network

        network.warm_up()

    thread = threading.Thread(target=prepare, name="warm-up", daemon=True)
    thread.start()
    return thread


def loaded_district(context: Context) -> District:
    """Return the district, saying that it is being read while it is."""
    with st.spinner(context.word("app.reading"), show_time=True):
        return context.district()


def loaded(context: Context) -> Assessment:
    """Return the assessment, saying what is done while it is made."""
    loaded_district(context)
    preparing = warm_up().is_alive()
    with st.spinner(
        context.word("app.preparing" if preparing else "app.assessing"), show_time=True
    ):
        return context.assessment()
