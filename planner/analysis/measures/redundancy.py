"""What each facility carries alone, and what is lost if it closes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.distances.equally_near import EquallyNear
from planner.analysis.distances.pairs import Pairs, pairs_within
from planner.analysis.distances.reach import Measure, Reach
from planner.analysis.distances.streets import points_xy
from planner.analysis.hours.rules import OPEN
from planner.analysis.people import limit_of, people_of, without_few
from planner.arrays import F64, Bool
from planner.errors import Finding

_COUNTS = ("residents_within", "alone_low", "alone_high", "stranded")
_TELLING = {
    "overlap_low": ("alone_high", "residents_within"),
    "overlap_high": ("alone_low", "residents_within"),
}
"""Shares with the counts that they would tell."""


def redundancy(
    assessment: Assessment, kind: str, *, group: str | None = None, limit_m: float | None = None
) -> pd.DataFrame:
    """Return what each facility of a kind carries alone, the most first.

    Parameters
    ----------
    assessment, kind, group
        What is measured, and the people who are counted; the total where no group is given.
    limit_m
        The limit; the standard's where none is given.

    Returns
    -------
    DataFrame
        Index ``facility_id``, of those that count or may count: ``name``, ``counts`` (missing
        where not known), ``residents_within`` the limit, ``alone_low`` and ``alone_high``: of
        these, those who have no other within the limit, who lose their cover if it closes, from
        every other facility of unknown hours or services open to all of them shut; a facility
        that itself may be shut carries nobody at the least. ``overlap_low`` and
        ``overlap_high``: share of `residents_within` who have another. ``next_m``: mean
        distance to the next nearest of those whose nearest it is, and ``extra_m``: how much
        farther that is, both if all count and for those who can reach another;
        ``stranded``: residents who could reach no other at all. Of a group whose small counts are
        withheld, these are missing, and so are the shares that would tell them.

    Raises
    ------
    InputError
        For an unknown kind or group, or a kind without a limit.

    Notes
    -----
    Exact: ``alone_high`` is what ``assessment.apply(Scenario("", [Close(facility_id)]))`` takes
    away from the covered where all hours and services are known.
    """
    limit = limit_of(assessment, kind, group, limit_m)
    people = people_of(assessment, group)
    pairs = pairs_within(assessment.reach, kind, limit)
    sure = assessment.reach.states[pairs.rows] == OPEN
    weight = people[pairs.home]
    everyone = pairs.per_facility(weight)
    alone_high = pairs.per_facility(np.where(_others(pairs, sure) == 0, weight, 0.0))
    alone_low = pairs.per_facility(np.where(_others(pairs, np.ones_like(sure)) == 0, weight, 0.0))
    table = pd.DataFrame(
        assessment.district.facilities.iloc[pairs.rows].set_index("facility_id")[["name"]]
    )
    table["counts"] = pd.arrays.BooleanArray(sure.copy(), ~sure)
    table["residents_within"] = everyone
    table["alone_low"] = np.where(sure, alone_low, 0.0)
    table["alone_high"] = alone_high
    with np.errstate(invalid="ignore", divide="ignore"):
        table["overlap_low"] = 1 - alone_high / everyone
        table["overlap_high"] = 1 - alone_low / everyone
    for column, values in _next(
        assessment.reach, assessment.reach.measure_of(kind), pairs, people
    ).items():
        table[column] = values
    ranked = table.sort_values(["alone_high", "residents_within"], ascending=False, kind="stable")
    return without_few(assessment, ranked, _COUNTS, group, _TELLING)


def taken_as_open(table: pd.DataFrame) -> tuple[Finding, ...]:
    """Tell of how many facilities it is not known whether they count, where ways turn on it.

    Parameters
    ----------
    table
        What :func:`redundancy` returns, or several of it one below the other.

    Returns
    -------
    tuple of Finding
        ``measures.taken_as_open``, where ``next_m``, ``extra_m`` and ``stranded`` would be others
        if such facilities were shut.
    """
    unknown = int(table["counts"].isna().sum()) if len(table) else 0
    return (Finding("measures.taken_as_open", {"count": unknown}),) if unknown else ()


def _others(pairs: Pairs, counted: Bool) -> F64:
    """Return for each pair how many of the facilities that count, it apart, reach its home."""
    counts = counted[pairs.facility].astype(np.float64)
    return np.asarray(pairs.per_home(counts)[pairs.home] - counts, dtype=np.float64)


def _next(reach: Reach, measure: Measure, pairs: Pairs, people: F64) -> dict[str, F64]:
    """Return how far those whose nearest a facility is would have to go if it closed.

    Of facilities that are equally near each takes its part of a home, and another is the next.
    """
    near = EquallyNear.of(reach, pairs.rows, measure)
    number = np.searchsorted(pairs.rows, near.row)
    there = people[near.home] * near.part
    next_m = _second_m(reach, measure, pairs)[near.home]
    going = np.isfinite(next_m)

    def total(values: F64, where: Bool) -> F64:
        sums = np.bincount(number[where], values[where], minlength=len(pairs.rows))
        return sums.astype(np.float64)

    movers = total(there, going)
    with np.errstate(invalid="ignore"):
        return {
            "next_m": total(there * next_m, going) / movers,
            "extra_m": total(there * (next_m - near.distance_m), going) / movers,
            "stranded": total(there, ~going),
        }


def _second_m(reach: Reach, measure: Measure, pairs: Pairs) -> F64:
    """Return for each home how far the second nearest of the facilities is, inf without one."""
    if len(pairs.rows) < 2:
        return np.full(pairs.homes, np.inf)
    if measure == "walk":
        on_network = reach.streets.on_network
        found = reach.streets.network.k_nearest(
            on_network(reach.places.take(pairs.rows)), on_network(reach.homes), 2
        )
        return np.asarray(found.distance_m[:, 1], dtype=np.float64)
    from scipy.spatial import cKDTree

    places = points_xy(reach.district.facilities)[pairs.rows]
    metres = cKDTree(places).query(points_xy(reach.district.demand), k=[2])[0][:, 0]
    return np.asarray(np.rint(metres * 1000) / 1000, dtype=np.float64)
