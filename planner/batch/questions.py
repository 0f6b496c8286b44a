"""What else a run may ask of each district, beside figures, areas and gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import geopandas as gpd

from planner.analysis.compliance.checkup import checkup
from planner.analysis.links.gains import LinkGains
from planner.analysis.links.tables import gains_table
from planner.batch.curves import curves
from planner.batch.jobs import Job
from planner.batch.sites import siting
from planner.errors import InputError
from planner.result import AssessmentResult

LINKS = 20
"""So many links are kept of a district, the best first."""

_NO_WALK_JUDGED = ("links.straight", "links.no_data")
"""Why no link could bring anybody within a limit: all are straight lines, or there is no data."""


def checkups(result: AssessmentResult, _job: Job) -> tuple[gpd.GeoDataFrame]:
    """Return the check-up of each community, by the weights that ship."""
    scores = checkup(result).scores.rename_axis("area_id").reset_index()
    outlines = result.district.communities.set_index("community_id").geometry
    shapes = outlines.reindex(scores["area_id"]).to_numpy()
    return (gpd.GeoDataFrame(scores, geometry=shapes, crs=result.district.crs),)


def links(result: AssessmentResult, _job: Job) -> tuple[gpd.GeoDataFrame]:
    """Return the :data:`LINKS` links that bring most people within the limit of a judged kind.

    There are none where no kind is judged by walks; the district has its other results then.
    """
    try:
        found = result.links(count=LINKS)
    except InputError as error:
        if error.code not in _NO_WALK_JUDGED:
            raise
        found = gains_table(result, LinkGains(result, ()), [])
    # what a link brings by kind has other columns in a district of other kinds: nulls, not zeros
    return (found.drop(columns=["x1", "y1", "x2", "y2"]),)


@dataclass(frozen=True)
class Question:
    """A question, and where its answers are kept.

    Parameters
    ----------
    folders
        One for each table of the answer.
    answer
        Makes the tables of a district.
    """

    folders: tuple[str, ...]
    answer: Callable[[AssessmentResult, Job], tuple[gpd.GeoDataFrame, ...]]


QUESTIONS = {
    "checkup": Question(("checkup",), checkups),
    "curves": Question(("curve_sites", "curves"), curves),
    "links": Question(("links",), links),
    "siting": Question(("sites", "siting"), siting),
}
"""Questions by the name under which they are asked."""


def folders_of(questions: Iterable[str]) -> tuple[str, ...]:
    """Return the folders of the answers to some questions."""
    return tuple(folder for name in questions for folder in QUESTIONS[name].folders)


def known(questions: tuple[str, ...]) -> tuple[str, ...]:
    """Return questions in their own order, each once.

    Raises
    ------
    InputError
        ``batch.unknown_question``.
    """
    for name in questions:
        if name not in QUESTIONS:
            raise InputError("batch.unknown_question", name=name, known=", ".join(QUESTIONS))
    return tuple(name for name in QUESTIONS if name in questions)
