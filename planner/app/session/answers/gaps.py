"""Gaps of coverage and their links."""

from __future__ import annotations

from dataclasses import dataclass, fields

import geopandas as gpd

from planner.analysis.gaps.gaps import find_gaps
from planner.analysis.gaps.largest import largest_lacking
from planner.analysis.gaps.links import with_links
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import answer
from planner.app.session.answers.costs import costs_of
from planner.app.session.answers.links import warm_up
from planner.app.session.jobs.tickets import Ticket
from planner.siting.best_place import BestPlace, best_place


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

    @classmethod
    def of(cls, question: Question, kind: str, group: str) -> GapQuestion:
        """Return what the gaps of another question's assessment are asked by, all of it."""
        shared = {each.name: getattr(question, each.name) for each in fields(Question)}
        return cls(**shared, kind=kind, group=group)


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


def gap(question: GapQuestion, gap_id: str) -> gpd.GeoDataFrame:
    """Return one gap, a table of one row."""
    found = gaps(question)
    return found[found["gap_id"] == gap_id]


@answer()
def linked_gap(question: GapQuestion, gap_id: str) -> gpd.GeoDataFrame:
    """Return one gap with its best link."""
    warm_up()
    return with_links(question.assessment(), gap(question, gap_id), 1, group=question.group)


@answer()
def place_in(question: GapQuestion, gap_id: str, prices: str) -> BestPlace | None:
    """Return where in a gap of one kind a new facility brings most of its people.

    None where no place in it brings anybody; `prices` as a text, empty for those of the package.
    """
    (row,) = gap(question, gap_id).itertuples(index=False)
    return best_place(
        question.assessment(),
        str(row.kind),
        str(row.demand_ids).split(";"),
        row.geometry,
        group=question.group,
        costs=costs_of(prices),
    )
