"""What is near a place and has a name: a street, a gate or facility or compound, a community."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64, I64, Bool, Objects
from planner.district import District

STREET_M = 100.0
"""A place is in a named street no farther away than this, metres."""

LANDMARK_M = 300.0
"""A place is told from a landmark no farther away than this, metres."""

ONE_PLACE_M = 600.0
"""Who bear a name lie no farther apart than this, else the name tells no place, metres."""

MIDDLE = "middle"
DIRECTIONS = ("e", "ne", "n", "nw", "w", "sw", "s", "se")
MIDDLE_OF = 0.25
"""Share of the radius of a circle as large as a community that its middle reaches."""


class Nearby(NamedTuple):
    """What a place is told by; empty words and NaN where nothing near has a name.

    Parameters
    ----------
    street
        Name of the nearest named street on the ground within :data:`STREET_M`.
    landmark
        Name of the nearest gate or facility within :data:`LANDMARK_M`; where there is none, of the
        nearest wall, which bears the name of its compound. A name that several places far from
        one another bear is passed over: nobody finds one of 52 "North Gate".
    landmark_m
        How far it is in a straight line, metres.
    bearing
        In which of :data:`DIRECTIONS` the place lies, seen from it.
    community
        Name of the community that it lies in, its id where that has no name; of a place in none the
        nearest one.
    direction
        In which part of the community it lies: one of :data:`DIRECTIONS` or :data:`MIDDLE`.
    inside
        Whether it lies in the community.
    """

    street: str
    landmark: str
    landmark_m: float
    bearing: str
    community: str
    direction: str
    inside: bool


def nearby(district: District, xy: F64) -> list[Nearby]:
    """Return what is near each place and has a name.

    Parameters
    ----------
    district
        Its streets, gates, facilities, walls and communities are looked at.
    xy
        (n, 2) places in its CRS, metres.
    """
    if not len(xy):
        return []
    kept = _GROUNDS.get(district)
    if kept is None:
        kept = _GROUNDS.setdefault(district, _Ground.of(district))
    return kept.around(np.asarray(xy, dtype=np.float64))


def street_names_near(streets: gpd.GeoDataFrame, points: Objects, within_m: float) -> Objects:
    """Return the name of the nearest street on the ground that has one, empty where none is near.

    Nobody finds a place by the name of the tunnel under it or of the bridge over it.
    """
    elsewhere = streets["bridge"] | streets["tunnel"] | (streets["layer"].fillna(0) != 0)
    named = streets[((streets["name"] != "") & ~elsewhere).to_numpy(dtype=bool)]
    names = np.full(len(points), "", dtype=object)
    if len(named) and len(points):
        tree = shapely.STRtree(named.geometry.to_numpy())
        row, street = tree.query_nearest(points, max_distance=within_m, all_matches=False)
        names[row] = named["name"].to_numpy(dtype=object)[street]
    return names


def eighth(away: F64) -> str:
    """Return the direction that a vector (east, north) points in.

    Examples
    --------
    >>> eighth(np.array([0.0, 5.0])), eighth(np.array([-3.0, -3.0]))
    ('n', 'sw')
    """
    turned = round(float(np.arctan2(away[1], away[0])) / (np.pi / 4))
    return DIRECTIONS[turned % 8]


@dataclass(frozen=True, eq=False)
class _Ground:
    """What has a name in a district; it keeps layers of it and not the district itself."""

    streets: gpd.GeoDataFrame
    named: tuple[gpd.GeoDataFrame, ...]
    areas: gpd.GeoDataFrame

    @classmethod
    def of(cls, district: District) -> _Ground:
        there = (district.facilities["status"] == "existing").to_numpy(dtype=bool)
        walls = (district.barriers["kind"] == "wall").to_numpy(dtype=bool)
        layers = (district.gates, district.facilities[there], district.barriers[walls])
        many = _of_many_places(layers)
        named = tuple(
            layer[((layer["name"] != "") & ~layer["name"].isin(many)).to_numpy(dtype=bool)]
            for layer in layers
        )
        return cls(district.streets, named, district.communities)

    @cached_property
    def landmarks(self) -> tuple[Objects, Objects, F64]:
        """Shapes and names of what people tell places by, and the middle of each."""
        shapes = np.concatenate([layer.geometry.to_numpy() for layer in self.named])
        names = np.concatenate([layer["name"].to_numpy(dtype=object) for layer in self.named])
        return shapes, names, shapely.get_coordinates(shapely.centroid(shapes))

    @cached_property
    def trees(self) -> list[tuple[int, shapely.STRtree]]:
        """Landmarks by preference: gates and facilities, then walls, each with its first row."""
        shapes, walls = self.landmarks[0], len(self.named[-1])
        first = len(shapes) - walls
        parts = ((0, shapes[:first]), (first, shapes[first:]))
        return [(row, shapely.STRtree(part)) for row, part in parts if len(part)]

    @cached_property
    def communities(self) -> tuple[shapely.STRtree, Objects, F64, F64]:
        """Shapes and names of communities, their middles, and radii of circles as large."""
        table = self.areas
        shapes = table.geometry.to_numpy()
        names = table["name"].where(table["name"] != "", table["community_id"])
        middle = shapely.get_coordinates(shapely.centroid(shapes))
        radius = np.sqrt(shapely.area(shapes) / np.pi)
        return shapely.STRtree(shapes), names.to_numpy(dtype=object), middle, radius

    def around(self, xy: F64) -> list[Nearby]:
        points = np.asarray(shapely.points(xy), dtype=object)
        streets = street_names_near(self.streets, points, STREET_M)
        landmark, landmark_m = self._landmarks(points)
        community, inside = self._communities(points)
        _, marks, mark_xy = self.landmarks
        _, names, middle, radius = self.communities

        def one(row: int) -> Nearby:
            mark, area = int(landmark[row]), int(community[row])
            away = xy[row] - middle[area]
            central = inside[row] and np.hypot(*away) < MIDDLE_OF * radius[area]
            return Nearby(
                street=str(streets[row]),
                landmark=str(marks[mark]) if mark >= 0 else "",
                landmark_m=float(landmark_m[row]),
                bearing=eighth(xy[row] - mark_xy[mark]) if mark >= 0 else "",
                community=str(names[area]),
                direction=MIDDLE if central else eighth(away),
                inside=bool(inside[row]),
            )

        return [one(row) for row in range(len(xy))]

    def _landmarks(self, points: Objects) -> tuple[I64, F64]:
        """Return the nearest landmark of each place, −1 for none near, and how far it is."""
        nearest, distance_m = np.full(len(points), -1, np.int64), np.full(len(points), np.nan)
        for first, tree in self.trees:
            open_yet = np.flatnonzero(nearest < 0)
            (row, mark), away = tree.query_nearest(
                points[open_yet], max_distance=LANDMARK_M, return_distance=True, all_matches=False
            )
            nearest[open_yet[row]], distance_m[open_yet[row]] = first + mark, away
        return nearest, distance_m

    def _communities(self, points: Objects) -> tuple[I64, Bool]:
        """Return the community of each place, the nearest where it lies in none, and whether."""
        row, area = self.communities[0].query_nearest(points, all_matches=False)
        nearest = np.zeros(len(points), np.int64)
        nearest[row] = area
        shapes = self.areas.geometry.to_numpy()[nearest]
        return nearest, np.asarray(shapely.intersects(shapes, points), dtype=np.bool_)


def _of_many_places(layers: Iterable[gpd.GeoDataFrame]) -> set[str]:
    """Return the names that several places bear which lie too far apart to be one."""
    boxes = pd.concat([layer.geometry.bounds.assign(name=layer["name"]) for layer in layers])
    least = boxes.groupby("name")[["minx", "miny"]].min()
    most = boxes.groupby("name")[["maxx", "maxy"]].max()
    apart = np.hypot(most["maxx"] - least["minx"], most["maxy"] - least["miny"]) > ONE_PLACE_M
    several = boxes["name"].value_counts().reindex(least.index) > 1
    return set(least.index[(apart & several).to_numpy(dtype=bool)])


_GROUNDS: WeakKeyDictionary[District, _Ground] = WeakKeyDictionary()
