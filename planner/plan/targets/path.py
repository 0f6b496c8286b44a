"""The path against one target: how it stands in each year, and what is asked for by then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from planner.plan.targets.aims import Target
from planner.plan.targets.lead_times import LeadTimes
from planner.plan.targets.too_soon import TooSoon

State = Literal["met", "missed", "unknown"]

TINY = 1e-9
"""Shares that differ by less are equal: sums of people are rounded in the last binary digit."""


@dataclass(frozen=True)
class Growth:
    """How residents grow.

    Parameters
    ----------
    year
        Of the district's figures.
    rate
        As of :func:`planner.sources.population.growth.factors`: one rate a year (0.01 is 1 %), a
        rate for each community, or a table of them.
    """

    year: int
    rate: Any

    @property
    def sign(self) -> tuple[int, float] | None:
        """What it can be known by; None where the rate is not the same everywhere."""
        plain = isinstance(self.rate, int | float)
        return (self.year, float(self.rate)) if plain else None


@dataclass(frozen=True)
class Stand:
    """How a target stands in a year.

    Parameters
    ----------
    year
        The year, of whose end it is told; of years past nothing is known.
    low, high
        The share, between which it lies where not all is known; None where nothing is known.
    total
        Of how many people, or communities; None where it is not known.
    """

    year: int
    low: float | None
    high: float | None
    total: float | None


@dataclass(frozen=True)
class Goal:
    """What is asked for by the end of a year, and whether the path is there.

    Parameters
    ----------
    year, share
        What is asked for.
    stand
        Where the path is by then; where it is today, `by_today`, if the year has passed.
    state
        ``"met"`` and ``"missed"`` only where that is sure, else ``"unknown"``.
    lacking_low, lacking_high
        People, or communities, still lacking where it is missed.
    reached_in
        The year in which the path is there after all, None for none.
    latest
        By action that builds something, the last year and month of an approval that would be in
        time; None for a year that has passed.
    by_today
        Whether the year has passed, so that the goal is held against today's figures: how it stood
        then is not known.
    """

    year: int
    share: float
    stand: Stand
    state: State
    lacking_low: float | None = None
    lacking_high: float | None = None
    reached_in: int | None = None
    latest: Mapping[str, tuple[int, int]] | None = None
    by_today: bool = False


@dataclass(frozen=True)
class Path:
    """A target and the path against it.

    Parameters
    ----------
    target
        The target.
    stands
        The path, year by year.
    goals
        What is asked for, year by year.
    why_unknown
        Why nothing is known of it: ``"no_data"`` (no source tells of the kind), ``"not_judged"``
        (the standard has no limit), ``"no_group"``, ``"no_area"``, ``"redrawn"``
        (the area has another boundary since the target was set), ``"withheld"`` or
        ``"not_known"`` (of nobody there); empty where something is.
    unit
        What a number of it is: ``"communities"``, or what is counted of `group`.
    group
        Who is counted.
    residents
        The year of the figures of residents where that is told; ``"grown"`` where they were
        carried on year by year, empty where it is not told.
    undated, overdue
        Decided proposals about the kind that have no year and count for no goal, and those whose
        year has passed, which count as done by the end of this one.
    waiting
        Open proposals about the kind, planned by the year of the last goal that is not met, that
        bring somebody of whom the target tells within the limit on top of what is decided; they
        count for nothing until they are approved.
    waiting_unknown
        Open ones of which it cannot be computed whether they do.
    with_waiting
        The last goal that is not met, as it would stand with all that are waiting; None where none
        is.
    too_soon
        Decided proposals about the kind that count in a year before they are built, by the months
        of building that are assumed.
    misfits
        Decided proposals about the kind that no longer fit the data and count for nothing.
    lead_times
        The months of building that `latest` of each goal assumes.
    """

    target: Target
    stands: tuple[Stand, ...]
    goals: tuple[Goal, ...]
    why_unknown: str
    unit: str
    group: str
    residents: str
    undated: tuple[str, ...]
    overdue: tuple[str, ...]
    misfits: tuple[str, ...]
    lead_times: LeadTimes
    too_soon: tuple[TooSoon, ...] = ()
    waiting: tuple[str, ...] = ()
    waiting_unknown: tuple[str, ...] = ()
    with_waiting: Goal | None = None

    @property
    def first_missed(self) -> Goal | None:
        """The first goal that is missed for sure, of those that can still be kept where one is."""
        missed = [goal for goal in self.goals if goal.state == "missed"]
        return min(missed, key=lambda goal: goal.by_today, default=None)

    @property
    def last_not_met(self) -> Goal | None:
        """The last goal that is not met and whose year has not passed."""
        left = [goal for goal in self.goals if goal.state != "met" and not goal.by_today]
        return left[-1] if left else None

    @property
    def state(self) -> State:
        """``"missed"`` where a goal is, ``"met"`` where all are, else ``"unknown"``."""
        if self.first_missed is not None:
            return "missed"
        return "met" if all(goal.state == "met" for goal in self.goals) else "unknown"
