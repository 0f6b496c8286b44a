"""Gaps of coverage and their links."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from planner.analysis.gaps.gaps import find_gaps
from planner.analysis.gaps.largest import largest_lacking
from planner.analysis.gaps.links import with_links
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import answer
from planner.app.session.tickets import Ticket


@dataclass(frozen=True, kw_only=True)
class GapQuestion(Question):
    """What gaps are judged by.

    Parameters
    ----------
    kind
        A kind or kinds taken together, empty for each kind by itself.
    group
        People column that is counted.
    capacity
        Whether a facility must have room.
    """

    kind: str
    group: str
    capacity: bool = False


@answer()
def gaps(question: GapQuestion, _ticket: Ticket | None = None) -> gpd.GeoDataFrame:
    """Return the gaps under a question, the most people first."""
    result = question.assessment()
    kind, watch = question.kind or None, _ticket.check if _ticket else None
    return find_gaps(result, kind, group=question.group, capacity=question.capacity, watch=watch)


@answer()
def largest(question: GapQuestion) -> gpd.GeoDataFrame:
    """Return the areas of the most people who lack a kind, before causes are looked for."""
    kind = question.kind or None
    return largest_lacking(question.assessment(), kind, group=question.group)


@answer()
def linked_gap(question: GapQuestion, gap_id: str) -> gpd.GeoDataFrame:
    """Return one gap with its best link."""
    found = gaps(question)
    own = found[found["gap_id"] == gap_id]
    return with_links(question.assessment(), own, 1, group=question.group)
