"""Links to open: each by itself, one after another, and whom they bring."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import pandas as pd

from planner.analysis.links.links import best_links, gained_homes, link_sequence
from planner.analysis.links.map_work import loose_streets
from planner.analysis.links.map_work import map_work as find_map_work
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import answer
from planner.app.session.jobs import compiling
from planner.app.session.jobs.tickets import Ticket
from planner.network.links import candidates

COUNT = 20
STEPS = 5


@dataclass(frozen=True, kw_only=True)
class LinkQuestion(Question):
    """What links are judged by.

    Parameters
    ----------
    kind
        One kind, empty for all.
    group
        People column that is counted.
    """

    kind: str
    group: str

    @property
    def kinds(self) -> list[str] | None:
        """The kinds to judge by."""
        return [self.kind] if self.kind else None


def warm_up(ticket: Ticket | None = None) -> None:
    """Have the programs that look for links ready, once for the life of the server.

    Raises
    ------
    CancelledError
        Where nobody waits any longer.
    """
    compiling.wait_for(candidates.is_compiled, ticket)
    _warm_up()


@cache
def _warm_up() -> None:
    candidates.warm_up()


@answer()
def ranked_links(question: LinkQuestion, _ticket: Ticket | None = None) -> gpd.GeoDataFrame:
    """Return the best links, each judged alone."""
    watch = _ticket.check if _ticket else None
    assessment = question.assessment()
    return best_links(assessment, question.kinds, question.group, COUNT, watch=watch)


@answer()
def links_in_sequence(question: LinkQuestion, _ticket: Ticket | None = None) -> gpd.GeoDataFrame:
    """Return the links to open one after another."""
    watch = _ticket.check if _ticket else None
    assessment = question.assessment()
    return link_sequence(assessment, question.kinds, question.group, STEPS, watch=watch)


@answer()
def homes_gained(question: LinkQuestion, in_sequence: bool, rank: int) -> pd.DataFrame:
    """Return whom a link brings; one of the sequence, with the steps before it."""
    links = links_in_sequence(question) if in_sequence else ranked_links(question)
    chosen = links[links["rank"] <= rank] if in_sequence else links[links["rank"] == rank]
    return gained_homes(question.assessment(), chosen, question.kinds, question.group)


@answer()
def map_work(question: Question) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return where loose pieces of street could be joined on the map, and these pieces."""
    reach = question.assessment().reach
    return find_map_work(reach), loose_streets(reach)
