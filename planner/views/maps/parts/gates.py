"""Shut gates on a map: what a link might open."""

from __future__ import annotations

from collections.abc import Iterator

import folium

from planner.district import District
from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.labels import Labels

GATE = "gate"
"""What a click on a gate is called; its id is its ``gate_id``."""

GATES = "gates"
_SHUT = {
    "radius": 5,
    "color": "#7c2d12",
    "weight": 2,
    "fillColor": "#fed7aa",
    "fillOpacity": 1,
}


def shut_gate_marks(district: District) -> Iterator[Mark]:
    """Return a point to click on for each shut gate."""
    for row in district.gates[~district.gates["open"].to_numpy(dtype=bool)].itertuples():
        yield Mark(
            row.geometry, _SHUT, f"<b>{safe(row.name or row.gate_id)}</b>", (GATE, row.gate_id)
        )


def gate_groups(
    district: District, labels: Labels, *, show: bool = False
) -> list[folium.FeatureGroup]:
    """Return the layer of the shut gates, none where no gate is shut.

    They are many, so that the reader asks for them in the list of layers unless `show` is set.
    """
    marks = list(shut_gate_marks(district))
    if not marks:
        return []
    name = labels.message("links.layer_gates")
    return [mark_group(marks, district.crs, name, seed=GATES, show=show)]


def gates_legend(labels: Labels) -> str:
    """Return the sign of a shut gate, shown while its layer is."""
    return signs.row(signs.mark_sign(_SHUT), labels.message("links.layer_gates"), GATES)
