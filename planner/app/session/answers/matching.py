"""Matchings that were computed once and are shared by all sessions. Shared things never change."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import streamlit as st

from planner.app.session import store
from planner.app.session.catalogue import Entry
from planner.siting.matching.matching import Matching, match_needs

STEPS = 5
"""Enlargements in a row that the page lists."""


class Asked(NamedTuple):
    """What is matched.

    Parameters
    ----------
    entry, standard
        The district, and the id of a standard.
    kind, service
        Kind, empty for all that offer the service; service, empty for any.
    group, need
        Whose needs, and the need of a resident.
    capacity, limit_m
        Room assumed and longest way, None where they are not set.
    partners, internal
        Whether partners' and units' places take part.
    """

    entry: Entry
    standard: str
    kind: str
    service: str
    group: str
    need: float
    capacity: float | None
    limit_m: float | None
    partners: bool
    internal: bool


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def matching(asked: Asked) -> Matching:
    """Return the matching of what is asked."""
    return match_needs(
        store.assessment(asked.entry, asked.standard),
        asked.kind or None,
        service=asked.service or None,
        group=asked.group,
        need_per_resident=asked.need,
        partners=asked.partners,
        internal=asked.internal,
        limit_m=asked.limit_m,
        capacity=asked.capacity,
    )


@st.cache_resource(max_entries=8 * store.KEPT, show_spinner=False)
def enlargements(asked: Asked, more: float) -> pd.DataFrame:
    """Return the places to enlarge one after another."""
    return matching(asked).enlarge_sequence(more, STEPS)
