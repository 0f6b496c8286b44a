"""The steps of the draft: what each does, what it brings on top of those before, and the rest."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.session.drafts.draft import Draft
from planner.app.session.errors import markdown
from planner.app.widgets import plan_figures, propose
from planner.app.widgets.change_words import sentence
from planner.district import Scenario
from planner.district.scenarios.scenario import Change, Connect, Convert, Open

HEIGHT = 250

MOST_TOLD = 12
"""Steps of which is told what each brings: every one is an assessment of its own."""

MOST_HOMES = 250_000
"""Homes of all these assessments together: of a whole city they would take many seconds."""


def draw(context: Context, draft: Draft, after: Assessment, kind: str, group: str) -> None:
    """Draw the steps with what each brings; links are told of the kind that is shown."""
    made = draft.current.changes
    if not made:
        st.info(context.word("app_what_if.no_steps"), icon=":material/touch_app:")
        return
    brought = _brought(context, draft.current, after, kind, group)
    with st.container(height=HEIGHT, border=False):
        for number, (change, told) in enumerate(zip(made, brought, strict=True)):
            with st.container(
                horizontal=True,
                vertical_alignment="center",
                gap="small",
                key=f"whatif_step_{number}",
            ):
                words = sentence(context, change, after.district, context.district())
                line = f"**{number + 1}.** {markdown(words)}"
                st.markdown(f"{line}  \n:small[{told}]" if told else line, width="stretch")
                st.button(
                    "",
                    help=context.word("app_what_if.remove", number=number + 1),
                    key=f"whatif_remove_{number}",
                    icon=":material/close:",
                    type="tertiary",
                    on_click=current.change,
                    args=(context, partial(_without, number=number)),
                )
    st.button(
        context.word("app_what_if.clear"),
        key="whatif_clear",
        icon=":material/restart_alt:",
        on_click=current.change,
        args=(context, lambda kept: kept.load(current.blank(context))),
    )
    propose.of_advice(context, draft.current, "whatif", assessment=context.assessment())


def _brought(
    context: Context, scenario: Scenario, after: Assessment, kind: str, group: str
) -> list[str]:
    """Return in words whom each step brings within the limit on top of the steps before it.

    Empty for one whose kind is not judged, and for all where there are too many.
    """
    made = scenario.changes
    if len(made) > MOST_TOLD or len(made) * len(after.district.demand) > MOST_HOMES:
        return [""] * len(made)
    results = [
        current.assessment_after(context, replace(scenario, changes=made[:count]))
        for count in range(len(made))
    ]
    summaries = [each.summary() for each in (*results, after)]
    told = []
    for change, before, now in zip(made, summaries, summaries[1:], strict=False):
        own = _kind_of(change, after, kind)
        gain = _covered(now, own, group) - _covered(before, own, group)
        count = (
            context.labels.count(gain)
            if np.isnan(after.district.shown_count(group, abs(gain)))
            else plan_figures.signed(gain)
        )
        if own not in after.judged_kinds:
            words = ""
        elif isinstance(change, Connect):  # its own words name no kind
            name = context.labels.kind(own, after.district.kinds)
            words = context.word("app_what_if.brings_of", kind=name, count=count)
        else:
            words = context.word("app_what_if.brings", count=count)
        told.append(markdown(words))
    return told


def _kind_of(change: Change, after: Assessment, shown: str) -> str:
    """Return the kind of which a step is told: its facility's, of a way the one that is shown."""
    if isinstance(change, Connect):
        return shown
    if isinstance(change, Open | Convert):
        return change.kind
    facilities = after.district.facilities
    own = facilities.loc[facilities["facility_id"] == change.facility_id, "kind"]
    return str(own.iloc[0]) if len(own) else shown


def _covered(summary: pd.DataFrame, kind: str, group: str) -> float:
    rows = summary[(summary["kind"] == kind) & (summary["group"] == group)]
    return float(rows["covered"].iloc[0]) if len(rows) else float("nan")


def _without(draft: Draft, number: int) -> Draft:
    return draft.without(number)
