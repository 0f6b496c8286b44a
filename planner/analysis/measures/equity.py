"""How evenly access is spread: between people, communities and subdistricts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.distances.reach import plain_walk_only
from planner.analysis.people import people_of, untold_as_unknown
from planner.arrays import F64
from planner.errors import InputError


def _counted(values: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[F64, F64]:
    """Return the finite values and their weights, sorted by value."""
    value = np.asarray(values, dtype=np.float64)
    weight = np.ones_like(value) if weights is None else np.asarray(weights, dtype=np.float64)
    if value.ndim != 1 or value.shape != weight.shape:
        raise InputError("analysis.equity_shape", values=value.shape, weights=weight.shape)
    if (weight < 0).any():
        raise InputError("analysis.equity_weight", row=int(np.argmax(weight < 0)) + 1)
    kept = np.isfinite(value) & (weight > 0)
    if (value[kept] < 0).any():
        raise InputError("analysis.equity_negative", row=int(np.flatnonzero(kept & (value < 0))[0]))
    order = np.argsort(value[kept], kind="stable")
    return value[kept][order], weight[kept][order]


def lorenz(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> pd.DataFrame:
    """Return the Lorenz curve (Lorenz 1905): share of the sum held by the poorest share of people.

    Parameters
    ----------
    values
        Non-negative values, such as metres to the nearest clinic, shape (n,). NaN and inf are
        left out.
    weights
        People behind each value, shape (n,); 1 each where none are given.

    Returns
    -------
    DataFrame
        ``people`` and ``value``, cumulative shares from (0, 0) to (1, 1).

    Examples
    --------
    Two people hold 1 and 3: the poorer half holds a quarter.

    >>> lorenz([1, 3]).to_numpy().tolist()
    [[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]]
    """
    value, weight = _counted(values, weights)
    people = np.concatenate([[0.0], np.cumsum(weight)])
    held = np.concatenate([[0.0], np.cumsum(weight * value)])
    with np.errstate(invalid="ignore", divide="ignore"):
        return pd.DataFrame({"people": people / people[-1], "value": held / held[-1]})


def gini(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Return the Gini coefficient (Gini 1912): 0 for equal shares, towards 1 where one has all.

    It is twice the area between the Lorenz curve and the diagonal. NaN where the sum is zero.

    Examples
    --------
    >>> gini([1, 3])
    0.25
    >>> gini([1, 1, 3, 3]) == gini([1, 3], weights=[2, 2])
    True
    """
    curve = lorenz(values, weights)
    people, value = curve["people"].to_numpy(), curve["value"].to_numpy()
    if len(people) < 2:
        return float("nan")
    area = np.sum(np.diff(people) * (value[1:] + value[:-1])) / 2
    return float(1 - 2 * area)


