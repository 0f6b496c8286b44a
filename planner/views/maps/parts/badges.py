"""Numbers on a map, each in a disc, as the rows of the table beside it are numbered.

Where they would lie over one another, the map moves some aside and leads a line to their places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import geopandas as gpd
from pyproj import CRS

from planner.views.maps.base.drawing import Drawing, places

_BRIGHT = 140.0
"""Of 255: from here on dark numbers are read better than white ones."""


class Badge(NamedTuple):
    """A numbered disc.

    Parameters
    ----------
    place
        Point, metres in the district's CRS.
    number
        What stands in it.
    style
        Leaflet path options of a point, as of a mark: ``radius``, ``color``, ``weight``,
        ``fillColor``.
    tooltip
        HTML already made safe, empty for none.
    hit
        What a click on it is called, and its id; None where it takes no clicks.
    icons
        Inline SVG of what stands in a row below it, 18 pixels each.
    """

    place: Any
    number: int
    style: Mapping[str, Any]
    tooltip: str = ""
    hit: tuple[str, str] | None = None
    icons: Sequence[str] = ()


def badge_drawing(badges: Sequence[Badge], crs: CRS) -> Drawing:
    """Return badges as one drawing; the first stay at their places before the later ones."""
    spots = places(gpd.GeoSeries([each.place for each in badges], crs=crs))
    rows = [
        [
            list(spot),
            [
                2 * float(each.style["radius"]),
                each.style["fillColor"],
                each.style["color"],
                float(each.style["weight"]),
                _ink(each.style["fillColor"]),
            ],
            each.tooltip,
            list(each.hit) if each.hit else None,
            str(each.number),
            list(each.icons),
        ]
        for spot, each in zip(spots, badges, strict=True)
    ]
    return Drawing("badges", rows)


def _ink(fill: str) -> str:
    """Return the colour in which a number is read on a fill, by how bright the eye finds it."""
    red, green, blue = (int(fill[start : start + 2], 16) for start in (1, 3, 5))
    return "#16323a" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > _BRIGHT else "#ffffff"
