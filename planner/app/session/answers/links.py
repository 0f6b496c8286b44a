"""Links that were found once and are shared by all sessions. Shared things are never changed."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.links.links import best_links, gained_homes, link_sequence
from planner.app.session import store
from planner.app.session.catalogue import Entry
from planner.network import link_candidates

COUNT = 20
STEPS = 5


class Asked(NamedTuple):
    """What links are judged by.

    Parameters
    ----------
    entry, standard
        The district, and the id of a built-in standard.
    kind
        One kind, empty for all.
    group
        People column that is counted.
    """

    entry: Entry
    standard: str
    kind: str
    group: str

    @property
    def kinds(self) -> list[str] | None:
        """The kinds to judge by."""
        return [self.kind] if self.kind else None

    def assessment(self) -> Assessment:
        """Return the assessment, shared with all sessions."""
        return store.assessment(self.entry, self.standard)


@st.cache_resource(show_spinner=False)
def warm_up() -> bool:
    """Have the programs that look for links ready, once for the life of the server."""
    link_candidates.warm_up()
    return True


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def ranked(asked: Asked) -> gpd.GeoDataFrame:
    """Return the best links, each judged alone."""
    return best_links(asked.assessment(), asked.kinds, asked.group, COUNT)


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def sequence(asked: Asked) -> gpd.GeoDataFrame:
    """Return the links to open one after another."""
    return link_sequence(asked.assessment(), asked.kinds, asked.group, STEPS)


@st.cache_resource(max_entries=16 * store.KEPT, show_spinner=False)
def gained(asked: Asked, in_sequence: bool, rank: int) -> pd.DataFrame:
    """Return whom a link brings; one of the sequence, with the steps before it."""
    links = sequence(asked) if in_sequence else ranked(asked)
    chosen = links[links["rank"] <= rank] if in_sequence else links[links["rank"] == rank]
    return gained_homes(asked.assessment(), chosen, asked.kinds, asked.group)
