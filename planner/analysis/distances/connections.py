"""Connections as they are walked: from the street that one end joins to that of the other.

Whoever draws a way need not hit the streets, and an end joins the nearest one all the same. What is
walked, told and priced is then the way between the streets, however long the line that was drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from planner.analysis.distances.streets import joined_ends, streets_of, walked_m
from planner.district import District
from planner.district.scenarios.scenario import Connect
from planner.errors import Finding

__all__ = ["OFF_M", "as_walked", "drawn_off", "links_off"]

OFF_M = 5.0
"""An end that was drawn farther than this from the street that it joins is told, metres: nobody
clicks on a line exactly."""


def as_walked(district: District, link: Connect) -> Connect:
    """Return a connection as it is walked: its ends on the streets, and its length told.

    Parameters
    ----------
    district
        The place, with or without the connection.
    link
        As it was drawn.

    Returns
    -------
    Connect
        As it was drawn where no street is near one of its ends, which no assessment takes.
    """
    found = _walked(district, link)
    return link if found is None else found[0]


def drawn_off(district: District, links: Iterable[Connect]) -> list[Finding]:
    """Tell of connections that were drawn off the streets that they join."""
    told: list[Finding] = []
    for link in links:
        found = _walked(district, link)
        if found is not None:
            walked, off_m = found
            told += _told(link.name, off_m, walked.length_m or 0.0)
    return told


def links_off(district: District) -> Iterator[Finding]:
    """Tell of the connections of a district that were drawn off the streets that they join."""
    streets = streets_of(district)
    links = district.streets[district.streets["link"].to_numpy(dtype=bool)]
    off_mm = np.maximum(streets.link_a.access_mm, streets.link_b.access_mm)
    named = links["name"].where(links["name"].astype(bool), links["street_id"])
    for name, off, length_m in zip(named, off_mm, streets.link_length_m, strict=True):
        yield from _told(str(name), float(off) / 1000.0, float(length_m))


def _told(name: str, off_m: float, length_m: float) -> Iterator[Finding]:
    if off_m > OFF_M:
        told = {"street": name or "–", "off_m": round(off_m), "way_m": round(length_m)}
        yield Finding("analysis.link_ends_off", told)


def _walked(district: District, link: Connect) -> tuple[Connect, float] | None:
    """Return a connection as it is walked, and how far off the farther of its ends was drawn."""
    ends = np.array([(link.x1, link.y1), (link.x2, link.y2)])
    at = joined_ends(streets_of(district).ground, ends)
    if not at.known.all():
        return None
    given = np.array([np.nan if link.length_m is None else link.length_m])
    (length_m,) = walked_m(at.take([0]), at.take([1]), given).tolist()
    (x1, y1), (x2, y2) = at.join_xy.round(3).tolist()
    walked = replace(link, x1=x1, y1=y1, x2=x2, y2=y2, length_m=round(length_m, 3))
    return walked, float(at.access_mm.max()) / 1000.0
