"""Options that go together, each group one parameter of a verb (``planner.cli.verbs``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.cli import options

if TYPE_CHECKING:
    from planner.district import District
    from planner.location.limits import Limits


@dataclass(frozen=True)
class Question:
    """For one group, at which moment and with which service is asked."""

    group: options.OneGroup = None
    at: options.At = None
    service: options.Service = None

    def keywords(self) -> dict[str, Any]:
        """Return what an assessment is given; without a group it counts the total."""
        groups = None if self.group is None else [self.group]
        return {"groups": groups, "at": self.at, "service": self.service}


@dataclass(frozen=True)
class GroupsQuestion:
    """For which groups, at which moment and with which service is asked."""

    group: options.Groups = None
    at: options.At = None
    service: options.Service = None

    def keywords(self) -> dict[str, Any]:
        """Return what an assessment is given; without a group it has all of them."""
        return {"groups": self.group or None, "at": self.at, "service": self.service}


@dataclass(frozen=True)
class Places:
    """Where places are looked for."""

    where: options.Where = None
    spacing: options.Spacing = 150.0
    within: options.Inside = None
    outside: options.Outside = None

    def keywords(self, district: District) -> dict[str, Any]:
        """Return what a search for sites in a district is given."""
        from planner.cli.areas import area

        return {
            "where": self.where,
            "spacing_m": self.spacing,
            "within": area(district, self.within),
            "without": area(district, self.outside),
        }


@dataclass(frozen=True)
class Search:
    """How long is searched."""

    time_limit_s: options.TimeLimit = 10.0
    steps: options.Steps = None

    def limits(self) -> Limits:
        """Return the limits of one search."""
        from planner.location.limits import Limits

        return Limits.each(**self.keywords())

    def keywords(self) -> dict[str, Any]:
        """Return what each search of a curve is given."""
        return {"time_limit_s": self.time_limit_s, "max_iterations": self.steps}


@dataclass(frozen=True)
class ProvenSearch(Search):
    """How long is searched, or how near to the best possible."""

    gap: options.StopGap = 0.0

    def limits(self) -> Limits:
        """Return the limits of one search."""
        from planner.location.limits import Limits

        return Limits.each(**self.keywords(), gap=self.gap)
