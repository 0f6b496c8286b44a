"""Which open facilities answer what is asked, and how many lie inside each community."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import pandas as pd

from planner.analysis.coverage.levels import facilities_inside
from planner.analysis.distances.reach import Reach
from planner.analysis.hours.rules import OPEN, SHUT
from planner.arrays import I8


@dataclass(frozen=True, eq=False)
class Presence:
    """Open facilities by whether they meet the question asked, counted inside communities.

    Each table of counts is int64, index ``community_id``, columns kinds. A facility on a shared
    boundary counts for both communities.

    Parameters
    ----------
    reach
        Which facilities count, and what is known of each.
    kinds
        Kinds that are counted.
    """

    reach: Reach
    kinds: list[str]

    @cached_property
    def answering(self) -> gpd.GeoDataFrame:
        """The facilities that count and are known to meet the question asked."""
        facilities = self.reach.district.open_facilities()
        return facilities[self._states(facilities) == OPEN]

    @cached_property
    def known(self) -> pd.DataFrame:
        """Facilities inside each community that are known to meet the question asked."""
        return self._inside(self.answering)

    @cached_property
    def perhaps(self) -> pd.DataFrame:
        """Facilities inside each community that are not known to miss the question asked."""
        if self.reach.question.plain:
            return self.known
        facilities = self.reach.district.open_facilities()
        return self._inside(facilities[self._states(facilities) != SHUT])

    @cached_property
    def of_all_open(self) -> pd.DataFrame:
        """All open facilities inside each community: whatever hour or service is asked."""
        if self.reach.question.plain:
            return self.known
        return self._inside(self.reach.district.open_facilities())

    def lacking(self, kind: str) -> gpd.GeoDataFrame:
        """Return the communities with certainly none of a kind inside that meets the question."""
        communities = self.reach.district.communities
        count = communities["community_id"].map(self.perhaps[kind])
        return communities[count.eq(0).to_numpy()]

    def _states(self, facilities: gpd.GeoDataFrame) -> I8:
        states: I8 = self.reach.states[facilities.index.to_numpy()]
        return states

    def _inside(self, facilities: gpd.GeoDataFrame) -> pd.DataFrame:
        return facilities_inside(self.reach.district, self.kinds, facilities)
