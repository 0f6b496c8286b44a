"""Facilities on a map."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import shapely

from planner.district import District, Kind
from planner.district.scenarios.changes import SCENARIO
from planner.district.services import named_services
from planner.views.escaping import safe
from planner.views.maps.base import drawing
from planner.views.maps.base.assets import stable_ids
from planner.views.maps.base.drawing import Drawing
from planner.views.maps.icons import icon
from planner.views.maps.parts.legend import counted
from planner.views.words.analysis.hours import hours_word
from planner.views.words.catalogue import N_
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.analysis.questions import Question


_MARKER_PX, _SMALL_MARKER_PX = 28, 20


def facility_group(
    district: District,
    kind: str | None,
    language: str = "en",
    *,
    question: Question | None = None,
    show: bool = True,
    apart: Collection[str] = (),
    without: Collection[str] = (),
) -> folium.FeatureGroup:
    """Return the facilities of a kind as one layer, or of all kinds, drawn smaller.

    Those that do not count, also because of the `question` of an assessment, are hollow. Very many
    are drawn as counts until the map is closer, those whose ids are in `apart` always by
    themselves. Those in `without` are drawn by another layer.
    """
    labels = Labels.of(district, language)
    name = (
        labels.text("All facilities")
        if kind is None
        else labels.text("Facilities: {kind}", kind=labels.kind(kind, district.kinds))
    )
    result = folium.FeatureGroup(name=safe(name), show=show)
    for each in facility_drawings(district, kind, labels, question, apart, without):
        result.add_child(each)
    stable_ids(result, f"facilities/{kind or ''}")
    return result


def facility_drawings(
    district: District,
    kind: str | None,
    labels: Labels,
    question: Question | None,
    apart: Collection[str] = (),
    without: Collection[str] = (),
) -> list[Drawing]:
    """Return the drawings of facilities: of a kind, or of all, drawn smaller."""
    facilities = district.facilities
    if kind is not None:
        facilities = facilities[facilities["kind"] == kind]
    if without:
        facilities = facilities[~facilities["facility_id"].isin(list(without))]
    if facilities.empty:
        return []
    size = _SMALL_MARKER_PX if kind is None else _MARKER_PX
    counting = counted(facilities, question)
    looks: dict[tuple[str, bool], int] = {}
    drawn = []
    for (y, x), row, counts in zip(
        drawing.places(facilities.geometry), facilities.itertuples(), counting, strict=True
    ):
        look = looks.setdefault((row.kind, bool(counts)), len(looks))
        tooltip = _facility_tooltip(row, bool(counts), district, labels)
        alone = [1] if row.facility_id in apart else []
        drawn.append([y, x, look, tooltip, row.facility_id, *alone])
    glyphs = [icon(_kind(district, each), counts=yes, size=size) for each, yes in looks]
    names = [safe(labels.kind(each, district.kinds)) for each, _ in looks]
    words = safe(labels.message("app_map.cluster", count="{count}"))
    words = words.replace("&#123;", "{").replace("&#125;", "}")
    return [Drawing("markers", drawn, glyphs, size, names, words)]


def changed_facilities(before: District, after: District) -> frozenset[str]:
    """Return the ids of facilities that are new, or were changed, in a district made of another."""
    old, new = before.facilities, after.facilities
    if old is new:
        return frozenset()
    facts = ["kind", "status", "ownership"]
    was = old.set_index("facility_id").reindex(new["facility_id"])
    same = np.ones(len(new), dtype=bool)
    for fact in facts:
        same &= was[fact].to_numpy() == new[fact].to_numpy()
    same &= shapely.equals_exact(was.geometry.to_numpy(), new.geometry.to_numpy())
    return frozenset(new["facility_id"].to_numpy()[~same].tolist())


def _kind(district: District, kind: str) -> Kind:
    return district.kinds[kind] if kind in district.kinds else Kind(kind, kind, kind)


def _facility_tooltip(row: Any, counts: bool, district: District, labels: Labels) -> str:
    kind = labels.kind(row.kind, district.kinds)
    services = [labels.service(each) for each in named_services(row.services)]
    lines = [f"<b>{safe(row.name)}</b>", safe(kind)] if row.name else [f"<b>{safe(kind)}</b>"]
    facts = [
        (N_("Opening hours: {value}"), hours_word(row.opening_hours, labels)),
        (N_("Services: {value}"), labels.text(", ").join(services)),
        (N_("Floor area: {value} m²"), _figure(row.floor_area_m2, labels)),
        (N_("Capacity: {value} people a day"), _figure(row.capacity, labels)),
    ]
    lines += [safe(labels.text(fact, value=value)) for fact, value in facts if value]
    # what a scenario opens is not there yet
    opened = row.source == SCENARIO and row.status == "existing"
    status = labels.text(N_("new in the scenario")) if opened else labels.value(row.status)
    state = labels.text(", ").join([status, labels.value(row.ownership)])
    if not counts:
        state = labels.text("{state}: not counted", state=state)
    lines.append(f'<span class="pl-quiet">{safe(state)}</span>')
    return "<br>".join(lines)


def _figure(value: float, labels: Labels) -> str:
    return "" if np.isnan(value) else labels.number(value)
