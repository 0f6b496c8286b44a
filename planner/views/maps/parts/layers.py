"""A layer of a district drawn by itself, and facilities to pick and correct."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.district import District, Kinds
from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.labels import Labels

MOST_DRAWN = 4_000
"""Of a larger layer so many shapes are drawn, evenly picked."""

_LINE = {"color": "#be185d", "weight": 2.5, "opacity": 0.85}
_AREA = {"color": "#be185d", "weight": 2, "fillColor": "#be185d", "fillOpacity": 0.12}
_POINT = {"radius": 5, "color": "#ffffff", "weight": 1.2, "fillOpacity": 0.95}
_WRONG = {"radius": 12, "color": "#b91c1c", "weight": 3, "fill": False}
_CHOSEN = {"radius": 15, "color": "#111827", "weight": 4, "fill": False}
_PALE = {"closed": 0.35, "planned": 0.6, "proposed": 0.6}


def layer_group(
    district: District, layer: str, name: str, rows: tuple[int, ...] = ()
) -> folium.FeatureGroup:
    """Return the shapes of a layer as one drawing; facilities can be picked.

    Parameters
    ----------
    district, layer
        What is drawn.
    name
        Name in the list of layers.
    rows
        Rows to draw only, by position; all, up to :data:`MOST_DRAWN`, where empty.
    """
    table: gpd.GeoDataFrame = getattr(district, layer)
    if rows:
        table = table.iloc[[row for row in rows if row < len(table)]]
    elif len(table) > MOST_DRAWN:
        table = table.iloc[np.linspace(0, len(table) - 1, MOST_DRAWN).astype(int)]
    titles = table["name"] if "name" in table else pd.Series("", index=table.index)
    ids = table[table.columns[0]].astype(str)
    hits = ids.map(lambda own: ("facility", own) if layer == "facilities" else None)
    marks = [
        Mark(shape, _style(shape), safe(title or own), hit)
        for shape, title, own, hit in zip(table.geometry, titles, ids, hits, strict=True)
    ]
    return mark_group(marks, district.crs, name, seed=f"layer-{layer}")


def layer_legend(name: str, shape: shapely.Geometry) -> str:
    """Return the sign of a layer that :func:`layer_group` draws, as HTML.

    Parameters
    ----------
    name
        What the layer is called.
    shape
        One of its shapes, which tells point from line and area.
    """
    style = _style(shape)
    dimensions = int(shapely.get_dimensions(shape))
    drawn = (signs.mark_sign, signs.line, lambda style: signs.swatch(str(style["fillColor"])))
    return signs.row(drawn[dimensions](style), name)


def _style(shape: shapely.Geometry) -> Mapping[str, Any]:
    dimensions = int(shapely.get_dimensions(shape))
    return (_POINT | {"fillColor": "#be185d"}, _LINE, _AREA)[dimensions]


def picking_legend(
    facilities: gpd.GeoDataFrame, kinds: Kinds, labels: Labels, *, chosen: bool, wrong: bool
) -> str:
    """Return the signs of :func:`picking_group` as HTML: the kinds that are there, and rings.

    Parameters
    ----------
    facilities, kinds, labels
        What is drawn, and its words.
    chosen, wrong
        Whether one is chosen, and whether some stand in a wrong place.
    """
    drawn = [kind for kind in kinds if (facilities["kind"] == kind).any()]
    rows = [
        signs.row(signs.dot(kinds[each].colour, 11), labels.kind(each, kinds)) for each in drawn
    ]
    for shown, style, code in ((wrong, _WRONG, "wrong"), (chosen, _CHOSEN, "chosen")):
        if shown:
            words = labels.message(f"app_data.legend_{code}")
            rows.append(signs.row(signs.mark_sign(style), words))
    return "".join(rows)


def picking_group(
    district: District,
    facilities: gpd.GeoDataFrame,
    labels: Labels,
    name: str,
    *,
    chosen: str = "",
    wrong: Mapping[str, str] | None = None,
) -> folium.FeatureGroup:
    """Return facilities as dots that can be picked, each in the colour of its kind.

    Parameters
    ----------
    district
        Gives kinds and CRS.
    facilities
        Rows of its layer ``facilities``.
    labels, name
        Words, and the name in the list of layers.
    chosen
        Id of the one that is ringed.
    wrong
        What is wrong with a facility's place, in words, by id; these have a red ring.
    """
    told = dict(wrong or {})
    marks: list[Mark] = []
    ring: Mark | None = None
    for row in facilities.itertuples(index=False):
        own = str(row.facility_id)
        kind = district.kinds[row.kind]
        words = [f"<b>{safe(row.name or own)}</b>", safe(labels.kind(row.kind, district.kinds))]
        if row.status != "existing":
            words.append(safe(labels.value(row.status)))
        if own in told:
            words.append(safe(told[own]))
            marks.append(Mark(row.geometry, _WRONG, hit=("facility", own)))
        style = _POINT | {
            "radius": 5.5,
            "fillColor": kind.colour,
            "fillOpacity": _PALE.get(row.status, 0.95),
        }
        marks.append(Mark(row.geometry, style, "<br>".join(words), ("facility", own)))
        if own == chosen:
            ring = Mark(row.geometry, _CHOSEN, hit=("facility", own))
    if ring is not None:
        marks.append(ring)
    return mark_group(marks, district.crs, name, seed="picking")
