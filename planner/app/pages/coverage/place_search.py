"""Search of a district by the name of a community or facility, or by coordinates, offline."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import shapely

from planner.app.widgets.column_widths import searched_text
from planner.district import District
from planner.district.transformers import transformer

MOST = 8
AROUND_DEG = 0.2
"""Degrees outside the district's box up to which coordinates are taken for its own."""

_PAIR = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True)
class Found:
    """What a search found: ``"community"``, ``"facility"`` or ``"place"``, with its point."""

    what: str
    id: str
    name: str
    x: float
    y: float


def find(district: District, text: str, called: Callable[[str], str] = str) -> list[Found]:
    """Return what fits a search text, communities before facilities, at most :data:`MOST`.

    Parameters
    ----------
    district
        Where to look.
    text
        Part of a name or an id; or two numbers: longitude and latitude in either order (WGS 84),
        or metres of the district's CRS.
    called
        What a place is called in the reader's language; its own name is looked for as well.
    """
    text = searched_text(text)
    wanted = text.casefold()
    if not wanted:
        return []
    numbers = _PAIR.fullmatch(text)
    if numbers:
        place = _place(district, float(numbers[1]), float(numbers[2]))
        return [Found("place", "", text, *place)] if place else []
    found: list[Found] = []
    for what, layer, column in (
        ("community", district.communities, "community_id"),
        ("facility", district.facilities, "facility_id"),
    ):
        fits = layer["name"].str.casefold().str.contains(wanted, regex=False)
        fits |= layer["name"].map(called).str.casefold().str.contains(wanted, regex=False)
        fits |= layer[column].str.casefold() == wanted
        for row in layer[fits.to_numpy()].head(MOST).itertuples():
            point = row.geometry.representative_point()
            own = getattr(row, column)
            found.append(Found(what, own, called(row.name) or own, point.x, point.y))
    return found[:MOST]


def _place(district: District, first: float, second: float) -> tuple[float, float] | None:
    """Return coordinates as metres of the district's CRS, None where they lie elsewhere."""
    west, south, east, north = district.streets.total_bounds
    if west <= first <= east and south <= second <= north:
        return first, second
    to = transformer(4326, district.crs)
    box = transformer(district.crs, 4326).transform_bounds(west, south, east, north)
    near = shapely.box(*box).buffer(AROUND_DEG)
    for lon, lat in ((first, second), (second, first)):
        if near.intersects(shapely.Point(lon, lat)):
            x, y = to.transform(lon, lat)
            return float(x), float(y)
    return None
