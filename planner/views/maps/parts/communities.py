"""The areas of communities on a map, for drawings that colour them."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import geopandas as gpd

from planner.district import District
from planner.views.maps.base import drawing
from planner.views.maps.base.drawing import Drawing

_layer_drawings: dict[tuple[int, str], str] = {}


def community_shapes(district: District) -> Drawing:
    """Return the communities' areas, for drawings that colour them in their order."""
    layer = district.communities
    return kept(
        layer, "communities", lambda: Drawing("share", "communities", drawing.areas(layer.geometry))
    )


def kept(layer: gpd.GeoDataFrame, name: str, make: Callable[[], Drawing]) -> Drawing:
    """Return a fresh drawing of what is worked out once while a layer lives.

    Districts that scenarios make of one another share the layers that they leave alone.
    """
    key = id(layer), name
    if key not in _layer_drawings:
        _layer_drawings[key] = make().arguments
        weakref.finalize(layer, _layer_drawings.pop, key, None)
    fresh = Drawing("share")
    fresh.arguments = _layer_drawings[key]
    return fresh
