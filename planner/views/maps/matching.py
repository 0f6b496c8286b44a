"""Needs matched with places on a map: how homes are served, how places are used, who goes where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import pandas as pd
import shapely

from planner.views.escaping import safe
from planner.views.maps.base import drawing
from planner.views.maps.base.assets import OfflineMap, stable_ids
from planner.views.maps.base.basemap import map_with_legend
from planner.views.maps.base.degrees import in_degrees
from planner.views.maps.base.drawing import Drawing
from planner.views.maps.base.raster import points_image
from planner.views.maps.parts import signs
from planner.views.maps.parts.communities import community_shapes
from planner.views.maps.parts.homes import MOST_CIRCLES, home_places
from planner.views.maps.parts.legend import asked_html, steps
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.maps.parts.palettes import COVERAGE
from planner.views.words.labels import Labels
from planner.views.words.siting.matching import amount_word, community_words, place_names, say

if TYPE_CHECKING:
    from planner.siting.matching.matching import Matching

OWNERS: dict[str, str] = {"public": "#0b4f4a", "partner": "#6d28d9", "internal": "#b45309"}
"""Colour of a place by whose it is."""

HOMES: dict[str, str] = {
    "served": "#5cb0a2",
    "no_place": "#1d4ed8",
    "full": "#cf2f27",
    "unknown": "#ffffff",
}
"""Colour of a home by what becomes of its need."""

MOST_LINES = 150
"""Lines drawn at most, those of the largest amounts; a chosen place or community shows all."""

MOST_CHOSEN = 1500
"""Homes of a picked place or community that are brought out at most."""

_LARGEST_PX, _SMALLEST_PX = 15.0, 5.0

_COVERED_PX = 12_000.0
"""Of about 240,000 pixels of a map, so many at most are covered by places beyond the smallest."""
_CODES = {"served": 0, "no_place": -1, "full": -2, "unknown": -3}
_DISCS: list[dict[str, Any]] = [
    {"color": "#ffffff", "weight": 0, "fillColor": HOMES["served"], "fillOpacity": 0.45},
    {"color": "#ffffff", "weight": 0.7, "fillColor": HOMES["no_place"], "fillOpacity": 0.75},
    {"color": "#7a0a12", "weight": 2, "fillColor": HOMES["full"], "fillOpacity": 0.9},
    {
        "color": "#475569",
        "weight": 1.4,
        "fillColor": HOMES["unknown"],
        "fillOpacity": 0.9,
        "dashArray": "2 2",
    },
]


def matching_groups(
    matching: Matching,
    language: str = "en",
    *,
    place: str | None = None,
    community: str | None = None,
) -> list[folium.FeatureGroup]:
    """Return the layers of the answer, to be added to a base map.

    Parameters
    ----------
    matching
        What is shown.
    language
        ``"en"`` or ``"zh"``.
    place, community
        Id of a place or community whose lines alone are drawn; none by default.

    Returns
    -------
    list of folium.FeatureGroup
        Communities by the share served, homes, lines, places and the shares of their use.
    """
    labels = Labels.of(matching.assessment, language, matching.group)
    names = place_names(matching)
    groups = [_communities(matching, labels), _home_group(matching, labels)]
    lines = _lines(matching, labels, names, place, community)
    crs = matching.assessment.district.crs
    if chosen := _chosen_homes(matching, place, community):
        groups.append(mark_group(chosen, crs, say(labels, "layer_chosen"), seed="match-chosen"))
    if lines:
        groups.append(mark_group(lines, crs, say(labels, "layer_lines"), seed="match-lines"))
    groups.append(_places(matching, labels, names, place))
    groups.append(_shares(matching, labels))
    return groups


def matching_map(matching: Matching, language: str = "en") -> OfflineMap:
    """Return the map of the answer; its page works without the internet."""
    groups, legend = matching_groups(matching, language), matching_legend(matching, language)
    legend += asked_html(matching.assessment, Labels(language))
    result = map_with_legend(matching.assessment.district, groups, legend, language)
    stable_ids(result, "matching")
    return result


def matching_legend(matching: Matching, language: str = "en") -> str:
    """Return the legend of :func:`matching_groups` as HTML."""
    labels = Labels.of(matching.assessment, language, matching.group)
    owners = [whose for whose in OWNERS if whose in set(matching.served["ownership"])]
    places = [signs.sized(OWNERS[whose], 13, say(labels, f"legend_{whose}")) for whose in owners]
    if (~matching.places.sure).any():
        words = say(labels, "legend_untold")
        places.append(signs.row(signs.unknown_ring(), words))
    found = matching.summary()
    homes = [signs.sized(HOMES["served"], 9, say(labels, "legend_served"))]
    homes += [
        signs.sized(HOMES[reason], 11, say(labels, f"metric_{reason}"))
        for reason in ("no_place", "full")
        if found[reason] > 0
    ]
    if found["unknown"] > 0:
        words = say(labels, "metric_unknown")
        homes.append(signs.row(signs.unknown_ring(), words))
    of_places = [
        f'<div class="pl-columns">{"".join(places)}</div>',
        signs.paragraph(say(labels, "legend_size")),
        signs.paragraph(say(labels, "legend_line")),
    ]
    of_homes = [f'<div class="pl-columns">{"".join(homes)}</div>']
    coloured = [steps(COVERAGE, True, labels)]
    return (
        signs.section(say(labels, "legend_places"), of_places, "match-places")
        + signs.section(say(labels, "legend_homes"), of_homes)
        + signs.section(say(labels, "legend_communities"), coloured, "match-communities")
    )


def _communities(matching: Matching, labels: Labels) -> folium.FeatureGroup:
    district = matching.assessment.district
    rows = matching.communities().set_index("community_id")
    rows = rows.reindex(district.communities["community_id"])
    names = community_words(matching, labels)
    drawn = [
        [
            COVERAGE.colour(row.share_served),
            0.45,
            _community_tip(row, str(names[row.Index]), labels),
        ]
        for row in rows.itertuples()
    ]
    group = folium.FeatureGroup(name=safe(say(labels, "layer_communities")))
    group.add_child(community_shapes(district))
    group.add_child(Drawing("areas", "communities", drawn))
    stable_ids(group, "match-communities")
    return group


def _community_tip(row: Any, name: str, labels: Labels) -> str:
    def amount(column: str) -> str:
        return amount_word(labels, getattr(row, column))

    served = say(
        labels,
        "tip_community",
        served=amount("served"),
        needs=amount("needs"),
        share="–" if np.isnan(row.share_served) else labels.percent(row.share_served),
    )
    reasons = {name: amount(name) for name in ("no_place", "full", "unknown")}
    why = say(labels, "tip_reasons", **reasons)
    return f"<b>{safe(name)}</b><br>{safe(served)}<br>{safe(why)}"


def _home_group(matching: Matching, labels: Labels) -> folium.FeatureGroup:
    """Return the homes as circles, or as one image where they are many."""
    district = matching.assessment.district
    group = folium.FeatureGroup(name=safe(say(labels, "layer_homes")))
    rows = matching.homes()
    at = pd.Index(district.demand["demand_id"]).get_indexer(rows["demand_id"])
    state = _states(rows)
    if len(district.demand) > MOST_CIRCLES:
        degrees = in_degrees(district.demand.geometry.to_numpy()[at], district.crs)
        number = np.array([-_CODES[each] for each in state], dtype=np.int64)
        colours = [*list(HOMES.values())[:3], "#475569"]
        image = points_image(shapely.get_coordinates(degrees), number, colours)
        group.add_child(Drawing("picture", *image, 0.9))
    else:
        metres = np.ceil(rows["distance_m"].fillna(0).round(3)).astype(int)
        homes = [
            [int(home), int(walk) if each == "served" else _CODES[each], 0]
            for home, walk, each in zip(at, metres, state, strict=True)
        ]
        communities = district.communities
        named = communities["name"].where(communities["name"] != "", communities["community_id"])
        group.add_child(home_places(district, matching.group, labels))
        group.add_child(
            Drawing(
                "circles",
                homes,
                [],
                _DISCS,
                [safe(name) for name in named],
                _words(matching, labels),
            )
        )
    stable_ids(group, "match-homes")
    return group


def _states(rows: pd.DataFrame) -> list[str]:
    """Return what becomes of most of each home's need."""
    unsettled = rows["why"].str.startswith("unknown")
    state = np.where(unsettled, "unknown", rows["why"])
    mostly = (rows["served"] >= rows["unserved"] + rows["unknown"]).to_numpy()
    return list(np.where(mostly | (state == ""), "served", state))


