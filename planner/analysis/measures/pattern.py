"""Whether well and badly served communities lie together: Moran's I and its local form (LISA)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.analysis.assessment import Assessment
from planner.analysis.distances.reach import plain_walk_only
from planner.analysis.people import counts_told, limit_of, people_of
from planner.arrays import F64, I64
from planner.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_array


TOUCHING_M = 1.0
"""Communities whose boundaries come so near are neighbours, metres: a sliver does not part them."""

SAME_I = 1e-9
"""Figures of rearrangements that differ by less are the same."""

_CLUSTERS = np.array(["low-low", "low-high", "high-low", "high-high"], dtype=object)
_FEWEST = 3


def moran(values: F64, weights: csr_array) -> float:
    """Return Moran's I (Moran 1950; Cliff & Ord 1981): (n / Σw) · Σᵢⱼ wᵢⱼ zᵢ zⱼ / Σᵢ zᵢ².

    Parameters
    ----------
    values
        (n,) values that differ; z is these less their mean.
    weights
        (n, n) weight of each pair of neighbours.

    Examples
    --------
    For 1, 1, 0, 0 along a line, z = ±½. With weights that add up to 1 for each, the ends have
    ¼ each, the inner ones ⅛ − ⅛ = 0: ½ over Σz² = 1.

    >>> line = neighbour_weights(np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2]), 4)
    >>> round(moran(np.array([1.0, 1.0, 0.0, 0.0]), line), 9)
    0.5
    """
    z = values - values.mean()
    return float(len(z) / weights.sum() * (z @ (weights @ z)) / (z @ z))


def local_moran(values: F64, weights: csr_array) -> F64:
    """Return each place's local Moran's I (Anselin 1995): zᵢ Σⱼ wᵢⱼ zⱼ / (Σ z² / (n − 1)).

    Parameters
    ----------
    values, weights
        As in :func:`moran`.

    Examples
    --------
    The ends of 1, 1, 0, 0 along a line have ½ · ½ over 1/3; the inner ones' neighbours even out.

    >>> line = neighbour_weights(np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2]), 4)
    >>> (local_moran(np.array([1.0, 1.0, 0.0, 0.0]), line) + 0).tolist()
    [0.75, 0.0, 0.0, 0.75]
    """
    z = values - values.mean()
    return np.asarray((len(z) - 1) * z * (weights @ z) / (z @ z), dtype=np.float64)


def neighbour_weights(a: I64, b: I64, count: int) -> csr_array:
    """Return weights of neighbours that add up to 1 for each place.

    Parameters
    ----------
    a, b
        (m,) each place and its neighbour, every pair both ways.
    count
        Number of places; each has a neighbour.
    """
    from scipy.sparse import csr_array

    degree = np.bincount(a, minlength=count)
    return csr_array((1 / degree[a], (a, b)), (count, count))


def morans_i(
    assessment: Assessment,
    kind: str,
    *,
    group: str | None = None,
    permutations: int = 999,
    seed: int = 0,
) -> pd.Series:
    """Return Moran's I of the communities' coverage rates; neighbours share a boundary.

    Parameters
    ----------
    assessment, kind, group
        What is measured, and the people who are counted; the total where no group is given.
    permutations
        Random rearrangements of the rates behind the pseudo p-value, at least 1.
    seed
        Of the rearrangements.

    Returns
    -------
    Series
        ``i`` (towards 1: alike lie together; about ``expected``: no pattern; below: unlike lie
        together), ``expected`` = −1/(n−1), ``z`` and one-sided pseudo ``p`` of the rearrangements,
        ``communities`` that are part of it, ``left_out`` (nobody known there, or no neighbour).
        The first four are NaN for fewer than three communities or equal rates everywhere, `z` where
        all communities touch one another, so that every rearrangement is the same.

    Raises
    ------
    InputError
        For an unknown kind or group, a kind without a limit, or no permutations.
    """
    plain_walk_only(assessment.reach)
    places = _Places.of(assessment, kind, group, permutations)
    figures = dict.fromkeys(("i", "expected", "z", "p"), np.nan)
    if places.differ:
        share, weights = places.share, places.weights
        z = share - share.mean()
        many = np.random.default_rng(seed).permuted(np.tile(z, (permutations, 1)), axis=1)
        others = ((weights @ many.T) * many.T).sum(axis=0) * len(z) / weights.sum() / (z @ z)
        found, spread = moran(share, weights), float(others.std())
        # where all touch one another every arrangement is the same but for rounding
        spread = 0.0 if spread < SAME_I else spread
        figures = {
            "i": found,
            "expected": -1 / (len(z) - 1),
            "z": (found - float(others.mean())) / spread if spread > 0 else np.nan,
            "p": float(_pseudo_p(np.array([found]), others[None])[0]),
        }
    left_out = len(assessment.district.communities) - len(places.share)
    return pd.Series({**figures, "communities": len(places.share), "left_out": left_out})


def lisa(
    assessment: Assessment,
    kind: str,
    *,
    group: str | None = None,
    permutations: int = 999,
    seed: int = 0,
    significance: float = 0.05,
) -> gpd.GeoDataFrame:
    """Return where high and low coverage rates cluster, by local Moran's I.

    Parameters
    ----------
    assessment, kind, group, permutations, seed
        As in :func:`morans_i`; the neighbours of each community are drawn at random from all
        others (conditional permutation, Anselin 1995).
    significance
        One-sided pseudo p-value up to which a cluster is named.

    Returns
    -------
    GeoDataFrame
        One row for each community: ``community_id``, ``name``, ``share``, ``i``, ``p`` and
        ``cluster``: ``"high-high"``, ``"low-low"`` (badly served amid badly served),
        ``"high-low"``, ``"low-high"``, empty where none is significant or the community is left
        out (``i`` and ``p`` NaN).

    Raises
    ------
    InputError
        As :func:`morans_i`.
    """
    plain_walk_only(assessment.reach)
    places = _Places.of(assessment, kind, group, permutations)
    table = assessment.district.communities[["community_id", "name", "geometry"]].copy()
    table.insert(2, "share", _rates(assessment, kind, group))
    table = table.assign(i=np.nan, p=np.nan, cluster="")
    if not places.differ:
        return table
    z = places.share - places.share.mean()
    found = local_moran(places.share, places.weights)
    factor = (len(z) - 1) * z / (z @ z)
    p = _pseudo_p(
        found, factor[:, None] * _random_neighbours(z, places.weights, permutations, seed)
    )
    cluster = _CLUSTERS[2 * (z > 0) + (places.weights @ z > 0)]
    table.loc[places.row, "i"], table.loc[places.row, "p"] = found, p
    table.loc[places.row, "cluster"] = np.where(p <= significance, cluster, "")
    return table


class _Places:
    """The communities with a known rate and a neighbour: rows in the layer, rates and weights."""

    def __init__(self, row: I64, share: F64, weights: csr_array) -> None:
        self.row, self.share, self.weights = row, share, weights

    @property
    def differ(self) -> bool:
        """Whether there are enough of them, with rates that are not all the same."""
        return len(self.share) >= _FEWEST and bool(np.ptp(self.share) > 0)

    @classmethod
    def of(cls, assessment: Assessment, kind: str, group: str | None, permutations: int) -> _Places:
        if permutations < 1:
            raise InputError("measures.permutations", value=permutations)
        limit_of(assessment, kind, group)
        people_of(assessment, group)
        share = _rates(assessment, kind, group)
        shapes = assessment.district.communities.geometry.to_numpy()
        a, b = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=TOUCHING_M)
        pairs = (a != b) & ~np.isnan(share[a]) & ~np.isnan(share[b])
        row, renumbered = np.unique(a[pairs], return_inverse=True)
        other = np.searchsorted(row, b[pairs])
        return cls(row, share[row], neighbour_weights(renumbered, other, len(row)))


def _rates(assessment: Assessment, kind: str, group: str | None) -> F64:
    """Return the coverage rate of each community in the order of the layer, NaN where unknown."""
    league = assessment.league("community")
    rows = (league["kind"] == kind) & (league["group"] == (group or assessment.groups[0]))
    told = league.loc[rows]
    return told["share"].where(counts_told(told)).to_numpy(dtype=np.float64)


def _random_neighbours(z: F64, weights: csr_array, permutations: int, seed: int) -> F64:
    """Return the mean of as many random others as each place has neighbours, (n, permutations)."""
    degree = np.diff(weights.indptr)
    ranks = np.tile(np.arange(len(z) - 1), (permutations, 1))
    drawn = np.random.default_rng(seed).permuted(ranks, axis=1)[:, : degree.max()]
    means = np.empty((len(z), permutations))
    for place, count in enumerate(degree):
        others = drawn[:, :count]
        means[place] = z[others + (others >= place)].mean(axis=1)
    return means


def _pseudo_p(found: F64, others: F64) -> F64:
    """Return the share of random results at least as far out as each one found, on its side.

    Results equal to the one found are as far out as it is, on either side: where most rates are the
    same, as 0 % or 100 % often are, most rearrangements are the arrangement found, which then says
    nothing.

    Examples
    --------
    >>> _pseudo_p(np.array([1.0, 5.0]), np.array([[1.0, 1.0, 1.0], [2.0, 3.0, 5.0]])).tolist()
    [1.0, 0.5]
    """
    count, ends = others.shape[1], found[:, None]
    same = SAME_I * np.maximum(1.0, np.abs(ends))
    above, below = (others >= ends - same).sum(axis=1), (others <= ends + same).sum(axis=1)
    return np.asarray((np.minimum(above, below) + 1) / (count + 1), dtype=np.float64)
