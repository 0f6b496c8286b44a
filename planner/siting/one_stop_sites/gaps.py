"""Where gaps of several kinds coincide, which is where kinds that share a building pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.analysis.people import people_of
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
    """Return how many of some judged kinds each home lacks; -1 where one of them is not known."""
    within = [assessment.within(kind, group) for kind in kinds]
    lacking = sum((~each).fillna(value=False).to_numpy(dtype=np.int64) for each in within)
    unknown = np.any([each.isna() for each in within], axis=0)
    return np.where(unknown, -1, lacking)


def overlap(
    before: Assessment, after: Assessment, kinds: Sequence[str], group: str
) -> pd.DataFrame:
    """Return the residents by how many of some judged kinds they lack, before and after.

    Returns
    -------
    DataFrame
        ``lacking`` (Int64: 0 to the number of kinds; a last row of NA where of some kind it is not
        known, before or after), ``before`` and ``after`` (residents of the group).
    """
    people = people_of(before, group)
    size = len(kinds) + 1
    sums = {
        name: np.bincount(lacking_count(each, kinds, group) % (size + 1), people, size + 1)
        for name, each in (("before", before), ("after", after))
    }
    lacking = pd.array([*range(size), pd.NA], dtype="Int64")
    table = pd.DataFrame({"lacking": lacking, **sums})
    nobody = table["lacking"].isna() & (table["before"] + table["after"] == 0)
    return table[~nobody]
