"""Gaps that were found once and are shared by all sessions. Shared things are never changed."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.gaps.gaps import find_gaps
from planner.analysis.gaps.links import with_links
from planner.analysis.result import assess
from planner.app.session import own_standards, store
from planner.app.session.catalogue import Entry


class Asked(NamedTuple):
    """What gaps are judged by.

    Parameters
    ----------
    entry, standard
        The district, and the id of a built-in standard.
    kind
        A kind or kinds taken together, empty for each kind by itself.
    group
        People column that is counted.
    at, service
        Moment and service that are asked for, empty where any will do.
    capacity
        Whether a facility must have room.
    """

    entry: Entry
    standard: str
    kind: str
    group: str
    at: str = ""
    service: str = ""
    capacity: bool = False


@st.cache_resource(max_entries=store.KEPT, show_spinner=False)
def assessment(entry: Entry, standard: str, at: str, service: str) -> Assessment:
    """Return the assessment under a question; the plain one is that of all pages."""
    if not at and not service:
        return store.assessment(entry, standard)
    return assess(
        store.district(entry), own_standards.find(standard), at=at or None, service=service or None
    )


@st.cache_resource(max_entries=2 * store.KEPT, show_spinner=False)
def gaps(asked: Asked) -> gpd.GeoDataFrame:
    """Return the gaps under a question, the most people first."""
    result = assessment(asked.entry, asked.standard, asked.at, asked.service)
    return find_gaps(result, asked.kind or None, group=asked.group, capacity=asked.capacity)


@st.cache_resource(max_entries=16 * store.KEPT, show_spinner=False)
def linked(asked: Asked, gap_id: str) -> gpd.GeoDataFrame:
    """Return one gap with its best link."""
    found = gaps(asked)
    result = assessment(asked.entry, asked.standard, asked.at, asked.service)
    return with_links(result, found[found["gap_id"] == gap_id], 1, group=asked.group)
