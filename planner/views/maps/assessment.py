"""Maps of an assessment that need no server: coverage by community, who is beyond the limit."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.arrays import F64, Bool
from planner.district import District, Kind
from planner.errors import InputError
from planner.views.escaping import safe
from planner.views.maps import drawing
from planner.views.maps.assets import AssetUrls, OfflineMap, self_contained_html, stable_ids
from planner.views.maps.basemap import base_group, base_map, district_bounds
from planner.views.maps.degrees import in_degrees
from planner.views.maps.drawing import Chooser, Drawing, ForKind
from planner.views.maps.icons import icon
from planner.views.maps.legend import counted, figures_html, legend_html
from planner.views.maps.palettes import BEYOND_M, COVERAGE, DISTANCE_M, NO_DATA, UNREACHABLE
from planner.views.maps.raster import points_image
from planner.views.words.labels import N_, Labels

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.analysis.questions import Question


__all__ = [
    "LAYERS",
    "assessment_map",
    "base_group",
    "base_map",
    "community_shapes",
    "coverage_groups",
    "facility_group",
    "legend_html",
    "self_contained_html",
]

LAYERS = ("coverage", "uncovered", "unknown", "facilities", "other_facilities", "labels")
"""What :func:`assessment_map` can draw over the base map."""

MOST_CIRCLES = 15_000
"""More homes than this are drawn as one image, without tooltips."""

_layer_drawings: dict[tuple[int, str], str] = {}
_home_places: dict[int, F64] = {}

_MARKER_PX, _SMALL_MARKER_PX = 28, 20
_UNREACHABLE, _UNKNOWN = -1, -2
_DISC = {"color": "#ffffff", "weight": 0.7, "fillOpacity": 0.95}
_RING = {"color": "#475569", "weight": 1.4, "fillOpacity": 0.9, "dashArray": "2 2"}
_CIRCLES: list[dict[str, Any]] = [
    *({**_DISC, "fillColor": colour} for colour in (*BEYOND_M.colours, UNREACHABLE)),
    {**_RING, "fillColor": "#ffffff"},
]


def assessment_map(
    assessment: Assessment,
    kind: str | None = None,
    group: str | None = None,
    language: str = "en",
    layers: Collection[str] = LAYERS,
    online_tiles: str | folium.TileLayer | None = None,
    *,
    urls: AssetUrls | None = None,
) -> OfflineMap:
    """Return the map of an assessment; a list in its corner changes the kind.

    Parameters
    ----------
    assessment
        What is shown.
    kind
        Kind shown first; the first judged kind where none is given.
    group
        People column that is counted; the total where none is given.
    language
        ``"en"`` or ``"zh"``.
    layers
        Some of :data:`LAYERS`.
    online_tiles
        A tile service to lay below, asked over the internet; none by default.
    urls
        Where a server offers the assets, None to embed them.

    Returns
    -------
    OfflineMap
        Its page, ``save()`` and notebook view work without the internet.

    Raises
    ------
    InputError
        For a kind, group, language or layer that is not known.
    """
    labels = Labels(language)
    unknown = [layer for layer in layers if layer not in LAYERS]
    if unknown:
        raise InputError("views.unknown_layer", layer=unknown[0], known=", ".join(LAYERS))
    shown = _checked_kind(assessment, kind)
    people = _checked_group(assessment, group)
    district = assessment.district

    result = base_map(district, language=language, urls=urls, online_tiles=online_tiles)
    result.add_child(community_shapes(district))
    result.add_child(_homes(district, people, labels))
    titles = _titles(labels)
    groups = {
        layer: folium.FeatureGroup(name=safe(titles[layer]))
        for layer in LAYERS
        if layer in layers and layer != "other_facilities"
    }
    league = assessment.league("community")
    for each in assessment.kinds:
        made = _kind_drawings(assessment, league, each, people, labels)
        made["facilities"] = _facility_drawings(district, each, labels, assessment.question)
        for layer, drawings in made.items():
            if layer in groups and drawings:
                groups[layer].add_child(ForKind(each, drawings))
    for feature_group in groups.values():
        result.add_child(feature_group)
    if "other_facilities" in layers:
        everything = facility_group(
            district, None, language, question=assessment.question, show=False
        )
        result.add_child(everything)
    result.add_child(folium.LayerControl(position="bottomleft", collapsed=True))
    kinds = [(each, _kind_option(assessment, each, labels)) for each in assessment.kinds]
    summary = assessment.summary()
    pages = {
        each: figures_html(assessment, each, people, language, summary=summary)
        for each in assessment.kinds
    }
    head = f"<h1>{safe(district.name)}</h1>"
    choose = labels.text("Kind of facility")
    bounds = district_bounds(district)
    result.add_child(Chooser(list(groups.values()), head, kinds, pages, shown, choose, bounds))
    legends = {each: legend_html(assessment, each, people, language) for each in assessment.kinds}
    result.add_child(drawing.panel("bottomright", legends, shown, "pl-card pl-legend"))
    stable_ids(result, "map")
    return result


def coverage_groups(
    assessment: Assessment, kind: str, group: str | None = None, language: str = "en"
) -> list[folium.FeatureGroup]:
    """Return the layers of one kind, to be added to a :func:`base_map`.

    Parameters
    ----------
    assessment, kind, group, language
        As for :func:`assessment_map`; `kind` may be judged or not.

    Returns
    -------
    list of folium.FeatureGroup
        Coverage by community, homes beyond the limit, homes of unknown distance, and labels;
        those without content are left out.
    """
    labels = Labels(language)
    shown, people = _checked_kind(assessment, kind), _checked_group(assessment, group)
    titles = _titles(labels)
    league = assessment.league("community", shown)
    made = _kind_drawings(assessment, league, shown, people, labels)
    homes = _homes(assessment.district, people, labels)
    shared = {"coverage": community_shapes(assessment.district)}
    shared["uncovered" if made["uncovered"] else "unknown"] = homes
    groups = []
    for layer in ("coverage", "uncovered", "unknown", "labels"):
        if not made[layer]:
            continue
        feature_group = folium.FeatureGroup(name=safe(titles[layer]))
        for each in ([shared[layer]] if layer in shared else []) + made[layer]:
            feature_group.add_child(each)
        stable_ids(feature_group, layer)
        groups.append(feature_group)
    return groups


def facility_group(
    district: District,
    kind: str | None,
    language: str = "en",
    *,
    question: Question | None = None,
    show: bool = True,
    apart: Collection[str] = (),
) -> folium.FeatureGroup:
    """Return the facilities of a kind as one layer, or of all kinds, drawn smaller.

    Those that do not count, also because of the `question` of an assessment, are hollow. Very many
    are drawn as counts until the map is closer, those whose ids are in `apart` always by
    themselves.
    """
    labels = Labels(language)
    name = (
        labels.text("All facilities")
        if kind is None
        else labels.text("Facilities: {kind}", kind=labels.kind(kind, district.kinds))
    )
    result = folium.FeatureGroup(name=safe(name), show=show)
    for each in _facility_drawings(district, kind, labels, question, apart):
        result.add_child(each)
    stable_ids(result, f"facilities/{kind or ''}")
    return result


def _titles(labels: Labels) -> dict[str, str]:
    return {
        "coverage": labels.text("Coverage rate by community"),
        "uncovered": labels.text("Homes beyond the limit"),
        "unknown": labels.text("Homes whose distance is unknown"),
        "facilities": labels.text("Facilities of this kind"),
        "other_facilities": labels.text("All facilities"),
        "labels": labels.text("Figures and names"),
    }


def _checked_kind(assessment: Assessment, kind: str | None) -> str:
    if kind is None:
        return (assessment.judged_kinds or assessment.kinds)[0]
    if kind not in assessment.kinds:
        raise InputError("views.unknown_kind", kind=kind, known=", ".join(assessment.kinds))
    return kind


def _checked_group(assessment: Assessment, group: str | None) -> str:
    if group is None:
        return assessment.groups[0]
    if group not in assessment.groups:
        raise InputError("views.unknown_group", group=group, known=", ".join(assessment.groups))
    return group


def _kind_option(assessment: Assessment, kind: str, labels: Labels) -> str:
    name = labels.kind(kind, assessment.district.kinds)
    if assessment.limit_m(kind) is None:
        return safe(labels.text("{kind} (not judged)", kind=name))
    return safe(name)


def _kind_drawings(
    assessment: Assessment, league: pd.DataFrame, kind: str, group: str, labels: Labels
) -> dict[str, list[Drawing]]:
    """Return the drawings of one kind by layer name, from the league table of communities."""
    rows = league[(league["kind"] == kind) & (league["group"] == group)].set_index("area_id")
    rows = rows.reindex(assessment.district.communities["community_id"])
    uncovered, unknown = _circles(assessment, kind, group, labels)
    return {
        "coverage": [_coverage(assessment, kind, group, rows, labels)],
        "uncovered": uncovered,
        "unknown": unknown,
        "labels": [_labels(assessment, kind, rows, labels)],
    }


def community_shapes(district: District) -> Drawing:
    """Return the communities' areas, for drawings that colour them in their order."""
    layer = district.communities
    return _kept(
        layer, "communities", lambda: Drawing("share", "communities", drawing.areas(layer.geometry))
    )


