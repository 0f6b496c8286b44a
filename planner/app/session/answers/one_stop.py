"""One-stop proposals that were computed once and are shared by all sessions."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import store
from planner.app.session.background import Ticket
from planner.app.session.catalogue import Entry
from planner.app.session.siting_store import PLACES
from planner.app.session.solving import watched, whole
from planner.siting.one_stop.answers import OneStopProposal
from planner.siting.one_stop.gaps import MOST, kinds_with_gaps
from planner.siting.one_stop.proposals import propose_one_stop

SECONDS = 4.0


class Asked(NamedTuple):
    """What one-stop sites are asked for.

    Parameters
    ----------
    entry, standard
        The district, and the id of a standard.
    kinds
        What is sited.
    group
        Whose residents count.
    budget
        Most to spend.
    most
        Buildings at most; 0 where only the budget decides.
    places
        A name of :data:`planner.app.session.siting_store.PLACES`.
    fitting
        Whether floor areas limit what a candidate site holds.
    """

    entry: Entry
    standard: str
    kinds: tuple[str, ...]
    group: str
    budget: float
    most: int
    places: str
    fitting: bool

    def assessment(self) -> Assessment:
        """Return the assessment, shared with all sessions."""
        return store.assessment(self.entry, self.standard)


@st.cache_resource(max_entries=store.KEPT, show_spinner=False)
def suggested(entry: Entry, standard: str) -> tuple[str, ...]:
    """Return the kinds that are asked for at first."""
    result = store.assessment(entry, standard)
    return tuple(kinds_with_gaps(result) or result.judged_kinds[:MOST])


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def proposal(asked: Asked, _ticket: Ticket | None = None) -> OneStopProposal:
    """Return the proposal for a question, with its comparison and its assessment afterwards.

    Raises
    ------
    CancelledError
        Where the search was cancelled: nothing of it is kept.
    """
    found = propose_one_stop(
        asked.assessment(),
        asked.kinds,
        asked.budget,
        buildings=asked.most or None,
        group=asked.group,
        where=PLACES[asked.places],
        fitting=asked.fitting,
        time_limit_s=SECONDS,
        **watched(_ticket, SECONDS),
    )
    whole(_ticket)
    _ = found.separate
    whole(_ticket)
    _ = found.overlap
    return found
