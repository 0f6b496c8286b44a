"""The map of every page: a base that is fetched once, and layers that follow the page.

The map is a component of its own (``assets/map``), written for what a folium map in a frame does
not give: the base is fetched under a hashed address that the browser keeps, only layers whose
content changed are drawn anew, the place and zoom stay, several maps move together, and panning
sends nothing to the server. Layers are folium feature groups, the same that maps outside the
dashboard are made of.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import folium
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.server.map_files import hashed_files, map_component
from planner.app.server.settings.settings import settings
from planner.app.session import first_map, notices
from planner.app.session.answers import assessments, kept
from planner.app.session.answers.cache import answer
from planner.app.session.catalogue import Entry
from planner.app.session.context import Context
from planner.app.widgets import drawn_area
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.print_sheet import kind_sheet
from planner.district import District
from planner.errors import InputError
from planner.sources.packed import DamagedError
from planner.views.escaping import data
from planner.views.maps.assessment import coverage_groups
from planner.views.maps.base.assets import control_words, stable_ids
from planner.views.maps.base.basemap import attribution_html, base_rows, district_bounds, north_html
from planner.views.maps.base.degrees import in_metres
from planner.views.maps.base.drawing import Drawing, in_texts
from planner.views.maps.parts.facilities import changed_facilities, facility_group
from planner.views.maps.parts.legend import legend_html
from planner.views.words.labels import Labels
from planner.views.words.names_of_places import PlaceNames

HEIGHT = 470
SENT_CHARACTERS = 8_000
"""Arguments of a drawing up to this size travel with the page, longer ones under an address."""

AREA = "area"
"""What the browser calls an area that was drawn."""

SAYS = (
    "tools",
    "zoom_in",
    "zoom_out",
    "whole",
    "full",
    "opacity",
    "ruler",
    "ruler_hint",
    "measured",
    "area",
    "area_hint",
    "reading",
    "done",
    "clear",
    "swipe",
    "swipe_line",
    "legend",
    "missing",
)
"""Words of the map's own tools, in ``messages/app_map.toml``."""

LABELS = "labels"
"""The drawing of texts that stand on the map."""

_STUB = "parent"


@dataclass(frozen=True)
class Pick:
    """A click on the map.

    Parameters
    ----------
    what
        ``"facility"``, ``"community"``, ``"home"``, another word that a drawing gave, or
        ``"place"`` where nothing was hit.
    id
        Id of what was hit, empty for a place.
    x, y
        Where, metres in the district's CRS.
    metres_per_pixel
        Size of a pixel of the screen on the ground.
    """

    what: str
    id: str
    x: float
    y: float
    metres_per_pixel: float


@dataclass(frozen=True)
class Pane:
    """One of several maps side by side: its layers and its title, plain text."""

    groups: Sequence[folium.FeatureGroup]
    title: str = ""


def draw(
    context: Context,
    result: Assessment,
    kind: str,
    group: str,
    *,
    extra: Iterable[folium.FeatureGroup] = (),
    signs: str = "",
    without: Collection[str] = (),
    labelled: Sequence[str] | None = None,
    beneath: bool = False,
    on_pick: Callable[[Pick], None] | None = None,
    look_at: Sequence[Sequence[float]] | None = None,
    height: int = HEIGHT,
    key: str = "map",
) -> None:
    """Draw the coverage of a kind for a group, its facilities and the legend.

    Parameters
    ----------
    context, result, kind, group
        What is shown.
    extra, signs
        More layers, and what the legend says of them, HTML already made safe.
    without
        Ids of facilities that one of `extra` draws.
    labelled
        Ids of the communities whose figure is written on the map, all where none are given.
    beneath, on_pick, look_at, height, key
        As for :func:`show`.
    """
    language = context.labels.language
    groups = [
        *coverage_groups(result, kind, group, language, labelled=labelled),
        facility_group(
            result.district,
            kind,
            language,
            question=result.question,
            apart=changed_facilities(context.district(), result.district),
            without=without,
        ),
        *extra,
    ]
    legend = legend_html(result, kind, group, language) + signs
    show(
        context,
        [Pane(groups)],
        key=key,
        on_pick=on_pick,
        look_at=look_at,
        height=height,
        legend=legend,
        beneath=beneath,
        reading=Reading.of(result, group, kind),
        printed=kind_sheet(context, result, kind, group, legend),
    )


