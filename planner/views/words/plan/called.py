"""Proposals by name in a text about many of them: each with its place where it is named first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from planner.district import District, Kinds
from planner.plan.proposals.proposal import Proposal
from planner.views.words.labels import Labels
from planner.views.words.places import named_place
from planner.views.words.plan.details import place_words_of
from planner.views.words.plan.proposals import proposal_name


class Called:
    """What proposals are called, from the first line of a text to its last.

    Nobody at a table knows where "Site 044" is, and a place that is told in every line hides what
    the line says: so it stands once.

    Parameters
    ----------
    labels
        The language.
    kinds
        Of the district, for the names of kinds of its own.
    places
        Places in words, by id; those that are not there are told by their name alone.
    """

    def __init__(
        self, labels: Labels, kinds: Kinds | None = None, places: Mapping[str, str] | None = None
    ) -> None:
        self._labels = labels
        self._kinds = kinds
        self._left = dict(places or {})

    @classmethod
    def at_places(
        cls, labels: Labels, proposals: Iterable[Proposal], district: District | None
    ) -> Called:
        """Return the names of proposals of a district, with their places by its streets.

        Of one whose coordinates are of another system nobody knows the place here.
        """
        if district is None:
            return cls(labels)
        here = ("", district.crs.to_string())
        there = [each for each in proposals if each.crs in here]
        return cls(labels, district.kinds, place_words_of(labels, there, district))

    def row(self, proposal: Proposal) -> dict[str, str]:
        """Return id and name as a line begins with them, the place in brackets behind the name."""
        name, place = self._named(proposal)
        return {
            "id": proposal.id,
            "name": named_place(name, place, self._labels) if place else name,
        }

    def within(self, proposal: Proposal) -> str:
        """Return a name with its id, and at first its place, in brackets: as sentences have it."""
        name, place = self._named(proposal)
        told = {"id": proposal.id, "name": name}
        if place:
            return self._labels.message("plan_words.called_at", place=place, **told)
        return self._labels.message("plan_words.called", **told)

    def _named(self, proposal: Proposal) -> tuple[str, str]:
        name = proposal_name(self._labels, proposal, self._kinds)
        place = self._left.pop(proposal.id, "")
        # a title that says the place is not followed by it
        return (place, "") if place and name in place else (name, place)
