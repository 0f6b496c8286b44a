"""One-stop sites on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium

from planner.district import Kinds
from planner.views.escaping import safe
from planner.views.maps.base.assets import OfflineMap
from planner.views.maps.base.basemap import map_with_legend
from planner.views.maps.icons import icon
from planner.views.maps.parts import signs
from planner.views.maps.parts.badges import Badge
from planner.views.maps.parts.legend import asked_html
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.labels import Labels
from planner.views.words.money import money
from planner.views.words.places import site_names
from planner.views.words.siting.one_stop import kinds_text
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.siting.one_stop_sites.answers import OneStopProposal

BUILDING = "building"
"""What a click on a building is called; its id is its rank."""

_PLACE = {"radius": 3.5, "color": "#78716c", "weight": 1, "fillColor": "#ffffff", "fillOpacity": 1}
_SHARED = {
    "radius": 13,
    "color": "#ffffff",
    "weight": 2.5,
    "fillColor": "#b45309",
    "fillOpacity": 1,
}

_SINGLE = {**_SHARED, "radius": 10, "color": "#475569", "weight": 2, "fillColor": "#e2e8f0"}
_HOMES = ("#99d5cd", "#2c9d8f", "#0b5d55", "#032f2b")
"""Colours of homes by the number of kinds gained, the last for that many and more."""


def one_stop_groups(proposal: OneStopProposal, language: str = "en") -> list[folium.FeatureGroup]:
    """Return the layers: places to choose from, homes gained, buildings with what is in them."""
    labels, crs = (
        answer_labels(proposal, language),
        proposal.assessment.district.crs,
    )
    kinds, say = proposal.assessment.district.kinds, labels.message
    rows = proposal.buildings
    chosen = set(rows["site_id"])
    names = site_names(proposal.places.table, proposal.assessment.district, labels)
    places = [
        Mark(row.geometry, _PLACE, safe(names[row.site_id]))
        for row in proposal.places.table.itertuples()
        if row.site_id not in chosen
    ]
    gained = proposal.homes()
    homes = [
        Mark(
            row.geometry,
            _home(int(row.count_)),
            f"<b>{safe(say('one_stop.home', count=labels.number(row.count_)))}</b><br>"
            + safe(kinds_text(row.kinds, kinds, labels)),
        )
        for row in gained.rename(columns={"count": "count_"}).itertuples()
    ]
    buildings = [
        Badge(
            row.geometry,
            row.rank,
            _SHARED if ";" in row.kinds else _SINGLE,
            _tooltip(row, names[row.site_id], kinds, labels),
            (BUILDING, str(row.rank)),
            [icon(kinds[kind], size=18) for kind in row.kinds.split(";") if kind in kinds],
        )
        for row in rows.itertuples()
    ]
    layers: list[tuple[str, list[Mark], list[Badge]]] = [
        ("layer_places", places, []),
        ("layer_homes", homes, []),
        ("layer_buildings", [], buildings),
    ]
    return [
        mark_group(
            marks,
            crs,
            say(f"one_stop.{name}"),
            seed=f"one-stop-{name}",
            show=name != "layer_places",
            badges=badges,
        )
        for name, marks, badges in layers
        if marks or badges
    ]


def legend_html(proposal: OneStopProposal, language: str = "en") -> str:
    """Return the legend as HTML, styled by the map's own style sheet."""
    labels, kinds = (
        answer_labels(proposal, language),
        proposal.assessment.district.kinds,
    )
    say = labels.message
    rows = [
        signs.row(signs.mark_sign(_SHARED), say("one_stop.legend_shared")),
        signs.row(signs.mark_sign(_SINGLE), say("one_stop.legend_single")),
    ]
    rows += [
        signs.row(signs.cell(icon(kinds[kind], size=18)), labels.kind(kind, kinds))
        for kind in proposal.kinds
        if kind in kinds
    ]
    most = int(proposal.homes()["count"].max()) if len(proposal.buildings) else 0
    homes = [
        signs.row(signs.mark_sign(_home(count)), say("one_stop.home", count=labels.number(count)))
        for count in range(1, most + 1)
    ]
    buildings = say("one_stop.layer_buildings")
    shown = signs.section(buildings, rows, "one-stop-layer_buildings")
    if homes:
        shown += signs.section(say("one_stop.layer_homes"), homes, "one-stop-layer_homes")
    places = say("one_stop.layer_places")
    return shown + signs.row(signs.mark_sign(_PLACE), places, "one-stop-layer_places")


def one_stop_map(proposal: OneStopProposal, language: str = "en") -> OfflineMap:
    """Return the map of a proposal that needs no server."""
    result, groups = proposal.assessment, one_stop_groups(proposal, language)
    legend = legend_html(proposal, language) + asked_html(result, Labels(language))
    return map_with_legend(result.district, groups, legend, language)


def _home(count: int) -> dict[str, Any]:
    colour = _HOMES[min(count, len(_HOMES)) - 1]
    return {
        "radius": 3 + min(count, len(_HOMES)) * 0.8,
        "color": "#ffffff",
        "weight": 0.8,
        "fillColor": colour,
        "fillOpacity": 1,
    }


def _tooltip(row: Any, name: str, kinds: Kinds, labels: Labels) -> str:
    lines = [
        labels.message("siting.tooltip", gained=labels.count(row.gained)),
        labels.message("one_stop.tooltip_cost", cost=money(row.cost, labels)),
    ]
    if not row.several <= 0:
        several = labels.count(row.several)
        lines.append(labels.message("one_stop.tooltip_several", several=several))
    head = f"<b>{row.rank}. {safe(name)}</b><br>{safe(kinds_text(row.kinds, kinds, labels))}"
    return "<br>".join([head, *map(safe, lines)])
