"""A district's layers as the arrays that the network room works with."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import shapely

from planner.analysis.distances.profile_streets import walked
from planner.arrays import F64, Bool
from planner.district import District
from planner.errors import InputError
from planner.network import (
    ISLAND_M,
    HinderedNetwork,
    Islands,
    Positions,
    WalkNetwork,
)
from planner.network.links.networks import ChangedNetwork, with_links
from planner.sources.checks.district import barriers_of
from planner.sources.checks.street_faults import StreetFaults

LINK_REACH_M = 80.0
"""Longest way from an end of a scenario's connection to the street that it joins, metres."""


@dataclass(frozen=True, eq=False)
class Streets:
    """The streets of a district, and the links that scenarios added to them.

    Homes and facilities join the streets on the ground; links only carry people across, so that
    adding one changes nobody's way to the street.

    Parameters
    ----------
    ground
        The streets without links, as the district's profile of walking finds them.
    islands
        The small loose pieces of the streets as everyone walks them, which catch nobody while other
        streets are in reach.
    hindered
        `ground` beside the streets as everyone walks them, None where everyone's walk is measured.
    link_a, link_b, link_length_m
        Both ends of each link on `ground`, and its length in metres.
    changed
        `ground` with the links, None where there are none.
    faults
        Where the streets do not join, and what hangs on nothing.
    """

    ground: WalkNetwork
    islands: Islands
    hindered: HinderedNetwork | None
    link_a: Positions
    link_b: Positions
    link_length_m: F64
    changed: ChangedNetwork | None
    faults: StreetFaults

    @property
    def network(self) -> WalkNetwork:
        """The network to walk on."""
        return self.changed.network if self.changed else self.ground

    def on_network(self, positions: Positions) -> Positions:
        """Return positions on `ground` as positions on :attr:`network`."""
        return self.changed.on_network(positions) if self.changed else positions


_STREETS: WeakKeyDictionary[District, Streets] = WeakKeyDictionary()


def streets_of(district: District, like: District | None = None) -> Streets:
    """Return the street network of a district, built once for each district.

    Parameters
    ----------
    district
        The district.
    like
        A district with the very same streets but for links, whose network is taken over.
    """
    if district not in _STREETS:
        links = district.streets["link"].to_numpy(dtype=bool)
        if like:
            known = streets_of(like)
            islands, hindered, faults = known.islands, known.hindered, known.faults
        else:
            islands, faults = _islands(district, links), _faults(district)
            hindered = _hindered(district, islands.network, links)
        ground = hindered.network if hindered else islands.network
        _STREETS[district] = _linked(ground, islands, hindered, district.streets[links], faults)
    return _STREETS[district]


def _faults(district: District) -> StreetFaults:
    """Return what is wrong with the streets, taken over from a district of the same layers."""
    layers = (district.streets, district.gates, district.barriers)
    for other, known in _known():
        known_layers = (other.streets, other.gates, other.barriers)
        if all(a is b for a, b in zip(known_layers, layers, strict=True)):
            return known.faults
    return StreetFaults(*layers)


def _islands(district: District, links: Bool) -> Islands:
    """Return the streets as everyone walks them, taken over from a district of the same layer."""
    layer, island_m = district.streets, district.island_m
    for other, known in _known():
        if other.streets is layer and other.island_m == island_m:
            return known.islands
    return Islands.of(_ground(layer[~links]), ISLAND_M if island_m is None else island_m)


def _known() -> list[tuple[District, Streets]]:
    """Return the districts whose streets are built; others may be added meanwhile."""
    while True:
        try:
            return list(_STREETS.items())
        except RuntimeError:  # the table grew in another thread
            continue


def _hindered(district: District, network: WalkNetwork, links: Bool) -> HinderedNetwork | None:
    """Return the streets as the district's profile of walking finds them, None for everyone's."""
    if district.walking is None:
        return None
    shut, factor = walked(district.walking, district.streets[~links])
    return HinderedNetwork.of(network, shut, factor)


