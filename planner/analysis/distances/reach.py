"""How far every home is from the facilities that count, whole or changed bit by bit."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.analysis.distances.border import beyond_m, may_matter
from planner.analysis.distances.streets import Streets, joined, points_xy, streets_of
from planner.analysis.hours.rules import OPEN, SHUT
from planner.analysis.questions import Question
from planner.arrays import F64, I8, I32, I64, Bool, Shapes
from planner.district import District, Walking
from planner.errors import InputError
from planner.network import Positions
from planner.network.nearest.index import NearestIndex
from planner.network.nearest.target_view import TargetView

Measure = Literal["walk", "straight"]


class Found(NamedTuple):
    """Metres from each home to the nearest facility, and its row; −1 where there is none."""

    distance_m: F64
    row: I32


AROUND_CORNERS = 2**0.5
"""How often longer than straight a way is at most that turns at right angles."""

EQUAL_M = 0.001
"""Straight distances are equal where they round to the same millimetre."""


@dataclass(frozen=True, eq=False)
class Reach:
    """Homes and facilities of a district, joined to its streets, under one question.

    Parameters
    ----------
    district, question, measure, max_access_m
        What is asked of which place.
    homes, places
        Positions of ``demand`` and of all ``facilities`` on the ground streets, in their order.
    states
        Whether each facility counts: 1 yes, 0 no, −1 not known; int8 by row.
    measures
        Kinds that are measured otherwise than by `measure`.
    kept_off, places_kept_off
        Which homes and which facilities stand at a street that the rules of a profile of walking
        shut; bool by row.
    unmapped_m
        Way from a door to a street, metres, from which it is read both ways, as it leads over
        ground whose paths nobody mapped: straight, and :data:`AROUND_CORNERS`; None: straight.
    at_best
        The reach where no rule of the profile bites of which that is not known, None without a
        profile.
    """

    district: District
    question: Question
    measure: Measure
    max_access_m: float
    homes: Positions
    places: Positions
    states: I8
    measures: Mapping[str, Measure] = field(default_factory=dict)
    kept_off: Bool = field(default_factory=lambda: np.zeros(0, np.bool_))
    places_kept_off: Bool = field(default_factory=lambda: np.zeros(0, np.bool_))
    unmapped_m: float | None = None
    at_best: Reach | None = None
    _kept: dict[bytes, tuple[NearestIndex, TargetView]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(
        cls,
        district: District,
        question: Question,
        measure: Measure,
        max_access_m: float,
        measures: Mapping[str, Measure] | None = None,
        unmapped_m: float | None = None,
    ) -> Reach:
        """Join a district's homes and facilities to its streets."""
        homes, kept_off = joined(district, district.demand, max_access_m)
        places, places_kept_off = joined(district, district.facilities, max_access_m)
        reach = cls(
            district,
            question,
            measure,
            max_access_m,
            homes,
            places,
            _states(district, question),
            measures or {},
            kept_off,
            places_kept_off,
            unmapped_m,
        )
        walking = district.walking
        if walking is None or walking.at_best:
            return reach
        return replace(reach, at_best=reach.with_walking(replace(walking, at_best=True)))

    @classmethod
    def placed(
        cls,
        district: District,
        question: Question,
        measure: Measure,
        max_access_m: float,
        homes: Positions,
        places: Positions,
        measures: Mapping[str, Measure],
    ) -> Reach:
        """Return the reach of everyone's walk where it is known how all join the streets."""
        return cls(
            district,
            question,
            measure,
            max_access_m,
            homes,
            places,
            _states(district, question),
            measures,
            kept_off=np.zeros(len(homes), np.bool_),
            places_kept_off=np.zeros(len(places), np.bool_),
        )

    def after(self, district: District) -> Reach:
        """Return the reach in a district that a scenario made of this one.

        Homes stay where they are; facilities that are new or moved are joined anew.
        """
        streets_of(district, like=self.district)
        old, new = self.district.facilities, district.facilities
        old_ids = old["facility_id"].to_numpy(dtype=object)
        assert (new["facility_id"].to_numpy(dtype=object)[: len(old)] == old_ids).all()
        same = np.zeros(len(new), dtype=bool)
        same[: len(old)] = shapely.equals_exact(
            new.geometry.to_numpy()[: len(old)], old.geometry.to_numpy(), tolerance=0
        )
        fresh, fresh_kept_off = joined(district, new[~same], self.max_access_m)
        both = Positions.concatenate(self.places, fresh)
        at_best = None
        if self.at_best is not None:
            at_best = self.at_best.after(replace(district, walking=self.at_best.district.walking))
        take = np.empty(len(new), dtype=np.int64)
        take[same] = np.flatnonzero(same)
        take[~same] = len(old) + np.arange(len(fresh))
        return Reach(
            district,
            self.question,
            self.measure,
            self.max_access_m,
            self.homes,
            both.take(take),
            _states(district, self.question),
            self.measures,
            self.kept_off,
            np.concatenate([self.places_kept_off, fresh_kept_off])[take],
            self.unmapped_m,
            at_best,
        )

    def with_walking(self, walking: Walking | None) -> Reach:
        """Return the reach with another profile of walking, one reading of it alone."""
        district = replace(self.district, walking=walking)
        homes, kept_off = joined(district, district.demand, self.max_access_m)
        places, places_kept_off = joined(district, district.facilities, self.max_access_m)
        return replace(
            self,
            district=district,
            homes=homes,
            places=places,
            kept_off=kept_off,
            places_kept_off=places_kept_off,
            at_best=None,
            _kept={},
            _lock=threading.Lock(),
        )

    def of_place(self, x: float, y: float) -> Reach:
        """Return the reach of one home that stood at a place; all else is as it is here.

        Parameters
        ----------
        x, y
            Metres in the district's CRS.
        """
        point = shapely.Point(x, y)
        inside = self.district.communities.geometry.intersects(point)
        home = self.district.demand.iloc[:1].copy()
        home["community_id"] = [*self.district.communities["community_id"][inside], ""][:1]
        home["geometry"] = [point]
        return self._of_homes(home)

    def _of_homes(self, demand: gpd.GeoDataFrame) -> Reach:
        district = replace(self.district, demand=demand)
        streets_of(district, like=self.district)
        homes, kept_off = joined(district, demand, self.max_access_m)
        return replace(
            self,
            district=district,
            homes=homes,
            kept_off=kept_off,
            at_best=None if self.at_best is None else self.at_best._of_homes(demand),
            _kept={},
            _lock=threading.Lock(),
        )

    @cached_property
    def everyone(self) -> Reach:
        """The reach as everyone walks; this one without a profile of walking."""
        return self if self.district.walking is None else self.with_walking(None)

    def farther(self, metres: float) -> Bool:
        """Return the homes whose way to the street is longer than some metres, (n,)."""
        return np.asarray(self.homes.known & (self.homes.access_mm > metres * 1000))

    def longer_m(self, homes: Bool) -> F64:
        """Return metres by which the way to the street is longer round corners, (n,), 0 elsewhere.

        Parameters
        ----------
        homes
            Whose way may lead round corners; bool by row.
        """
        longer = np.round(self.homes.access_mm * (AROUND_CORNERS - 1)) / 1000
        return np.where(homes, longer, 0.0)

    @cached_property
    def unmapped(self) -> Bool:
        """Homes whose way to the street is so long that it is read both ways, (n,)."""
        return self.farther(np.inf if self.unmapped_m is None else self.unmapped_m)

    @cached_property
    def around_corners_m(self) -> F64:
        """Metres that the way from each door to its street is longer at worst, (n,)."""
        return self.longer_m(self.unmapped)

    @property
    def hopeful(self) -> Reach:
        """The reach where no rule of a profile bites that is not known to; this one without one."""
        return self.at_best or self

    @property
    def streets(self) -> Streets:
        """The streets walked on."""
        return streets_of(self.district)

    def measure_of(self, kind: str) -> Measure:
        """Return how the distance to a kind is measured."""
        return self.measures.get(kind, self.measure)

    def counting(self, kind: str, *, if_unknown: bool) -> Bool:
        """Return which facilities of a kind count, with or without those not known to."""
        counts = self.states != SHUT if if_unknown else self.states == OPEN
        numbers, number_of = self._kinds
        return np.asarray(counts & (numbers == number_of.get(kind, len(number_of))))

    @cached_property
    def _kinds(self) -> tuple[I64, dict[str, int]]:
        """The number of each facility's kind, and of each kind: texts take longer to compare."""
        numbers, names = pd.factorize(self.district.facilities["kind"].to_numpy(dtype=object))
        return numbers.astype(np.int64), {str(name): row for row, name in enumerate(names)}

    def undecided(self, kind: str) -> bool:
        """Whether the answer for a kind turns on facilities or streets that are not known."""
        if self.at_best is not None and self.measure_of(kind) == "walk":
            return True
        return bool(
            (self.counting(kind, if_unknown=True) & ~self.counting(kind, if_unknown=False)).any()
        )

    @cached_property
    def beyond_m(self) -> F64:
        """Metres beyond which a facility may stand of each home that was not imported, (n,)."""
        return beyond_m(self.district)

    def perhaps_m(self, kind: str, limit_m: float) -> F64:
        """Return how near to each home a facility may be that cannot be walked to here.

        One that was left out beyond the buffer, or one that finds no street: the map lacks a way to
        it, and nobody knows how long that is.

        Parameters
        ----------
        kind
            The kind.
        limit_m
            Limit that matters.

        Returns
        -------
        ndarray
            (n,) float64 metres in a straight line, inf where that is beyond the limit.
        """
        near = np.full(len(self.homes), np.inf)
        if may_matter(self.district, limit_m):
            near = np.minimum(near, self.beyond_m)
        lost = self.counting(kind, if_unknown=True) & ~self.places.known & ~self.places_kept_off
        if self.measure_of(kind) == "walk" and lost.any():
            near = np.minimum(near, self._straight(lost).distance_m)
        return np.where(near <= limit_m, near, np.inf)

    def nearest(self, counts: Bool, measure: Measure | None = None) -> Found:
        """Return the nearest of the facilities that count, computed from nothing.

        Parameters
        ----------
        counts
            Facilities that count, by row.
        measure
            How it is measured; :attr:`measure` where not given.
        """
        if (measure or self.measure) == "straight":
            return self._straight(counts)
        on_network = self.streets.on_network
        found = self.streets.network.nearest(
            on_network(_only(self.places, counts)), on_network(self.homes)
        )
        return self._not_from(Found(found.distance_m, found.source))

    def nearest_after(
        self, after: Reach, counts: Bool, counts_after: Bool, measure: Measure | None = None
    ) -> Found:
        """Return the nearest facilities of `after`, from those of this reach by what changed.

        The answer is that of ``after.nearest(counts_after, measure)``, to the millimetre and the
        facility.

        Parameters
        ----------
        after
            A reach that :meth:`after` made.
        counts, counts_after
            Facilities that count here and there, by row.
        measure
            As in :meth:`nearest`.
        """
        if (measure or self.measure) == "straight":
            return after.nearest(counts_after, "straight")
        with self._lock:
            index, view = self._index(counts)
            with index.trial():
                _add_links(index, self.streets, after.streets)
                _change_sources(
                    index,
                    self.streets.on_network(_only(self.places, counts)),
                    self.streets.on_network(_only(after.places, counts_after)),
                )
                found = view.nearest
                return self._not_from(Found(found.distance_m.copy(), found.source.copy()))

    def _not_from(self, found: Found) -> Found:
        """Return what was found, nothing from homes whose own street a profile's rules shut."""
        if not self.kept_off.any():
            return found
        return Found(
            np.where(self.kept_off, np.inf, found.distance_m),
            np.where(self.kept_off, -1, found.row).astype(np.int32),
        )

    def unchanged(self, after: Reach, kind: str) -> bool:
        """Whether a scenario leaves the streets and all facilities that may count as they are.

        Parameters
        ----------
        after
            A reach that :meth:`after` made.
        kind
            The kind of these facilities.
        """
        if len(after.streets.link_a) != len(self.streets.link_a):
            return False
        for if_unknown in (False, True):
            mine = self.counting(kind, if_unknown=if_unknown)
            its = after.counting(kind, if_unknown=if_unknown)
            if its[len(mine) :].any() or (its[: len(mine)] != mine).any():
                return False
        moved = np.any(after.places.xy[: len(mine)] != self.places.xy, axis=1)
        return not (mine & moved).any()

    def _index(self, counts: Bool) -> tuple[NearestIndex, TargetView]:
        """Return the index of these facilities, made when first needed."""
        key = np.packbits(counts).tobytes()
        if key not in self._kept:
            on_network = self.streets.on_network
            index = NearestIndex(self.streets.network, on_network(_only(self.places, counts)))
            self._kept[key] = index, index.watch(on_network(self.homes))
        return self._kept[key]

    def _straight(self, counts: Bool) -> Found:
        """Return the nearest as the crow flies, in whole millimetres; of equals the first row."""
        homes = points_xy(self.district.demand)
        rows = np.flatnonzero(counts)
        if not rows.size:
            return Found(np.full(len(homes), np.inf), np.full(len(homes), -1, dtype=np.int32))
        places = points_xy(self.district.facilities)
        points: Shapes = np.asarray(shapely.points(homes), object)
        tree = shapely.STRtree(np.asarray(shapely.points(places[rows]), object))
        closest_m = np.hypot(*(homes - places[rows[np.asarray(tree.nearest(points))]]).T)
        # which of equals the tree finds depends on how it was built
        home, place = tree.query(points, predicate="dwithin", distance=closest_m + EQUAL_M)
        row = rows[place]
        metres = np.rint(np.hypot(*(homes[home] - places[row]).T) * 1000) / 1000
        order = np.lexsort([row, metres, home])
        first = order[np.unique(home[order], return_index=True)[1]]
        return Found(np.asarray(metres[first], dtype=np.float64), row[first].astype(np.int32))