def theil(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Return Theil's T (Theil 1967): the weighted mean of (x/µ)·ln(x/µ); a zero adds nothing.

    Examples
    --------
    For 1 and 3 with mean 2: (0.5·ln 0.5 + 1.5·ln 1.5) / 2.

    >>> round(theil([1, 3]), 6)
    0.130812
    """
    value, weight = _counted(values, weights)
    if not weight.sum() > 0:
        return float("nan")
    mean = float(np.average(value, weights=weight))
    if not mean > 0:
        return float("nan")
    return float(np.average(value / mean * _log_ratio(value, mean), weights=weight))


def theil_decomposed(
    values: npt.ArrayLike, groups: npt.ArrayLike, weights: npt.ArrayLike | None = None
) -> pd.Series:
    """Return Theil's T split into what lies between and within groups (Shorrocks 1980).

    Parameters
    ----------
    values, weights
        As in :func:`theil`.
    groups
        Group of each value, such as its subdistrict, length n.

    Returns
    -------
    Series
        ``total``, ``between``, ``within``; the last two add up to the first.

    Examples
    --------
    >>> theil_decomposed([1, 1, 3, 3], ["a", "a", "b", "b"]).round(6).to_dict()
    {'total': 0.130812, 'between': 0.130812, 'within': 0.0}
    """
    value = np.asarray(values, dtype=np.float64)
    weight = np.ones_like(value) if weights is None else np.asarray(weights, dtype=np.float64)
    _counted(value, weight)
    label = np.asarray(groups)
    kept = np.isfinite(value) & (weight > 0)
    value, weight, label = value[kept], weight[kept], label[kept]
    held = float(np.sum(value * weight))
    if not held > 0:
        return pd.Series(np.nan, index=["total", "between", "within"])
    of_group, _ = pd.factorize(label)
    sizes = np.bincount(of_group, weight)
    sums = np.bincount(of_group, weight * value)
    between = float(np.sum(sums * _log_ratio(sums / sizes, held / sizes.sum()))) / held
    within = float(np.sum(weight * value * _log_ratio(value, (sums / sizes)[of_group]))) / held
    return pd.Series({"total": theil(value, weight), "between": between, "within": within})


def _log_ratio(value: F64, mean: F64 | float) -> F64:
    """Return ln(value / mean), 0 where the value is 0."""
    some = value > 0
    return np.log(np.where(some, value, 1.0) / np.where(some, mean, 1.0))


def palma(values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """Return the Palma ratio (Palma 2011): sum of the top 10 % over that of the bottom 40 %.

    People are split at the exact shares. NaN where the bottom holds nothing.

    Examples
    --------
    Ten people hold 1, …, 10: the top one holds 10, the bottom four 1 + 2 + 3 + 4 = 10.

    >>> round(palma(range(1, 11)), 9)
    1.0
    """
    curve = lorenz(values, weights)
    people, value = curve["people"].to_numpy(), curve["value"].to_numpy()
    bottom, top = np.interp([0.4, 0.9], people, value)
    return float((1 - top) / bottom) if bottom > 0 else float("nan")


def percentiles(
    values: npt.ArrayLike, weights: npt.ArrayLike, shares: Sequence[float] = (10, 25, 50, 75, 90)
) -> pd.Series:
    """Return the values that given percentages of people do not exceed.

    Parameters
    ----------
    values
        Values, such as metres; inf counts as the largest, NaN is left out. Shape (n,).
    weights
        People behind each value, shape (n,).
    shares
        Percentages, 0–100.

    Returns
    -------
    Series
        By percentage: the smallest value that at least that percentage of people do not exceed.

    Examples
    --------
    >>> percentiles([100, 300, 900], [1, 1, 2], [25, 50, 90]).to_dict()
    {25: 100.0, 50: 300.0, 90: 900.0}
    """
    value = np.asarray(values, dtype=np.float64)
    weight = np.asarray(weights, dtype=np.float64)
    kept = ~np.isnan(value) & (weight > 0)
    order = np.argsort(value[kept], kind="stable")
    value, weight = value[kept][order], weight[kept][order]
    if not len(value):
        return pd.Series(np.nan, index=list(shares))
    sums = np.cumsum(weight)
    rank = np.searchsorted(sums, np.asarray(shares) / 100 * sums[-1] - 1e-9 * sums[-1])
    return pd.Series(value[np.minimum(rank, len(value) - 1)], index=list(shares))


def equity(
    assessment: Assessment,
    kinds: Sequence[str] | None = None,
    *,
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return how evenly the distances to each kind are spread over the residents.

    Measured on metres to the nearest facility of those who can reach one and of whom it is known
    whether one is within the limit; the others are counted apart. All distances alike give 0, and
    a Palma ratio of ¼.

    Parameters
    ----------
    assessment
        What is measured.
    kinds, groups
        Kinds and groups; all where none are given.

    Returns
    -------
    DataFrame
        One row for each kind and group: ``kind``, ``group``, ``people`` measured,
        ``unreachable`` and ``unknown`` people left out; ``gini``, ``theil`` with its parts
        ``theil_between`` and ``theil_within`` subdistricts (communities where none is named),
        ``palma`` (metres of the farthest tenth over those of the nearest two fifths), and the
        distances that 10, 25, 50, 75 and 90 % do not exceed: ``p10_m``, …, ``p90_m`` (inf where
        unreachable). NaN where nobody is measured.

    Raises
    ------
    InputError
        For an unknown kind or group.
    """
    plain_walk_only(assessment.reach)
    area, _ = pd.factorize(np.asarray(_areas(assessment), dtype=object))
    asked = groups or assessment.groups
    counted = {group: people_of(assessment, group, untold=True) for group in asked}
    rows = []
    for kind in assessment.kinds if kinds is None else kinds:
        assessment.rule(kind)
        for group, everyone in counted.items():
            metres = _known_m(assessment, kind, group)
            order = np.argsort(metres, kind="stable")
            metres, people = metres[order], everyone[order]
            parts = theil_decomposed(metres, area[order], people)
            spread = percentiles(metres, people)
            rows.append(
                {
                    "kind": kind,
                    "group": group,
                    "people": people[np.isfinite(metres)].sum(),
                    "unreachable": people[np.isinf(metres)].sum(),
                    "unknown": people[np.isnan(metres)].sum(),
                    "gini": gini(metres, people),
                    "theil": parts["total"],
                    "theil_between": parts["between"],
                    "theil_within": parts["within"],
                    "palma": palma(metres, people),
                    **{f"p{share}_m": value for share, value in spread.items()},
                }
            )
    return untold_as_unknown(assessment, pd.DataFrame(rows)) if rows else pd.DataFrame()


def distance_lorenz(assessment: Assessment, kind: str, *, group: str | None = None) -> pd.DataFrame:
    """Return the Lorenz curve of the metres to a kind; see :func:`lorenz`.

    Raises
    ------
    InputError
        For an unknown kind or group.
    """
    assessment.rule(kind)
    metres = _known_m(assessment, kind, group or assessment.groups[0])
    return lorenz(metres, people_of(assessment, group))


def _known_m(assessment: Assessment, kind: str, group: str) -> F64:
    """Return the metres of each home to a kind, NaN where it is not known whether it is near.

    A nearer facility may count: one that does not tell its hours, or beyond what was imported.
    """
    metres = assessment.distances[kind].to_numpy(dtype=np.float64)
    if assessment.limit_m(kind, group) is None:
        return metres
    known = assessment.within(kind, group).notna().to_numpy(dtype=bool)
    return np.where(known, metres, np.nan)


def _areas(assessment: Assessment) -> list[str]:
    """Return the subdistrict of each home, or its community where no subdistrict is named."""
    communities = assessment.district.communities.set_index("community_id")["subdistrict"]
    community = assessment.district.demand["community_id"]
    if not (communities != "").any():
        return list(community)
    return list(community.map(communities).fillna(""))
