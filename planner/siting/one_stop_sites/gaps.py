"""Where gaps of several kinds coincide, which is where kinds that share a building pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.analysis.distances.pairs import people_of
from planner.arrays import I64
from planner.siting.walks import uncovered

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

MOST = 4
"""Kinds that are suggested."""


def kinds_with_gaps(
    assessment: Assessment, group: str | None = None, most: int = MOST
) -> list[str]:
    """Return judged kinds that residents lack: the shortest limits first, then the smallest.

    Facilities of short limits stand closest together, and small ones fit into one building.

    Parameters
    ----------
    assessment
        The district as it is.
    group
        Whose residents count; the total where none is given.
    most
        Kinds at most.
    """
    counted = group or assessment.groups[0]
    people = people_of(assessment, counted)
    ranks = []
    for kind in assessment.judged_kinds:
        limit = assessment.limit_m(kind, counted)
        assert limit is not None
        lacking = float(people[uncovered(assessment, kind, limit)].sum())
        if lacking > 0:
            rule = assessment.rule(kind)
            area = (rule.floor_area_m2 if rule else None) or 0.0
            ranks.append((limit, area, kind))
    chosen = {kind for *_, kind in sorted(ranks)[:most]}
    return [kind for kind in assessment.judged_kinds if kind in chosen]


def lacking_count(assessment: Assessment, kinds: Sequence[str], group: str) -> I64:
    """Return how many of some judged kinds each home is known to lack."""
    count = np.zeros(len(assessment.distances), np.int64)
    for kind in kinds:
        limit = assessment.limit_m(kind, group)
        assert limit is not None
        count += uncovered(assessment, kind, limit)
    return count


def overlap(
    before: Assessment, after: Assessment, kinds: Sequence[str], group: str
) -> pd.DataFrame:
    """Return the residents by how many of some judged kinds they lack, before and after.

    Returns
    -------
    DataFrame
        ``lacking`` (0 to the number of kinds), ``before`` and ``after`` (residents of the group).
    """
    people = people_of(before, group)
    size = len(kinds) + 1
    sums = {
        name: np.bincount(lacking_count(each, kinds, group), people, size)
        for name, each in (("before", before), ("after", after))
    }
    return pd.DataFrame({"lacking": np.arange(size), **sums})
