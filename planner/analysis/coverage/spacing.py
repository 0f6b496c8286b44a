"""How far apart the points of demand stand, and what that does to a share.

Residents told by the cells of a grid, or by one point a community, live somewhere in their cell.
With a limit of about the cell's size the share then turns on where the points happen to lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import shapely

from planner.analysis.coverage.spread import MOST_TIMES, STREET_TIMES, SpreadHomes
from planner.analysis.distances.reach import Reach
from planner.arrays import F64
from planner.errors import Finding

COARSE, SPREAD = "analysis.coarse_demand", "analysis.spread_demand"
"""Codes of the findings on points that stand far apart, and on residents that were spread."""

NEAR = 0.5
"""Points whose spacing is this part of a limit or more are coarse for it."""

FEWEST = 20
"""Fewer points that are neither a grid nor alone in their communities are houses, not cells."""

SHOWN_POINTS = 1.0
"""A range of fewer percentage points is not told of residents that were spread."""

LEFT_AS_IS = 0.01
"""Metres are told as whole ones where that changes them by no more than this share."""

_ALIKE = 0.02
_HALF_DIAGONAL = np.sqrt(0.5)
_EXTENTS: WeakKeyDictionary[object, tuple[float, F64]] = WeakKeyDictionary()


def nearest_other_m(xy: F64) -> F64:
    """Return how far each point, (n, 2), is from the nearest other one, metres; inf for one alone.

    Points at one place count as one.

    Examples
    --------
    >>> nearest_other_m(np.array([[0.0, 0.0], [0.0, 0.0], [300.0, 0.0], [0.0, 400.0]])).tolist()
    [300.0, 300.0, 300.0, 400.0]
    """
    from scipy.spatial import cKDTree

    places, where = np.unique(xy, axis=0, return_inverse=True)
    if len(places) < 2:
        return np.full(len(xy), np.inf)
    metres, _ = cKDTree(places).query(places, k=2)
    return np.asarray(metres[:, 1][where.ravel()], dtype=np.float64)


def told_m(metres: float) -> float:
    """Return metres as a sentence tells them: whole ones, where that leaves them what they are.

    Examples
    --------
    >>> told_m(300.0), told_m(1079.6), told_m(0.3), told_m(10.55)
    (300, 1080, 0.3, 10.6)
    """
    whole = round(metres)
    return whole if abs(whole - metres) <= LEFT_AS_IS * metres else float(f"{metres:.3g}")


def grid_spacing_m(xy: F64) -> float:
    """Return the spacing of points that form a grid, metres; NaN where they do not.

    Examples
    --------
    >>> grid_spacing_m(np.array([[x, y] for x in (0.0, 250.0, 500.0) for y in (0.0, 250.0)]))
    250.0
    >>> grid_spacing_m(np.array([[0.0, 0.0], [10.0, 0.0], [300.0, 0.0], [700.0, 0.0]]))
    nan
    """
    metres = nearest_other_m(xy)
    if len(xy) < 4 or not np.isfinite(metres).all():
        return float("nan")
    least, most = np.quantile(metres, [0.1, 0.9])
    return float(np.median(metres)) if most - least <= _ALIKE * most else float("nan")


def spacing_and_extents_m(reach: Reach) -> tuple[float, F64]:
    """Return the usual spacing of the homes, and from each how far its cell reaches, metres.

    The spacing is that which half of the people do not exceed; 0 where the homes are too few to be
    cells. A cell is a square as wide as the
    nearest other home is away; one that is alone in its community is the community.
    """
    if reach.homes not in _EXTENTS:
        _EXTENTS[reach.homes] = _measured(reach)
    return _EXTENTS[reach.homes]


def _measured(reach: Reach) -> tuple[float, F64]:
    district = reach.district
    metres = nearest_other_m(reach.homes.xy)
    people = np.nan_to_num(district.demand[district.groups[0]].to_numpy(dtype=np.float64))
    order = np.argsort(metres, kind="stable")
    sums = np.cumsum(people[order])
    spacing = metres[order][np.searchsorted(sums, sums[-1] / 2)]
    extent = metres * _HALF_DIAGONAL
    community = district.demand["community_id"]
    alone = (~community.duplicated(keep=False) & (community != "")).to_numpy()
    shapes = district.communities.set_index("community_id").geometry
    for row in np.flatnonzero(alone):
        corners = shapely.get_coordinates(shapes[community.iloc[row]])
        extent[row] = np.hypot(*(corners - reach.homes.xy[row]).T).max()
    cells = (
        len(metres) >= FEWEST
        or grid_spacing_m(reach.homes.xy) > 0
        or 2 * people[alone].sum() > sums[-1]
    )
    if not cells or not np.isfinite(spacing):
        return 0.0, np.zeros(len(metres))
    return float(spacing), np.where(np.isfinite(extent), extent, 0.0)


def coarse_notes(
    reach: Reach,
    limits_m: Mapping[str, float],
    distances: pd.DataFrame,
    group: str,
) -> Iterator[Finding]:
    """Tell of each kind for whose limit the homes stand far apart, and the range of its share.

    The range is the share if all lived at the point of their cell that is nearest to the facility,
    and at the farthest: the distance less and more how far the cell reaches.

    Parameters
    ----------
    reach
        Homes and communities.
    limits_m
        Limit of each judged kind, for the group.
    distances
        Metres of each home to each kind.
    group
        Whose share it is, a column of ``demand``.
    """
    if not limits_m:
        return
    people = np.nan_to_num(reach.district.people()[group].to_numpy(dtype=np.float64))
    yield from _spread_notes(reach, limits_m, distances, people)
    spacing, extent = spacing_and_extents_m(reach)
    for kind, limit_m in limits_m.items():
        metres = distances[kind].to_numpy(dtype=np.float64)
        known = people * ~np.isnan(metres)
        if spacing < NEAR * limit_m or not known.sum() > 0:
            continue
        at = {"share": metres, "low": metres + extent, "high": metres - extent}
        shares = {
            name: round(100 * float(known[moved_m <= limit_m].sum() / known.sum()), 1)
            for name, moved_m in at.items()
        }
        if shares["low"] == shares["high"]:
            continue  # the share turns on nothing here
        metres_told = {"spacing_m": told_m(spacing), "limit_m": told_m(limit_m)}
        params = {"kind": kind, **metres_told, **shares}
        yield Finding(COARSE, params)


def wide_ranges(findings: Iterable[Finding], kind: str | None = None) -> tuple[Finding, ...]:
    """Return what an assessment found on the range of shares that the places of homes leave.

    Parameters
    ----------
    findings
        Those of an assessment.
    kind
        Only of this kind, where one is given.
    """
    return tuple(
        each
        for each in findings
        if each.code in (COARSE, SPREAD) and kind in (None, each.params["kind"])
    )


class ShareRange(NamedTuple):
    """The range of a kind's share of all that the places of homes leave.

    Parameters
    ----------
    limit_m
        Limit of the kind, metres.
    share, low, high
        The share that is told, and its ends, 0–1.
    """

    limit_m: float
    share: float
    low: float
    high: float


def share_ranges(findings: Iterable[Finding]) -> dict[str, ShareRange]:
    """Return the range of each kind whose share is one, of both causes the wider ends.

    Parameters
    ----------
    findings
        Those of an assessment.

    Examples
    --------
    >>> cells = {"kind": "clinic", "limit_m": 300, "share": 14.9, "low": 9.0, "high": 18.0}
    >>> share_ranges([Finding(COARSE, cells), Finding(SPREAD, {**cells, "high": 21.7})])
    {'clinic': ShareRange(limit_m=300, share=0.149, low=0.09, high=0.217)}
    """
    told: dict[str, ShareRange] = {}
    for each in wide_ranges(findings):
        kind, limit_m = str(each.params["kind"]), each.params["limit_m"]
        ends = [float(each.params[name]) for name in ("share", "low", "high")]
        share, low, high = (round(end / 100, 3) for end in ends)
        if kind in told:
            low, high = min(low, told[kind].low), max(high, told[kind].high)
        told[kind] = ShareRange(limit_m, share, low, high)
    return told


def _spread_notes(
    reach: Reach, limits_m: Mapping[str, float], distances: pd.DataFrame, people: F64
) -> Iterator[Finding]:
    """Tell of each kind the range that spreading leaves, and that without any assumption."""
    spread = SpreadHomes.of(reach.district.demand)
    if spread is None:
        return
    together = np.zeros(len(people), np.int64)
    for kind, limit_m in limits_m.items():
        metres = distances[kind].to_numpy(dtype=np.float64)
        known = people * ~np.isnan(metres)
        if not known.sum() > 0:
            continue
        # whose distance is not known may be within, as in the table that this is read beside
        within, perhaps = metres <= limit_m, ~(metres > limit_m)
        ranges = [
            spread.covered(together, people, within, perhaps, 1, anywhere=anywhere)
            for anywhere in (False, True)
        ]
        low, high, least, most = (
            round(100 * float(end[0] / people.sum()), 1) for pair in ranges for end in pair
        )
        if high - low < SHOWN_POINTS:
            continue
        share = round(100 * float(known[within].sum() / known.sum()), 1)
        params = {"kind": kind, "limit_m": told_m(limit_m)}
        params |= {"times": MOST_TIMES, "street_times": STREET_TIMES}
        params |= {"share": share, "low": low, "high": high, "least": least, "most": most}
        yield Finding(SPREAD, params)
