"""A number of sites allotted to areas that share nothing else, with a proven bound.

What the best 1, 2, … sites of each area bring is known from a search in each, and so is a bound on
it. Which area gets how many is then a choice of one number an area, which is made exactly, area
after area (Bellman 1957, Dynamic Programming, ch. I: the allocation process). The same choice among
the bounds bounds every choice of sites, wherever they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.arrays import F64, I64
from planner.errors import InputError

__all__ = ["Allotment", "allot"]

_SAME = 1e-12
"""Sums that differ by a smaller part are the same: they were added up in another order."""


@dataclass(frozen=True, eq=False)
class Allotment:
    """How many sites each area gets. Made by :func:`allot`.

    Parameters
    ----------
    counts
        (areas,) int64.
    value
        What they bring together.
    bound
        No choice of so many sites in these areas brings more.
    """

    counts: I64
    value: float
    bound: float


def allot(
    values: Sequence[F64],
    bounds: Sequence[F64],
    reachable: Sequence[float],
    number: int,
    *,
    least: Sequence[int] | None = None,
) -> Allotment:
    """Allot a number of sites to areas so that they bring most together.

    Of choices that bring as much, one with the fewest sites is taken.

    Parameters
    ----------
    values
        For each area, what the 1, 2, … sites found there bring.
    bounds
        For each area, of the same length: no 1, 2, … sites there bring more. What sites bring must
        be coverage, of which each site more adds no more than it would alone.
    reachable
        For each area, what all its places together bring.
    number
        Sites at most.
    least
        For each area, how many sites must be there, 0 where none are given. What fewer bring is
        not asked.

    Raises
    ------
    InputError
        ``location.bad_allotment`` for fewer than one site, or lists of different lengths;
        ``location.allotment_too_small`` where more sites must be there than there may be.

    Examples
    --------
    >>> curves = [np.array([50.0, 80.0]), np.array([60.0])]
    >>> found = allot(curves, curves, [100.0, 60.0], 2)
    >>> found.counts.tolist(), found.value, found.bound
    ([1, 1], 110.0, 110.0)
    """
    required = [0] * len(values) if least is None else list(least)
    alike = len(values) == len(bounds) == len(reachable) == len(required) and all(
        len(value) == len(bound) for value, bound in zip(values, bounds, strict=True)
    )
    if number < 1 or not alike:
        raise InputError("location.bad_allotment", number=number)
    if sum(required) > number:
        raise InputError("location.allotment_too_small", number=number, least=sum(required))
    # more sites than were found with fewer cannot bring less: what they bring is known at least
    found = [np.maximum.accumulate(np.r_[0.0, value]) for value in values]
    counts, value = _best(found, required, number, _SAME)
    most = [
        _bounded(bound, most, few, number)
        for bound, most, few in zip(bounds, reachable, required, strict=True)
    ]
    # nothing is too small to count in a bound
    _, bound = _best(most, required, number, 0.0)
    return Allotment(counts, value, max(bound, value))


def _bounded(bound: F64, reachable: float, least: int, number: int) -> F64:
    """Bound what 0, 1, … `number` sites of an area bring, also beyond those that were looked at.

    The best of m sites brings at most m/n as much as the best n of them do on the average of all
    choices of n among these m, so that it is no more than m/n times the bound of n. Where r sites
    must be among them, that holds of the m − r and n − r others.
    """
    looked_at = len(bound)
    # fewer sites bring no more than more do
    told: F64 = np.minimum.accumulate(np.minimum(np.r_[0.0, bound], reachable)[::-1])[::-1]
    beyond = np.arange(looked_at + 1, number + 1)
    if looked_at > least:
        ends = np.minimum(told[-1] * (beyond - least) / (looked_at - least), reachable)
    else:
        ends = np.full(len(beyond), reachable)
    curve: F64 = np.r_[told, ends][: number + 1]
    return curve


def _best(
    curves: Sequence[F64], least: Sequence[int], number: int, same: float
) -> tuple[I64, float]:
    """Choose a count for each curve, together no more than a number, of the greatest sum.

    Sums that differ by a smaller part than `same` are the same: of these the first is taken.
    """
    # what so many sites bring at most in the areas looked at so far, and what the last got for it
    total = np.zeros(number + 1)
    chosen = np.zeros((len(curves), number + 1), dtype=np.int32)
    for area, (curve, few) in enumerate(zip(curves, least, strict=True)):
        # a count that brings no more than the one before needs no look
        more = np.flatnonzero(np.diff(curve, prepend=0.0) > same * curve[-1])
        before, total = total, np.full(number + 1, -np.inf)
        for count in [few, *more[(more > few) & (more <= number)]]:
            # where fewer were found than must be there, these bring what is known of them
            with_it = before[: number + 1 - count] + curve[min(count, len(curve) - 1)]
            better = with_it > total[count:] * (1 + same)
            total[count:][better] = with_it[better]
            chosen[area, count:][better] = count
    left = int(np.flatnonzero(total >= total[-1] * (1 - same))[0])
    counts = np.zeros(len(curves), dtype=np.int64)
    for area in range(len(curves) - 1, -1, -1):
        counts[area] = chosen[area, left]
        left -= int(chosen[area, left])
    got = (
        float(curve[min(int(count), len(curve) - 1)])
        for curve, count in zip(curves, counts, strict=True)
    )
    return counts, sum(got)