def _ground(streets: gpd.GeoDataFrame) -> WalkNetwork:
    """Return the streets as a network; nobody joins a bridge or a tunnel from beside."""
    above_ground = ~(streets["bridge"] | streets["tunnel"]).to_numpy(dtype=bool)
    lines = streets.geometry.to_numpy()
    given = streets["length_m"].to_numpy(dtype=np.float64)
    # nobody walks less than the line that is drawn
    return WalkNetwork.from_lines(
        lines, length_m=np.fmax(given, shapely.length(lines)), joinable=above_ground
    )


def _linked(
    ground: WalkNetwork,
    islands: Islands,
    hindered: HinderedNetwork | None,
    links: gpd.GeoDataFrame,
    faults: StreetFaults,
) -> Streets:
    ends = shapely.get_coordinates(
        [
            point
            for line in links.geometry
            for point in (shapely.get_point(line, 0), shapely.get_point(line, -1))
        ]
    ).reshape(-1, 2)
    joined = joined_ends(ground, ends)
    a, b = joined.take(np.arange(0, len(ends), 2)), joined.take(np.arange(1, len(ends), 2))
    lost = np.flatnonzero(~(a.known & b.known))
    if lost.size:
        raise InputError(
            "analysis.link_end_far",
            street=links["street_id"].iloc[lost[0]],
            max_access_m=round(LINK_REACH_M),
        )
    length_m = walked_m(a, b, links["length_m"].to_numpy(dtype=np.float64))
    changed = with_links(ground, a, b, length_m) if len(links) else None
    return Streets(ground, islands, hindered, a, b, length_m, changed, faults)


def joined_ends(ground: WalkNetwork, ends: F64) -> Positions:
    """Return where the ends of connections, (n, 2), join the streets, unknown where none does."""
    return ground.snap(ends, max_access_m=LINK_REACH_M)


def walked_m(a: Positions, b: Positions, given_m: F64) -> F64:
    """Return how long connections are, (n,) metres from street to street.

    Parameters
    ----------
    a, b
        (n,) where their ends join the streets.
    given_m
        (n,) their lengths, NaN where none is told: then they are straight. None is shorter.
    """
    straight: F64 = np.hypot(*(a.join_xy - b.join_xy).T)
    return np.fmax(given_m, straight)


def points_xy(points: gpd.GeoDataFrame) -> F64:
    """Return the coordinates of a point layer, float64 (n, 2), metres."""
    return np.asarray(shapely.get_coordinates(points.geometry.to_numpy()), dtype=np.float64)


def join(district: District, points: gpd.GeoDataFrame, max_access_m: float) -> Positions:
    """Join points to the nearest street that a straight leg reaches without crossing a barrier.

    A street of a small loose piece is taken only where none of another is within reach.

    Parameters
    ----------
    district
        The district whose streets and barriers count.
    points
        Point layer in the district's CRS.
    max_access_m
        Longest access leg, metres; farther points have an unknown position.

    Returns
    -------
    Positions
        On the district's streets on the ground; see :meth:`Streets.on_network`.
    """
    return joined(district, points, max_access_m)[0]


def joined(
    district: District, points: gpd.GeoDataFrame, max_access_m: float
) -> tuple[Positions, Bool]:
    """Return positions as :func:`join` does, and which points the profile's rules keep off them.

    Where everyone joins, a profile of walking joins too. A point at a street that its rules shut is
    kept off the streets; at best, another street in reach is joined, as nobody mapped that it
    cannot be.
    """
    streets = streets_of(district)
    walls = barriers_of(district)
    found = streets.islands.snap(points_xy(points), max_access_m=max_access_m, barriers=walls)
    if streets.hindered is None or district.walking is None:
        return found, np.zeros(len(found), np.bool_)
    rejoin_m = max_access_m if district.walking.at_best else None
    here = streets.hindered.on_network(found, rejoin_m=rejoin_m, barriers=walls)
    return here, np.asarray(found.known & ~here.known)
