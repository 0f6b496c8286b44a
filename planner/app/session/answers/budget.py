"""Remedies under a budget that were computed once and are shared by all sessions."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.result import assess
from planner.app.session import store
from planner.app.session.background import Ticket
from planner.app.session.catalogue import Entry
from planner.app.session.siting_store import PLACES, usual_places
from planner.app.session.solving import watched, whole
from planner.siting.budget import Mix, best_mix

SECONDS = 3.0


class Asked(NamedTuple):
    """What a mix of remedies is asked for.

    Parameters
    ----------
    entry, standard
        The district, and the id of a standard.
    kinds
        Kinds that count; all judged ones where there are none.
    group
        Whose residents count.
    at
        Moment, empty where hours do not matter.
    budget
        Most to spend.
    """

    entry: Entry
    standard: str
    kinds: tuple[str, ...]
    group: str
    at: str
    budget: float

    def assessment(self) -> Assessment:
        """Return the assessment, shared with all sessions."""
        plain = store.assessment(self.entry, self.standard)
        return plain if not self.at else _at(self.entry, self.standard, self.at)


@st.cache_resource(max_entries=store.KEPT, show_spinner=False)
def _at(entry: Entry, standard: str, at: str) -> Assessment:
    plain = store.assessment(entry, standard)
    return assess(plain.district, plain.standard, at=at)


@st.cache_resource(max_entries=2 * store.KEPT, show_spinner=False)
def mix(asked: Asked, _ticket: Ticket | None = None) -> Mix:
    """Return the best remedies for the money; of a search that was cancelled nothing is kept.

    Raises
    ------
    CancelledError
    """
    assessment = asked.assessment()
    found = best_mix(
        assessment,
        asked.budget,
        asked.kinds or None,
        group=asked.group,
        where=PLACES[usual_places(assessment.district)],
        time_limit_s=SECONDS,
        **watched(_ticket, SECONDS),
    )
    whole(_ticket)
    return found
