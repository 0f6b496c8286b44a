"""A score of 0 to 100 whose parts add up to it, and its range from what is not known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.arrays import F64, I64, Bool
from planner.district.weights import Weights

TENTHS = 1000
"""A score of 100 in tenths of a point."""


def score_parts(audited: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """Give each clause of an audit its points, area by area.

    The points of a requirement are shared among its clauses in proportion to the weights of their
    kind and group. A clause that cannot be judged in an area, or of which nothing is known, has
    no points there; the others have them in its stead, in proportion.

    Parameters
    ----------
    audited
        Of :func:`planner.analysis.compliance.audit.audit`.
    weights
        What counts how much.

    Returns
    -------
    DataFrame
        The rows of `audited` with ``max_points``, ``points`` and ``lost``, in whole tenths of a
        point: in each area ``max_points`` add up to 100 and ``points`` to the score (0 both where
        nothing can be judged). A clause that is fully attained loses nothing.
    """
    parts = audited.copy()
    attained = audited["attained"].to_numpy(dtype=np.float64)
    share = _shares(audited, weights, ~np.isnan(attained))
    kept, lost = np.zeros(len(parts), np.int64), np.zeros(len(parts), np.int64)
    for rows in _by_area(audited):
        if share[rows].sum() > 0:
            losses = TENTHS * share[rows] * (1 - np.nan_to_num(attained[rows]))
            total = _rounded(losses.sum())
            lost[rows] = apportion(losses, total)
            kept[rows] = apportion(TENTHS * share[rows] - losses, TENTHS - total)
    parts["max_points"], parts["points"], parts["lost"] = (kept + lost) / 10, kept / 10, lost / 10
    return parts


def score_range(audited: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """Return each area's score if what is not known were at its worst and at its best.

    Returns
    -------
    DataFrame
        ``score_low`` and ``score_high``, 0–100, rounded outwards to a tenth, NaN where nothing
        can be judged; by ``area_id``. The score itself, which leaves out what is not known, lies
        between them: a clause that has no points in it counts once as nothing and once as
        everything, whatever more is known of it.
    """
    low = audited["attained_low"].to_numpy(dtype=np.float64)
    judged = ~np.isnan(low)
    open_end = judged & audited["attained"].isna().to_numpy()
    low = np.where(open_end, 0.0, low)
    high = np.where(open_end, 1.0, audited["attained_high"].to_numpy(dtype=np.float64))
    share = _shares(audited, weights, judged)
    columns = {
        "score_low": 100 * share * np.nan_to_num(low),
        "score_high": 100 * share * np.nan_to_num(high),
        "judged": share,
    }
    sums = pd.DataFrame(columns).groupby(audited["area_id"].to_numpy(), sort=False).sum()
    low_high = pd.DataFrame(
        {
            "score_low": np.floor(sums["score_low"] * 10 + 1e-6) / 10,
            "score_high": np.ceil(sums["score_high"] * 10 - 1e-6) / 10,
        }
    )
    return low_high.where(sums["judged"] > 0).clip(0, 100) + 0.0  # no −0.0


def apportion(exact: F64, total: int) -> I64:
    """Round figures to whole numbers that add up to a total, by the largest remainders.

    Parameters
    ----------
    exact
        (n,) figures of 0 or more.
    total
        What the whole numbers add up to: the sum of the figures, rounded down or up.

    Notes
    -----
    Hamilton's method. A whole figure stays as it is; no other passes the next whole number.

    Examples
    --------
    >>> apportion(np.array([33.4, 33.3, 33.3, 0.0]), 100)
    array([34, 33, 33,  0])
    """
    whole = np.floor(exact + 1e-9).astype(np.int64)
    remainder = exact - whole
    missing = int(total - whole.sum())
    whole[np.argsort(-remainder, kind="stable")[:missing]] += 1
    return whole


def _rounded(lost: float) -> int:
    """Round tenths of points lost: none only where none are, all only where all are."""
    if lost <= 1e-6 or lost >= TENTHS - 1e-6:
        return round(lost)
    return min(max(round(lost), 1), TENTHS - 1)


def _weights(audited: pd.DataFrame, weights: Weights) -> F64:
    """Return each clause's weight beside the others of its requirement."""
    kind = audited["kind"].map(weights.kind).fillna(1.0)
    group = audited["group"].map(weights.group).fillna(1.0)
    return np.asarray(kind * group, dtype=np.float64)


def _shares(audited: pd.DataFrame, weights: Weights, counts: Bool) -> F64:
    """Return the share of the score that each clause makes up, summing to 1 in each area.

    Parameters
    ----------
    counts
        (n,) which clauses count; where none does in an area, its shares are 0.
    """
    frame = pd.DataFrame(
        {
            "area": audited["area_id"].to_numpy(),
            "requirement": audited["requirement"].to_numpy(),
            "weight": np.where(counts, _weights(audited, weights), 0.0),
        }
    )
    together = frame.groupby(["area", "requirement"], sort=False)["weight"].transform("sum")
    part = np.divide(
        frame["weight"], together, out=np.zeros(len(frame)), where=(together > 0).to_numpy()
    )
    points = frame["requirement"].map(weights.requirement).fillna(0.0)
    frame["points"] = points.to_numpy() * part
    whole = frame.groupby("area", sort=False)["points"].transform("sum").to_numpy()
    share = np.divide(frame["points"], whole, out=np.zeros(len(frame)), where=whole > 0)
    return np.asarray(share, dtype=np.float64)


def _by_area(audited: pd.DataFrame) -> list[I64]:
    """Return the rows of each area."""
    groups = audited.groupby("area_id", sort=False).indices
    return [np.asarray(rows, dtype=np.int64) for rows in groups.values()]
