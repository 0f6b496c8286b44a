"""Homes taken together in blocks, of which counts of groups may be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import F64, I64, Bool


@dataclass(frozen=True)
class Rule:
    """When residents and a group of them may be told together.

    Parameters
    ----------
    threshold
        People of a group below whom a count is withheld.
    counted
        Whether there is a count of residents to be the rest of a group, and not an estimate.
    """

    threshold: int
    counted: bool

    def safe(self, group: F64, people: float, largest: float, parts: int) -> Bool:
        """Return whether the counts of groups may be told for a sum of parts.

        Parameters
        ----------
        group
            Count of each group, shape (g,).
        people, largest
            Residents of all parts, and of the one with the most.
        parts
            Homes or areas.
        """
        enough = group >= self.threshold
        if not self.counted:
            return np.asarray(enough, dtype=np.bool_)
        # a group that counts others than residents, such as a floating population, has no rest
        rest = (people - group >= self.threshold) | (group > people)
        mixed = parts == 1 or people - largest >= self.threshold
        return np.asarray(enough & rest & mixed, dtype=np.bool_)


def blocks_of(
    demand: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, rule: Rule, people: F64, counts: F64
) -> tuple[I64, Bool]:
    """Return each home's block, −1 for none, and which counts are withheld altogether."""
    strata = _strata(demand, people, counts)
    gone = _gone(_subdistricts(demand, communities, strata), rule, strata, people, counts)
    order = np.empty(len(people), dtype=np.int64)
    order[_along_curve(demand)] = np.arange(len(people))
    block, count = np.full(len(people), -1, dtype=np.int64), 0
    for rows in strata:
        told = np.flatnonzero(~gone[rows[0]] & ~np.isnan(counts[rows[0]]))
        if not len(told) or np.isnan(people[rows[0]]):
            continue
        ordered = rows[np.argsort(order[rows])]
        for members in _cut(rule, ordered, people, counts[:, told]):
            block[members] = count
            count += 1
    return block, gone


def _strata(demand: gpd.GeoDataFrame, people: F64, counts: F64) -> list[I64]:
    """Return the homes of each community of which the same is known: they may change places."""
    if not len(people):
        return []
    community = pd.factorize(demand["community_id"].fillna("").astype(str))[0]
    known = np.column_stack([community, np.isnan(people), np.isnan(counts)]).astype(np.int64)
    _, stratum = np.unique(known, axis=0, return_inverse=True)
    stratum = stratum.reshape(-1)
    order = np.argsort(stratum, kind="stable")
    return [np.asarray(r) for r in np.split(order, np.cumsum(np.bincount(stratum))[:-1])]


def _along_curve(demand: gpd.GeoDataFrame) -> I64:
    """Return the homes in the order of a Hilbert curve: neighbours follow each other."""
    place = demand.geometry.hilbert_distance().to_numpy() if len(demand) > 1 else np.zeros(1)
    return np.lexsort((demand["demand_id"].to_numpy(dtype=str), place)).astype(np.int64)


def _cut(rule: Rule, rows: I64, people: F64, counts: F64) -> Iterator[I64]:
    """Yield the blocks of homes in a row, which are safe together.

    They are halved by residents as long as both halves are safe. Who knows this learns of a block
    that one of its halves is not, but not which.
    """
    waiting = [rows]
    while waiting:
        whole = waiting.pop()
        halves = _halves(whole, people[whole])
        if halves and all(
            rule.safe(
                counts[half].sum(axis=0), people[half].sum(), people[half].max(), len(half)
            ).all()
            for half in halves
        ):
            waiting += reversed(halves)
        else:
            yield whole


def _halves(rows: I64, people: F64) -> list[I64]:
    """Return homes in a row cut in two where half of the residents is reached; none for one."""
    if len(rows) < 2:
        return []
    before = np.cumsum(people)[:-1]
    place = int(np.argmin(np.abs(before - people.sum() / 2))) + 1
    return [rows[:place], rows[place:]]


def _gone(subdistricts: list[I64], rule: Rule, strata: list[I64], people: F64, counts: F64) -> Bool:
    """Return which counts are withheld altogether, shape (n, g)."""
    groups = counts.shape[1]
    sums = np.array([counts[rows].sum(axis=0) for rows in strata]).reshape(-1, groups)
    residents = np.array([people[rows].sum() for rows in strata])
    largest = np.array([people[rows].max() for rows in strata])
    hidden = np.zeros((len(strata), groups), dtype=np.bool_)
    for number, rows in enumerate(strata):
        if np.isnan(residents[number]):
            hidden[number] = True
        else:
            safe = rule.safe(sums[number], residents[number], largest[number], len(rows))
            hidden[number] = ~safe & ~np.isnan(sums[number])
    for family in _families(people, counts):
        together: Bool = np.asarray(hidden[:, family].any(axis=1), dtype=np.bool_)
        for inside in [*subdistricts, np.arange(len(strata))]:
            _hide_another(rule, together, inside, sums[:, family], residents)
        hidden[:, family] = together[:, None]
    gone = np.zeros(counts.shape, dtype=np.bool_)
    for number, rows in enumerate(strata):
        gone[rows] = hidden[number]
    return gone & ~np.isnan(counts)


def _hide_another(rule: Rule, hidden: Bool, inside: I64, sums: F64, residents: F64) -> None:
    """Hide more areas of a larger one until those that are hidden are safe together, in place.

    Who knows the larger one's count from elsewhere learns their sum. The next one is that with
    the fewest residents.
    """
    known = inside[~np.isnan(sums[inside]).any(axis=1)]
    for _ in range(len(known)):
        some = known[hidden[known]]
        left = known[~hidden[known] & (residents[known] > 0)]
        if not residents[some].sum() > 0 or not len(left):
            return
        total, most = float(residents[some].sum()), float(residents[some].max())
        if len(some) > 1 and rule.safe(sums[some].sum(axis=0), total, most, len(some)).all():
            return
        hidden[left[np.argmin(residents[left])]] = True


def _subdistricts(
    demand: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, strata: list[I64]
) -> list[I64]:
    """Return the strata of each subdistrict."""
    names = communities.set_index("community_id")["subdistrict"]
    first = np.array([rows[0] for rows in strata], dtype=np.int64)
    subdistrict = demand["community_id"].iloc[first].map(names).fillna("").to_numpy()
    return [np.flatnonzero(subdistrict == name) for name in dict.fromkeys(subdistrict) if name]


def _families(people: F64, counts: F64) -> list[I64]:
    """Return groups that are bound by an exact sum, with the residents or without, together.

    The circuits of the columns' linear dependences: each column that those before it add up to is
    bound to those that it takes.
    """
    groups = counts.shape[1]
    family = np.arange(groups)
    known = ~np.isnan(counts).any(axis=1) & ~np.isnan(people)
    if not known.any():
        return [np.array([g], dtype=np.int64) for g in range(groups)]
    rows = np.unique(np.column_stack([people[known], counts[known]]), axis=0)
    basis = [0]
    for group in range(groups):
        column = rows[:, group + 1]
        taken = np.linalg.lstsq(rows[:, basis], column, rcond=None)[0]
        if np.abs(rows[:, basis] @ taken - column).max() > 1e-6 * max(1.0, np.abs(column).max()):
            basis.append(group + 1)
            continue
        for place, share in zip(basis, taken, strict=True):
            if place and abs(share) > 1e-6:
                family[family == family[place - 1]] = family[group]
    return [np.flatnonzero(family == each) for each in np.unique(family)]
