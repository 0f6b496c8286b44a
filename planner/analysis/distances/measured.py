"""The distances of one kind, by home: as they are, and as they are at best."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from planner.analysis.distances.reach import Found, Reach
from planner.arrays import F64, Objects


class Measured(NamedTuple):
    """Of one kind, by home: metres, id of the nearest, and metres at best."""

    distance_m: F64
    nearest: Objects
    best_m: F64


def measure(reach: Reach, kind: str) -> Measured:
    """Measure from every home to the nearest facility of a kind, from nothing."""

    def find(if_unknown: bool) -> Found:
        counts = reach.counting(kind, if_unknown=if_unknown)
        asked = reach.hopeful if if_unknown else reach
        return asked.nearest(counts, reach.measure_of(kind))

    return _measured(reach, kind, find)


def measure_after(before: Reach, after: Reach, kind: str) -> Measured:
    """Measure a kind after changes, from what was found before them; the same to the bit."""

    def find(if_unknown: bool) -> Found:
        counted = before.counting(kind, if_unknown=if_unknown)
        counts = after.counting(kind, if_unknown=if_unknown)
        here, there = (before.hopeful, after.hopeful) if if_unknown else (before, after)
        return here.nearest_after(there, counted, counts, after.measure_of(kind))

    return _measured(after, kind, find)


def _measured(reach: Reach, kind: str, find: Callable[[bool], Found]) -> Measured:
    """Measure a kind as `find` does, with and without the facilities not known to count."""
    ids = np.append(reach.district.facilities["facility_id"].to_numpy(dtype=object), "")
    found = find(False)
    best = find(True) if reach.undecided(kind) else found
    longer_m = reach.around_corners_m if reach.measure_of(kind) == "walk" else 0.0
    return Measured(found.distance_m + longer_m, ids[found.row], best.distance_m)
