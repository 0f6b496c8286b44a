"""Diagnose why homes lack a kind of facility.

The causes are told in :mod:`planner.analysis.gaps.causes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from planner.analysis.coverage.spacing import grid_spacing_m
from planner.analysis.distances.pieces import Pieces
from planner.analysis.distances.streets import points_xy
from planner.analysis.gaps.barriers import crossed
from planner.analysis.gaps.causes import (
    BARRIER,
    CLOSED,
    DATA,
    NONE_NEAR,
    Diagnosis,
    remedy_number,
)
from planner.analysis.gaps.ground import REACH_M
from planner.analysis.gaps.room import with_room
from planner.analysis.hours.rules import SHUT
from planner.analysis.links.one_link import mended_by_one_link
from planner.analysis.people import limit_of
from planner.analysis.questions import Question
from planner.arrays import F64, I64, Bool

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.analysis.distances.reach import Reach
    from planner.district import District

_COARSE: WeakKeyDictionary[District, bool] = WeakKeyDictionary()

DETOUR = 1.5
"""Walk over straight line from which streets are roundabout: ordinary ones stay below (Hess 1997
found 1.2 where streets are well connected, 1.7 where they are not)."""


def diagnose(
    assessment: Assessment, kind: str, *, group: str | None = None, capacity: bool = False
) -> Diagnosis:
    """Say of every home whether it lacks a kind, and why.

    Parameters
    ----------
    assessment
        Its limit and its question are asked.
    kind
        A judged kind.
    group
        Group whose own limit is asked, where the standard gives it one.
    capacity
        Whether a facility must also have room; see :func:`planner.analysis.gaps.room.with_room`.

    Raises
    ------
    InputError
        Where the standard has no limit for the kind.
    """
    reach = assessment.reach
    limit_m, measure = limit_of(assessment, kind, group), reach.measure_of(kind)
    within = assessment.within(kind, group)
    covered = within.fillna(False).to_numpy(dtype=np.bool_)
    located = assessment.distances[kind].notna().to_numpy()
    lacking = ~covered
    undecided = within.isna().to_numpy() & located

    n = len(covered)
    cause, remedy = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    facility = assessment.nearest_rows(kind)
    found = _Found(cause, remedy, facility, lacking.copy())
    counts = _of_kind(reach, kind)

    if undecided.any():
        straight_m = assessment.distances[kind].to_numpy(dtype=np.float64) - reach.around_corners_m
        through = undecided & reach.unmapped & (straight_m <= limit_m)
        found.settle(through, DATA, "map_streets", facility)
        hoped = reach.nearest(reach.counting(kind, if_unknown=True), measure)
        found.settle(undecided & (hoped.distance_m <= limit_m), DATA, "ask", hoped.row)
        if reach.at_best is not None:
            hoped = reach.hopeful.nearest(reach.counting(kind, if_unknown=True), measure)
            surveyed = undecided & (hoped.distance_m <= limit_m)
            found.settle(surveyed, DATA, "survey_streets", hoped.row)
        found.settle(undecided, DATA, "wider_extract", hoped.row)
    walk_m = assessment.distances[kind].to_numpy(dtype=np.float64)
    if not reach.question.plain:
        near = reach.nearest(counts, measure)
        walk_m = near.distance_m
        shut = located & (near.distance_m <= limit_m)
        found.settle(shut, CLOSED, _what_is_missing(reach)[near.row], near.row)
    if measure == "walk" and reach.everyone is not reach:
        easy = reach.everyone.nearest(counts, measure)
        found.settle(easy.distance_m <= limit_m, BARRIER, "clear_way", easy.row)
    # what a profile's rules shut is there: the map lacks nothing
    mapped = reach.everyone
    pieces = Pieces.of(mapped)
    of_home, of_place = pieces.joined_by(mapped.homes), pieces.joined_by(mapped.places)
    straight = _Straight.of(reach, counts, found.open, limit_m, of_home, of_place)
    crossing = np.empty((0, 2), np.int64)
    if measure == "walk":
        missing = "finer_points" if _are_coarse_cells(reach) else "map_streets"
        found.settle(~located, DATA, missing, straight.nearest)
        near_but = np.flatnonzero(found.open & (straight.joined >= 0))
        crossing, between, roundabout, nearer = _between(
            reach, near_but, straight.joined[near_but], walk_m[near_but]
        )
        asked = between | roundabout
        apart = straight.near & (straight.joined < 0)
        # a compound whose gate is shut hangs on no street, and the map lacks nothing
        behind = np.flatnonzero(found.open & apart & (of_home >= 0))
        across, shut_off, *_ = _between(reach, behind, straight.nearest[behind], walk_m[behind])
        mended, unjoined = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
        if (asked | shut_off).any():
            mended = mended_by_one_link(reach, kind, limit_m)
            unjoined = mended_by_one_link(reach, kind, limit_m, at_the_map=True)
        # streets that meet without joining are a fault of the map before anything is built
        found.settle(asked & unjoined, DATA, "map_streets", straight.joined)
        found.settle(asked & mended, BARRIER, "link", straight.joined)
        found.settle(between & roundabout, BARRIER, "build", straight.joined)
        found.settle(nearer & ~between, DATA, "map_streets", straight.joined)
        found.settle(shut_off & mended, BARRIER, "link", straight.nearest)
        crossing = np.vstack([crossing, across[mended[across[:, 0]]]])
        mend = _beyond_the_data(pieces, of_home, of_place, np.where(apart, straight.nearest, -1))
        cut_off = np.isinf(assessment.distances[kind].to_numpy()) & (of_home != pieces.main)
        found.settle(apart | cut_off, DATA, mend, straight.nearest)
    own = _units_own(reach, kind, limit_m)
    found.settle(own >= 0, NONE_NEAR, "open_internal", own)
    nobody = np.where(straight.joined >= 0, straight.joined, facility)
    nobody = np.where(nobody >= 0, nobody, straight.nearest)
    found.settle(found.open.copy(), NONE_NEAR, "build", nobody)
    facility[covered] = -1

    unknown = np.where(undecided | ~located, 1.0, 0.0) * lacking
    diagnosis = Diagnosis(lacking - unknown, unknown, cause, remedy, facility, crossing)
    if not capacity:
        return diagnosis
    return with_room(assessment, kind, group, diagnosis)


@dataclass(frozen=True, eq=False)
class _Found:
    """Homes that lack something, settled cause by cause; `open` are those still to settle."""

    cause: I64
    remedy: I64
    facility: I64
    open: Bool

    def settle(
        self, where: Bool, cause: int, remedy: str | I64, facility: npt.NDArray[np.integer]
    ) -> None:
        now = where & self.open
        self.cause[now] = cause
        self.remedy[now] = remedy_number(remedy) if isinstance(remedy, str) else remedy[now]
        self.facility[now] = facility[now]
        self.open[now] = False


def _of_kind(reach: Reach, kind: str, *, internal: bool = False) -> Bool:
    """Return which facilities of a kind exist and are open to residents, or are a unit's own."""
    table = reach.district.facilities
    own = table["ownership"] == "internal"
    counts = (table["kind"] == kind) & (table["status"] == "existing")
    return np.asarray(counts & (own if internal else ~own))


