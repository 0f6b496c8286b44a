"""Where the data tell of no kind that the standard judges: standards that judge what is there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import choices, own_standards
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.district import District
from planner.district.standards.standards import Standard

MOST = 3


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


def judging(district: District, known: Mapping[str, Standard]) -> dict[str, tuple[Standard, int]]:
    """Return standards that judge kinds of which there is data, with how many, by their ids.

    Those of another country come last, then those that judge fewer.
    """
    at_home = district.lies_in_mainland_china
    counts = {
        name: sum(district.has_data(kind) for kind in standard.rules)
        for name, standard in known.items()
    }

    def rank(name: str) -> tuple[bool, int]:
        return known[name].country == "CN" and not at_home, -counts[name]

    found = sorted((name for name in known if counts[name]), key=rank)
    return {name: (known[name], counts[name]) for name in found[:MOST]}