def show(
    context: Context,
    panes: Sequence[Pane],
    *,
    key: str,
    on_pick: Callable[[Pick], None] | None = None,
    look_at: Sequence[Sequence[float]] | None = None,
    height: int = HEIGHT,
    legend: str = "",
    beneath: bool = False,
    reading: Reading | None = None,
    over: bool = False,
    printed: dict[str, Any] | None = None,
) -> None:
    """Draw layers over the district's own map, or several maps that move together.

    Parameters
    ----------
    context
        Whose district is the base.
    panes
        One map or up to four.
    key
        Name of the map on its page; the same name keeps the map in the browser.
    on_pick
        Called with each click before the page runs again; without it clicks stay in the browser.
    look_at
        South-west and north-east corner, degrees, latitude first, to move to; looked at once.
    height
        Pixels.
    legend
        What the signs mean, HTML already made safe; it stands in the map.
    beneath
        Whether the legend stands below the map instead, where it covers nothing.
    reading
        Of what the figures of an area that is drawn are told; without it none can be drawn.
    over
        Whether two maps lie one over the other at first, parted by a line, and not side by side.
    printed
        Texts around the map when it is printed, of :mod:`planner.app.widgets.print_sheet`; without
        them the map has no button to print.
    """
    district, labels = context.district(), context.labels
    own = f"{key}-{context.entry.id}"
    _component(
        context,
        panes,
        own,
        base=_base(context.entry),
        bounds=district_bounds(district),
        credit=attribution_html(district, labels),
        legend=legend,
        beneath=beneath,
        picks=on_pick is not None,
        reads=reading is not None,
        area=drawn_area.shown(context, reading) if reading else None,
        over=over,
        look_at=look_at,
        height=height,
        sheet=printed,
        on_change=partial(_on_change, own, context, on_pick),
    )
    if reading:
        notices.draw(context)
        drawn_area.file(context, reading, key)


def show_areas(
    context: Context,
    groups: Sequence[folium.FeatureGroup],
    bounds: Sequence[Sequence[float]],
    *,
    key: str,
    credit: str,
    legend: str,
    on_pick: Callable[[int], None] | None = None,
) -> None:
    """Draw areas that lie in no district of the reader's, such as those of a province.

    Parameters
    ----------
    context
        The reader's language.
    groups
        The layers; there is no base map below them.
    bounds
        South-west and north-east corner, degrees, latitude first.
    key
        Name of the map on its page.
    credit, legend
        Whose data it is and what the signs mean, HTML already made safe.
    on_pick
        Called with the number of an area that was clicked, from 0.
    """
    _component(
        context,
        [Pane(groups)],
        key,
        base=_no_base(),
        bounds=bounds,
        credit=credit,
        legend=legend,
        picks=on_pick is not None,
        on_change=partial(_on_area, key, on_pick),
    )


def _component(
    context: Context,
    panes: Sequence[Pane],
    key: str,
    *,
    look_at: Sequence[Sequence[float]] | None = None,
    height: int = HEIGHT,
    on_change: Callable[[], None],
    **given: Any,
) -> None:
    """Give the map of the browser what it draws and says."""
    labels = context.labels
    sent: list[dict[str, Any]] = [
        {"title": labels.place(pane.title), "layers": _layers(pane.groups, labels.names)}
        for pane in panes
    ]
    usual = {"beneath": False, "reads": False, "area": None, "over": False, "sheet": None}
    map_component()(
        **usual | given,
        north=north_html(labels),
        tiles=_tiles(labels),
        words=[*control_words(labels), labels.text("Base map")],
        says={name: context.word(f"app_map.{name}") for name in SAYS},
        label=context.word("app.map_label"),
        language=labels.language,
        panes=sent,
        tell=first_map.sign(),
        look_at={"token": _hash([list(corner) for corner in look_at]), "bounds": look_at}
        if look_at
        else None,
        height=height,
        stamp=_hash([[layer["sign"] for layer in pane["layers"]] for pane in sent]),
        key=key,
        default=None,
        on_change=on_change,
    )


def prepare(entry: Entry) -> None:
    """Make the base map of a district ahead of the first map that stands on it."""
    district_bounds(assessments.district(entry))
    _base(entry)


def _said(key: str) -> Any:
    """Return once what the browser says of a map, None where nothing new."""
    value, taken = st.session_state.get(key), f"taken-{key}"
    if not value or st.session_state.get(taken) == value["number"]:
        return None
    st.session_state[taken] = value["number"]
    return value