def _what_is_missing(reach: Reach) -> I64:
    """Return the remedy for each facility that does not count under the question."""
    table, question = reach.district.facilities, reach.question
    shut = Question(at=question.at).states(table) == SHUT
    lacks = Question(service=question.service).states(table) == SHUT
    remedies = [
        remedy_number(name) for name in ("hours_and_service", "longer_hours", "add_service")
    ]
    unsure = remedy_number("ask")
    return np.select([shut & lacks, shut, lacks], remedies, unsure).astype(np.int64)


def _between(reach: Reach, home: I64, facility: I64, walk_m: F64) -> tuple[I64, Bool, Bool, Bool]:
    """Barriers between homes and facilities, (p, 2); which homes have one, and which a detour.

    And which are nearer to the facility than to any street that is mapped: the way out to that
    street and back is what makes it far.
    """
    home_xy = points_xy(reach.district.demand)[home]
    place_xy = points_xy(reach.district.facilities)[facility]
    line, barrier = crossed(reach.district, home_xy, place_xy)
    away = home_xy - place_xy
    between = np.zeros(len(reach.homes), dtype=np.bool_)
    roundabout = np.zeros(len(reach.homes), dtype=np.bool_)
    between[home[line]] = True
    straight_m = np.hypot(away[:, 0], away[:, 1])
    roundabout[home] = walk_m >= DETOUR * straight_m
    nearer = np.zeros(len(reach.homes), dtype=np.bool_)
    nearer[home] = straight_m < reach.homes.access_mm[home] / 1000
    return np.column_stack([home[line], barrier]), between, roundabout, nearer


