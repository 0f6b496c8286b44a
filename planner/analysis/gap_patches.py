"""Homes that lack facilities, gathered into areas that hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from planner.analysis.diagnosis import BARRIER, CAUSES, DATA, NONE_NEAR, Diagnosis
from planner.analysis.gap_barriers import barrier_lines, crossed
from planner.analysis.gap_ground import neighbours, stretches
from planner.analysis.gap_shapes import Ground, ground
from planner.analysis.streets import points_xy
from planner.network import WalkNetwork

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.analysis.reach import Reach

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FEW = 50.0
"""A patch of fewer people joins the greatest neighbouring one, whatever its cause."""

DETOUR = 1.5
"""Walk over straight line from which streets are roundabout: ordinary ones stay below (Hess 1997
found 1.2 where streets are well connected, 1.7 where they are not)."""


@dataclass(frozen=True, eq=False)
class Patches:
    """Homes gathered into gaps of one kind, or of kinds together.

    Parameters
    ----------
    kind
        A kind, or one of :data:`planner.analysis.gaps.TOGETHER`.
    home, gap
        (r,) int64, each home that lacks something and the number of its gap.
    lack, unknown
        (r,) float64, share (0–1) of the home's people who are not known to be covered, and of
        whom nothing is known.
    weight
        (r, 5) float64, people of the home that lack something, by cause.
    cause, remedy, facility
        (r,) int64 as in :class:`~planner.analysis.diagnosis.Diagnosis`; −1 for kinds together.
    crossing
        (p, 2) int64, row of these arrays and row of a barrier that parts the home from its
        facility.
    lacked
        (r, k) bool, which of the `kinds` the home lacks.
    kinds
        The k kinds.
    """

    kind: str
    home: Ints
    gap: Ints
    lack: Floats
    unknown: Floats
    weight: Floats
    cause: Ints
    remedy: Ints
    facility: Ints
    crossing: Ints
    lacked: Mask
    kinds: Sequence[str]

    @property
    def count(self) -> int:
        """Number of gaps."""
        return int(self.gap.max(initial=-1)) + 1

    @property
    def people(self) -> Floats:
        """(r,) people who lack something."""
        return np.asarray(self.weight.sum(axis=1))


@dataclass(frozen=True, eq=False)
class Land:
    """Which homes hang together, (p, 2) int64, and the ground beside their streets."""

    pairs: Ints
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


def patches_of_kind(assessment: Assessment, kind: str, found: Diagnosis, people: Floats) -> Patches:
    """Gather the homes that lack one kind.

    What is mended in one way is one gap: homes shut off by a mapped barrier or by a detour of
    :data:`DETOUR`, homes with a shut facility, homes with a full one, and homes of which something
    is not known are apart from those that have none near. Homes that are beyond the limit by
    ordinary streets only stay with the latter.

    Parameters
    ----------
    assessment, kind, found
        What was asked and found.
    people
        (n,) people at each home.
    """
    home = np.flatnonzero((found.lack > 0) & (people > 0))
    cause, facility, lack = found.cause[home], found.facility[home], found.lack[home]
    crossing = _crossing(assessment.reach, home, np.where(cause == BARRIER, facility, -1))
    sort = cause.copy()
    sort[_by_ordinary_streets(assessment, kind, home, cause, facility, crossing)] = NONE_NEAR
    asked = found.unknown[home] > 0
    sort[asked] = DATA + found.remedy[home][asked]
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
        crossing,
        np.ones((len(home), 1), dtype=np.bool_),
        [kind],
    )


def patches_together(
    assessment: Assessment, name: str, found: dict[str, Diagnosis], least: int, people: Floats
) -> Patches:
    """Gather the homes that lack at least `least` kinds, whatever the causes.

    A home's people are shared out evenly among the causes of the kinds that it lacks.
    """
    n = len(people)
    lacks = np.column_stack([np.zeros((n, 0)), *(each.lack for each in found.values())])
    home = np.flatnonzero(((lacks > 0).sum(axis=1) >= max(least, 1)) & (people > 0))
    lacks = lacks[home]
    most = lacks.max(axis=1, initial=0.0)
    part = (people[home] * most / lacks.sum(axis=1))[:, None] * lacks
    weight = np.zeros((len(home), len(CAUSES)))
    sure = np.zeros(len(home))
    for column, each in enumerate(found.values()):
        some = np.flatnonzero(lacks[:, column] > 0)
        np.add.at(weight, (some, each.cause[home[some]]), part[some, column])
        sure = np.maximum(sure, each.uncovered[home])
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


def _crossing(reach: Reach, home: Ints, facility: Ints) -> Ints:
    """Pairs of position in `home` and row of a barrier between it and its facility."""
    district = reach.district
    some = np.flatnonzero(facility >= 0)
    of_home, barrier = crossed(
        district,
        points_xy(district.demand)[home[some]],
        points_xy(district.facilities)[facility[some]],
    )
    return np.column_stack([some[of_home], barrier])


def _by_ordinary_streets(
    assessment: Assessment, kind: str, home: Ints, cause: Ints, facility: Ints, crossing: Ints
) -> Ints:
    """Positions in `home` near a facility to which no barrier bars the way, nor a detour."""
    district = assessment.district
    plain = np.setdiff1d(np.flatnonzero(cause == BARRIER), crossing[:, 0])
    away = points_xy(district.demand)[home[plain]] - points_xy(district.facilities)[facility[plain]]
    walk_m = assessment.distances[kind].to_numpy(dtype=np.float64)[home[plain]]
    return plain[walk_m < DETOUR * np.hypot(away[:, 0], away[:, 1])]


def _gather(reach: Reach, home: Ints, sort: Ints, people: Floats) -> Ints:
    """Give each home the number of its gap: homes of one sort hang together, few join others."""
    number = np.full(len(reach.homes), -1, np.int64)
    number[home] = np.arange(len(home))
    pairs = number[land_of(reach).pairs]
    pairs = pairs[(pairs >= 0).all(axis=1)]
    alike = sort[pairs[:, 0]] == sort[pairs[:, 1]]
    patch = _linked(pairs[alike], len(home))
    total = np.bincount(patch, people)
    mixed = patch[pairs[~alike & (sort[pairs] < DATA).all(axis=1)]]
    links = np.concatenate([mixed, mixed[:, ::-1]])
    few, other = total[links[:, 0]], total[links[:, 1]]
    links = links[(few < FEW) & (few <= other)]
    links = links[np.lexsort((links[:, 1], -total[links[:, 1]], links[:, 0]))]
    _, first = np.unique(links[:, 0], return_index=True)
    return _linked(links[first], len(total))[patch]


def _linked(links: Ints, count: int) -> Ints:
    """Give what hangs together by links, (p, 2), one number."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not count:
        return np.empty(0, np.int64)
    ones = np.ones(len(links), dtype=np.int8)
    graph = coo_array((ones, (links[:, 0], links[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
