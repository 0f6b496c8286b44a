"""Proposals that were computed once and are shared by all sessions. They are never changed."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app import store
from planner.app.catalogue import Entry
from planner.siting.curves import coverage_curve, robustness
from planner.siting.proposals import Proposal, propose
from planner.siting.tasks import Objective

PLACES: dict[str, tuple[str, ...]] = {
    "listed": ("candidates", "internal"),
    "shared": ("candidates", "internal", "premises"),
    "anywhere": ("candidates", "internal", "premises", "streets"),
}
"""Places to choose from, by the name of the choice."""

SECONDS = 3.0
CURVE_SITES = 10


class Asked(NamedTuple):
    """What a proposal is asked for.

    Parameters
    ----------
    entry, standard
        The district, and the id of a built-in standard.
    kind, group
        What is sited, and whose residents count.
    objective
        What is to be reached.
    most
        Sites at most; 0 where the objective or the budget decides.
    places
        A name of :data:`PLACES`.
    budget
        Most to spend; 0 for no limit.
    """

    entry: Entry
    standard: str
    kind: str
    group: str
    objective: Objective
    most: int
    places: str
    budget: float

    def assessment(self) -> Assessment:
        """Return the assessment, shared with all sessions."""
        return store.assessment(self.entry, self.standard)


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def proposal(asked: Asked) -> Proposal:
    """Return the proposal for a question."""
    return propose(
        asked.assessment(),
        asked.kind,
        asked.most or None,
        objective=asked.objective,
        group=asked.group,
        where=PLACES[asked.places],
        budget=asked.budget or None,
        time_limit_s=SECONDS,
    )


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def curve(asked: Asked) -> pd.DataFrame:
    """Return what 1, 2, … sites bring."""
    return coverage_curve(proposal(asked), CURVE_SITES, time_limit_s=0.5)


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def alternatives(asked: Asked) -> pd.DataFrame:
    """Return the swaps that lose little."""
    return proposal(asked).alternatives()


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def firm(asked: Asked) -> pd.DataFrame:
    """Return what is left of the gain in harder cases."""
    return robustness(proposal(asked))
