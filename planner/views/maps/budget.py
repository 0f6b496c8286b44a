"""Remedies under one budget on a map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import folium
import shapely

from planner.analysis.links.gates import gate_opened
from planner.district.scenarios.scenario import Connect, Open
from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.badges import Badge
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.labels import Labels
from planner.views.words.places import named_place, place_words
from planner.views.words.siting.budget import remedy_words
from planner.views.words.siting.one_stop import kinds_text
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.siting.budget import Mix

_WAY_LINE = {"color": "#1d4ed8", "weight": 5, "opacity": 0.95}
_WAY = {"radius": 9, "color": "#ffffff", "weight": 2, "fillColor": "#1d4ed8", "fillOpacity": 1}
_GATE = {**_WAY, "color": "#7c2d12", "fillColor": "#fed7aa"}
_BUILT = {**_WAY, "radius": 11, "weight": 2.5, "fillColor": "#b45309"}
_OPENED = {**_BUILT, "fillColor": "#7c3aed"}
_HOME = {"radius": 3.5, "color": "#ffffff", "weight": 0.8, "fillColor": "#0f766e", "fillOpacity": 1}

_DISCS: dict[str, dict[str, Any]] = {
    "legend_way": _WAY,
    "legend_gate": _GATE,
    "legend_built": _BUILT,
    "legend_opened": _OPENED,
}
"""Discs of the remedies by the word of the legend."""


def mix_groups(mix: Mix, language: str = "en") -> list[folium.FeatureGroup]:
    """Return the layers of what is chosen: homes that gain, and remedies by their number.

    They are numbered as in :func:`planner.views.tables.siting.budget.mix_table`.
    """
    labels, district = answer_labels(mix, language), mix.assessment.district
    homes = [
        Mark(row.geometry, _HOME, safe(kinds_text(row.kinds, district.kinds, labels)))
        for row in mix.homes().itertuples()
    ]
    lines = [
        Mark(_line(change), _WAY_LINE)
        for change in (mix.changes[row] for row in mix.chosen)
        if isinstance(change, Connect)
    ]
    layers: list[tuple[str, list[Mark], list[Badge]]] = [
        ("layer_homes", homes, []),
        ("layer_remedies", lines, _badges(mix, labels)),
    ]
    return [
        mark_group(marks, district.crs, labels.message(f"budget.{name}"), seed=name, badges=numbers)
        for name, marks, numbers in layers
        if marks or numbers
    ]


def mix_legend(mix: Mix, language: str = "en") -> str:
    """Return the signs of what :func:`mix_groups` draws as HTML."""
    labels = answer_labels(mix, language)
    drawn = {_disc_word(mix, row) for row in mix.chosen}
    rows = [
        signs.row(signs.mark_sign(disc), labels.message(f"budget.{word}"), "layer_remedies")
        for word, disc in _DISCS.items()
        if word in drawn
    ]
    if len(mix.homes()):
        word = labels.message("budget.layer_homes")
        rows.append(signs.row(signs.mark_sign(_HOME), word, "layer_homes"))
    return "".join(rows)


def _disc_word(mix: Mix, row: int) -> str:
    """Return as what the legend knows a remedy."""
    change = mix.changes[row]
    if isinstance(change, Connect):
        gate = gate_opened(mix.assessment.district, change)
        return "legend_gate" if gate else "legend_way"
    return "legend_built" if isinstance(change, Open) else "legend_opened"


def _badges(mix: Mix, labels: Labels) -> list[Badge]:
    """Return the numbers of the remedies where these stand."""
    spots = mix.table[["x", "y"]].to_numpy()
    words = place_words(mix.assessment.district, spots, labels)
    actions: Iterable[Any] = mix.table.itertuples()
    what = remedy_words(mix, labels)
    rows = zip(mix.ranked, map(shapely.Point, spots), actions, words, what, strict=True)
    return [
        Badge(
            place,
            number,
            _DISCS[_disc_word(mix, row)],
            f"<b>{number}. {safe(does)}</b><br>"
            f"{safe(named_place(action.name, word, labels))}<br>"
            + safe(labels.message("siting.tooltip", gained=labels.count(action.alone))),
        )
        for number, (row, place, action, word, does) in enumerate(rows, start=1)
    ]


def _line(change: Connect) -> shapely.Geometry:
    return shapely.LineString([(change.x1, change.y1), (change.x2, change.y2)])
