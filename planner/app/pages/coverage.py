"""Coverage of one kind: figures, map and table of the communities."""

from __future__ import annotations

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app import components, mapview, state
from planner.app.context import Context
from planner.app.errors import told
from planner.app.loading import loaded


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _draw(context: Context, result: Assessment) -> None:
    """Draw what changes with kind and group; nothing else runs again when they change."""
    title, kind_box, group_box = st.columns([5, 4, 3], vertical_alignment="bottom")
    with title:
        components.heading(context, result.district)
    with kind_box:
        kind = components.pick_kind(context, result)
    with group_box:
        group = components.pick_group(context, result)
    components.refusals(context)
    components.figures(context, result, kind, group)
    left, right = st.columns([8, 5])
    with left:
        mapview.draw(context, result, kind, group)
    with right:
        components.area_table(context, result, kind, group)
    components.notes(context, result, kind)
    state.write_address()
