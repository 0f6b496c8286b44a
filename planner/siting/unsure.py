"""Gains of which it is not known that they are any: a facility near does not tell its hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.analysis.coverage.population_within import share_of_known
from planner.analysis.links.links import gained_homes
from planner.analysis.people import WithheldCounts, people_of
from planner.arrays import Bool
from planner.siting.walks import hoped_within

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def share_after(
    covered: float, unknown: float, total: float, withheld: WithheldCounts | None = None
) -> dict[str, float]:
    """Return the share within the limit as curves tell it: of those of whom it is known, and ends.

    Parameters
    ----------
    covered, unknown
        Residents within the limit, and those of whom it is not known.
    total
        All residents.
    withheld
        What is withheld of the group: a share that would tell it is any.

    Examples
    --------
    >>> share_after(80.0, 0.0, 100.0)
    {'share_after': 0.8, 'share_low_after': 0.8, 'share_high_after': 0.8}
    >>> share_after(20.0, 30.0, 100.0)
    {'share_after': nan, 'share_low_after': 0.2, 'share_high_after': 0.5}
    """
    uncovered = total - unknown - covered
    if withheld is not None and any(withheld.hidden(covered, uncovered, unknown)):
        return {"share_after": np.nan, "share_low_after": 0.0, "share_high_after": 1.0}
    return {
        "share_after": float(share_of_known(covered, uncovered, unknown)),
        "share_low_after": covered / total if total > 0 else np.nan,
        "share_high_after": (covered + unknown) / total if total > 0 else np.nan,
    }


def gains_unsure(
    assessment: Assessment, gained: Mapping[str, Bool], group: str | None = None
) -> float:
    """Return how many of those who gain may be within the limit today, summed over kinds.

    Parameters
    ----------
    assessment
        The district as it is.
    gained
        By kind which homes (h,) are brought within its limit.
    group
        Whose people count; the total where none is given.
    """
    people = people_of(assessment, group)
    found = 0.0
    for kind, homes in gained.items():
        limit_m = assessment.limit_m(kind, group)
        if limit_m is not None and homes.any():
            found += float(people[homes & hoped_within(assessment, kind, limit_m)].sum())
    return found


def gains_of_links_unsure(
    assessment: Assessment,
    links: pd.DataFrame,
    kinds: Sequence[str] | None = None,
    group: str | None = None,
) -> float:
    """Return the same of all links of a table together; see :func:`gains_unsure`."""
    reach = assessment.reach
    hoped = [
        kind
        for kind in kinds or assessment.judged_kinds
        if (reach.counting(kind, if_unknown=True) & ~reach.counting(kind, if_unknown=False)).any()
    ]
    if not len(links) or not hoped:
        return 0.0
    gained = gained_homes(assessment, links, hoped, group)
    return gains_unsure(
        assessment,
        {kind: np.asarray(gained[kind], dtype=bool) for kind in hoped if kind in gained},
        group,
    )
