"""Lines, areas and points drawn over the results: ways, rings, changes, what is searched for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import folium
import shapely
from pyproj import CRS

from planner.views.escaping import safe
from planner.views.maps.base.assets import stable_ids
from planner.views.maps.base.degrees import in_degrees
from planner.views.maps.base.drawing import Drawing, area, flat_degrees
from planner.views.maps.parts.badges import Badge, badge_drawing


class Mark(NamedTuple):
    """One thing drawn.

    Parameters
    ----------
    shape
        Point, line or area, metres in the district's CRS.
    style
        Leaflet path options; a point's ``radius`` is in pixels.
    tooltip
        HTML already made safe, empty for none.
    hit
        What a click on it is called, and its id; None where it takes no clicks.
    """

    shape: shapely.Geometry
    style: Mapping[str, Any]
    tooltip: str = ""
    hit: tuple[str, str] | None = None


def ring(colour: str, radius: float, weight: float) -> dict[str, Any]:
    """Return the style of a ring around a point, pixels."""
    return {
        "radius": radius,
        "color": colour,
        "weight": weight,
        "fillColor": "#ffffff",
        "fillOpacity": 0.35,
    }


def mark_group(
    marks: Iterable[Mark],
    crs: CRS,
    name: str,
    *,
    seed: str,
    show: bool = True,
    control: bool = True,
    badges: Sequence[Badge] = (),
) -> folium.FeatureGroup:
    """Return marks as one layer.

    Parameters
    ----------
    marks
        What is drawn; areas come first, points last, whatever their order.
    crs
        CRS of the shapes.
    name
        Name in the list of layers, plain text.
    seed
        What tells the layer from others of a page.
    show, control
        Whether it is shown at first, and named in the list of layers.
    badges
        Numbers above them.
    """
    given = list(marks)
    degrees = in_degrees([mark.shape for mark in given], crs)
    rows: dict[str, list[Any]] = {"polygons": [], "paths": [], "dots": []}
    for mark, shape in zip(given, degrees, strict=True):
        rest = [
            {"interactive": bool(mark.tooltip or mark.hit), **mark.style},
            mark.tooltip,
            list(mark.hit) if mark.hit else None,
        ]
        if _is(shape, "Polygon", "MultiPolygon"):
            rows["polygons"].append([area(shape), *rest])
        elif _is(shape, "Point"):
            (y, x), *_ = [flat_degrees(shapely.get_coordinates(shape))]
            rows["dots"].append([[y, x], *rest])
        else:
            rows["paths"] += [
                [flat_degrees(shapely.get_coordinates(part)), *rest]
                for part in shapely.get_parts(shape)
            ]
    group = folium.FeatureGroup(name=safe(name), show=show, control=control)
    for call, drawn in rows.items():
        if drawn:
            group.add_child(Drawing(call, drawn))
    if badges:
        group.add_child(badge_drawing(badges, crs))
    stable_ids(group, seed)
    return group


def _is(shape: shapely.Geometry, *types: str) -> bool:
    return shapely.GeometryType(int(shapely.get_type_id(shape))).name in {t.upper() for t in types}
