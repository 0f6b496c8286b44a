"""Count people by what is known of their distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planner.analysis.coverage.spread import SpreadHomes
from planner.arrays import F64, I64, Bool

Floats = float | F64

_JUDGED = ("covered", "uncovered", "share", "share_low", "share_high")
_FIGURES = ("total", "covered", "uncovered", "unknown", "share", "share_low", "share_high",
            "unreachable", "mean_distance_m", "median_distance_m")  # fmt: skip


MOST_UNKNOWN = 0.1
"""Where more than this part is unknown, no share is told: only the range it lies in."""


def share_of_known(covered: Floats, uncovered: Floats, unknown: Floats) -> F64:
    """Return the share covered of those of whom it is known.

    NaN where nobody is, and where more than :data:`MOST_UNKNOWN` of all are not: so many might turn
    the figure into another, and one of few would be taken for one of all. The range tells then.

    Examples
    --------
    >>> share_of_known(np.array([9.0, 9.0]), np.array([1.0, 0.0]), np.array([1.0, 91.0]))
    array([0.9, nan])
    """
    known = np.asarray(covered + uncovered, np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.asarray(covered, np.float64) / known
    return np.where(unknown > MOST_UNKNOWN * (known + unknown), np.nan, share)[()]


def count_people(
    areas: Sequence[str],
    area_of: I64,
    people: pd.DataFrame,
    distance_m: F64,
    limit_m: float | Mapping[str, float | None] | None,
    best_m: F64 | None = None,
    spread: SpreadHomes | None = None,
) -> pd.DataFrame:
    """Count the people of each area and group as covered, uncovered and unknown.

    Someone is covered where `distance_m` is within the limit, uncovered where even `best_m` is
    beyond it, and unknown otherwise.

    Parameters
    ----------
    areas
        Area ids.
    area_of
        Position in `areas` of each demand point, −1 for none, shape (n,).
    people
        People at each demand point (rows) by group (columns), NaN where not known, shape (n, g).
    distance_m
        Distance of each demand point: NaN unknown, inf unreachable, shape (n,).
    limit_m
        The limit, inclusive, one for all or by group; None where the kind is not judged, and
        then nobody is counted as covered or uncovered.
    best_m
        Distance if every facility of which it is not known counted, shape (n,); `distance_m`
        where none is given.
    spread
        Which totals were spread over the demand points; None where people were counted there.

    Returns
    -------
    DataFrame
        One row for each group and area, group by group: ``area_id``, ``group``, ``total``,
        ``covered``, ``uncovered``, ``unknown`` people; ``share`` as of
        :func:`share_of_known`; ``share_low`` and ``share_high``, the share if all unknown were
        uncovered or covered, and those spread lived at the worst or best homes that
        :class:`planner.analysis.coverage.spread.SpreadHomes` allows; ``unreachable``, those who
        can reach no facility, not even one of which it is not known whether it counts, and
        ``mean_distance_m`` and ``median_distance_m`` over those who reach one that counts. NaN
        in areas of whose homes none tells the group.

    Examples
    --------
    >>> people = pd.DataFrame({"population": [10.0, 20.0, 5.0]})
    >>> table = count_people(
    ...     ["all"], np.zeros(3, np.int64), people, np.array([200.0, 400.0, np.nan]), 300.0
    ... )
    >>> table[["total", "covered", "uncovered", "unknown"]].iloc[0].to_list()
    [35.0, 10.0, 20.0, 5.0]
    """
    count = len(areas)
    best = distance_m if best_m is None else best_m
    located = ~np.isnan(distance_m)
    reached = np.isfinite(distance_m)
    order, bounds = _by_area_and_distance(area_of, distance_m, count)

    parts: dict[str, list[F64]] = {name: [] for name in _FIGURES}
    for group in people.columns:
        weight = np.nan_to_num(people[group].to_numpy(dtype=np.float64), nan=0.0)
        walked = np.where(reached, distance_m, 0.0) * weight
        own = limit_m.get(group) if isinstance(limit_m, Mapping) else limit_m
        judged, limit = own is not None, np.nan if own is None else own
        within = located & (distance_m <= limit)
        beyond = located & (best > limit)
        unknown = ~(within | beyond) if judged else ~located

        def total(where: Bool, values: F64 = weight) -> F64:
            return _sum_by_area(area_of, values, where, count)

        everyone = total(np.ones_like(located))
        # an area of whose homes none tells the group: not nobody, but not known
        untold = _untold(area_of, people[group], count)
        covered, uncovered = total(within), total(beyond)
        lost = total(unknown)
        least, most = covered, covered + lost
        if spread is not None and judged:
            least, most = spread.covered(area_of, weight, within, ~beyond, count)
        with np.errstate(invalid="ignore", divide="ignore"):
            figures = {
                "total": everyone,
                "covered": covered,
                "uncovered": uncovered,
                "unknown": lost,
                "share": share_of_known(covered, uncovered, lost),
                "share_low": least / everyone,
                "share_high": most / everyone,
                "unreachable": total(np.isinf(distance_m) & np.isinf(best)),
                "mean_distance_m": total(reached, walked) / total(reached),
                "median_distance_m": _medians(distance_m[order], weight[order], bounds),
            }
        for name, figure in figures.items():
            kept = judged or name not in _JUDGED
            parts[name].append(np.where(kept & ~untold, figure, np.nan))
    return pd.DataFrame(
        {
            "area_id": list(areas) * len(people.columns),
            "group": [group for group in people.columns for _ in range(count)],
            **{name: np.concatenate(part) for name, part in parts.items()},
        }
    )


def _untold(area_of: I64, people: pd.Series, count: int) -> Bool:
    """Return which areas have homes of which none tells how many people of a group live there."""
    told = people.notna().to_numpy()
    told_in, missing_in = (
        np.bincount(area_of[rows] + 1, minlength=count + 1)[1:] for rows in (told, ~told)
    )
    return np.asarray((told_in == 0) & (missing_in > 0))


def _sum_by_area(area_of: I64, values: F64, where: Bool, count: int) -> F64:
    sums = np.bincount(area_of + 1, weights=np.where(where, values, 0.0), minlength=count + 1)
    return np.asarray(sums[1:], dtype=np.float64)


def _by_area_and_distance(area_of: I64, distance_m: F64, count: int) -> tuple[I64, I64]:
    """Return the rows that can reach a facility, sorted, and where each area begins and ends."""
    rows = np.flatnonzero(np.isfinite(distance_m) & (area_of >= 0))
    rows = rows[np.argsort(distance_m[rows])]
    # a stable sort of short integers takes time in proportion to their number
    short = np.int16 if count < np.iinfo(np.int16).max else np.int64
    rows = rows[np.argsort(area_of[rows].astype(short), kind="stable")]
    return rows, np.searchsorted(area_of[rows], np.arange(count + 1)).astype(np.int64)


def _medians(distance_m: F64, weight: F64, bounds: I64) -> F64:
    """Return each area's distance that half of its people do not exceed, NaN without people.

    Examples
    --------
    >>> _medians(np.array([100.0, 300.0, 900.0]), np.array([1.0, 1.0, 5.0]), np.array([0, 3, 3]))
    array([900.,  nan])
    """
    sums = np.concatenate([[0.0], np.cumsum(weight)])
    begin, end = sums[bounds[:-1]], sums[bounds[1:]]
    row = np.searchsorted(sums[1:], (begin + end) / 2)
    row = np.clip(row, bounds[:-1], np.maximum(bounds[1:] - 1, bounds[:-1]))
    found = np.append(distance_m, np.nan)[np.minimum(row, len(distance_m))]
    return np.where(end > begin, found, np.nan)
