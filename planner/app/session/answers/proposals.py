"""Proposals that were computed once and are shared by all sessions. They are never changed."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import store
from planner.app.session.background import Ticket
from planner.app.session.catalogue import Entry
from planner.app.session.solving import watched, whole
from planner.district import District
from planner.siting.candidates import SPACING_M, candidate_sites
from planner.siting.objectives import Objective
from planner.siting.proposals.answers import against_links, before_after, reasons
from planner.siting.proposals.curves import (
    budget_curve,
    coverage_curve,
    even_phases,
    phases,
    robustness,
)
from planner.siting.proposals.options import community_area
from planner.siting.proposals.proposal import Proposal, propose
from planner.siting.relocation.relocation import (
    Aim,
    Relocation,
    closings,
    movable,
    relocate,
    relocation_curve,
)

PLACES: dict[str, tuple[str, ...]] = {
    "listed": ("candidates", "internal"),
    "shared": ("candidates", "internal", "premises"),
    "anywhere": ("candidates", "internal", "premises", "streets"),
}
"""Places to choose from, by the name of the choice."""


def usual_places(district: District) -> str:
    """Return the choice of :data:`PLACES` for who has made none: what the district lists.

    A district that lists neither candidate sites nor facilities of units has places made up.
    """
    internal = (district.facilities["ownership"] == "internal").any()
    return "listed" if len(district.candidates) or internal else "anywhere"


ORIGINS = ("listed", "homes", "grid")
"""Where places are made up beside those of :data:`PLACES`; the first stands for nowhere."""

SECONDS = 3.0
CURVE_SITES = 10


class Areas(NamedTuple):
    """Where places to choose from may lie, and how near to one another places are made up.

    Parameters
    ----------
    origin
        One of :data:`ORIGINS`.
    spacing_m
        Between places that are made up.
    inside, outside
        Ids of communities.
    """

    origin: str = ORIGINS[0]
    spacing_m: float = SPACING_M
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()

    def given(self, assessment: Assessment, places: str) -> dict[str, Any]:
        """Return them as arguments of `propose` and `relocate`."""
        more = () if self.origin == ORIGINS[0] else (self.origin,)
        district = assessment.district
        return {
            "where": (*PLACES[places], *more),
            "spacing_m": self.spacing_m,
            "within": community_area(district, self.inside) if self.inside else None,
            "without": community_area(district, self.outside) if self.outside else None,
        }


class Options(NamedTuple):
    """What else a proposal is asked for; see :func:`planner.propose`."""

    areas: Areas = Areas()
    fixed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    apart_m: float = 0.0
    backup: float = 0.0
    floor: float = 0.0

    def given(self, objective: Objective) -> dict[str, Any]:
        """Return those as arguments of `propose` that the objective heeds."""
        chosen: dict[str, Any] = {"fixed": self.fixed, "forbidden": self.forbidden}
        if objective in ("coverage", "worst_first"):
            chosen["apart_m"] = self.apart_m
        if objective == "coverage":
            chosen |= {"backup": self.backup, "floor": self.floor or None}
        return chosen


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
    options
        What else.
    """

    entry: Entry
    standard: str
    kind: str
    group: str
    objective: Objective
    most: int
    places: str
    budget: float
    options: Options = Options()

    def assessment(self) -> Assessment:
        """Return the assessment, shared with all sessions."""
        return store.assessment(self.entry, self.standard)


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def proposal(asked: Asked, _ticket: Ticket | None = None) -> Proposal:
    """Return the proposal for a question; of a search that was cancelled nothing is kept.

    Raises
    ------
    CancelledError
    """
    result = asked.assessment()
    found = propose(
        result,
        asked.kind,
        asked.most or None,
        objective=asked.objective,
        group=asked.group,
        budget=(asked.budget or None) if asked.objective != "farthest" else None,
        **asked.options.areas.given(result, asked.places),
        **asked.options.given(asked.objective),
        time_limit_s=SECONDS,
        **watched(_ticket, SECONDS),
    )
    whole(_ticket)
    return found


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


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def money(asked: Asked) -> pd.DataFrame:
    """Return what more and more money brings."""
    return budget_curve(proposal(asked), time_limit_s=0.5)


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def years(asked: Asked, count: int) -> pd.DataFrame:
    """Return the sites spread over some years."""
    chosen = proposal(asked)
    return phases(chosen, even_phases(len(chosen.sites), count), time_limit_s=0.5)


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def why(asked: Asked) -> pd.DataFrame:
    """Return whom each site serves and why."""
    return reasons(proposal(asked))


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def change(asked: Asked) -> pd.DataFrame:
    """Return what changes in each community and for each group."""
    return before_after(proposal(asked))


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def links(asked: Asked) -> pd.DataFrame:
    """Return the sites beside the best links."""
    return against_links(proposal(asked))


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def named_places(entry: Entry, standard: str, kind: str) -> dict[str, str]:
    """Return the names of the places that are not made up, by id."""
    result = store.assessment(entry, standard)
    sites = candidate_sites(result, kind, PLACES["shared"])
    return {row.site_id: str(row.name or row.site_id) for row in sites.itertuples(index=False)}


class Moved(NamedTuple):
    """What a relocation is asked for; see :func:`planner.relocate`."""

    entry: Entry
    standard: str
    kind: str
    group: str
    aim: Aim
    moves: int | None
    closing: int
    places: str
    keep: tuple[str, ...]
    areas: Areas

    def assessment(self) -> Assessment:
        """Return the assessment, shared with all sessions."""
        return store.assessment(self.entry, self.standard)


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def relocation(asked: Moved, _ticket: Ticket | None = None) -> Relocation:
    """Return which facilities to move or close; as :func:`proposal`."""
    result = asked.assessment()
    found = relocate(
        result,
        asked.kind,
        asked.moves,
        closing=asked.closing,
        objective=asked.aim,
        group=asked.group,
        keep=asked.keep,
        time_limit_s=SECONDS,
        **asked.areas.given(result, asked.places),
        **watched(_ticket, SECONDS),
    )
    whole(_ticket)
    return found


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def moves_curve(asked: Moved) -> pd.DataFrame:
    """Return what 0, 1, 2, … moves bring, and all."""
    if asked.moves == 0:
        return relocation_curve(relocation(asked._replace(moves=None)), time_limit_s=0.5)
    return relocation_curve(relocation(asked), time_limit_s=0.5)


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def missed(asked: Moved) -> pd.DataFrame:
    """Return what is lost if one facility closes."""
    return closings(asked.assessment(), asked.kind, group=asked.group, keep=asked.keep)


@st.cache_resource(max_entries=4 * store.KEPT, show_spinner=False)
def may_move(entry: Entry, standard: str, kind: str) -> dict[str, str]:
    """Return the names of the facilities that may move, by id."""
    result = store.assessment(entry, standard)
    rows = result.district.facilities.iloc[movable(result, kind)]
    return dict(
        zip(
            rows["facility_id"],
            rows["name"].where(rows["name"] != "", rows["facility_id"]),
            strict=True,
        )
    )
