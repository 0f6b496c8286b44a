"""Changes of a scenario in words, and as marks on the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from planner.analysis.distances.connections import as_walked
from planner.analysis.links.gates import gate_opened
from planner.analysis.links.places import SETTLE_WAY
from planner.app.session.context import Context
from planner.district import District, Scenario
from planner.district.scenarios import scenario as changes
from planner.district.scenarios.scenario import Change
from planner.siting.change_prices import way_m, work_of
from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.marks import Mark
from planner.views.words.analysis.hours import hours_word
from planner.views.words.places import named_place, place_words, places_of

_NEW, _GONE, _OTHER, _LINK = "#0f766e", "#b91c1c", "#7c3aed", "#c2410c"


def sentence(
    context: Context, change: Change, district: District, ground: District | None = None
) -> str:
    """Return what a change does, in the reader's language.

    Parameters
    ----------
    context
        Gives the words.
    change
        The change.
    district
        A district that holds its facility.
    ground
        The district before: by its names places are told, not by what is new there; the same one
        where none is given.
    """
    say, ground = context.word, ground or district
    kinds = district.kinds
    if isinstance(change, changes.Connect):
        way = as_walked(ground, change)
        if gate := gate_opened(district, way):
            return say("app_what_if.did_open_gate", name=gate)
        length = context.labels.metres(way_m(ground, change))
        name = change.name or say("app_what_if.way")
        middle = (way.x1 + way.x2) / 2, (way.y1 + way.y2) / 2
        (place,) = place_words(ground, np.array([middle]), context.labels)
        name = named_place(name, place, context.labels)
        settles = work_of(ground, change) == SETTLE_WAY
        code = "did_settle_way" if settles else "did_connect"
        return say(f"app_what_if.{code}", name=name, length=length)
    name, kind = facility_name(context, change.facility_id, district)
    if isinstance(change, changes.Open):
        kind = context.labels.kind(change.kind, kinds)
        (place,) = place_words(ground, np.array([(change.x, change.y)]), context.labels)
        # a made-up place bears the name of its street, which is said once
        name = named_place(change.name, place, context.labels)
        return say("app_what_if.did_open", kind=kind, name=name)
    if isinstance(change, changes.Convert):
        kind = context.labels.kind(change.kind, kinds)
        return say("app_what_if.did_convert", kind=kind, name=name)
    told = {"kind": kind, "name": name}
    if isinstance(change, changes.Move):
        (place,) = place_words(ground, np.array([(change.x, change.y)]), context.labels)
        return say("app_what_if.did_move", **told, place=place)
    if isinstance(change, changes.Enlarge):
        return say("app_what_if.did_enlarge", **told, room=_room(context, change))
    if isinstance(change, changes.ExtendHours):
        hours = hours_word(change.opening_hours, context.labels)
        return say("app_what_if.did_extend_hours", **told, hours=hours)
    if isinstance(change, changes.AddService):
        service = context.labels.service(change.service)
        return say("app_what_if.did_add_service", **told, service=service)
    code = "did_close" if isinstance(change, changes.Close) else "did_open_internal"
    return say(f"app_what_if.{code}", **told)


def _room(context: Context, change: changes.Enlarge) -> str:
    """Return in words for how much an enlargement makes room."""
    given = (("visits", change.capacity), ("residents", change.capacity_residents))
    return context.labels.text(", ").join(
        context.word(f"app_what_if.room_{unit}", count=context.labels.number(room))
        for unit, room in given
        if room is not None
    )


def facility_name(context: Context, facility_id: str, district: District) -> tuple[str, str]:
    """Return the name of a facility, where it stands if it has none, and the word for its kind.

    The id alone where the district has no such facility.
    """
    rows = district.facilities[district.facilities["facility_id"] == facility_id]
    if rows.empty:
        return facility_id, ""
    row = rows.iloc[0]
    kind = context.labels.kind(row["kind"], district.kinds)
    if row["name"]:
        return context.place(str(row["name"])), kind
    (place,) = places_of(district, rows.iloc[:1], context.labels)
    return place, kind


def marks(
    context: Context, scenario: Scenario, before: District, after: District
) -> Iterator[Mark]:
    """Return a mark for each change of a scenario."""
    was = before.facilities.set_index("facility_id").geometry
    now = after.facilities.set_index("facility_id").geometry
    for number, change in enumerate(scenario.changes, start=1):
        told = f"<b>{number}</b> {safe(sentence(context, change, after))}"
        if isinstance(change, changes.Connect):
            link = as_walked(before, change)
            line = shapely.LineString([(link.x1, link.y1), (link.x2, link.y2)])
            yield Mark(line, {"color": "#ffffff", "weight": 9, "opacity": 0.9})
            yield Mark(line, {"color": _LINK, "weight": 5}, told)
            continue
        if isinstance(change, changes.Move) and change.facility_id in was.index:
            way = shapely.LineString([was[change.facility_id], (change.x, change.y)])
            yield Mark(way, {"color": _OTHER, "weight": 3, "dashArray": "6 5"}, told)
        place = now.get(change.facility_id)
        if place is not None:
            yield Mark(place, _ring(change), told)


def change_legend(context: Context, made: Sequence[Change]) -> str:
    """Return the signs of changes as :func:`marks` draws them, as HTML."""
    rings = {_colour(each) for each in made if not isinstance(each, changes.Connect)}
    rows = [
        signs.row(signs.dot("transparent", 14, colour), context.word(f"app_what_if.sign_{name}"))
        for colour, name in ((_NEW, "new"), (_GONE, "closed"), (_OTHER, "changed"))
        if colour in rings
    ]
    if any(isinstance(each, changes.Connect) for each in made):
        line = signs.line({"color": _LINK, "weight": 4})
        rows.append(signs.row(line, context.word("app_what_if.sign_link")))
    return "".join(rows)


def _colour(change: Change) -> str:
    return {changes.Open: _NEW, changes.OpenInternal: _NEW, changes.Close: _GONE}.get(
        type(change), _OTHER
    )


def _ring(change: Change) -> dict[str, object]:
    dash = "4 4" if isinstance(change, changes.Close) else None
    return {
        "radius": 17,
        "color": _colour(change),
        "weight": 4,
        "fill": False,
        "dashArray": dash,
        "opacity": 0.95,
    }