def _kept(layer: gpd.GeoDataFrame, name: str, make: Callable[[], Drawing]) -> Drawing:
    """Return a fresh drawing of what is worked out once while a layer lives.

    Districts that scenarios make of one another share the layers that they leave alone.
    """
    key = id(layer), name
    if key not in _layer_drawings:
        _layer_drawings[key] = make().arguments
        weakref.finalize(layer, _layer_drawings.pop, key, None)
    fresh = Drawing("share")
    fresh.arguments = _layer_drawings[key]
    return fresh


def _coverage(
    assessment: Assessment, kind: str, group: str, rows: pd.DataFrame, labels: Labels
) -> Drawing:
    judged = assessment.limit_m(kind) is not None
    classes, figure = (COVERAGE, "share") if judged else (DISTANCE_M, "mean_distance_m")
    drawn = []
    for row in rows.itertuples():
        colour = classes.colour(getattr(row, figure))
        opacity = 0.55 if colour == NO_DATA else 0.82
        drawn.append([colour, opacity, _community_tooltip(row, judged, group, labels)])
    return Drawing("areas", "communities", drawn)


def _community_tooltip(row: Any, judged: bool, group: str, labels: Labels) -> str:
    people = labels.group(group)
    lines = [f"<b>{safe(row.name or row.Index)}</b>"]
    if row.subdistrict:
        lines[0] += f' <span class="pl-quiet">{safe(row.subdistrict)}</span>'
    if judged:
        lines.append(safe(labels.text("Coverage rate: {share}", share=labels.percent(row.share))))
        lines.append(
            safe(
                labels.text(
                    "Beyond the limit: {count} of {total} ({group})",
                    count=labels.number(row.uncovered),
                    total=labels.number(row.total),
                    group=people,
                )
            )
        )
    if row.unknown > 0:
        lines.append(
            safe(labels.text("Distance unknown: {count}", count=labels.number(row.unknown)))
        )
    mean = labels.metres(row.mean_distance_m)
    lines.append(safe(labels.text("Mean distance: {distance}", distance=mean)))
    count = labels.number(row.facilities)
    lines.append(safe(labels.text("Facilities inside: {count}", count=count)))
    return "<br>".join(lines)