def plain_walk_only(reach: Reach) -> None:
    """Refuse what is measured by one reading only: as everyone walks, from doors straight.

    Raises
    ------
    InputError
        ``profiles.everyone_only`` under a profile of walking, ``analysis.straight_doors_only``
        where the way from far doors is read both ways.
    """
    walking = reach.district.walking
    if walking is not None:
        raise InputError("profiles.everyone_only", profile=walking.profile.id)
    if reach.unmapped_m is not None:
        raise InputError("analysis.straight_doors_only", metres=reach.unmapped_m)


def _states(district: District, question: Question) -> I8:
    """Return whether each facility counts: it exists, is public, and meets the question."""
    facilities = district.facilities
    counts = (facilities["status"] == "existing") & (facilities["ownership"] != "internal")
    return np.where(counts, question.states(facilities), SHUT).astype(np.int8)


def _only(positions: Positions, kept: Bool) -> Positions:
    """Return positions of which those not kept are unknown, so that they serve nobody."""
    return Positions(
        np.where(kept, positions.edge, -1),
        np.where(kept, positions.offset_mm, 0),
        np.where(kept, positions.access_mm, 0),
        positions.xy,
        np.where(kept[:, None], positions.join_xy, np.nan),
    )


def _add_links(index: NearestIndex, before: Streets, after: Streets) -> None:
    for number in range(len(before.link_a), len(after.link_a)):
        a, b = after.link_a.take([number]), after.link_b.take([number])
        index.add_link(
            before.on_network(a), before.on_network(b), float(after.link_length_m[number])
        )


def _change_sources(index: NearestIndex, before: Positions, after: Positions) -> None:
    for row in _changed(before, after):
        index.move(row, after.take([row]))
    for row in range(len(before), len(after)):
        index.add(after.take([row]))


def _changed(before: Positions, after: Positions) -> Iterable[int]:
    count = len(before)
    same = np.ones(count, dtype=bool)
    for name in ("edge", "offset_mm", "access_mm"):
        same &= getattr(before, name) == getattr(after, name)[:count]
    return [int(row) for row in np.flatnonzero(~same)]
