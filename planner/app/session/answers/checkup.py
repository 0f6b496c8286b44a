"""Check-ups and cards that were computed once and are shared by all sessions."""

from __future__ import annotations

import tomllib

import streamlit as st

from planner.analysis.assessment import Level
from planner.analysis.compliance.checkup import Checkup, checkup
from planner.app.session import store
from planner.app.session.catalogue import Entry
from planner.district.weights import weights_of
from planner.views.exports.card import card_html


@st.cache_resource(max_entries=store.KEPT, show_spinner=False)
def made(entry: Entry, standard: str, level: Level, weights: str) -> Checkup:
    """Return a check-up by weights given as TOML, shared with all sessions."""
    by = weights_of(tomllib.loads(weights), "weights.toml")
    return checkup(store.assessment(entry, standard), by, level)


@st.cache_data(max_entries=4 * store.KEPT, show_spinner=False)
def card(
    entry: Entry, standard: str, level: Level, weights: str, area: str, language: str, links: bool
) -> str:
    """Return the card of an area as HTML."""
    return card_html(made(entry, standard, level, weights), area, language, links=links)