def _labels(assessment: Assessment, kind: str, rows: pd.DataFrame, labels: Labels) -> Drawing:
    communities = assessment.district.communities
    places = drawing.places(communities.geometry.representative_point())
    judged = assessment.limit_m(kind) is not None
    drawn = []
    figures = rows["share" if judged else "mean_distance_m"].tolist()
    names = [name or area_id for area_id, name in rows["name"].items()]
    for (y, x), figure, name in zip(places, figures, names, strict=True):
        shown = labels.percent(figure, 0) if judged else labels.metres(figure)
        shown = "–" if math.isnan(figure) else shown
        drawn.append([y, x, f"<b>{safe(shown)}</b><span>{safe(name)}</span>"])
    return Drawing("labels", drawn)


def _homes(district: District, group: str, labels: Labels) -> Drawing:
    """Return where homes are and how many people live there, for :func:`_circles`."""
    if len(district.demand) > MOST_CIRCLES:
        return Drawing("share", "homes", [])
    name = f"homes {group} {labels.language}"
    return _kept(district.demand, name, lambda: _all_homes(district, group, labels))


def _all_homes(district: District, group: str, labels: Labels) -> Drawing:
    people = np.nan_to_num(district.demand[group].to_numpy(dtype=np.float64))
    lived_in = people > 0
    typical = float(np.quantile(people[lived_in], 0.9)) if lived_in.any() else 1.0
    radius = np.clip(6.0 * np.sqrt(people / typical), 1.6, 14.0).round(1).tolist()
    community = pd.Index(district.communities["community_id"])
    inside = community.get_indexer(district.demand["community_id"]).tolist()
    counts = [safe(labels.number(count)) for count in people]
    homes = [
        [y, x, size, count, where]
        for (y, x), size, count, where in zip(
            drawing.places(district.demand.geometry), radius, counts, inside, strict=True
        )
    ]
    return Drawing("share", "homes", homes)


