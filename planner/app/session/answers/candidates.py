"""Places that may be built on: which are on offer, and where they may lie."""

from __future__ import annotations

from typing import NamedTuple

from planner.analysis.assessment import Assessment
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import answer
from planner.district import District
from planner.siting.candidates import SPACING_M, PlaceOptions, candidate_sites, check_grid
from planner.siting.proposals.options import community_area

PLACES: dict[str, tuple[str, ...]] = {
    "listed": ("candidates", "internal"),
    "shared": ("candidates", "internal", "premises"),
    "anywhere": ("candidates", "internal", "premises", "streets"),
}
"""Places to choose from, by the name of the choice."""

ORIGINS = ("listed", "homes", "grid")
"""Where places are made up beside those of :data:`PLACES`; the first stands for nowhere."""


LEAST_SPACING_M = 20.0
"""Least distance between places that a page makes up."""

MOST_NODES = 40_000
"""Nodes that a page's grid may have; each asks for distances to the homes around."""


class CandidateArea(NamedTuple):
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

    def options(self, assessment: Assessment, places: str) -> PlaceOptions:
        """Return the places to choose from.

        Parameters
        ----------
        assessment
            Of the district that the communities are of.
        places
            A name of :data:`PLACES`.

        Raises
        ------
        InputError
            Where a grid would have more nodes than a page may make.
        """
        more = () if self.origin == ORIGINS[0] else (self.origin,)
        district = assessment.district
        if self.origin == "grid":
            check_grid(district, self.spacing_m, MOST_NODES)
        return PlaceOptions(
            where=(*PLACES[places], *more),
            spacing_m=self.spacing_m,
            within=community_area(district, self.inside) if self.inside else None,
            without=community_area(district, self.outside) if self.outside else None,
        )


def usual_places(district: District) -> str:
    """Return the choice of :data:`PLACES` for who has made none: what the district lists.

    A district that lists no candidate sites has places made up: facilities of units serve their own
    kind only, and of the other kinds there would be none.
    """
    return "listed" if len(district.candidates) else "anywhere"


@answer()
def named_places(question: Question, kind: str) -> dict[str, str]:
    """Return the names of the places that are not made up, by id."""
    sites = candidate_sites(question.assessment(), kind, PLACES["shared"])
    return {row.site_id: str(row.name or row.site_id) for row in sites.itertuples(index=False)}
