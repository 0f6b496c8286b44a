"""Homes that lack facilities, gathered into areas that hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from planner.analysis.gaps.barriers import barrier_lines
from planner.analysis.gaps.causes import CAUSES, CLOSED, DATA, FULL, Diagnosis
from planner.analysis.gaps.ground import neighbours, stretches
from planner.analysis.gaps.shapes import Ground, ground
from planner.arrays import F64, I64, Bool
from planner.network import WalkNetwork

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.analysis.distances.reach import Reach


FEW = 50.0
"""A patch of fewer people joins the greatest neighbouring one, whatever its cause."""


@dataclass(frozen=True, eq=False)
class Patches:
    """Homes gathered into gaps of one kind, or of kinds together.

    Parameters
    ----------
    kind
        A kind, or one of :data:`planner.analysis.gaps.gaps.TOGETHER`.
    home, gap
        (r,) int64, each home that lacks something and the number of its gap.
    lack, unknown
        (r,) float64, share (0–1) of the home's people who are not known to be covered, and of
        whom nothing is known.
    weight
        (r, 5) float64, people of the home that lack something, by cause.
    cause, remedy, facility
        (r,) int64 as in :class:`~planner.analysis.gaps.diagnosis.Diagnosis`; −1 for kinds together.
    crossing
        (p, 2) int64, row of these arrays and row of a barrier that parts the home from its
        facility.
    lacked
        (r, k) bool, which of the `kinds` the home lacks.
    kinds
        The k kinds.
    """

    kind: str
    home: I64
    gap: I64
    lack: F64
    unknown: F64
    weight: F64
    cause: I64
    remedy: I64
    facility: I64
    crossing: I64
    lacked: Bool
    kinds: Sequence[str]

    @property
    def count(self) -> int:
        """Number of gaps."""
        return int(self.gap.max(initial=-1)) + 1

    @property
    def people(self) -> F64:
        """(r,) people who lack something."""
        return np.asarray(self.weight.sum(axis=1))

    @cached_property
    def rows(self) -> list[I64]:
        """Rows of these arrays of each gap, ascending."""
        order, sizes = np.argsort(self.gap, kind="stable"), np.bincount(self.gap)
        return np.split(order, np.cumsum(sizes))[: self.count]


@dataclass(frozen=True, eq=False)
class Land:
    """Which homes hang together, (p, 2) int64, and the ground beside their streets."""

    pairs: I64
    ground: Ground


_LAND: WeakKeyDictionary[WalkNetwork, dict[float, Land]] = WeakKeyDictionary()


def land_of(reach: Reach) -> Land:
    """Return the land of a district's homes, worked out once for its streets."""
    network = reach.streets.ground
    kept = _LAND.setdefault(network, {})
    if reach.max_access_m not in kept:
        shared = stretches(network, reach.homes)
        walls = barrier_lines(reach.district)[0]
        kept[reach.max_access_m] = Land(
            neighbours(shared, reach.homes, walls),
            ground(network, shared, reach.homes.xy, walls),
        )
    return kept[reach.max_access_m]


def patches_of_kind(assessment: Assessment, kind: str, found: Diagnosis, people: F64) -> Patches:
    """Gather the homes that lack one kind.

    What hangs together and has one cause is one gap, for a facility that is shut or full also one
    facility; a patch of fewer than :data:`FEW` people joins the greatest one beside it, but for
    those of which something is not known.

    Parameters
    ----------
    assessment, kind, found
        What was asked and found.
    people
        (n,) people at each home.
    """
    home = np.flatnonzero((found.lack > 0) & (people > 0))
    cause, facility, lack = found.cause[home], found.facility[home], found.lack[home]
    position = np.full(len(people), -1, np.int64)
    position[home] = np.arange(len(home))
    crossing = np.column_stack([position[found.crossing[:, 0]], found.crossing[:, 1]])
    of_facility = (cause == CLOSED) | (cause == FULL)
    sort = np.where(of_facility, len(CAUSES) + facility, cause)
    sort[cause == DATA] = -1 - found.remedy[home][cause == DATA]
    weight = np.zeros((len(home), len(CAUSES)))
    weight[np.arange(len(home)), cause] = people[home] * lack
    return Patches(
        kind,
        home,
        _gather(assessment.reach, home, sort, people[home] * lack),
        lack,
        found.unknown[home],
        weight,
        cause,
        found.remedy[home],
        facility,
        crossing[crossing[:, 0] >= 0],
        np.ones((len(home), 1), dtype=np.bool_),
        [kind],
    )


