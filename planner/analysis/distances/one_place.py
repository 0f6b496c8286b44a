"""Facilities of a kind that stand at one place, which are as near as one another to everybody.

A search names one of them, the first of the layer; whoever counts residents by facility asks here,
or the others would serve nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.distances.streets import points_xy
from planner.arrays import F64, I64, Bool
from planner.district import District

ROOM = "capacity_residents"
"""Column of ``facilities`` that may tell for how many residents a facility has room."""


@dataclass(frozen=True, eq=False)
class SharedPlaces:
    """Places of facilities, and how those at one of them share who is nearest to it.

    Parameters
    ----------
    first
        (f,) the first facility of the kind at the place of each; others stand by themselves.
    weight
        (f,) what each takes beside the others of its place: its room, else its capacity, else as
        much as each. A figure is asked where all of the kind there tell it, whoever of them is
        open: else the parts of those that are would turn on it.
    """

    first: I64
    weight: F64

    @classmethod
    def of(cls, district: District, kind: str, room: F64 | None = None) -> Self:
        """Find the places of a kind's facilities, to the millimetre, as walks are.

        Parameters
        ----------
        district, kind
            Whose facilities, open at whatever hour.
        room
            (f,) for how many residents each has room; the column where it is not given.
        """
        facilities = district.facilities
        first = np.arange(len(facilities), dtype=np.int64)
        rows = district.open_facilities(kind).index.to_numpy(dtype=np.int64)
        xy = np.round(points_xy(facilities.iloc[rows]), 3)
        _, begin, place = np.unique(xy, axis=0, return_index=True, return_inverse=True)
        first[rows] = rows[begin[place.ravel()]]
        weight = np.ones(len(facilities))
        alone = np.bincount(first[rows], minlength=len(first))[first] < 2
        together = rows[~alone[rows]]
        if room is None:
            room = _told(facilities, ROOM)
        # the last figure holds that all of a place tell
        for figure in (_told(facilities, "capacity"), room):
            there = figure[together]
            sums = np.bincount(first[together], there, minlength=len(first))[first[together]]
            whole = sums > 0  # not so where one of them is missing
            weight[together[whole]] = there[whole]
        return cls(first, weight)

    def standing(self, counts: Bool) -> I64:
        """Return the rows of those that count, one of each place."""
        rows = np.flatnonzero(counts)
        return np.asarray(rows[np.unique(self.first[rows], return_index=True)[1]], dtype=np.int64)

    def share(self, counts: Bool) -> F64:
        """Return which part each facility (f,) takes of its place where these count, else 0."""
        there, number = (
            np.bincount(self.first, part, minlength=len(self.first))[self.first]
            for part in (self.weight * counts, counts.astype(np.float64))
        )
        part = np.divide(1.0, number, out=np.zeros(len(number)), where=number > 0)
        part = np.divide(self.weight, there, out=part, where=there > 0)
        return np.asarray(part * counts, dtype=np.float64)

    def share_beside(self, row: int, counts: Bool) -> float:
        """Return the part of one facility beside those that count."""
        here = (self.first == self.first[row]) & counts
        here[row] = True
        whole = float(self.weight[here].sum())
        return float(self.weight[row]) / whole if whole > 0 else 1 / int(here.sum())

    def nearest_to(self, named: I64, people: F64) -> F64:
        """Return the people who are nearest to the place of each facility, (f,).

        Parameters
        ----------
        named
            (n,) the row of the facility that a search named for a home, −1 for none.
        people
            (n,) who live there.
        """
        some = named >= 0
        of_place = np.bincount(self.first[named[some]], people[some], minlength=len(self.first))
        return np.asarray(of_place[self.first], dtype=np.float64)


def _told(facilities: gpd.GeoDataFrame, column: str) -> F64:
    if column not in facilities:
        return np.full(len(facilities), np.nan)
    return np.asarray(pd.to_numeric(facilities[column], errors="coerce"), dtype=np.float64)