def _units_own(reach: Reach, kind: str, limit_m: float) -> I64:
    """Row of the nearest facility internal to a unit within the limit, −1 where there is none."""
    own = _of_kind(reach, kind, internal=True)
    if not own.any():
        return np.full(len(reach.homes), -1, np.int64)
    near = reach.nearest(own, reach.measure_of(kind))
    return np.where(near.distance_m <= limit_m, near.row, -1).astype(np.int64)


def _are_coarse_cells(reach: Reach) -> bool:
    """Return whether homes are the cells of a grid that is coarser than the streets around one."""
    district = reach.district
    if district not in _COARSE:  # every kind asks it of the same homes
        _COARSE[district] = bool(grid_spacing_m(points_xy(district.demand)) > REACH_M)
    return _COARSE[district]


def _beyond_the_data(pieces: Pieces, of_home: I64, of_place: I64, nearest: I64) -> I64:
    """Return the remedy of homes that no street joins to a facility: it may be joined elsewhere.

    Where their own streets, or those of the facility at hand (−1 none), are cut off at the edge of
    the data, more data tell; else the map lacks a piece.
    """
    place = np.where(nearest >= 0, of_place[nearest], -1) if len(of_place) else nearest
    beyond = pieces.is_cut(of_home) | ((of_home == pieces.main) & pieces.is_cut(place))
    return np.where(beyond, remedy_number("wider_extract"), remedy_number("map_streets"))


@dataclass(frozen=True, eq=False)
class _Straight:
    """The nearest facilities as the crow flies.

    Parameters
    ----------
    nearest
        (n,) int64 row of the nearest, −1 where there is none.
    near
        (n,) bool, whether it is within the limit.
    joined
        (n,) int64 row of the nearest within the limit on the home's own piece of street, −1 where
        there is none.
    """

    nearest: I64
    near: Bool
    joined: I64

    @classmethod
    def of(
        cls, reach: Reach, counts: Bool, asked: Bool, limit_m: float, of_home: I64, of_place: I64
    ) -> _Straight:
        n = len(asked)
        homes_xy = points_xy(reach.district.demand)
        places_xy = points_xy(reach.district.facilities)
        rows, homes = np.flatnonzero(counts), np.flatnonzero(asked)
        nearest, near_m = _nearest(homes_xy, homes, places_xy, rows)
        joined = np.full(n, -1, np.int64)
        near = near_m <= limit_m
        homes = homes[near[homes] & (of_home[homes] >= 0)]
        for piece in np.unique(of_home[homes]):
            here = homes[of_home[homes] == piece]
            on_it = rows[of_place[rows] == piece]
            row, away_m = _nearest(homes_xy, here, places_xy, on_it)
            joined[here] = np.where(away_m <= limit_m, row, -1)[here]
        return cls(nearest, near, joined)


def _nearest(homes_xy: F64, homes: I64, places_xy: F64, rows: I64) -> tuple[I64, F64]:
    """Row of the place nearest to each of some homes, and metres in whole millimetres."""
    from scipy.spatial import cKDTree

    found, away_m = np.full(len(homes_xy), -1, np.int64), np.full(len(homes_xy), np.inf)
    if rows.size and homes.size:
        metres, number = cKDTree(places_xy[rows]).query(homes_xy[homes])
        found[homes], away_m[homes] = rows[number], np.rint(metres * 1000) / 1000
    return found, away_m
