"""Check-up: a score for each area and its card, clauses, benchmarks, checklists, service lines."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.checkup import benchmarks, checklists, scores
from planner.app.session.context import Context
from planner.app.session.errors import showing_errors
from planner.app.widgets import frame, inputs


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    frame.heading(context, result.district, result.kinds_without_data)
    st.markdown(context.word("checkup.intro", standard=context.labels.standard(result.standard)))
    frame.spread(context, result, None, result.groups[0])
    level = inputs.level(context, result, "checkup_level")
    tabs: dict[str, Callable[[], None]] = {
        "scores": lambda: scores.draw(context, result, level),
        "clauses": lambda: scores.draw_clauses(context, result, level),
        "benchmarks": lambda: benchmarks.draw(context, result),
        "checklists": lambda: checklists.draw(context, result, level),
        "lines": lambda: checklists.draw_lines(context, result, level),
    }
    boxes = st.tabs([context.word(f"checkup.tab_{name}") for name in tabs])
    for box, draw in zip(boxes, tabs.values(), strict=True):
        with box, showing_errors(context.labels):
            draw()
    frame.notes(context, result, None)
