"""Gaps as a table: who lives there, why, which facility nearly serves them, where it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.distances.streets import points_xy
from planner.analysis.gaps.causes import BARRIER, CAUSES, REMEDIES
from planner.analysis.gaps.names import Namer, Place
from planner.analysis.gaps.patches import Patches, land_of
from planner.analysis.left_out_ways import beside
from planner.arrays import F64, I64, Shapes, Texts
from planner.district.layers import BARRIER_KINDS

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.analysis.distances.reach import Reach


PATTERN = "street_pattern"
"""What parts homes from a facility where no mapped barrier does: roundabout streets."""

NEAREST = 8
"""So many facilities nearest on foot are looked at before one is asked for by itself."""


def gap_tables(
    assessment: Assessment, gathered: Sequence[Patches], people: F64, group: str
) -> list[gpd.GeoDataFrame]:
    """Describe the gaps of each kind, the most people first.

    Parameters
    ----------
    assessment, gathered
        What was asked, and the homes of each gap of each kind.
    people
        (n,) people at each home, of the `group`.
    group
        Group that ranks the gaps.
    """
    namer = Namer(assessment.reach, people)
    # what the same homes lack of several kinds is one ground, so that all kinds are asked at once
    ground = land_of(assessment.reach).ground
    shapes = ground.of([each.home[rows] for each in gathered for rows in each.rows])
    of_kind = np.split(shapes, np.cumsum([each.count for each in gathered]))[: len(gathered)]
    return [
        _gap_table(assessment, each, namer, people, group, its)
        for each, its in zip(gathered, of_kind, strict=True)
    ]


def _gap_table(
    assessment: Assessment,
    patches: Patches,
    namer: Namer,
    people: F64,
    group: str,
    shapes: Shapes,
) -> gpd.GeoDataFrame:
    """Describe the gaps of one kind, the most people first.

    Parameters
    ----------
    assessment, patches, namer
        What was asked, the homes of each gap, and what names places.
    people
        (n,) people at each home, of the `group`.
    group
        Group that ranks the gaps.
    shapes
        (m,) ground of each gap.
    """
    reach, district, gap, count = assessment.reach, assessment.district, patches.gap, patches.count
    by_cause = np.column_stack([_sums(gap, part, count) for part in patches.weight.T])
    total = by_cause.sum(axis=1)
    cause = np.argmax(by_cause, axis=1)
    leading = patches.cause == cause[gap]
    chief = np.where(leading, patches.facility, -1)
    facility = _commonest(gap, chief, patches.people, count)
    remedy = _commonest(gap, np.where(leading, patches.remedy, -1), patches.people, count)
    barrier = _commonest_barrier(patches, leading, district.barriers["kind"].to_numpy(), count)
    barrier[cause != BARRIER] = -1
    homes = patches.rows
    straight_m, walked_m = _distances(reach, patches, chief, facility)
    facility_xy = points_xy(district.facilities)
    kind_of_barrier = np.append(district.barriers["kind"].to_numpy(dtype=object), "")[barrier]
    places = [
        namer.place(
            patches.home[rows],
            behind_wall=facility_xy[facility[i]] if kind_of_barrier[i] == "wall" else None,
        )
        for i, rows in enumerate(homes)
    ]
    places = namer.told_apart(places, [patches.home[rows] for rows in homes])
    detour = walked_m / np.where(straight_m > 0, straight_m, np.nan)
    kind_of_barrier[(cause == BARRIER) & (barrier < 0) & (facility >= 0)] = PATTERN
    columns: dict[str, object] = {
        "kind": np.full(count, patches.kind, dtype=object),
        "cause": _words(CAUSES, cause),
        **{f"share_{name}": by_cause[:, i] / total for i, name in enumerate(CAUSES)},
        "remedy": _words(REMEDIES, remedy),
        **{
            name: np.array([place[i] for place in places], dtype=object)
            for i, name in enumerate(Place._fields)
        },
        "communities": _communities(assessment, patches),
        **_people(assessment, patches),
        "unknown": _sums(gap, people[patches.home] * patches.unknown, count),
        "homes": np.bincount(gap, minlength=count).astype(np.int64),
        "kinds": _kinds(patches),
        "facility_id": _ids(district.facilities["facility_id"], facility),
        "straight_m": straight_m,
        "walked_m": walked_m,
        "detour_ratio": detour,
        "barrier": kind_of_barrier,
        "barrier_id": _ids(district.barriers["barrier_id"], barrier),
        "demand_ids": _joined(district.demand["demand_id"].to_numpy()[patches.home], homes),
    }
    columns["left_out_ways"] = beside(district, shapes)
    table = gpd.GeoDataFrame(columns, geometry=shapes, crs=district.crs)
    ranked = np.argsort(-table[group].to_numpy(dtype=np.float64), kind="stable")
    table = table.iloc[ranked].reset_index(drop=True)
    digits = max(2, len(str(count)))
    numbers = [f"{patches.kind}-{rank:0{digits}d}" for rank in range(1, count + 1)]
    table.insert(0, "gap_id", np.array(numbers, dtype=object))
    return table


def _sums(gap: I64, values: F64, count: int) -> F64:
    return np.asarray(np.bincount(gap, weights=values, minlength=count), dtype=np.float64)


def _words(words: tuple[str, ...], number: I64) -> Texts:
    return np.array([*words, ""], dtype=object)[number]


def _ids(column: pd.Series, row: I64) -> Texts:
    return np.append(column.to_numpy(dtype=object), "")[row]


def _joined(ids: Texts, homes: list[I64]) -> Texts:
    return np.array([";".join(ids[rows]) for rows in homes], dtype=object)


def _commonest(gap: I64, value: I64, weight: F64, count: int) -> I64:
    """Value of most weight in each gap, −1 where all are −1; of equal ones the lowest.

    Examples
    --------
    >>> gap, value = np.array([0, 0, 0, 1]), np.array([7, 4, 7, -1])
    >>> _commonest(gap, value, np.array([1.0, 3.0, 1.0, 9.0]), 2).tolist()
    [4, -1]
    """
    best = np.full(count, -1, np.int64)
    some = value >= 0
    # a pair as one number: whole rows take ten times as long to sort
    values = int(value.max(initial=0)) + 1
    pairs, number = np.unique(gap[some] * values + value[some], return_inverse=True)
    gaps, found = np.divmod(pairs, values)
    sums = np.bincount(number, weights=weight[some], minlength=len(pairs))
    order = np.lexsort((found, -sums, gaps))
    which, first = np.unique(gaps[order], return_index=True)
    best[which] = found[order[first]]
    return best


def _commonest_barrier(patches: Patches, leading: Texts, kinds: Texts, count: int) -> I64:
    """Row of the barrier that parts most people of each gap from their facility, −1 for none.

    Only where it parts at least half of those whom a barrier keeps away; of equal ones the wider.
    """
    row, barrier = patches.crossing[:, 0], patches.crossing[:, 1]
    rank = np.array([BARRIER_KINDS.index(kind) for kind in kinds], dtype=np.int64)
    order = np.argsort(rank, kind="stable")
    place = np.argsort(order)
    gap, weight = patches.gap[row], patches.people[row]
    best = _commonest(gap, place[barrier], weight, count)
    kept_away = _sums(patches.gap, patches.people * leading, count)
    parted = np.bincount(gap, weight * (place[barrier] == best[gap]), minlength=count)
    found = best >= 0
    result = np.full(count, -1, np.int64)
    result[found] = order[best[found]]
    result[parted < kept_away / 2] = -1
    return result


def _distances(reach: Reach, patches: Patches, chief: I64, facility: I64) -> tuple[F64, F64]:
    """Median over people of the straight line and of the walk to each gap's facility, metres."""
    rows = np.flatnonzero((chief >= 0) & (chief == facility[patches.gap]))
    home, row = patches.home[rows], chief[rows]
    away = points_xy(reach.district.demand)[home] - points_xy(reach.district.facilities)[row]
    walk_m = _walks_m(reach, home, row)
    gap, people = patches.gap[rows], patches.people[rows]
    line_m = np.hypot(away[:, 0], away[:, 1])
    return (
        _medians(gap, line_m, people, patches.count),
        _medians(gap, walk_m, people, patches.count),
    )


