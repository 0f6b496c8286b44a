"""Gaps of coverage and their links."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from planner.analysis.gaps.gaps import find_gaps
from planner.analysis.gaps.links import with_links
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import answer


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
def gaps(question: GapQuestion) -> gpd.GeoDataFrame:
    """Return the gaps under a question, the most people first."""
    result = question.assessment()
    kind = question.kind or None
    return find_gaps(result, kind, group=question.group, capacity=question.capacity)


@answer()
def linked_gap(question: GapQuestion, gap_id: str) -> gpd.GeoDataFrame:
    """Return one gap with its best link."""
    found = gaps(question)
    own = found[found["gap_id"] == gap_id]
    return with_links(question.assessment(), own, 1, group=question.group)
