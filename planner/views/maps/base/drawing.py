"""Compact folium layers: coordinates as differences of micro-degrees, texts made safe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import shapely
from branca.element import MacroElement
from folium.template import Template

from planner.arrays import F64, Objects
from planner.views.escaping import data
from planner.views.maps.base.degrees import in_degrees


def flat_degrees(points: F64) -> list[int]:
    """Return lon/lat points as latitude, longitude, differences of latitude, longitude, ...

    Parameters
    ----------
    points
        Degrees, shape (n, 2), longitude first.

    Returns
    -------
    list of int
        2n numbers, in micro-degrees, each pair the difference from the pair before.

    Examples
    --------
    >>> flat_degrees(np.array([[114.9, 25.8], [114.900002, 25.8]]))
    [25800000, 114900000, 0, 2]
    """
    whole = np.rint(points[:, ::-1] * 1e6).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    flat: list[int] = steps.ravel().tolist()
    return flat


def _each_flat(shapes: Objects) -> list[list[int]]:
    """Return lines or rings in degrees, none empty, each as :func:`flat_degrees` does."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    whole = np.rint(points[:, ::-1] * 1e6).astype(np.int64)
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    steps[first] = whole[first]
    flat: list[int] = steps.ravel().tolist()
    return [flat[start:end] for start, end in pairwise([*(2 * first).tolist(), len(flat)])]


def lines(shapes: gpd.GeoSeries) -> list[list[int]]:
    """Return the lines of a series as :func:`flat_degrees`, joined where they run on."""
    if shapes.empty:
        return []
    degrees = in_degrees(shapes.to_numpy(), shapes.crs)
    merged = shapely.line_merge(shapely.multilinestrings(shapely.get_parts(degrees)))
    return _each_flat(shapely.get_parts(merged))


def area(*shapes: shapely.Geometry) -> list[list[list[int]]]:
    """Return the polygons of areas in degrees, each as its rings as :func:`flat_degrees`."""
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    rings, owner = shapely.get_rings(parts[~shapely.is_empty(parts)], return_index=True)
    polygons: list[list[list[int]]] = []
    for number, ring in zip(owner.tolist(), _each_flat(rings), strict=True):
        if number == len(polygons):
            polygons.append([])
        polygons[number].append(ring)
    return polygons


def areas(shapes: gpd.GeoSeries, tolerance: float = 0.5) -> list[list[list[list[int]]]]:
    """Return each area of a series, simplified by up to `tolerance`, as :func:`area` does.

    The tolerance is in the unit of the series' CRS, metres but for what is in degrees already.
    Neighbours keep one line between them; only where areas overlap each is simplified by itself.
    """
    of_each = shapes.simplify_coverage if _is_coverage(shapes) else shapes.simplify
    simple = of_each(tolerance)
    return [area(shape) for shape in in_degrees(simple.to_numpy(), simple.crs)]


def _is_coverage(shapes: gpd.GeoSeries) -> bool:
    return len(shapes) > 0 and bool(shapes.is_valid_coverage())


def places(shapes: gpd.GeoSeries) -> list[tuple[int, int]]:
    """Return each point of a series as micro-degrees of latitude and longitude."""
    degrees = shapely.get_coordinates(in_degrees(shapes.to_numpy(), shapes.crs))
    return [(y, x) for x, y in np.rint(degrees * 1e6).astype(np.int64).tolist()]


EACH = "each"
"""Of a way to texts: every one of what stands there."""

TEXTS: Mapping[str, tuple[int | str, ...]] = {
    "areas": (1, EACH, 2),
    "badges": (0, EACH, 2),
    "circles": (3, EACH),
    "dots": (0, EACH, 2),
    "labels": (0, EACH, 2),
    "markers": (0, EACH, 3),
    "panel": (1, EACH),
    "paths": (0, EACH, 2),
    "polygons": (0, EACH, 2),
}
"""Where in the arguments of a call the HTML stands that names places to readers.

All else, ids, colours, glyphs and words of our own, is none of their business.
"""


