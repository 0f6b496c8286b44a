"""A total divided by weights, so that the parts add up to it exactly."""

from __future__ import annotations

import numpy as np

from planner.arrays import F64, I64
from planner.errors import InputError

STEP = 1 / 1024
"""Parts are whole multiples of this, a power of two: floats add them without rounding."""

_MOST_STEPS = 2.0**52


def apportioned(totals: F64, area_of: I64, weight: F64) -> F64:
    """Divide each area's total among its places by their weights.

    Parts are multiples of :data:`STEP`, the rest of a division goes to the places with the largest
    remainders. A whole total is the exact sum of its parts; any other is rounded to a step first.

    Parameters
    ----------
    totals
        Of each area, (a,), 0 or more.
    area_of
        Area of each place, (n,).
    weight
        Of each place, (n,), above 0.

    Returns
    -------
    The part of each place, (n,).

    Raises
    ------
    InputError
        ``population.too_many`` where a total is too large to be divided exactly.

    Examples
    --------
    >>> parts = apportioned(np.array([10.0]), np.zeros(3, np.int64), np.array([1.0, 1.0, 1.0]))
    >>> float(parts.sum()), float(parts.max() - parts.min()) <= STEP
    (10.0, True)
    """
    steps = np.rint(totals / STEP)
    if (steps > _MOST_STEPS).any():
        raise InputError("population.too_many", value=float(totals.max()))
    sums = np.bincount(area_of, weight, minlength=len(totals))
    quota = weight / sums[area_of] * steps[area_of]
    whole = np.floor(quota)
    left = (steps - np.bincount(area_of, whole, minlength=len(totals))).astype(np.int64)
    rank = _rank(area_of, quota - whole)
    whole += rank < left[area_of]
    over = np.minimum(left, 0)[area_of]  # where rounding up made a sum too large
    if over.any():
        whole -= _rank(area_of, whole) < -over
    return np.asarray(whole * STEP, dtype=np.float64)


def _rank(area_of: I64, value: F64) -> I64:
    """Return the place of each value among those of its area, the largest first."""
    order = np.lexsort((-value, area_of))
    sorted_areas = area_of[order]
    first = np.searchsorted(sorted_areas, sorted_areas, side="left")
    rank = np.empty(len(value), np.int64)
    rank[order] = np.arange(len(value)) - first
    return rank