def _circles(
    assessment: Assessment, kind: str, group: str, labels: Labels
) -> tuple[list[Drawing], list[Drawing]]:
    """Return circles for the homes beyond the limit and for those of unknown distance."""
    district = assessment.district
    people = np.nan_to_num(district.demand[group].to_numpy(dtype=np.float64))
    distance_m = assessment.distances[kind].to_numpy(dtype=np.float64)
    limit_m = assessment.limit_m(kind, group)
    lived_in = people > 0
    if len(people) > MOST_CIRCLES:
        return _pictures(district, lived_in, distance_m, limit_m)
    unknown = np.flatnonzero(lived_in & np.isnan(distance_m)).tolist()
    rows = []
    if limit_m is not None:
        for home in np.flatnonzero(lived_in & (distance_m > limit_m)).tolist():
            away_m = distance_m[home]
            if np.isinf(away_m):
                rows.append([home, _UNREACHABLE, 0])
            else:
                rows.append([home, _whole(away_m), _whole(away_m - limit_m)])
    communities = district.communities
    names = communities["name"].where(communities["name"] != "", communities["community_id"])
    words = [
        labels.group(group),
        labels.text(
            "Distance {distance} m, {excess} m beyond the limit",
            distance="{distance}",
            excess="{excess}",
        ),
        labels.text("No facility of this kind can be reached on foot"),
        labels.text("Distance unknown: no street that leads there is mapped nearby"),
    ]

    def circles(homes: list[list[int]]) -> list[Drawing]:
        if not homes:
            return []
        shown = [safe(word).replace("&#123;", "{").replace("&#125;", "}") for word in words]
        classes = [list(BEYOND_M.breaks), _CIRCLES]
        return [Drawing("circles", homes, *classes, [safe(name) for name in names], shown)]

    return circles(rows), circles([[home, _UNKNOWN, 0] for home in unknown])


def _pictures(
    district: District, lived_in: Bool, distance_m: F64, limit_m: float | None
) -> tuple[list[Drawing], list[Drawing]]:
    """Return what :func:`_circles` does, as one image each."""
    bounds = np.asarray([*BEYOND_M.breaks], dtype=np.float64)
    beyond = lived_in & (distance_m > (np.inf if limit_m is None else limit_m))
    if limit_m is not None:
        beyond |= lived_in & np.isinf(distance_m)
    excess_m = distance_m[beyond] - (limit_m or 0.0)
    number = np.searchsorted(bounds, np.ceil(np.round(excess_m, 3)), side="left")
    number[np.isinf(excess_m)] = len(bounds) + 1
    unknown = lived_in & np.isnan(distance_m)

    def picture(shown: Bool, classes: npt.NDArray[np.integer], colours: list[str]) -> list[Drawing]:
        if not shown.any():
            return []
        degrees = _home_degrees(district.demand)[shown]
        return [Drawing("picture", *points_image(degrees, classes, colours), 0.9)]

    colours = [*BEYOND_M.colours, UNREACHABLE]
    nothing = np.zeros(int(unknown.sum()), dtype=np.int64)
    return picture(beyond, number, colours), picture(unknown, nothing, ["#475569"])


def _home_degrees(demand: gpd.GeoDataFrame) -> F64:
    """Return where homes are, degrees, longitude first; worked out once while the layer lives."""
    key = id(demand)
    if key not in _home_places:
        homes = in_degrees(demand.geometry.to_numpy(), demand.crs)
        _home_places[key] = shapely.get_coordinates(homes)
        weakref.finalize(demand, _home_places.pop, key, None)
    return _home_places[key]


def _whole(metres: float) -> int:
    """Return metres rounded up, so that nobody beyond a limit is shown at it."""
    return math.ceil(round(metres, 3))


def _facility_drawings(
    district: District,
    kind: str | None,
    labels: Labels,
    question: Question | None,
    apart: Collection[str] = (),
) -> list[Drawing]:
    facilities = district.facilities
    if kind is not None:
        facilities = facilities[facilities["kind"] == kind]
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
    lines = [f"<b>{safe(row.name or kind)}</b>", safe(kind)]
    facts = [
        (N_("Opening hours: {value}"), row.opening_hours),
        (N_("Services: {value}"), labels.values(row.services)),
        (N_("Floor area: {value} m²"), _figure(row.floor_area_m2, labels)),
        (N_("Capacity: {value} people a day"), _figure(row.capacity, labels)),
    ]
    lines += [safe(labels.text(fact, value=value)) for fact, value in facts if value]
    state = f"{labels.value(row.status)}, {labels.value(row.ownership)}"
    if not counts:
        state = labels.text("{state}: not counted", state=state)
    lines.append(f'<span class="pl-quiet">{safe(state)}</span>')
    return "<br>".join(lines)


def _figure(value: float, labels: Labels) -> str:
    return "" if np.isnan(value) else labels.number(value)
