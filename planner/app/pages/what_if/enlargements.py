"""What enlarging facilities does to their load, in the draft at hand."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.measures.enlarged import enlarged
from planner.app.session.context import Context
from planner.app.widgets import tables
from planner.district import Scenario
from planner.district.scenarios.scenario import Enlarge

_SHOWN = ("load", "per_capacity", "room_residents", "capacity", "residents")


def draw(
    context: Context, before: Assessment, after: Assessment, scenario: Scenario, group: str
) -> None:
    """Draw the facilities that are enlarged with their load before and after, if there are any."""
    if not any(isinstance(each, Enlarge) for each in scenario.changes):
        return
    if after.profile is not None:  # load is that of everyone's walk
        return
    say, labels, kinds = context.word, context.labels, after.district.kinds
    rows = enlarged(before, after, scenario, group)
    shown = {
        say("app.col_name"): rows["name"].where(rows["name"] != "", rows.index.to_series()),
        labels.column("kind"): [labels.kind(kind, kinds) for kind in rows["kind"]],
    }
    for name in _SHOWN:
        digits = 2 if name in ("load", "per_capacity") else 0
        for side in ("before", "after"):
            values = rows[f"{name}_{side}"]
            if values.notna().any():
                shown[say(f"app_what_if.{name}_{side}")] = values.round(digits)
    table = pd.DataFrame(shown)
    first = [str(name) for name in table.columns if name != labels.column("kind")]
    st.markdown(f"**{say('app_what_if.load_title')}**")
    tables.draw(context, table, "whatif_load", first=first[:3], height=200, room=395)
    st.caption(say("app_what_if.load_note", group=labels.group(group)))
