"""Coverage where doors lie far from every mapped street: read straight, or both ways."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.notes.notes import FAR_M
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import inputs

MOST_M = 1000.0

_TOLD = ("analysis.round_corners", "analysis.unmapped_ground")
_NAME = "unmapped"


def measured(context: Context, result: Assessment) -> tuple[Context, Assessment]:
    """Return the context with what the address says of far doors, and the assessment by it."""
    metres = inputs.kept_number(_NAME, 0.0, MOST_M)
    if metres is None:
        return context, result
    context = replace(context, unmapped_m=metres)
    with st.spinner(context.word("app.assessing"), show_time=True):
        return context, context.assessment()


def draw(context: Context, straight: Assessment, result: Assessment) -> None:
    """Draw whom the reading concerns, and the box for it; nothing where no door lies far.

    Parameters
    ----------
    context
        With the reading that is shown.
    straight, result
        The assessment with all ways straight, and the one that is shown.
    """
    told = [each for each in result.findings if each.code in _TOLD]
    if not told and context.unmapped_m is None and not straight.reach.farther(FAR_M).any():
        return
    word, kinds = context.word, result.district.kinds
    with st.expander(
        word("app.far_doors"), icon=":material/apartment:", expanded=context.unmapped_m is not None
    ):
        left, right = st.columns([3, 9], vertical_alignment="center", gap="medium")
        with left:
            inputs.optional_number(
                _NAME,
                word("app.far_doors_box"),
                most=MOST_M,
                step=10.0,
                digits="%.0f",
                placeholder=word("app.far_doors_straight"),
                help=word("app.far_doors_help", metres=context.labels.metres(FAR_M)),
            )
        for each in told:
            right.markdown(markdown(context.labels.finding(each, kinds)))
        if not told:
            right.markdown(word("app.far_doors_nobody"))
