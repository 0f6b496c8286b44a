"""Streets that were cut at a gate, joined again once the gate is not shut any more.

A cut takes as much off either side, so that the two ends point at one another from a known
distance. Where just one end is left, or none points at it, how the street went on is not known.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree

from planner.arrays import F64, I64, Bool, Shapes
from planner.sources.streets.gates import CUT_M, ON_M, REACH_M
from planner.sources.streets.pieces import walked_lengths

MEET_M = 0.05
"""Ends that would meet as near as this, were they longer by what a cut takes, are of one cut."""

_SAME_M = 0.001


def cut_at(lines: Shapes, points: Shapes) -> tuple[Bool, Bool]:
    """Return at which points streets are cut, and at which they end and face no other, bool (n,).

    Parameters
    ----------
    lines
        Streets.
    points
        Gates, in the same CRS.
    """
    found = _Cuts(lines, points)
    cut, ends = np.zeros(len(points), bool), np.zeros(len(points), bool)
    cut[found.point[found.met]] = True
    ends[found.point[~found.met]] = True
    return cut, ends & ~cut


def cut_beside(lines: Shapes, points: Shapes) -> Bool:
    """Return at which points streets are cut that pass beside them, as only a wall tells, (n,)."""
    found = _Cuts(lines, points)
    beside = np.zeros(len(points), bool)
    if found.met.any():
        own = found.point[found.met]
        off = np.hypot(*(found.spots[found.met] - shapely.get_coordinates(points)[own]).T)
        beside[own[off > ON_M]] = True
    return beside


def joined_at(streets: gpd.GeoDataFrame, points: Shapes) -> gpd.GeoDataFrame:
    """Return streets whose ends meet again where a cut parted them at one of some points."""
    lines = streets.geometry.to_numpy()
    found = _Cuts(lines, points)
    longer = lines.copy()
    for row in np.flatnonzero(found.met).tolist():
        street, last = divmod(int(found.end[row]), 2)
        xy: Any = shapely.get_coordinates(longer[street])
        spot = found.spots[row]
        parts = (xy, [spot]) if last else ([spot], xy)
        longer[street] = shapely.LineString(np.concatenate(parts))
    table = streets.set_geometry(gpd.GeoSeries(longer, index=streets.index, crs=streets.crs))
    if "length_m" in table:
        table["length_m"] = walked_lengths(
            table["length_m"], shapely.length(lines), shapely.length(longer)
        )
    return table


class _Cuts:
    """Loose ends near some points: of which point, which end, where it would meet another.

    An end is twice the number of its street, and one more where it is the last one.
    """

    point: I64
    end: I64
    spots: F64
    met: Bool

    def __init__(self, lines: Shapes, points: Shapes) -> None:
        self.point = self.end = np.empty(0, np.int64)
        self.spots, self.met = np.empty((0, 2)), np.zeros(0, bool)
        if not len(lines) or not len(points):
            return
        reach = REACH_M + CUT_M
        _, far = shapely.STRtree(lines).query(points, predicate="dwithin", distance=reach)
        streets = np.unique(far)
        if not len(streets):
            return
        ends = np.sort(np.concatenate([2 * streets, 2 * streets + 1]))
        tip = shapely.get_coordinates(shapely.get_point(lines[ends // 2], -(ends % 2)))
        alone = self._alone(lines, tip)
        tree = cKDTree(tip[alone])
        spots = _beyond(lines, ends[alone])
        pairs = [
            (at, end)
            for at, found in enumerate(
                tree.query_ball_point(shapely.get_coordinates(points), reach)
            )
            for end in found
        ]
        if not pairs:
            return
        self.point, which = np.array(pairs, dtype=np.int64).T
        self.end, self.spots = ends[alone][which], spots[which]
        self._meet()

    @staticmethod
    def _alone(lines: Shapes, tip: F64) -> Bool:
        """Whether no other street touches an end."""
        own, _ = shapely.STRtree(lines).query(
            shapely.points(tip), predicate="dwithin", distance=_SAME_M
        )
        return np.asarray(np.bincount(own, minlength=len(tip)) == 1)

    def _meet(self) -> None:
        """Let ends of one cut share their spot; each end counts for one point."""
        self.met = np.zeros(len(self.end), bool)
        taken: set[int] = set()
        for row in range(len(self.end)):
            same = self.point == self.point[row]
            off = np.hypot(*(self.spots - self.spots[row]).T)
            rows = np.flatnonzero(same & (off <= MEET_M) & ~self.met)
            rows = np.array([each for each in rows if int(self.end[each]) not in taken], np.int64)
            if self.met[row] or row not in rows or len(np.unique(self.end[rows])) < 2:
                continue
            taken |= set(self.end[rows].tolist())
            self.met[rows] = True
            self.spots[rows] = self.spots[rows].mean(axis=0)


def _beyond(lines: Shapes, ends: I64) -> F64:
    """Return where each end would be, were its street longer by what a cut takes."""
    spots = np.empty((len(ends), 2))
    for row, end in enumerate(ends.tolist()):
        xy = shapely.get_coordinates(lines[end // 2])[:: -1 if end % 2 else 1]
        ahead = xy[0] - xy
        metres = np.hypot(*ahead.T)
        at = int((metres > _SAME_M).argmax())  # a line may repeat its last point
        spots[row] = xy[0] + (ahead[at] * (CUT_M / metres[at]) if metres[at] else 0.0)
    return spots
