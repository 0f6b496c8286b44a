"""Whom a single link could bring within a limit at all, found for all homes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.analysis.links.places import Search, link_places
from planner.arrays import Bool
from planner.network import Positions

if TYPE_CHECKING:
    from planner.analysis.distances.reach import Reach

__all__ = ["mended_by_one_link"]


def mended_by_one_link(
    reach: Reach,
    kind: str,
    limit_m: float,
    search: Search = Search(),  # noqa: B008
    *,
    at_the_map: bool = False,
) -> Bool:
    """Return which homes some single link would bring within the limit of a kind, (h,) bool.

    The links are those of :func:`planner.analysis.links.links.best_link_for`, with the same
    thresholds, and facilities count as they do there: so a home is mended here exactly where that
    finds a link for it. With `at_the_map` they are instead the places where streets meet without
    joining, which nobody builds: the map is to be mended there.

    Notes
    -----
    A way over a link leads from the home to one end, over the link, and on from the other end to
    the facility nearest to it as the streets are. So each end stands for a source whose access leg
    is the length of the link and what is left behind it, and one search from all of them finds
    the best link of every home.
    """
    streets = reach.streets
    homes = streets.on_network(reach.homes)
    mended = np.zeros(len(homes), dtype=np.bool_)
    counts = np.flatnonzero(reach.counting(kind, if_unknown=False))
    if not counts.size:
        return mended
    facilities = streets.on_network(reach.places.take(counts))
    places = link_places(reach.district, search)
    links = places.links.take(places.unjoined if at_the_map else places.choices)
    if not len(links):
        return mended
    network = streets.network
    behind = [network.nearest(facilities, ends).distance_m for ends in (links.b, links.a)]
    ends = Positions.concatenate(links.a, links.b)
    leg_m = np.tile(links.length_m, 2) + np.concatenate(behind)
    near = leg_m <= limit_m
    at = ends.take(near)
    leg_mm = np.rint(leg_m[near] * 1000).astype(np.int32)
    sources = Positions(at.edge, at.offset_mm, leg_mm, at.xy, at.join_xy)
    found = network.nearest(sources, homes, cutoff_m=limit_m).distance_m <= limit_m
    return np.asarray(found)
