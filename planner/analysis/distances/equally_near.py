"""The nearest of some facilities to each home, and all of them where several are as near.

A search names one of those that are equally near, the first of the layer. Whoever counts people by
facility asks here, or the answer would hang on the order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import shapely

from planner.analysis.distances.reach import EQUAL_M, Measure, Reach
from planner.analysis.distances.streets import points_xy
from planner.arrays import F64, I64

_FIRST = 2
"""How many are asked of each home at first: the next one tells whether it is as near."""


@dataclass(frozen=True, eq=False)
class EquallyNear:
    """Homes with their nearest facilities, a row for each two.

    Parameters
    ----------
    home
        (p,) row of the home, ascending.
    row
        (p,) row of the facility in the layer, ascending for a home.
    distance_m
        (p,) metres between the two, the same for all rows of a home.
    part
        (p,) what of the home each takes: 1, or as much as each of those equally near.
    """

    home: I64
    row: I64
    distance_m: F64
    part: F64

    @classmethod
    def of(cls, reach: Reach, rows: I64, measure: Measure) -> Self:
        """Find the nearest of some facilities, to the millimetre.

        Parameters
        ----------
        reach
            Who walks where.
        rows
            (f,) the facilities that are asked about, rows of the layer.
        measure
            How it is measured.
        """
        if not rows.size:
            none = np.zeros(0, dtype=np.int64)
            return cls(none, none, np.zeros(0), np.zeros(0))
        near = _walked if measure == "walk" else _straight
        home, number, distance_m = near(reach, rows)
        order = np.lexsort([rows[number], home])
        home, row, distance_m = home[order], rows[number][order], distance_m[order]
        part = 1.0 / np.bincount(home, minlength=len(reach.homes))[home]
        return cls(home, row, distance_m, part)


def _walked(reach: Reach, rows: I64) -> tuple[I64, I64, F64]:
    """Ask for two of each home, and for more where the last of them is as near as the first."""
    on_network = reach.streets.on_network
    places, homes = on_network(reach.places.take(rows)), on_network(reach.homes)
    network = reach.streets.network
    left = np.arange(len(reach.homes), dtype=np.int64)
    if reach.kept_off.any():
        left = left[~reach.kept_off]
    parts: list[tuple[I64, I64, F64]] = []
    count = _FIRST
    while left.size:
        count = min(count, len(rows))
        found = network.k_nearest(places, homes.take(left), count)
        first = found.distance_m[:, :1]
        equal = np.isfinite(first) & (found.distance_m == first)
        more = equal[:, -1] & (count < len(rows))
        which, place = np.nonzero(equal & ~more[:, None])
        facility = found.source[which, place].astype(np.int64)
        parts.append((left[which], facility, found.distance_m[which, place]))
        left = left[more]
        count *= 2
    if not parts:  # every home is kept off
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0)
    home, facility, distance_m = (np.concatenate(part) for part in zip(*parts, strict=True))
    return home, facility, distance_m


def _straight(reach: Reach, rows: I64) -> tuple[I64, I64, F64]:
    """Ask for all within the nearest's distance, rounded to the millimetre like it."""
    homes = points_xy(reach.district.demand)
    places = points_xy(reach.district.facilities)[rows]
    points = np.asarray(shapely.points(homes), object)
    tree = shapely.STRtree(np.asarray(shapely.points(places), object))
    closest_m = np.hypot(*(homes - places[np.asarray(tree.nearest(points))]).T)
    home, place = tree.query(points, predicate="dwithin", distance=closest_m + EQUAL_M)
    metres = np.rint(np.hypot(*(homes[home] - places[place]).T) * 1000) / 1000
    least = np.full(len(homes), np.inf)
    np.minimum.at(least, home, metres)
    kept = metres == least[home]
    return home[kept], place[kept], metres[kept]
