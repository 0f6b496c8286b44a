"""Homes and facilities that lie within reach of each other, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from planner.analysis.distances.reach import Measure, Reach, plain_walk_only
from planner.analysis.distances.streets import points_xy
from planner.arrays import F64, I64, Bool

_HALF_MM = 0.0005


@dataclass(frozen=True, eq=False)
class Pairs:
    """Facilities and homes within a distance of each other.

    Parameters
    ----------
    rows
        (f,) int64, rows of the facilities in the district's layer.
    facility, home
        (p,) int64, of each pair the position in `rows` and the row in ``demand``; facility by
        facility.
    distance_m
        (p,) float64.
    homes
        Number of homes.
    """

    rows: I64
    facility: I64
    home: I64
    distance_m: F64
    homes: int

    def within(self, limit_m: float) -> Pairs:
        """Return the pairs within a shorter distance, inclusive."""
        return self.only(self.distance_m <= limit_m)

    def of(self, facilities: Bool) -> Pairs:
        """Return the pairs of some facilities, (f,) bool; the facilities stay listed."""
        return self.only(facilities[self.facility])

    def only(self, kept: Bool) -> Pairs:
        """Return some of the pairs, (p,) bool."""
        return Pairs(
            self.rows, self.facility[kept], self.home[kept], self.distance_m[kept], self.homes
        )

    def per_facility(self, values: F64) -> F64:
        """Return the sum of a value of each pair, (p,), by facility, (f,)."""
        return _sums(self.facility, values, len(self.rows))

    def per_home(self, values: F64) -> F64:
        """Return the sum of a value of each pair, (p,), by home, (n,)."""
        return _sums(self.home, values, self.homes)

    def reached(self) -> Bool:
        """Return which homes, (n,), are in any pair."""
        found = np.zeros(self.homes, dtype=np.bool_)
        found[self.home] = True
        return found


def pairs_within(reach: Reach, kind: str, cutoff_m: float) -> Pairs:
    """Return every home and facility of a kind within a distance of each other.

    Parameters
    ----------
    reach
        Of an assessment: its homes, streets and measure are used.
    kind
        Kind of facility.
    cutoff_m
        Longest distance, metres, inclusive; in whole millimetres, both access legs included.

    Returns
    -------
    Pairs
        Of the facilities that count or may count under the question asked.
    """
    rows = np.flatnonzero(reach.counting(kind, if_unknown=True))
    return facility_pairs(reach, rows, cutoff_m, reach.measure_of(kind))


def facility_pairs(reach: Reach, rows: I64, cutoff_m: float, measure: Measure) -> Pairs:
    """Return every home within a distance of some facilities, given by row; see `pairs_within`."""
    plain_walk_only(reach)
    count = len(reach.homes)
    if measure == "straight":
        return _straight(reach, rows, cutoff_m)
    on_network = reach.streets.on_network
    found = reach.streets.network.matrix(
        on_network(reach.places.take(rows)), on_network(reach.homes), cutoff_m
    )
    facility = np.repeat(np.arange(len(rows), dtype=np.int64), np.diff(found.indptr))
    return Pairs(rows, facility, found.indices.astype(np.int64), found.data, count)


def _straight(reach: Reach, rows: I64, cutoff_m: float) -> Pairs:
    demand, facilities = reach.district.demand, reach.district.facilities.iloc[rows]
    facility, home = shapely.STRtree(demand.geometry.to_numpy()).query(
        facilities.geometry.to_numpy(), predicate="dwithin", distance=cutoff_m + _HALF_MM
    )
    order = np.lexsort((home, facility))
    facility, home = facility[order], home[order]
    away = points_xy(demand)[home] - points_xy(facilities)[facility]
    metres = np.rint(np.hypot(away[:, 0], away[:, 1]) * 1000) / 1000
    return Pairs(rows, facility, home, metres, len(demand)).within(cutoff_m)


def _sums(where: I64, values: F64, count: int) -> F64:
    return np.asarray(np.bincount(where, weights=values, minlength=count), dtype=np.float64)
