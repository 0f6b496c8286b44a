"""Facilities moved and closed, on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium
import shapely

from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.legend import facilities_legend
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.siting.prices import answer_labels
from planner.views.words.siting.relocations import new_places

if TYPE_CHECKING:
    from planner.siting.relocation.relocation import Relocation

_OLD = {"radius": 14, "color": "#b45309", "weight": 3, "fillOpacity": 0}
_NEW = {"radius": 10, "color": "#ffffff", "weight": 2.5, "fillColor": "#b45309", "fillOpacity": 1}
_WAY = {"color": "#b45309", "weight": 2.5, "opacity": 0.9, "dashArray": "6 5"}
_GAINED = {
    "radius": 3.5,
    "color": "#ffffff",
    "weight": 0.8,
    "fillColor": "#0f766e",
    "fillOpacity": 1,
}

_LOST = {"radius": 3.5, "color": "#ffffff", "weight": 0.8, "fillColor": "#b91c1c", "fillOpacity": 1}


def relocation_groups(found: Relocation, language: str = "en") -> list[folium.FeatureGroup]:
    """Return the map layers: homes gained and lost, the moves, what closes and the new sites."""
    labels, crs, homes = (
        answer_labels(found, language),
        found.assessment.district.crs,
        found.homes(),
    )
    say = labels.message
    ways, old, new = [], [], []
    places = new_places(found, labels)
    for row in found.plan.itertuples():
        told = {
            "name": str(row.name or row.facility_id),
            "does": say(f"relocation.does_{row.does}"),
            "lost": labels.count(row.lost),
        }
        old.append(Mark(row.geometry, _OLD, safe(say("relocation.tooltip_old", **told))))
        if row.does == "move":
            place = shapely.Point(row.to_x, row.to_y)
            ways.append(Mark(shapely.LineString([row.geometry, place]), _WAY))
            name, gained = places[row.Index], labels.count(row.gained)
            words = say("relocation.tooltip_new", name=name, gained=gained)
            new.append(Mark(place, _NEW, safe(words)))
    layers = {
        "layer_gained": [Mark(p, _GAINED) for p in homes.geometry[homes["change"] == "gained"]],
        "layer_lost": [Mark(p, _LOST) for p in homes.geometry[homes["change"] == "lost"]],
        "layer_moved": ways,
        "layer_old": old,
        "layer_new": new,
    }
    return [
        mark_group(marks, crs, say(f"relocation.{name}"), seed=f"relocation-{name}")
        for name, marks in layers.items()
        if marks
    ]


def relocation_legend(found: Relocation, language: str = "en") -> str:
    """Return the signs of :func:`relocation_groups` and of the kind's facilities, as HTML."""
    labels = answer_labels(found, language)
    drawn = {
        "layer_new": signs.mark_sign(_NEW),
        "layer_old": signs.mark_sign(_OLD),
        "layer_moved": signs.line(_WAY),
        "layer_gained": signs.mark_sign(_GAINED),
        "layer_lost": signs.mark_sign(_LOST),
    }
    rows = [
        signs.row(sign, labels.message(f"relocation.{name}"), f"relocation-{name}")
        for name, sign in drawn.items()
    ]
    return "".join(rows) + facilities_legend(found.assessment, found.kind, labels)