def patches_together(
    assessment: Assessment, name: str, found: dict[str, Diagnosis], least: int, people: F64
) -> Patches:
    """Gather the homes that lack at least `least` kinds, whatever the causes.

    A home's people are shared out evenly among the causes of the kinds that it lacks. Where a part
    of them lacks a kind (its facilities are full), those who lack another are taken for the same
    people as far as they can be; so it is with those of whom it is not known.
    """
    lacks, certain = (
        np.column_stack(shares)
        for shares in zip(*((each.lack, each.uncovered) for each in found.values()), strict=True)
    )
    least = max(least, 1)
    home = np.flatnonzero(((lacks > 0).sum(axis=1) >= least) & (people > 0))
    lacks = lacks[home]
    most, sure = (_nth_greatest(shares, least) for shares in (lacks, certain[home]))
    part = (people[home] * most / lacks.sum(axis=1))[:, None] * lacks
    weight = np.zeros((len(home), len(CAUSES)))
    for column, each in enumerate(found.values()):
        some = np.flatnonzero(lacks[:, column] > 0)
        np.add.at(weight, (some, each.cause[home[some]]), part[some, column])
    nothing = np.full(len(home), -1, np.int64)
    return Patches(
        name,
        home,
        _gather(assessment.reach, home, np.zeros(len(home), np.int64), people[home] * most),
        most,
        most - sure,
        weight,
        nothing,
        nothing,
        nothing,
        np.empty((0, 2), np.int64),
        lacks > 0,
        list(found),
    )


def _nth_greatest(shares: F64, n: int) -> F64:
    """Return the share of each row's people whom at least `n` of its shares (h, k) can be of.

    Examples
    --------
    >>> _nth_greatest(np.array([[1.0, 0.2, 0.5]]), 2).tolist()
    [0.5]
    """
    if not len(shares):
        return np.zeros(0)
    return np.asarray(np.sort(shares, axis=1)[:, -n], dtype=np.float64)


def _gather(reach: Reach, home: I64, sort: I64, people: F64) -> I64:
    """Give each home the number of its gap: homes of one sort hang together, few join others.

    Homes of a negative sort join no others.
    """
    number = np.full(len(reach.homes), -1, np.int64)
    number[home] = np.arange(len(home))
    pairs = number[land_of(reach).pairs]
    pairs = pairs[(pairs >= 0).all(axis=1)]
    alike = sort[pairs[:, 0]] == sort[pairs[:, 1]]
    patch = _linked(pairs[alike], len(home))
    total = np.bincount(patch, people)
    mixed = patch[pairs[~alike & (sort[pairs] >= 0).all(axis=1)]]
    links = np.concatenate([mixed, mixed[:, ::-1]])
    few, other = total[links[:, 0]], total[links[:, 1]]
    links = links[(few < FEW) & (few <= other)]
    links = links[np.lexsort((links[:, 1], -total[links[:, 1]], links[:, 0]))]
    _, first = np.unique(links[:, 0], return_index=True)
    return _linked(links[first], len(total))[patch]


def _linked(links: I64, count: int) -> I64:
    """Give what hangs together by links, (p, 2), one number."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not count:
        return np.empty(0, np.int64)
    ones = np.ones(len(links), dtype=np.int8)
    graph = coo_array((ones, (links[:, 0], links[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