def _walks_m(reach: Reach, home: I64, facility: I64) -> F64:
    """Walk of each home to the facility named beside it, (n,) metres."""
    network = reach.streets.network
    homes, places = reach.streets.on_network(reach.homes), reach.streets.on_network(reach.places)
    asked, own = np.unique(facility, return_inverse=True)
    if not len(asked):
        return np.empty(0)
    # mostly it is among the nearest few on foot, which one search finds for all homes
    near = network.k_nearest(places.take(asked), homes.take(home), min(NEAREST, len(asked)))
    hit = near.source == own[:, None]
    walk_m: F64 = near.distance_m[np.arange(len(home)), hit.argmax(axis=1)]
    # what lies beyond these, across a river, is asked for facility by facility
    left = ~hit.any(axis=1)
    for each in np.unique(facility[left]):
        to_it = np.flatnonzero(left & (facility == each))
        walk_m[to_it] = network.nearest(places.take([each]), homes.take(home[to_it])).distance_m
    return walk_m


def _medians(gap: I64, values: F64, weight: F64, count: int) -> F64:
    """Value that half of each gap's weight does not exceed, of those known; NaN where none is.

    Examples
    --------
    >>> values, weight = np.array([100.0, 300.0, np.nan]), np.array([1.0, 2.0, 9.0])
    >>> _medians(np.array([0, 0, 1]), values, weight, 2)
    array([300.,  nan])
    """
    order = np.lexsort((values, gap))
    order = order[~np.isnan(values[order])]
    gap, values, sums = gap[order], values[order], np.cumsum(weight[order])
    first = np.searchsorted(gap, np.arange(count))
    end = np.searchsorted(gap, np.arange(count), side="right")
    before, whole = np.append(0.0, sums)[first], np.append(0.0, sums)[end]
    middle = np.searchsorted(sums, (before + whole) / 2)
    middle = np.minimum(np.maximum(middle, first), np.maximum(end - 1, first))
    found = np.append(values, np.nan)[np.minimum(middle, len(values))]
    return np.where(end > first, found, np.nan)