def _words(matching: Matching, labels: Labels) -> list[str]:
    """Return what is said of a home; the braces of the distance stay."""
    words = [
        labels.group(matching.group),
        say(labels, "tip_home_served", distance="{distance}"),
        *(say(labels, f"why_{reason}") for reason in ("no_place", "full")),
        say(labels, "metric_unknown"),
    ]
    return [safe(word).replace("&#123;", "{").replace("&#125;", "}") for word in words]


def _lines(
    matching: Matching,
    labels: Labels,
    names: pd.Series,
    place: str | None,
    community: str | None,
) -> list[Mark]:
    rows = matching.exchanges()
    whole = float(rows["amount"].max()) if len(rows) else 1.0
    if place is not None:
        rows = rows[rows["facility_id"] == place]
    elif community is not None:
        rows = rows[rows["community_id"] == community]
    else:
        rows = rows.head(MOST_LINES)
    chosen = place is not None or community is not None
    owner = matching.served.set_index("facility_id")["ownership"]
    areas = community_words(matching, labels)
    marks = []
    for row in rows.itertuples():
        style = {
            "color": OWNERS[owner[row.facility_id]],
            "weight": round(1.2 + 5.5 * float(np.sqrt(row.amount / whole)), 1),
            "opacity": 0.9 if chosen else 0.65,
            "lineCap": "round",
        }
        tip = say(
            labels,
            "tip_line",
            community=areas[row.community_id],
            name=names[row.facility_id],
            amount=amount_word(labels, row.amount),
            metres=labels.metres(row.mean_walk_m),
        )
        marks.append(Mark(row.geometry, style, safe(tip)))
    return marks


