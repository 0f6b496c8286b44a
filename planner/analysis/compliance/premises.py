"""Facilities area by area: those inside its boundary, and those that serve its residents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.levels import Level
from planner.analysis.distances.equally_near import EquallyNear
from planner.analysis.distances.one_place import SharedPlaces
from planner.arrays import F64, I64, Bool


@dataclass(frozen=True, eq=False)
class Places:
    """Which facilities belong to which area, each pair once.

    Parameters
    ----------
    area, facility
        (p,) int64, position of the area and row of the facility in the district's layer.
    count
        Number of areas.
    """

    area: I64
    facility: I64
    count: int

    def of_kinds(self, kind: pd.Series, kinds: tuple[str, ...]) -> Places:
        """Return the pairs whose facility is of one of some kinds."""
        kept = kind.isin(kinds).to_numpy()[self.facility]
        return Places(self.area[kept], self.facility[kept], self.count)

    def total(self, values: F64) -> F64:
        """Return the sum of a value of each pair, (p,), by area, (count,)."""
        sums = np.bincount(self.area, weights=values, minlength=self.count)
        return np.asarray(sums, dtype=np.float64)

    def least(self, values: F64) -> F64:
        """Return the least value of each pair, (p,), by area, NaN where there is none known."""
        return self._extreme(values, np.fmin, np.inf)

    def most(self, values: F64) -> F64:
        """Return the greatest value of each pair, (p,), by area, NaN where there is none known."""
        return self._extreme(values, np.fmax, -np.inf)

    def _extreme(self, values: F64, ufunc: np.ufunc, start: float) -> F64:
        found = np.full(self.count, start)
        ufunc.at(found, self.area, values)
        return np.where(np.isinf(found), np.nan, found)


def inside(assessment: Assessment, level: Level) -> Places:
    """Return the open facilities inside each area.

    A facility on a shared boundary is inside both areas, but once inside a larger one of both. One
    across the district's border serves its residents and is inside none.
    """
    district = assessment.district
    areas, _ = assessment.areas(level)
    rows = district.open_facilities().index.to_numpy(dtype=np.int64)
    tree = shapely.STRtree(district.communities.geometry.to_numpy())
    shapes = district.facilities.geometry.to_numpy()[rows]
    found, community = tree.query(shapes, predicate="intersects")
    if level == "district":
        held = rows[np.unique(found)]
        return Places(np.zeros(len(held), dtype=np.int64), held, 1)
    ids = district.communities["community_id" if level == "community" else "subdistrict"]
    area = areas.index.get_indexer(ids)[community]
    pairs = np.unique(np.column_stack([area, rows[found]])[area >= 0], axis=0).astype(np.int64)
    return Places(pairs[:, 0], pairs[:, 1], len(areas))


@dataclass(frozen=True, eq=False)
class Serving:
    """Which facilities of a kind serve each area.

    Parameters
    ----------
    sure
        Those that serve somebody there, whatever is not known turns out to be.
    perhaps
        Those that do so or not by what is not known: whether they, or nearer ones, meet the
        question asked, and whether a rule of a profile of walking bites.
    """

    sure: Places
    perhaps: Places


def serving(assessment: Assessment, level: Level, kind: str) -> Serving:
    """Return the facilities of a kind that are the nearest, within the limit, of anybody there.

    Two readings are looked at: nothing that is not known holds, and all of it does. What serves
    in both is sure, what serves in one is not known to; nor is what stands behind others of which
    it is not known either whether they count.
    """
    areas, area_of = assessment.areas(level)
    demand, group = assessment.district.demand, assessment.groups[0]
    # a home that does not tell the group may have some of it
    told = demand[group].fillna(assessment.district.people().iloc[:, 0].reset_index(drop=True))
    lives = (told.to_numpy(dtype=np.float64) > 0) & (area_of >= 0)

    def pairs(home: I64, facility: I64) -> set[tuple[int, int]]:
        served = lives[home]
        return set(zip(area_of[home[served]].tolist(), facility[served].tolist(), strict=True))

    def places(chosen: set[tuple[int, int]]) -> Places:
        each = np.array(sorted(chosen), dtype=np.int64).reshape(-1, 2)
        return Places(each[:, 0], each[:, 1], len(areas))

    within = assessment.within(kind).fillna(False).to_numpy(dtype=np.bool_)
    reach, limit_m = assessment.reach, assessment.limit_m(kind)
    counts, may_count = (reach.counting(kind, if_unknown=maybe) for maybe in (False, True))
    shared = SharedPlaces.of(assessment.district, kind)
    measure = reach.measure_of(kind)
    near = EquallyNear.of(reach, shared.standing(counts), measure)
    named = pairs(near.home[within[near.home]], near.row[within[near.home]])
    known = best = _all_at_places(named, shared, counts)
    if reach.undecided(kind) and limit_m is not None:
        near = EquallyNear.of(reach.hopeful, shared.standing(may_count), measure)
        there = near.distance_m <= limit_m
        named = pairs(near.home[there], near.row[there])
        best = _all_at_places(named, shared, may_count)
    sure, behind = known & best, set[tuple[int, int]]()
    if limit_m is not None:
        for facility, homes in _may_serve(assessment, kind, limit_m):
            behind |= pairs(homes, np.full(len(homes), facility, dtype=np.int64))
    return Serving(places(sure), places((known ^ best) | (behind - sure)))


def _all_at_places(
    named: set[tuple[int, int]], places: SharedPlaces, counts: Bool
) -> set[tuple[int, int]]:
    """Return the areas and facilities named with those that stand at the same place and count."""
    members: dict[int, list[int]] = {}
    for row in np.flatnonzero(counts).tolist():
        members.setdefault(int(places.first[row]), []).append(row)
    return {
        (area, row) for area, one in named for row in members.get(int(places.first[one]), [one])
    }


def _may_serve(assessment: Assessment, kind: str, limit_m: float) -> Iterator[tuple[int, I64]]:
    """Give each facility that may count, with the homes to which none is nearer for sure."""
    reach = assessment.reach
    perhaps = reach.counting(kind, if_unknown=True) & ~reach.counting(kind, if_unknown=False)
    certain_m = assessment.distances[kind].to_numpy(dtype=np.float64)
    farthest_m = np.fmin(certain_m, limit_m)
    for row in np.flatnonzero(perhaps).tolist():
        alone = np.zeros(len(perhaps), dtype=np.bool_)
        alone[row] = True
        found = reach.hopeful.nearest(alone, reach.measure_of(kind))
        yield row, np.flatnonzero(found.distance_m <= farthest_m)


def residents_served(assessment: Assessment, kind: str) -> tuple[F64, F64]:
    """Return the residents whose nearest facility each one is, and how many more they may be.

    Places that are equally near share them, and so do facilities at one place; of those beside one
    of which it is not known whether it counts it is not known how many.

    Returns
    -------
    residents
        (f,) float64 by row of ``facilities``.
    unknown
        (f,) float64, residents whose nearest facility it may be.
    """
    district, reach = assessment.district, assessment.reach
    people = np.nan_to_num(district.demand[district.groups[0]].to_numpy(dtype=np.float64))
    distance = assessment.distances[kind].to_numpy(dtype=np.float64)
    best = assessment.best_distances[kind].to_numpy(dtype=np.float64)
    unknown = np.isnan(distance) | (best < distance)
    known = ~unknown & np.isfinite(distance)
    counts, may_count = (reach.counting(kind, if_unknown=maybe) for maybe in (False, True))
    shared = SharedPlaces.of(district, kind)
    near = EquallyNear.of(reach, shared.standing(counts), reach.measure_of(kind))
    here = shared.nearest_to(near.row, (people * known)[near.home] * near.part)
    ends = np.stack([shared.share(counts), shared.share(may_count)])
    least, most = here * ends.min(axis=0), here * ends.max(axis=0)
    return least, most - least + people[unknown].sum()
