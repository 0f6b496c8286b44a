"""Boundaries and barriers that lie in a shifted datum beside layers that do not.

They are no places beside streets, and are settled by none. But boundaries run along streets and
hold the homes, and a wall that crosses streets everywhere is no wall: where they do so far better
once they are moved, they look shifted, and that is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from planner.errors import Finding
from planner.sources.datums.declared import NAMES
from planner.sources.datums.recognition import (
    DATUMS,
    LEAST_SPOTS,
    SURE,
    Ground,
    block_shares,
    inside_weights,
    recognise,
    spots_of,
)
from planner.sources.datums.settling import in_china
from planner.sources.datums.shifts import SHIFTED, Shifted, shifted, unshifted

EVERY_M = 40.0
"""Places of a border that are held against the streets lie so far apart, metres."""

BESIDE_M = 30.0
"""Borders that run along streets have them as near at the median, metres."""

FEWEST_CROSSED = 10
"""Crossings of barriers with streets from which they can tell anything."""

FEWEST_BARRIERS = 5
"""Barriers that cross streets from which they can tell anything: one line may lie anywhere."""

STILL_INSIDE = 0.98
"""Share of the length about the streets that barriers keep where they lie right."""

LEFT_CROSSED = 0.25
"""Share of the crossings that may be left where barriers lie right."""


def boundaries_shifted(
    areas: gpd.GeoDataFrame, places: Iterable[gpd.GeoDataFrame], lines: gpd.GeoSeries, file: str
) -> list[Finding]:
    """Tell where boundaries fit streets and places far better in a shifted datum.

    Parameters
    ----------
    areas
        Communities, in metres.
    places
        Layers of points that lie right, in the same CRS.
    lines
        Streets, likewise.
    file
        Of the boundaries.

    Returns
    -------
    list of Finding
        ``datums.boundaries_shifted``, or ``datums.all_but_boundaries_shifted``, where that is sure.
        Outside mainland China there is nothing to tell.
    """
    if not in_china(areas):
        return []
    places = list(places)
    here = _fit(areas, places, lines)
    best = here.best
    if best != "wgs84":
        return [Finding("datums.boundaries_shifted", {"file": file, **here.told(best)})]
    # where all else is in a shifted datum, boundaries that lie right fit once they are moved there
    for datum in _SHIFTED:
        there = _fit(shifted(areas, datum), places, lines)
        if there.odds["wgs84"] - there.odds[datum] >= SURE and there.best == "wgs84":
            params = {"file": file, "datum": NAMES[datum], "odds": there.told("wgs84")["odds"]}
            return [Finding("datums.all_but_boundaries_shifted", params)]
    return []


@dataclass(frozen=True, eq=False)
class _OutlineFit:
    """How boundaries lie in each datum: log odds, metres of borders to streets, places inside."""

    odds: dict[str, float]
    street_m: dict[str, float]
    inside: dict[str, float]

    @property
    def best(self) -> str:
        """The datum that surely fits best, WGS 84 where none does."""
        best, second = sorted(self.odds, key=lambda datum: -self.odds[datum])[:2]
        return best if self.odds[best] - self.odds[second] >= SURE else "wgs84"

    def told(self, best: str) -> dict[str, str | int | float]:
        """Return the values of a sentence."""
        others = [value for datum, value in self.odds.items() if datum != best]
        return {
            "best": NAMES[best],
            "odds": round(self.odds[best] - max(others), 1),
            "street_m": round(self.street_m["wgs84"]),
            "best_m": round(self.street_m[best]),
            "percent": round(100 * self.inside["wgs84"]),
            "best_percent": round(100 * self.inside[best]),
        }


def _fit(
    areas: gpd.GeoDataFrame, places: list[gpd.GeoDataFrame], lines: gpd.GeoSeries
) -> _OutlineFit:
    """Weigh how borders run along streets and hold the places, read in each datum."""
    odds = dict.fromkeys(DATUMS, 0.0)
    found = recognise(_along(areas), Ground(lines, areas.iloc[:0]))
    beside = {fit.datum: fit for fit in found.fits}
    if found.spots >= LEAST_SPOTS and found.fits[0].street_m <= BESIDE_M:
        odds = {datum: beside[datum].log_odds for datum in DATUMS}
    whole = shapely.union_all(areas.geometry.to_numpy())
    shapely.prepare(whole)
    held = dict.fromkeys(DATUMS, 1.0)
    for table in places:
        every = shapely.get_coordinates(table.geometry.to_numpy())
        spots = table.iloc[spots_of(every, np.random.default_rng(0))]
        # to move the places the other way is to move the boundaries
        there: dict[str, gpd.GeoDataFrame] = {"wgs84": spots}
        there |= {datum: shifted(spots, datum) for datum in _SHIFTED}
        xy = {
            name: shapely.get_coordinates(each.geometry.to_numpy()) for name, each in there.items()
        }
        inside = {name: shapely.intersects_xy(whole, each) for name, each in xy.items()}
        for datum, weight in inside_weights(inside, block_shares(xy["wgs84"])).items():
            odds[datum] += weight
        held = {name: min(held[name], float(each.mean())) for name, each in inside.items()}
    return _OutlineFit(odds, {datum: beside[datum].street_m for datum in DATUMS}, held)


def barriers_shifted(
    walls: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, file: str
) -> list[Finding]:
    """Tell where barriers cross hardly a street once they are moved out of a shifted datum.

    Parameters
    ----------
    walls, streets
        Layers in one CRS; streets on bridges and in tunnels are not asked.
    file
        Of the barriers.

    Returns
    -------
    list of Finding
        ``datums.barriers_shifted``; outside mainland China there is nothing to tell.
    """
    if walls.empty or not in_china(walls):
        return []
    apart = np.zeros(len(streets), np.bool_)
    for name in ("bridge", "tunnel"):
        if name in streets:
            apart |= streets[name].fillna(value=False).to_numpy(dtype=np.bool_)
    lines = streets.geometry.to_numpy()[~apart]
    tree = shapely.STRtree(lines)
    crossing, crossed = _crossed(walls, tree)
    if crossed < FEWEST_CROSSED or crossing < FEWEST_BARRIERS:
        return []
    # beyond the last street nothing is crossed, which tells nothing
    around = shapely.MultiPoint(shapely.get_coordinates(lines)).convex_hull
    there = {datum: unshifted(walls, datum) for datum in _SHIFTED}
    own_m = _length_in(walls, around)
    left = {
        datum: _crossed(moved, tree)[1]
        for datum, moved in there.items()
        if _length_in(moved, around) >= STILL_INSIDE * own_m
    }
    if not left:
        return []
    best = min(left, key=lambda datum: left[datum])
    if left[best] > LEFT_CROSSED * crossed:
        return []
    params = {"file": file, "best": NAMES[best], "count": crossed, "left": left[best]}
    return [Finding("datums.barriers_shifted", params)]


_SHIFTED: tuple[Shifted, ...] = SHIFTED


def _crossed(walls: gpd.GeoDataFrame, tree: shapely.STRtree) -> tuple[int, int]:
    """Return how many barriers cross a street, and how many pairs of both cross."""
    wall, _ = tree.query(walls.geometry.to_numpy(), predicate="crosses")
    return len(np.unique(wall)), len(wall)


def _length_in(walls: gpd.GeoDataFrame, around: shapely.Geometry) -> float:
    inside = shapely.intersection(walls.geometry.to_numpy(), around)
    return float(shapely.length(inside).sum())


def _along(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return places along the borders of areas, those of two neighbours once."""
    lines = shapely.union_all(shapely.boundary(areas.geometry.to_numpy()))
    dense = shapely.segmentize(shapely.line_merge(lines), EVERY_M)
    return gpd.GeoDataFrame(geometry=shapely.points(shapely.get_coordinates(dense)), crs=areas.crs)
