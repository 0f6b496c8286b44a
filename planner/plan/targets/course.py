"""A district at the end of each year, as what is decided makes it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.plan.coordination.gains import Gains
from planner.plan.coordination.years.years import JointPlan
from planner.plan.targets.path import Growth
from planner.sources.population.growth import check_year, in_year


class Course:
    """The states of a district at the end of each year, with the residents of that year.

    It may be kept as long as what is decided, and asked by several at once.

    Parameters
    ----------
    joint, this_year, growth
        As of :func:`planner.plan.targets.paths.paths`.
    """

    def __init__(self, joint: JointPlan, this_year: int, growth: Growth | None) -> None:
        # a target is about its own group, whichever the plan was asked for
        after = [_of_all_groups(state) for state in joint.after]
        self.today = after[0]
        self.misfits = joint.misfits
        self.this_year, self.growth = this_year, growth
        if growth is not None:
            check_year(self.today.district, growth.year)
        told = zip(joint.years, after, strict=True)
        self._after = {int(year): state for year, state in told if year not in ("today", "open")}
        self._grown: dict[int, Assessment] = {}
        # by the state and not the year: between two that change something nothing is counted anew;
        # a state that lasts as long as this keeps its identity to itself
        self._counted: dict[tuple[int, str, str], pd.DataFrame] = {}
        self._gains: dict[tuple[int, str], Gains] = {}

    @property
    def years(self) -> tuple[int, ...]:
        """The year at hand, and each later one in which something is done."""
        return (self.this_year, *(year for year in sorted(self._after) if year > self.this_year))

    def residents(self, last: int) -> str:
        """Of which year the residents are who are counted until a last year."""
        if self.growth is not None:
            # who are carried on from a later year are those of that year all the time
            return "grown" if last > self.growth.year else str(self.growth.year)
        dates = [each.date for each in self.today.district.sources if each.layer == "demand"]
        return next((date[:4] for date in dates if date[:4].isdigit()), "")

    def counted(self, year: int, level: str, kind: str) -> pd.DataFrame:
        """Return people by area of a level, as a new assessment of the year has them."""
        state = self.state(year)
        key = id(state), level, kind
        if key not in self._counted:
            self._counted[key] = state.league(level, kind)  # type: ignore[arg-type]
        return self._counted[key]

    def state(self, year: int) -> Assessment:
        """Return the district at the end of a year, with its residents."""
        # what is decided is not done before this year ends; of years past only today is known
        done = [each for each in sorted(self._after) if each <= year]
        state = self._after[done[-1]] if done and year >= self.this_year else self.today
        counted = max(year, self.this_year)
        if self.growth is None or counted <= self.growth.year:
            return state
        if year not in self._grown:
            there = in_year(state.district, self.growth.year, counted, self.growth.rate)
            # growth moves nobody: the ways stay what they are, only people are counted anew
            # of two who ask at once both get the one that stays
            self._grown.setdefault(year, replace(state, district=there))
        return self._grown[year]

    def gains(self, year: int, group: str) -> Gains:
        """Return whom proposals bring on top of what is decided by the end of a year.

        Raises
        ------
        InputError
            As :class:`planner.plan.coordination.gains.Gains`.
        """
        state = self.state(year)
        key = id(state), group
        if key not in self._gains:
            self._gains.setdefault(key, Gains(state, group))
        return self._gains[key]


def _of_all_groups(state: Assessment) -> Assessment:
    groups = tuple(state.district.groups)
    return state if state.groups == groups else replace(state, groups=groups)
