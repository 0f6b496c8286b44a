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

Near = Callable[[I64, I64, I64], Bool]
"""Which homes left are near the pick of their gap: of picks, homes left, and the pick of each."""


class Homes(NamedTuple):
    """Homes of gaps: (m,) number of the gap, row in ``demand``, and people by whom they rank.

    Of homes of as many people that with the lower `place` goes first: which that is depends on
    where they stand and what they are called, and not on the order of the layer.
    """

    gap: I64
    row: I64
    people: F64
    place: I64

    def only(self, kept: Bool) -> Homes:
        """Return some of them, (m,) bool."""
        return Homes(self.gap[kept], self.row[kept], self.people[kept], self.place[kept])


def fewest(assessment: Assessment, homes: Homes, limit_m: float, count: int) -> F64:
    """Return how many facilities of a kind each gap takes at least, (count,).

    Homes that are farther than twice the limit from each other in a straight line cannot have the
    same facility within the limit, so it takes no fewer than such homes are found. They are looked
    for from the far ends of a gap inwards, and across it from the west and from the south: who is
    picked in the middle leaves nobody far enough. The most that any way finds is the answer.
    """
    xy = points_xy(assessment.district.demand)[homes.row]
    from_middle = np.hypot(*(xy - _middle(homes, xy, count)[homes.gap]).T)
    found, counted = np.zeros(count), np.ones(len(xy), dtype=np.bool_)
    for rank in (homes.people, from_middle, -xy[:, 0], -xy[:, 1]):
        near = _in_straight_line(xy[counted], 2 * limit_m + _SLACK_M)
        found = np.maximum(found, _picked(homes.only(counted), rank[counted], near, count))
        # of a gap that takes too many to be counted no way tells more
        counted = ~np.isnan(found[homes.gap])
    return found


def _in_straight_line(xy: F64, metres: float) -> Near:
    """Return what tells which homes are that near to the pick of their gap."""

    def near(pick: I64, left: I64, of_left: I64) -> Bool:
        away = xy[left] - xy[pick][of_left]
        return np.asarray(np.hypot(away[:, 0], away[:, 1]) <= metres)

    return near


def _middle(homes: Homes, xy: F64, count: int) -> F64:
    """Return the middle of the ground that the homes of each gap take, (count, 2)."""
    ends: F64 = np.full((2, count, 2), [[[np.inf]], [[-np.inf]]])
    np.minimum.at(ends[0], homes.gap, xy)
    np.maximum.at(ends[1], homes.gap, xy)
    with np.errstate(invalid="ignore"):  # a gap of which nobody is surely beyond has none
        middle: F64 = ends.mean(axis=0)
    return middle


def most(assessment: Assessment, kind: str, homes: Homes, limit_m: float, count: int) -> F64:
    """Return with how many facilities of a kind each gap is mended for sure, (count,).

    One stands at the home of most people, the next at that of most who are then still beyond the
    limit, and so on. NaN where a home is joined to no street, or :data:`MOST_SITES` are too few.
    """
    reach = assessment.reach
    if reach.measure_of(kind) == "straight":
        xy = points_xy(assessment.district.demand)[homes.row]
        return _picked(homes, homes.people, _in_straight_line(xy, limit_m), count)
    places = reach.streets.on_network(reach.homes)

    def near_on_foot(pick: I64, left: I64, of_left: I64) -> Bool:
        ways = reach.streets.network.matrix(
            places.take(homes.row[pick]), places.take(homes.row[left]), limit_m
        ).tocoo()
        found = np.zeros(len(left), dtype=np.bool_)
        # of all ways those count that lead to the pick of a home's own gap
        found[ways.col[ways.row == of_left[ways.col]]] = True
        return found

    return _picked(homes, homes.people, near_on_foot, count)


def _picked(homes: Homes, rank: F64, near: Near, count: int) -> F64:
    """Count how often the home of highest rank left in each gap is picked until none is left.

    All gaps pick at once, one home each in a round; what `near` calls near their pick goes.
    """
    # sums that differ in their last bit are alike
    order = np.lexsort((homes.place, -rank.round(6), homes.gap))
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