def _chosen_homes(matching: Matching, place: str | None, community: str | None) -> list[Mark]:
    """Return dots for the homes that go to a place, or from a community, by who serves them."""
    if place is None and community is None:
        return []
    demand = matching.assessment.district.demand.set_index("demand_id")
    flows = matching.flows()
    if place is not None:
        flows = flows[flows["facility_id"] == place]
    else:
        flows = flows[(demand["community_id"] == community)[flows["demand_id"]].to_numpy()]
    flows = flows.drop_duplicates("demand_id").head(MOST_CHOSEN)
    owner = matching.served.set_index("facility_id")["ownership"]
    points = demand.geometry[flows["demand_id"]]
    return [
        Mark(
            point,
            {
                "radius": 3.5,
                "color": "#ffffff",
                "weight": 1,
                "fillColor": OWNERS[owner[facility_id]],
                "fillOpacity": 1,
            },
        )
        for point, facility_id in zip(points, flows["facility_id"], strict=True)
    ]


def _places(
    matching: Matching, labels: Labels, names: pd.Series, chosen: str | None
) -> folium.FeatureGroup:
    """Return two discs for each place: its room, and the part of it in use."""
    places = matching.served
    sizes = _radii(places)
    marks = []
    for row, radius in zip(places.itertuples(), sizes, strict=True):
        colour = OWNERS[row.ownership]
        hit = ("facility", str(row.facility_id))
        tip = _place_tip(row, str(names[row.facility_id]), matching, labels)
        unsure = np.isnan(row.used)
        ring = {
            "radius": radius,
            "color": "#475569" if unsure else colour,
            "weight": 4 if row.facility_id == chosen else 2,
            "fillColor": "#ffffff",
            "fillOpacity": 0.9,
            **({"dashArray": "3 3"} if unsure else {}),
        }
        marks.append(Mark(row.geometry, ring, tip, hit))
        share = 1.0 if np.isinf(row.capacity) else row.share_used
        if row.used > 0 and share > 0:
            inner = {
                "radius": round(max(radius * float(np.sqrt(share)), 1.2), 1),
                "color": colour,
                "weight": 0,
                "fillColor": colour,
                "fillOpacity": 1,
            }
            marks.append(Mark(row.geometry, inner, tip, hit))
    name = say(labels, "layer_places")
    return mark_group(marks, matching.assessment.district.crs, name, seed="match-places")


def _radii(places: pd.DataFrame) -> list[float]:
    told = places["capacity"].where(np.isfinite(places["capacity"]), places["used"])
    room = told.fillna(0.0).to_numpy(dtype=np.float64)
    largest = float(room.max()) if room.size and room.max() > 0 else 1.0
    # where places are many, the map would show nothing but them at the zoom it begins with
    even = np.sqrt(_COVERED_PX / (np.pi * max(float(room.sum()) / largest, 1.0)))
    sizes = np.maximum(min(_LARGEST_PX, even) * np.sqrt(room / largest), _SMALLEST_PX)
    return [round(float(size), 1) for size in sizes]


def _place_tip(row: Any, name: str, matching: Matching, labels: Labels) -> str:
    kind = labels.kind(row.kind, matching.assessment.district.kinds)
    whose = say(labels, f"legend_{row.ownership}")
    lines = [f"<b>{safe(name)}</b>", safe(f"{kind} · {whose}")]
    if np.isnan(row.used):
        lines.append(safe(say(labels, "tip_unknown", amount=amount_word(labels, row.perhaps))))
    elif np.isinf(row.capacity):
        lines.append(safe(say(labels, "tip_unlimited", used=amount_word(labels, row.used))))
    else:
        share = labels.percent(row.share_used) if row.capacity > 0 else "–"
        used, room = (amount_word(labels, value) for value in (row.used, row.capacity))
        lines.append(safe(say(labels, "tip_place", used=used, room=room, share=share)))
    if row.used > 0:
        lines.append(safe(say(labels, "tip_walk", metres=labels.metres(row.mean_walk_m))))
    if row.one_more_serves > 0:
        lines.append(safe(say(labels, "tip_worth")))
    return "<br>".join(lines)


def _shares(matching: Matching, labels: Labels) -> folium.FeatureGroup:
    """Return the share used beside each place: always where it is full, others when near."""
    places = matching.served
    points = drawing.places(places.geometry)
    rows = []
    for (y, x), share, radius in zip(points, places["share_used"], _radii(places), strict=True):
        if np.isfinite(share):
            words = safe(labels.percent(share, 0))
            tag = "b" if share > 1 - 1e-9 else "span"
            below = f"position:relative;top:{radius + 8:.0f}px"
            rows.append([y, x, f'<{tag} style="{below}">{words}</{tag}>'])
    group = folium.FeatureGroup(name=safe(say(labels, "layer_labels")))
    if rows:
        group.add_child(Drawing("labels", rows))
    stable_ids(group, "match-labels")
    return group
