"""How mean walks change between two assessments, of those who can walk to one in both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.analysis.coverage.levels import Level, areas_of
from planner.arrays import F64, I64, Bool

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

KEYS = ["area_id", "kind", "group"]


def walks_compared(
    before: Assessment, after: Assessment, level: Level, kinds: Sequence[str], groups: Sequence[str]
) -> pd.DataFrame:
    """Return how mean distances change, and who is in one of the two means alone.

    A mean is over those who can walk to a facility. Where a street or a facility more lets others
    walk to one who could not before, theirs are long walks: the difference of the two means would
    tell of longer walks though nobody's is longer.

    Parameters
    ----------
    before, after
        Assessments of the same homes in the same order.
    level, kinds, groups
        Which areas, kinds that both have, and groups.

    Returns
    -------
    DataFrame
        Index ``area_id``, ``kind``, ``group``, those rows in which anybody is in one mean alone:
        ``change_m`` of the others' mean distance, NaN where there are none, ``reach_anew`` and
        ``reach_no_more``, the people of whom it is known that they can walk to one only after or
        only before; of others their distance is not known on one side.
    """
    areas, area_of = areas_of(after.district, level)
    # each side knows its areas by its own order, and may have others: they are matched by their ids
    old_areas, old_area_of = areas_of(before.district, level)
    place = areas.index.get_indexer(old_areas.index)
    was_of = np.where(old_area_of >= 0, place[old_area_of], -1).astype(np.int64)
    people = {name: _people(after, name) for name in groups}
    old_people = {name: _people(before, name) for name in groups}
    found = []
    for kind in kinds:
        was, now = (each.distances[kind].to_numpy(dtype=np.float64) for each in (before, after))
        could, can = np.isfinite(was), np.isfinite(now)
        if (could == can).all():
            continue
        both = could & can
        for group in groups:
            weight = people[group]
            table = pd.DataFrame(
                {
                    "change_m": _means(now, both, weight, area_of, len(areas))
                    - _means(was, both, old_people[group], was_of, len(areas)),
                    "reach_anew": _sums(weight, can & np.isinf(was), area_of, len(areas)),
                    "reach_no_more": _sums(weight, could & np.isinf(now), area_of, len(areas)),
                    "alone": _sums(weight, can != could, area_of, len(areas)),
                }
            )
            found.append(table.assign(area_id=list(areas.index), kind=kind, group=group))
    columns = [*KEYS, "change_m", "reach_anew", "reach_no_more", "alone"]
    every = pd.concat(found) if found else pd.DataFrame(columns=columns)
    return every[every["alone"] > 0].drop(columns="alone").set_index(KEYS)


def _people(side: Assessment, group: str) -> F64:
    people: F64 = np.nan_to_num(side.district.people()[group].to_numpy(dtype=np.float64))
    return people


def _means(distance_m: F64, rows: Bool, weight: F64, area_of: I64, count: int) -> F64:
    walked = _sums(np.where(rows, distance_m, 0.0) * weight, rows, area_of, count)
    people = _sums(weight, rows, area_of, count)
    means: F64 = np.divide(walked, people, out=np.full(count, np.nan), where=people > 0)
    return means


def _sums(values: F64, rows: Bool, area_of: I64, count: int) -> F64:
    sums = np.bincount(area_of + 1, weights=np.where(rows, values, 0.0), minlength=count + 1)
    return np.asarray(sums[1:], dtype=np.float64)
