"""By how much mean walks may be shorter, where nearer places may count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from planner.arrays import F64
from planner.errors import Finding

LEAST_M = 1.0
"""A mean that may be shorter by less is not told."""


def shorter_walks(
    distances: pd.DataFrame, best: pd.DataFrame, kinds: Sequence[str], people: F64
) -> Iterator[Finding]:
    """Tell by how much the mean walk to kinds may be shorter than it is told.

    The walk of each home is that to the nearest place known to count. A nearer one may count too:
    it does not tell its hours or services, finds no street, or stands beyond what was imported.

    Parameters
    ----------
    distances, best
        Metres of each home (rows) by kind, to what is known to count and to what may count.
    kinds
        Kinds that are judged; of the others nobody looked beyond what was imported.
    people
        At each home, shape (n,).

    Yields
    ------
    Finding
        ``analysis.walks_perhaps_shorter`` with the kinds, and the most metres by which the mean of
        one of them may be shorter; none where it is the same.
    """
    shorter_m = {kind: _shorter_m(distances[kind], best[kind], people) for kind in kinds}
    told = {kind: metres for kind, metres in shorter_m.items() if metres >= LEAST_M}
    if told:
        params = {"kinds": ", ".join(told), "metres": round(max(told.values()))}
        yield Finding("analysis.walks_perhaps_shorter", params)


def _shorter_m(distance: pd.Series, best: pd.Series, people: F64) -> float:
    """Return how much shorter the mean of those who reach one would be at best, metres."""
    far_m, near_m = (each.to_numpy(dtype=np.float64) for each in (distance, best))
    reached = np.isfinite(far_m) & (people > 0)
    if not reached.any():
        return 0.0
    return float(np.average(far_m[reached] - near_m[reached], weights=people[reached]))
