"""Where the data tell of no kind that the standard judges: standards that judge what is there."""

from __future__ import annotations

from functools import partial

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.reader import own_standards
from planner.district.judging import judging


def draw(context: Context, result: Assessment) -> None:
    """Say that nothing is judged, and lead to the standards by which something is."""
    if result.judged_kinds or not result.kinds_without_data:
        return
    labels, word = context.labels, context.word
    offered = judging(result.district, own_standards.offered())
    told = "app.nothing_judged" if offered else "app.nothing_judged_by_any"
    st.info(
        markdown(word(told, standard=labels.standard(result.standard))), icon=":material/gavel:"
    )
    with st.container(horizontal=True):
        for name, (standard, count) in offered.items():
            st.button(
                word(
                    "app.judge_by", standard=labels.standard(standard), count=labels.number(count)
                ),
                key=f"other_standard_{name}",
                on_click=partial(choices.choose_for_all, "standard", name),
            )