def _people(assessment: Assessment, patches: Patches) -> dict[str, F64]:
    """People of each group in each gap who are not known to be covered."""
    table = assessment.district.demand
    return {
        group: _sums(
            patches.gap,
            np.nan_to_num(table[group].to_numpy(dtype=np.float64)[patches.home]) * patches.lack,
            patches.count,
        )
        for group in assessment.groups
    }


def _communities(assessment: Assessment, patches: Patches) -> Texts:
    """Ids of the communities that each gap touches, the most people first."""
    ids = assessment.district.demand["community_id"].to_numpy(dtype=object)[patches.home]
    names, code = np.unique(ids.astype(str), return_inverse=True)
    return _by_weight(names, code.reshape(-1), patches.people, patches.gap, patches.count)


def _kinds(patches: Patches) -> Texts:
    """Kinds that people of each gap lack, the most people first."""
    if len(patches.kinds) == 1:
        return np.full(patches.count, patches.kinds[0], dtype=object)
    row, code = np.nonzero(patches.lacked)
    weight, gap = patches.people[row], patches.gap[row]
    return _by_weight(np.array(patches.kinds), code, weight, gap, patches.count)


def _by_weight(names: Texts, code: I64, weight: F64, gap: I64, count: int) -> Texts:
    """Names by the weight of their codes in each gap, the greatest first, separated by ``;``.

    Examples
    --------
    >>> gap, code = np.array([0, 0, 0, 2]), np.array([0, 1, 1, 0])
    >>> _by_weight(np.array(["a", "b"]), code, np.array([3.0, 2.0, 2.0, 1.0]), gap, 3).tolist()
    ['b;a', '', 'a']
    """
    pairs, number = np.unique(gap * len(names) + code, return_inverse=True)
    sums = np.bincount(number, weights=weight, minlength=len(pairs))
    gaps, found = np.divmod(pairs, max(len(names), 1))
    order = np.lexsort((found, -sums, gaps))
    order = order[(sums[order] > 0) & (names[found[order]] != "")]
    bounds = np.cumsum(np.bincount(gaps[order], minlength=count))
    return _joined(names, np.split(found[order], bounds)[:count])
