"""Remedies under one budget: sentences, a table for people, and the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium
import pandas as pd
import shapely

from planner.district import Scenario
from planner.district.scenario import Close, Connect, Move, Open
from planner.views.escaping import safe
from planner.views.maps.marks import Mark, mark_group
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.siting.budget import Mix

_YUAN = 10_000
_WAY = {"color": "#1d4ed8", "weight": 5, "opacity": 0.95}
_DOT = {"radius": 6, "color": "#ffffff", "weight": 2, "fillColor": "#1d4ed8", "fillOpacity": 1}
_BUILT = {"radius": 9, "color": "#ffffff", "weight": 2.5, "fillColor": "#b45309", "fillOpacity": 1}
_OPENED = {"radius": 8, "color": "#ffffff", "weight": 2.5, "fillColor": "#0f766e", "fillOpacity": 1}


def mix_table(mix: Mix, language: str = "en") -> pd.DataFrame:
    """Return what is chosen as a table for people, the most residents for the money first."""
    labels, rows = Labels(language), mix.table
    kinds = mix.assessment.district.kinds
    columns = {
        "remedy": [labels.message(f"mixes.remedy_{each}") for each in rows["remedy"]],
        "kind": [labels.kind(each, kinds) if each else "" for each in rows["kind"]],
        "name": rows["name"],
        "cost": rows["cost"].round(1),
        "alone": rows["alone"].round(),
        "per_resident": (rows["cost"] / rows["alone"].where(rows["alone"] > 0) * _YUAN).round(),
    }
    return pd.DataFrame(columns).rename(columns=lambda name: labels.message(f"mixes.col_{name}"))


def mix_sentences(mix: Mix, language: str = "en") -> list[str]:
    """Return the answer in sentences: residents, money, the proof, and what the sum promised."""
    labels = Labels(language)
    say, number = labels.message, labels.number
    lines = [
        say(
            "mixes.answer",
            actions=number(len(mix.chosen)),
            cost=number(mix.cost, 1),
            gained=number(mix.gained),
        )
    ]
    if mix.siting.optimal:
        lines.append(say("mixes.proof_optimal", actions=number(len(mix.actions))))
    else:
        gap = labels.percent(mix.siting.gap, 2)
        lines.append(say("mixes.proof_gap", gap=gap, actions=number(len(mix.actions))))
    if mix.promised != mix.gained:
        lines.append(say("mixes.difference", promised=number(mix.promised)))
    return [*lines, say("siting_words.unverified_costs")]


def mix_scenario(mix: Mix, language: str = "en") -> Scenario:
    """Return what is chosen as a scenario, named in the language."""
    labels = Labels(language)
    return mix.scenario(labels.message("mixes.scenario", budget=labels.number(mix.budget)))


def mix_groups(mix: Mix, language: str = "en") -> list[folium.FeatureGroup]:
    """Return the layers of what is chosen: ways to open, and facilities."""
    labels, crs = Labels(language), mix.assessment.district.crs
    places = mix.assessment.district.facilities.set_index("facility_id").geometry
    ways, spots = [], []
    for row in mix.chosen:
        change, action = mix.changes[row], mix.actions.iloc[row]
        word = labels.message(f"mixes.remedy_{action['remedy']}")
        gain = labels.message("siting_words.tooltip", gained=labels.number(action["alone"]))
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
        mark_group(marks, crs, labels.message(f"mixes.{name}"), seed=name)
        for marks, name in named
        if marks
    ]
