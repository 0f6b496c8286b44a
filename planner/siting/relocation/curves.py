"""What one closing takes away, and what more moves would bring."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from planner.analysis.measures.redundancy import redundancy
from planner.analysis.people import WithheldCounts
from planner.location.limits import LimitKeywords, Limits, given_limits
from planner.siting.relocation.relocate import movable, solve
from planner.siting.relocation.relocation import Relocation
from planner.siting.unsure import share_after

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

SECONDS = 1.0
"""Time limit of each point of a curve where neither time nor steps are limited."""


def closings(
    assessment: Assessment,
    kind: str,
    *,
    group: str | None = None,
    keep: Collection[str] = (),
    limit_m: float | None = None,
) -> pd.DataFrame:
    """Return what is lost if one facility closes, the one that is missed least first.

    Parameters
    ----------
    assessment, kind, group, keep, limit_m
        As for :func:`planner.siting.relocate`.

    Returns
    -------
    DataFrame
        ``facility_id``, ``name``, ``lost`` (residents who have no other within the limit),
        ``residents_within``, ``overlap`` (share of these who have another), ``extra_m`` (how much
        farther, on average, those walk whose nearest it is) and ``stranded`` (residents who could
        reach no other at all); see :func:`planner.analysis.measures.redundancy.redundancy`.
    """
    rows = movable(assessment, kind, keep)
    ids = assessment.district.facilities["facility_id"].iloc[rows]
    table = redundancy(assessment, kind, group=group, limit_m=limit_m).loc[ids].reset_index()
    table = table.rename(columns={"alone_high": "lost", "overlap_low": "overlap"})
    columns = ["facility_id", "name", "lost", "residents_within", "overlap", "extra_m", "stranded"]
    # a count that is withheld is small, and more than nobody
    ranked = table.assign(**{name: table[name].fillna(1.0) for name in ("lost", "stranded")})
    order = ranked.sort_values(["lost", "stranded", "extra_m"], kind="stable").index
    return pd.DataFrame(table.loc[order, columns].reset_index(drop=True))


def relocation_curve(
    relocation: Relocation,
    up_to: int = 5,
    *,
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
) -> pd.DataFrame:
    """Return what 0, 1, 2, … moves bring at best, and what placing all anew would.

    Parameters
    ----------
    relocation
        Whose facilities, places, kind and group are used, and as many closed. It must have been
        asked for at least one move, so that there are places.
    up_to
        Moves at most, before the last row in which all may move.
    limits, **keywords
        When to stop for each number of moves, see
        :class:`~planner.location.limits.Limits`; usually 1 s.

    Returns
    -------
    DataFrame
        ``moves`` allowed, ``made`` (new sites that are of use), ``covered`` residents,
        ``net`` against today, ``most_net`` (nobody can do better), ``marginal`` on top of the row
        before, and ``share_after`` with both its ends (``share_low_after``, ``share_high_after``)
        and NaN where too much is not known. Coverage is counted, whatever the relocation aimed at.
    """
    ground = relocation.ground
    left = len(ground.rows) - relocation.closing
    total = float(ground.people.sum())
    withheld = WithheldCounts.of(ground.assessment, ground.group)
    given = given_limits(limits, keywords, SECONDS)
    most = left if len(ground.sites) else 0
    table: list[dict[str, Any]] = []
    for moves in [*range(min(up_to, most) + 1), *([most] if most > up_to else [])]:
        found = solve(ground, "coverage", left, moves, given)
        net = found.objective - relocation.covered_before
        covered = ground.covered_with(found.sites)
        table.append(
            {
                "moves": moves,
                "made": int((found.sites >= len(ground.rows)).sum()),
                "covered": found.objective,
                "net": net,
                "most_net": found.bound - relocation.covered_before,
                "marginal": net - table[-1]["net"] if table else np.nan,
                **share_after(
                    ground.weight_of(covered), ground.unknown_beside(covered), total, withheld
                ),
            }
        )
    return pd.DataFrame(table)
