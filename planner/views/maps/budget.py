"""Remedies under one budget on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium
import shapely

from planner.district.scenarios.scenario import Close, Connect, Move, Open
from planner.views.escaping import safe
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.siting.budget import Mix

_WAY = {"color": "#1d4ed8", "weight": 5, "opacity": 0.95}
_DOT = {"radius": 6, "color": "#ffffff", "weight": 2, "fillColor": "#1d4ed8", "fillOpacity": 1}
_BUILT = {"radius": 9, "color": "#ffffff", "weight": 2.5, "fillColor": "#b45309", "fillOpacity": 1}
_OPENED = {"radius": 8, "color": "#ffffff", "weight": 2.5, "fillColor": "#0f766e", "fillOpacity": 1}


def mix_groups(mix: Mix, language: str = "en") -> list[folium.FeatureGroup]:
    """Return the layers of what is chosen: ways to open, and facilities."""
    labels, crs = Labels.of(mix.assessment, language, mix.group), mix.assessment.district.crs
    places = mix.assessment.district.facilities.set_index("facility_id").geometry
    ways, spots = [], []
    for row in mix.chosen:
        change, action = mix.changes[row], mix.actions.iloc[row]
        word = labels.message(f"budget.remedy_{action['remedy']}")
        gain = labels.message("siting.tooltip", gained=labels.number(action["alone"]))
        tooltip = f"<b>{safe(word)}</b> {safe(str(action['name']))}<br>{safe(gain)}"
        if isinstance(change, Connect):
            line = shapely.LineString([(change.x1, change.y1), (change.x2, change.y2)])
            ways.append(Mark(line, _WAY, tooltip))
            ways.append(Mark(line.interpolate(0.5, normalized=True), _DOT, tooltip))
        elif isinstance(change, Open):
            spots.append(Mark(shapely.Point(change.x, change.y), _BUILT, tooltip))
        elif not isinstance(change, (Close, Move)):
            spots.append(Mark(places[change.facility_id], _OPENED, tooltip))
    named = ((ways, "layer_ways"), (spots, "layer_places"))
    return [
        mark_group(marks, crs, labels.message(f"budget.{name}"), seed=name)
        for marks, name in named
        if marks
    ]
