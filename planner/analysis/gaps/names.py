"""Where a gap is, as a person would say it: a code and the names that go into its sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from planner.analysis.distances.reach import Reach
from planner.analysis.distances.streets import points_xy
from planner.analysis.nearby import MIDDLE, MIDDLE_OF, Nearby, eighth, nearby
from planner.arrays import F64, I64, Objects

GATE_M = 250.0
"""A gap behind a wall is named after a gate no farther from its residents than this, metres."""

ON_STREET = 0.4
"""A gap is named after a street on which at least this share of its residents live."""

WHOLE = 0.85
"""A gap with at least this share of a community's residents, and as many of its own in it, is the
whole community; one with fewer of its own in it is named after several."""

MOST = 2 / 3
"""A gap with at least this share of a community's residents is most of it: no part of it would say
where that is."""


class Place(NamedTuple):
    """A sentence of ``messages/gaps.toml`` and what goes into its braces.

    ``others`` are the further communities of a gap that spreads over several, separated by ``;``,
    an empty one for those outside the communities; ``other_communities`` is how many they are.
    ``near`` is the street or landmark near by which places of the same words are told apart, empty
    where there is but one.
    """

    place: str
    gate: str
    street: str
    direction: str
    community_id: str
    community: str
    others: str
    other_communities: int
    near: str = ""


class Namer:
    """Names gaps of one district.

    Parameters
    ----------
    reach
        Its homes.
    people
        (n,) people at each home, by whom a place is chosen.
    """

    def __init__(self, reach: Reach, people: F64) -> None:
        self._district = district = reach.district
        self._people = people
        self._home_xy = points_xy(district.demand)
        self._streets, street = np.unique(
            np.append("", _street_of_homes(reach)).astype(str), return_inverse=True
        )
        self._street_of = street.reshape(-1)[1:]
        communities = district.communities
        index = pd.Index(communities["community_id"])
        self._community_of = index.get_indexer(district.demand["community_id"])
        self._ids = index.to_numpy(dtype=object)
        self._names = communities["name"].to_numpy(dtype=object)
        shapes = communities.geometry.to_numpy()
        self._middle = shapely.get_coordinates(shapely.centroid(shapes))
        self._radius = np.sqrt(shapely.area(shapes) / np.pi)
        inside = self._community_of >= 0
        self._total = np.bincount(self._community_of[inside], people[inside], minlength=len(index))
        named = district.gates[(district.gates["name"] != "").to_numpy()]
        self._gates = named["name"].to_numpy(dtype=object)
        self._gate_xy = points_xy(named)
        self._known: dict[bytes, Place] = {}

    def place(self, homes: I64, *, behind_wall: F64 | None = None) -> Place:
        """Name the place where some homes are.

        Parameters
        ----------
        homes
            Rows of ``demand``.
        behind_wall
            (2,) where the facility is from which a wall parts them, None where none does.
        """
        if behind_wall is not None:
            return self._place(homes, behind_wall)
        # the same homes lack several kinds
        key = homes.tobytes()
        if key not in self._known:
            self._known[key] = self._place(homes, None)
        return self._known[key]

    def _place(self, homes: I64, behind_wall: F64 | None) -> Place:
        people, weight, middle = self._people[homes], self._weight_of(homes), self._middle_of(homes)
        number, share, further = self._community(homes, weight)
        several = number >= 0 and bool(further)
        names = [(self._names[i] or self._ids[i]) if i >= 0 else "" for i in further]
        community = (
            (self._ids[number], self._names[number], ";".join(names), len(names))
            if number >= 0
            else ("", "", "", 0)
        )
        if behind_wall is not None and (gate := self._gate(middle, behind_wall)):
            return Place("gaps.near_gate", gate, "", "", *community)
        if number >= 0 and share >= WHOLE and not several:
            # of the community named there are fewer: the rest live beside it
            beyond = people.sum() > self._total[number]
            code = "whole_and_beyond" if beyond else "whole_community"
            return Place(f"gaps.{code}", "", "", "", *community)
        if street := self._street(homes, weight):
            code = "on_street" if number >= 0 else "on_street_outside"
            return Place(f"gaps.{code}", "", street, "", *community)
        if number < 0:
            return Place("gaps.outside", "", "", "", *community)
        if several:
            return Place("gaps.several_communities", "", "", "", *community)
        if share >= MOST:
            return Place("gaps.most_of_community", "", "", "", *community)
        direction = self._direction(number, middle)
        return Place("gaps.part_of_community", "", "", direction, *community)

    def told_apart(self, places: Sequence[Place], homes: Sequence[I64]) -> list[Place]:
        """Return places of which those of the same words are told by what is near them too.

        Parameters
        ----------
        places
            As :meth:`place` names them.
        homes
            Rows of ``demand`` of each.
        """
        alike: dict[Place, list[int]] = {}
        for row, place in enumerate(places):
            # two communities of one name read alike
            alike.setdefault(place._replace(community_id=""), []).append(row)
        groups = {words: rows for words, rows in alike.items() if len(rows) > 1}
        told = list(places)
        if not groups:
            return told
        # what is near is looked for once: making ready for that takes as long as a thousand places
        asked = [row for rows in groups.values() for row in rows]
        xy = np.array([self._middle_home(homes[row]) for row in asked])
        spots = dict(zip(asked, nearby(self._district, xy), strict=True))
        for words, rows in groups.items():
            for row, near in zip(rows, _names_near(words, [spots[r] for r in rows]), strict=True):
                told[row] = places[row]._replace(near=near)
        return told

    def _middle_home(self, homes: I64) -> F64:
        """Return the place of the home that is nearest to the middle of the people."""
        xy = self._home_xy[homes]
        return np.asarray(xy[np.argmin(np.hypot(*(xy - self._middle_of(homes)).T))])

    def _weight_of(self, homes: I64) -> F64:
        people = self._people[homes]
        return people if people.sum() > 0 else np.ones(len(homes))

    def _middle_of(self, homes: I64) -> F64:
        weight = self._weight_of(homes)
        return np.asarray(weight @ self._home_xy[homes] / weight.sum())

    def _community(self, homes: I64, weight: F64) -> tuple[int, float, list[int]]:
        """Community of most of the people, −1 for none; the share of its people they are; others.

        The others are those that must be named too, −1 for outside, the most people first, until
        :data:`WHOLE` of the people live in what is named.
        """
        at = self._community_of[homes]
        counts = np.bincount(at + 1, weight, minlength=1)
        order = np.argsort(-counts, kind="stable")
        named = int(np.searchsorted(np.cumsum(counts[order]), WHOLE * counts.sum())) + 1
        number, *further = (order[:named] - 1).tolist()
        if number < 0 or self._total[number] <= 0:
            return number, 0.0, further
        share = float(self._people[homes[at == number]].sum() / self._total[number])
        return number, share, further

    def _gate(self, middle: F64, facility: F64) -> str:
        if not len(self._gates):
            return ""
        from_middle = np.hypot(*(self._gate_xy - middle).T)
        way = from_middle + np.hypot(*(self._gate_xy - facility).T)
        way[from_middle > GATE_M] = np.inf
        best = int(np.argmin(way))
        return str(self._gates[best]) if np.isfinite(way[best]) else ""

    def _street(self, homes: I64, weight: F64) -> str:
        lived = np.bincount(self._street_of[homes], weight, minlength=len(self._streets))
        lived[0] = 0.0
        best = int(np.argmax(lived))
        return str(self._streets[best]) if lived[best] >= ON_STREET * weight.sum() else ""

    def _direction(self, community: int, middle: F64) -> str:
        away = middle - self._middle[community]
        if np.hypot(*away) < MIDDLE_OF * self._radius[community]:
            return MIDDLE
        return eighth(away)


def _names_near(place: Place, spots: Sequence[Nearby]) -> list[str]:
    """Return what tells each place from the others: its street, else a landmark that none shares.

    Examples
    --------
    >>> here = Place("gaps.part_of_community", "", "", "se", "1", "Old Town", "", 0)
    >>> spot = Nearby("Mill Lane", "Mill", 50.0, "w", "Old Town", "se", True)
    >>> others = [spot._replace(landmark="School"), spot._replace(street="High Street"), spot]
    >>> _names_near(here, others)
    ['School', 'High Street', 'Mill']
    """
    streets = ["" if spot.street == place.street else spot.street for spot in spots]
    marks = ["" if spot.landmark == place.gate else spot.landmark for spot in spots]
    counts = Counter(streets)
    return [
        street if street and counts[street] == 1 else mark or street
        for street, mark in zip(streets, marks, strict=True)
    ]


def _street_of_homes(reach: Reach) -> Objects:
    """Name of the street that each home joins, empty where it has none."""
    streets = reach.district.streets
    names = streets["name"][~streets["link"].to_numpy(dtype=bool)].to_numpy(dtype=object)
    edge = reach.homes.edge
    return np.where(edge >= 0, names[edge], "")