def _on_area(key: str, on_pick: Callable[[int], None] | None) -> None:
    """Hand on which area was clicked."""
    value = _said(key)
    if value and on_pick is not None and value["what"] == "community":
        on_pick(int(value["id"]))


def _on_change(key: str, context: Context, on_pick: Callable[[Pick], None] | None) -> None:
    """Hand on what the browser says: a click, or the corners of an area."""
    value = _said(key)
    if not value:
        return
    if value["what"] == AREA:
        try:
            drawn_area.take(context, value.get("ring"))
        except InputError as error:
            notices.leave(error.finding)
    elif on_pick is not None:
        on_pick(_picked(value, context.district()))


def _tiles(labels: Labels) -> dict[str, Any] | None:
    """Return the online tiles that the server was configured with, for the map's script."""
    tiles = settings().tiles
    return tiles.for_map(labels.text("Online map")) if tiles else None


@answer()
def _base(entry: Entry) -> str:
    """Return the address of the district's base map."""
    rows: str = kept.answer_of(
        "base",
        entry,
        (),
        lambda: _base_rows(entry),
        lambda made: {"rows": made.encode("utf-8")},
        _rows_of,
    )
    return hashed_files().put("base", "json", rows, fixed=True)


def _base_rows(entry: Entry) -> str:
    under, over = base_rows(assessments.district(entry))
    return json.dumps({"under": under, "over": over}, separators=(",", ":"))


def _rows_of(parts: Mapping[str, bytes]) -> str:
    """Return the rows of a base map that were kept."""
    if "rows" not in parts:
        raise DamagedError("it has no rows")
    return parts["rows"].decode("utf-8")


@answer()
def _no_base() -> str:
    """Return the address of a base map on which nothing is drawn."""
    rows = json.dumps({"under": [], "over": []}, separators=(",", ":"))
    return hashed_files().put("base", "json", rows, fixed=True)


def _layers(
    groups: Iterable[folium.FeatureGroup], names: PlaceNames | None
) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = []
    for group in groups:
        children = list(group._children.values())
        drawings = [child for child in children if isinstance(child, Drawing)]
        own = len(drawings) == len(children)
        if not own:
            stable_ids(group, str(group.layer_name))
        calls = [_call(drawing, names) for drawing in drawings] if own else []
        script = "" if own else _script(group)
        layers.append(
            {
                "id": group.get_name(),
                "name": group.layer_name,
                "show": bool(group.show),
                "control": bool(group.control),
                "calls": calls,
                "script": script,
                "sign": _hash([calls, script]),
            }
        )
    return layers


def _call(drawing: Drawing, names: PlaceNames | None) -> list[str]:
    """Return a drawing as its name, its arguments, and where they are too long their address."""
    arguments = f"[{drawing.arguments[2:]}]"
    if names and names.may_be_in(arguments):
        # what stands on the map has no room for two names, what is pointed at has
        said = names if drawing.call == LABELS else names.with_own
        arguments = data(in_texts(drawing.call, json.loads(arguments), said.in_html.of))
    if len(arguments) <= SENT_CHARACTERS:
        return [drawing.call, arguments, ""]
    return [drawing.call, "", hashed_files().put(drawing.call, "json", arguments)]


def _script(group: folium.FeatureGroup) -> str:
    """Return the script that makes a group of folium's own elements and returns it."""
    folium_map = folium.Map()
    folium_map.add_child(group)
    parent = folium_map.get_name()
    code = "\n".join(_code(group))
    return f"{code.replace(parent, _STUB)}\nreturn {group.get_name()};"


def _code(element: Any) -> Iterable[str]:
    yield element._template.module.script(element, {})
    for child in element._children.values():
        yield from _code(child)


def _hash(value: object) -> str:
    return hashlib.sha256(data(value).encode("utf-8")).hexdigest()[:16]


def _picked(value: dict[str, Any], district: District) -> Pick:
    """Return a click, its place in the district's CRS."""
    x, y = in_metres(float(value["lon"]), float(value["lat"]), district.crs)
    what, found = str(value["what"]), str(value["id"])
    ids = {"community": ("communities", "community_id"), "home": ("demand", "demand_id")}
    if what in ids:
        layer, column = ids[what]
        found = str(getattr(district, layer)[column].iloc[int(found)])
    return Pick(what, found, x, y, float(value["metres_per_pixel"]))
