"""Between which counts of the covered the true one lies where residents were spread.

Of a community, or cell, only its total is known. Its people were put into its homes in proportion
to floor area; in truth some homes hold more to the square metre and others fewer. Where all of an
area's homes lie within the limit, or none, that changes nothing; elsewhere the count turns on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from planner.arrays import F64, I64, Bool
from planner.district.layers import SPREAD_BY, SPREAD_FROM

MOST_TIMES = 2.0
"""No part of an area's floor area is taken to hold more than so many times its usual people."""

STREET_TIMES = 3.0
"""The same of a part of its residential streets, of which less is known."""

_STREETS, _POINT = 1, 2


@dataclass(frozen=True, eq=False)
class SpreadHomes:
    """Which total each home has its part of.

    Parameters
    ----------
    total
        (n,) number of the area whose total was spread, −1 where people were counted at the home.
    by
        (n,) what it was spread by: 0 floor area, 1 metres of street, 2 a single point.
    """

    total: I64
    by: I64

    @classmethod
    def of(cls, demand: pd.DataFrame) -> Self | None:
        """Return what a layer ``demand`` tells of spreading, None where nothing was spread."""
        if SPREAD_FROM not in demand:
            return None
        areas = demand[SPREAD_FROM].fillna("").astype(str)
        spread = (areas != "").to_numpy()
        if not spread.any():
            return None
        codes, _ = pd.factorize(areas)
        by = np.zeros(len(demand), np.int64)
        if SPREAD_BY in demand:
            by[(demand[SPREAD_BY] != "floor_area_m2").to_numpy()] = _STREETS
            by[(demand[SPREAD_BY] == "point").to_numpy()] = _POINT
        return cls(np.where(spread, codes, -1).astype(np.int64), by)

    def covered(
        self,
        area_of: I64,
        people: F64,
        within: Bool,
        perhaps: Bool,
        count: int,
        *,
        anywhere: bool = False,
    ) -> tuple[F64, F64]:
        """Return the fewest and the most people covered of each area that is counted, (a,) each.

        No part of an area's homes is taken to hold more than :data:`MOST_TIMES` the usual people to
        the square metre, no part of its streets more than :data:`STREET_TIMES` those to the metre.
        At a single point nothing is known.

        Parameters
        ----------
        area_of
            (n,) area in which each home is counted, −1 for none.
        people
            (n,) people at each home.
        within, perhaps
            (n,) homes that are covered, and those that may be.
        count
            Areas.
        anywhere
            Assume nothing: all people of an area may live at the best or the worst of its homes.
        """
        wide = int(self.total.max()) + 2
        key, of = np.unique((area_of + 1) * wide + self.total + 1, return_inverse=True)

        def sums(values: F64) -> F64:
            return np.bincount(of, values, minlength=len(key)).astype(np.float64)

        everyone, sure, may = sums(people), sums(people * within), sums(people * perhaps)
        by = np.zeros(len(key), np.int64)
        np.maximum.at(by, of, self.by)
        spread = key % wide > 0
        usual = np.where(by == 0, MOST_TIMES, STREET_TIMES)
        most_times = np.full(len(key), np.inf) if anywhere else usual
        low, high = _bounds(everyone, sure, may, most_times)
        low = np.where(by == _POINT, 0.0, low)
        high = np.where(by == _POINT, everyone, high)
        low, high = np.where(spread, low, sure), np.where(spread, high, may)
        area = key // wide
        return tuple(  # type: ignore[return-value]
            np.bincount(area, each, minlength=count + 1)[1:].astype(np.float64)
            for each in (low, high)
        )


def _bounds(everyone: F64, sure: F64, may: F64, times: F64) -> tuple[F64, F64]:
    """Return the fewest and most covered, where a home holds at most `times` its part.

    Examples
    --------
    >>> low, high = _bounds(*np.array([[100.0, 100.0], [60.0, 60.0], [60.0, 60.0], [2.0, np.inf]]))
    >>> low.tolist(), high.tolist()
    ([20.0, 0.0], [100.0, 100.0])
    """
    tiny = 1e-9 * everyone
    beyond = everyone - sure
    with np.errstate(invalid="ignore"):
        low = np.where(beyond > tiny, np.maximum(0.0, everyone - times * beyond), everyone)
        high = np.where(may > tiny, np.minimum(everyone, times * may), 0.0)
    return low, high
