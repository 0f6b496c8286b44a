"""How many new facilities a gap takes at least and at most, without searching for the sites."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.analysis.distances.streets import points_xy
from planner.arrays import F64, I64, Bool

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

MOST_SITES = 100
"""Facilities that are counted for one gap; how many more it takes is not known."""

_SLACK_M = 0.01


class Homes(NamedTuple):
    """Homes of gaps: (m,) number of the gap, row in ``demand``, and people by whom they rank."""

    gap: I64
    row: I64
    people: F64

    def only(self, kept: Bool) -> Homes:
        """Return some of them, (m,) bool."""
        return Homes(self.gap[kept], self.row[kept], self.people[kept])


def fewest(assessment: Assessment, homes: Homes, limit_m: float, count: int) -> F64:
    """Return how many facilities of a kind each gap takes at least, (count,).

    Homes that are farther than twice the limit from each other in a straight line cannot have the
    same facility within the limit, so it takes no fewer than such homes are found.
    """
    xy = points_xy(assessment.district.demand)[homes.row]

    def near(pick: I64, left: I64, of_left: I64) -> Bool:
        away = xy[left] - xy[pick][of_left]
        return np.asarray(np.hypot(away[:, 0], away[:, 1]) <= 2 * limit_m + _SLACK_M)

    return _picked(homes, near, count)


def most(assessment: Assessment, kind: str, homes: Homes, limit_m: float, count: int) -> F64:
    """Return with how many facilities of a kind each gap is mended for sure, (count,).

    One stands at the home of most people, the next at that of most who are then still beyond the
    limit, and so on. NaN where a home is joined to no street, or :data:`MOST_SITES` are too few.
    """
    reach = assessment.reach
    if reach.measure_of(kind) == "straight":
        xy = points_xy(assessment.district.demand)[homes.row]

        def near(pick: I64, left: I64, of_left: I64) -> Bool:
            away = xy[left] - xy[pick][of_left]
            return np.asarray(np.hypot(away[:, 0], away[:, 1]) <= limit_m)

        return _picked(homes, near, count)
    places = reach.streets.on_network(reach.homes)

    def near_on_foot(pick: I64, left: I64, of_left: I64) -> Bool:
        ways = reach.streets.network.matrix(
            places.take(homes.row[pick]), places.take(homes.row[left]), limit_m
        ).tocoo()
        found = np.zeros(len(left), dtype=np.bool_)
        # of all ways those count that lead to the pick of a home's own gap
        found[ways.col[ways.row == of_left[ways.col]]] = True
        return found

    return _picked(homes, near_on_foot, count)


def _picked(homes: Homes, near: Callable[[I64, I64, I64], Bool], count: int) -> F64:
    """Count how often the home of most people left in each gap is picked until none is left.

    All gaps pick at once, one home each in a round; what `near` calls near their pick goes.
    """
    order = np.lexsort((homes.row, -homes.people, homes.gap))
    left, picks = order.astype(np.int64), np.zeros(count)
    while len(left):
        gaps, first, of_left = np.unique(homes.gap[left], return_index=True, return_inverse=True)
        pick = left[first]
        gone = near(pick, left, of_left.reshape(-1).astype(np.int64))
        # a home that is not even near itself is joined to nothing: no number of sites is known
        lost = gaps[~gone[first]]
        picks[gaps] += 1
        picks[lost] = np.nan
        picks[gaps[picks[gaps] > MOST_SITES]] = np.nan
        left = left[~gone & ~np.isnan(picks[homes.gap[left]])]
    return picks
