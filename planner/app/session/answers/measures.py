"""Measures of an assessment: hours, load, redundancy, equity, groups, ranges."""

from __future__ import annotations

import pandas as pd

from planner.analysis.measures import equity as equities
from planner.analysis.measures import groups, supply, uncertainty
from planner.analysis.measures import redundancy as redundancies
from planner.analysis.measures import week as weeks
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import answer

CURVE_POINTS = 300


@answer()
def week(question: Question, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.week.week` of all judged kinds."""
    return weeks.week(question.assessment(), groups=[group])


@answer()
def round_the_clock(question: Question, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.week.round_the_clock` of all judged kinds."""
    return weeks.round_the_clock(question.assessment(), groups=[group])


@answer()
def catchments(question: Question, kind: str, group: str) -> pd.DataFrame:
    """Return the catchments of a kind with each facility's ``x`` and ``y``."""
    result = question.assessment()
    places = result.district.facilities.set_index("facility_id").geometry
    table = supply.catchments(result, kind, group=group)
    at = places.reindex(table.index)
    return table.assign(x=at.x, y=at.y)


@answer()
def load(question: Question, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.supply.load`."""
    return supply.load(question.assessment(), group=group)


@answer()
def redundancy(question: Question, kind: str, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.redundancy.redundancy`."""
    return redundancies.redundancy(question.assessment(), kind, group=group)


@answer()
def equity(question: Question, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.equity.equity` of all kinds."""
    return equities.equity(question.assessment(), groups=[group])


@answer()
def distance_lorenz(question: Question, kind: str, group: str) -> pd.DataFrame:
    """Return the Lorenz curve of a kind, thinned to what a chart shows."""
    whole = equities.distance_lorenz(question.assessment(), kind, group=group)
    step = max(1, len(whole) // CURVE_POINTS)
    return pd.concat([whole.iloc[:-1:step], whole.iloc[-1:]])


@answer()
def group_coverage(question: Question, kind: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.groups.group_coverage` of a kind."""
    return groups.group_coverage(question.assessment(), [kind])


@answer()
def ranges(question: Question, kind: str, group: str) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.uncertainty.uncertainty` of a kind."""
    return uncertainty.uncertainty(question.assessment(), [kind], groups=[group])


@answer()
def loose_pieces(question: Question) -> pd.DataFrame:
    """Return :func:`planner.analysis.measures.uncertainty.loose_pieces`."""
    return uncertainty.loose_pieces(question.assessment())
