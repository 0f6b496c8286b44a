"""Places of a district in the degrees that other programs show."""

from __future__ import annotations

import shapely

from planner.district import District
from planner.views.maps.degrees import in_degrees

DIGITS = 6
"""Decimals of a degree, a tenth of a metre."""


def place_of(district: District, x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude, WGS 84, of a place in metres of the district's CRS."""
    spot = in_degrees([shapely.Point(x, y)], district.crs)[0]
    return round(float(spot.x), DIGITS), round(float(spot.y), DIGITS)
