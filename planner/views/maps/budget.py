"""Remedies under one budget on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium
import shapely

from planner.analysis.links.gates import gate_opened
from planner.district.scenarios.scenario import Close, Connect, Move, Open
from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.labels import Labels
from planner.views.words.one_stop import kinds_text
from planner.views.words.places import named_place, place_words

if TYPE_CHECKING:
    from planner.siting.budget import Mix

_WAY = {"color": "#1d4ed8", "weight": 5, "opacity": 0.95}
_DOT = {"radius": 6, "color": "#ffffff", "weight": 2, "fillColor": "#1d4ed8", "fillOpacity": 1}
_GATE = {**_DOT, "radius": 7, "color": "#7c2d12", "fillColor": "#fed7aa"}
_BUILT = {"radius": 9, "color": "#ffffff", "weight": 2.5, "fillColor": "#b45309", "fillOpacity": 1}
_OPENED = {"radius": 8, "color": "#ffffff", "weight": 2.5, "fillColor": "#7c3aed", "fillOpacity": 1}
_HOME = {"radius": 3.5, "color": "#ffffff", "weight": 0.8, "fillColor": "#0f766e", "fillOpacity": 1}

_LAYERS = {
    "layer_homes": ((_HOME, "layer_homes"),),
    "layer_ways": ((_WAY, "legend_way"), (_GATE, "legend_gate")),
    "layer_places": ((_BUILT, "legend_built"), (_OPENED, "legend_opened")),
}
"""Layers, the lowest first, with the signs and words of what they hold."""


def mix_groups(mix: Mix, language: str = "en") -> list[folium.FeatureGroup]:
    """Return the layers of what is chosen: homes that gain, ways to open, and facilities."""
    labels, district = Labels.of(mix.assessment, language, mix.group), mix.assessment.district
    marks: dict[str, list[Mark]] = {name: [] for name in _LAYERS}
    marks["layer_homes"] = [
        Mark(row.geometry, _HOME, safe(kinds_text(row.kinds, district.kinds, labels)))
        for row in mix.homes().itertuples()
    ]
    places = district.facilities.set_index("facility_id").geometry
    chosen = mix.actions.iloc[mix.chosen]
    spots = place_words(district, chosen[["x", "y"]].to_numpy(), labels)
    told = zip(mix.chosen, chosen["name"], spots, strict=True)
    where = {row: named_place(name, spot, labels) for row, name, spot in told}
    for row in mix.chosen:
        change, action = mix.changes[row], mix.actions.iloc[row]
        word = labels.message(f"budget.remedy_{action['remedy']}")
        gain = labels.message("siting.tooltip", gained=labels.number(action["alone"]))
        tooltip = f"<b>{safe(word)}</b> {safe(where[row])}<br>{safe(gain)}"
        if isinstance(change, Connect):
            line = shapely.LineString([(change.x1, change.y1), (change.x2, change.y2)])
            middle = line.interpolate(0.5, normalized=True)
            dot = _GATE if gate_opened(district, change) else _DOT
            marks["layer_ways"] += [Mark(line, _WAY, tooltip), Mark(middle, dot, tooltip)]
        elif isinstance(change, Open):
            place = shapely.Point(change.x, change.y)
            marks["layer_places"].append(Mark(place, _BUILT, tooltip))
        elif not isinstance(change, (Close, Move)):
            marks["layer_places"].append(Mark(places[change.facility_id], _OPENED, tooltip))
    return [
        mark_group(drawn, district.crs, labels.message(f"budget.{name}"), seed=name)
        for name, drawn in marks.items()
        if drawn
    ]


def mix_legend(mix: Mix, language: str = "en") -> str:
    """Return the signs of :func:`mix_groups` as HTML."""
    labels = Labels.of(mix.assessment, language, mix.group)
    return "".join(
        signs.row(
            signs.mark_sign(style) if "radius" in style else signs.line(style),
            labels.message(f"budget.{word}"),
            layer,
        )
        for layer, rows in reversed(_LAYERS.items())
        for style, word in rows
    )