def in_texts(call: str, arguments: Any, said: Callable[[str], str]) -> Any:
    """Return the arguments of a drawing, those of its texts that name places said otherwise.

    Examples
    --------
    >>> in_texts("labels", [[[1, 2, "a"]]], str.upper), in_texts("picture", ["a"], str.upper)
    ([[[1, 2, 'A']]], ['a'])
    """
    return _at(arguments, TEXTS[call], said) if call in TEXTS else arguments


def _at(value: Any, way: Sequence[int | str], said: Callable[[str], str]) -> Any:
    if not way:
        return said(value) if isinstance(value, str) else value
    step, *rest = way
    if isinstance(value, dict):
        return {key: _at(each, rest, said) for key, each in value.items()}
    return [
        _at(each, rest, said) if step in (EACH, number) else each
        for number, each in enumerate(value)
    ]


class Drawing(MacroElement):
    """One call of the map library: ``plannerLayers.<call>(<parent>, <arguments>)``.

    Parameters
    ----------
    call
        A function of ``web/layers.js``.
    *arguments
        Values that JSON can carry; texts among them must be HTML already made safe.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        plannerLayers.{{ this.call }}({{ this._parent.get_name() }}{{ this.arguments }});
        {% endmacro %}
        """
    )

    def __init__(self, call: str, *arguments: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Drawing"
        self.call = call
        self.arguments = "".join(f", {data(argument)}" for argument in arguments)


class ForKind(MacroElement):
    """Drawings of one kind in a layer that shows one kind at a time.

    Parameters
    ----------
    kind
        Kind id.
    drawings
        What is drawn once the kind is chosen.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        plannerLayers.forKind({{ this._parent.get_name() }}, {{ this.kind }}, function (layer) {
        {%- for drawing in this.drawings %}
            plannerLayers.{{ drawing.call }}(layer{{ drawing.arguments }});
        {%- endfor %}
        });
        {% endmacro %}
        """
    )

    def __init__(self, kind: str, drawings: Sequence[Drawing]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "ForKind"
        self.kind = data(kind)
        self.drawings = list(drawings)


class Chooser(MacroElement):
    """The map's title card, with the list of kinds that the layers follow.

    Parameters
    ----------
    layers
        Groups that hold :class:`ForKind`.
    head, pages
        HTML of the title, and of the figures by kind.
    kinds
        Kind ids with the HTML of their names.
    first
        Kind shown first.
    label
        What the list is for, plain text.
    bounds
        South-west and north-east corner of the district, degrees, latitude first.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        plannerLayers.chooser({{ this._parent.get_name() }}, [
            {%- for layer in this.layers %}{{ layer.get_name() }}, {% endfor -%}
        ]{{ this.arguments }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        layers: Sequence[folium.FeatureGroup],
        head: str,
        kinds: Sequence[tuple[str, str]],
        pages: Mapping[str, str],
        first: str,
        label: str,
        bounds: Sequence[Sequence[float]],
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Chooser"
        self.layers = list(layers)
        values = (head, [list(pair) for pair in kinds], dict(pages), first, label, bounds)
        self.arguments = "".join(f", {data(value)}" for value in values)


def panel(position: str, pages: Mapping[str, str], first: str, classes: str = "pl-card") -> Drawing:
    """Return a card in a corner of the map.

    Parameters
    ----------
    position
        ``"topleft"``, ``"topright"``, ``"bottomleft"`` or ``"bottomright"``.
    pages
        HTML by the kind that it belongs to.
    first
        The page shown first.
    classes
        CSS classes.
    """
    return Drawing("panel", position, dict(pages), first, classes)


def base_lines(
    shapes: gpd.GeoSeries,
    width: Sequence[float] | None,
    **style: Any,
) -> list[Any]:
    """Return a row of the library's ``base``: lines of one style.

    `width` is the width at zoom 15, the least and the most, in pixels; None leaves it fixed.
    """
    return ["line", lines(shapes), style, list(width) if width else None]


def base_areas(shapes: Iterable[shapely.Geometry], **style: Any) -> list[Any]:
    """Return a row of the library's ``base``: areas, in degrees, of one style."""
    return ["area", area(*shapes), style, None]
