"""Areas of many districts on one map, coloured by the share of people within the limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import folium
import geopandas as gpd

from planner.views.escaping import safe
from planner.views.maps.base import drawing
from planner.views.maps.base.assets import OfflineMap, control_words, stable_ids
from planner.views.maps.base.basemap import north_html
from planner.views.maps.base.drawing import Drawing, panel
from planner.views.maps.parts import signs
from planner.views.maps.parts.legend import steps
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.maps.parts.palettes import COVERAGE, NO_DATA
from planner.views.tables.analysis.proposed_sites import districts_of_sites, site_words
from planner.views.words.analysis.leagues import area_names, credits_of, rank_word
from planner.views.words.credits import credit_html
from planner.views.words.labels import Labels
from planner.views.words.shares import without_telling

SITE = {"radius": 6, "color": "#ffffff", "weight": 1.5, "fillColor": "#b45309", "fillOpacity": 1}
"""Leaflet path options of a new site."""

STEPS = 4000
"""Outlines are simplified by so small a part of what is drawn: less than a pixel where all of it is
on the screen, some where a reader looks into a corner."""


def league_map(
    areas: gpd.GeoDataFrame,
    title: str,
    notes: Sequence[str],
    labels: Labels,
) -> OfflineMap:
    """Return the map of ranked areas; it needs no server and no internet.

    Parameters
    ----------
    areas
        Rows of one ``table`` of :meth:`planner.batch.results.Results.league_areas`, in degrees.
    title, notes
        What the map is of, and what a reader must know, plain text.
    labels
        Words for the unit that they count.
    """
    (south, west), (north, east) = bounds = bounds_of(areas)
    result = OfflineMap(
        attribution=credits_html(areas, labels),
        buttons=control_words(labels),
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=9,
        zoom_control="topright",
    )
    result.fit_bounds(bounds, padding=(12, 12))
    result.add_child(areas_group(areas, labels))
    result.add_child(panel("topright", {"": north_html(labels)}, "", "pl-compass"))
    head = f"<h1>{safe(title)}</h1>"
    said = "".join(map(signs.paragraph, notes))
    result.add_child(panel("topleft", {"": head + said}, "", "pl-card"))
    result.add_child(panel("bottomright", {"": legend_html(labels)}, "", "pl-card pl-legend"))
    stable_ids(result, "league")
    return result


def areas_group(areas: gpd.GeoDataFrame, labels: Labels) -> folium.FeatureGroup:
    """Return the layer of the areas, in the order of their rows, with what is said of each.

    Parameters
    ----------
    areas, labels
        As of :func:`league_map`.
    """
    (south, west), (north, east) = bounds_of(areas)
    group = folium.FeatureGroup(name=safe(labels.message("leagues.areas")))
    shapes = drawing.areas(areas.geometry, max(east - west, north - south) / STEPS)
    group.add_child(Drawing("share", "league", shapes))
    group.add_child(Drawing("areas", "league", _rows(areas, labels)))
    return group


def sites_group(
    sites: gpd.GeoDataFrame, districts: gpd.GeoDataFrame, labels: Labels
) -> folium.FeatureGroup:
    """Return the layer of new sites, with what each brings.

    Parameters
    ----------
    sites, districts
        Of :class:`planner.batch.proposed_sites.ProposedSites`.
    labels
        As of :func:`league_map`.
    """
    told = zip(
        sites.geometry,
        districts_of_sites(sites, districts),
        site_words(sites, labels),
        sites["rank"],
        sites["gained"],
        strict=True,
    )
    marks = [
        Mark(place, SITE, "<br>".join([f"<b>{rank}. {safe(name)}</b>", safe(district), safe(gain)]))
        for place, district, name, rank, gained in told
        for gain in [labels.message("leagues.site_gained", gained=labels.number(gained))]
    ]
    name = labels.message("leagues.sites_layer")
    return mark_group(marks, sites.crs, name, seed="new_sites")


def sites_legend_html(labels: Labels) -> str:
    """Return the sign of :func:`sites_group` as HTML."""
    return signs.row(signs.mark_sign(SITE), labels.message("leagues.sites_layer"))


def bounds_of(areas: gpd.GeoDataFrame) -> list[list[float]]:
    """Return the south-west and the north-east corner of areas, degrees, latitude first."""
    west, south, east, north = areas.total_bounds.tolist()
    return [[south, west], [north, east]]


def credits_html(areas: gpd.GeoDataFrame, labels: Labels) -> str:
    """Return whose data the areas rest on, as HTML."""
    return " · ".join(map(credit_html, credits_of(areas, labels)))


def legend_html(labels: Labels) -> str:
    """Return the colours of the shares as HTML."""
    rows = [steps(COVERAGE, True, labels)]
    rows.append(signs.row(signs.swatch(NO_DATA), labels.text("no figure")))
    return signs.section(labels.message("leagues.legend"), rows)


def _rows(areas: gpd.GeoDataFrame, labels: Labels) -> list[list[Any]]:
    """Return colour, opacity and what is said of each area."""
    shares = without_telling(areas)["share"].astype("float64").tolist()
    rows = zip(area_names(areas), shares, areas.itertuples(index=False), strict=True)
    drawn = []
    for name, share, row in rows:
        colour = COVERAGE.colour(share)
        opacity = 0.55 if colour == NO_DATA else 0.82
        drawn.append([colour, opacity, _tooltip(name, row, labels)])
    return drawn


def _tooltip(name: str, row: Any, labels: Labels) -> str:
    inside = [row.province] if row.district_name in name else [row.province, row.district_name]
    place = " · ".join(filter(None, inside))
    lines = [f'<b>{safe(name)}</b> <span class="pl-quiet">{safe(place)}</span>']
    lines.append(safe(labels.text("Coverage rate: {share}", share=labels.rate(row._asdict()))))
    lines.append(safe(rank_word(row, labels)))
    lines.append(
        safe(
            labels.text(
                "Beyond the limit: {count} of {total} ({group})",
                count=labels.count(row.uncovered),
                total=labels.count(row.total),
                group=labels.group(row.group),
            )
        )
    )
    return "<br>".join(filter(None, lines))
