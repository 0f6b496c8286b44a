"""The district and its assessment, with a word about what takes long."""

from __future__ import annotations

from functools import partial

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import background
from planner.app.session.answers import assessments
from planner.app.session.answers.cache import is_known
from planner.app.session.context import Context
from planner.app.session.jobs import compiling, estimates
from planner.district import District

PATIENCE_S = 3.0
"""The assessment of a district of usual size is over by then."""


def loaded_district(context: Context) -> District:
    """Return the district, saying that it is being read while it is."""
    with st.spinner(context.word("app.reading"), show_time=True):
        return context.district()


def loaded(context: Context) -> Assessment | None:
    """Return the assessment; where it is still made, draw how far it is and return None."""
    district, question = loaded_district(context), context.question
    word = "app.preparing" if compiling.first_is_going() else "app.assessing"
    with st.spinner(context.word(word), show_time=True):
        return background.value(
            context,
            ("assessment", question),
            partial(assessments.assessment, question),
            context.word(word),
            can_stop=True,
            size=estimates.size_of(district, len(district.kinds)),
            patience_s=PATIENCE_S,
            there=is_known(assessments.assessment, question),
        )
