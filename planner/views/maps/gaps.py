"""Gaps on a map: their areas in the colours of their causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import shapely

from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.analysis.gaps import (
    cause_word,
    kind_word,
    left_out_word,
    link_word,
    place_word,
    remedy_word,
)
from planner.views.words.labels import Labels
from planner.views.words.places import facility_names

if TYPE_CHECKING:
    import pandas as pd

    from planner.analysis.assessment import Assessment

COLOURS: dict[str, str] = {
    "none_near": "#1d4ed8",
    "barrier": "#c2410c",
    "closed": "#7e22ce",
    "full": "#0f766e",
    "data": "#64748b",
}
"""Colour of each cause."""

_LINK = {"color": "#1d4ed8", "weight": 6, "opacity": 1.0}
_LINK_DOT = {
    "radius": 7,
    "color": "#ffffff",
    "weight": 2.5,
    "fillColor": "#1d4ed8",
    "fillOpacity": 1,
}

_GAPS, _LINKS = "gaps", "gap-links"

GAP = "gap"
"""What a click on a gap is called; its id is its ``gap_id``."""


def gap_groups(
    assessment: Assessment,
    gaps: gpd.GeoDataFrame,
    language: str = "en",
    *,
    group: str | None = None,
    chosen: str | None = None,
) -> list[folium.FeatureGroup]:
    """Return the layer of gaps, to be added to a base map; empty where there are none.

    Parameters
    ----------
    assessment, gaps
        What was judged, and the gaps of :func:`planner.analysis.gaps.gaps.find_gaps`.
    language
        ``"en"`` or ``"zh"``.
    group
        People that are told; the total where none is given.
    chosen
        ``gap_id`` of the gap to bring out, none by default.
    """
    if gaps.empty:
        return []
    labels, people = Labels.of(assessment, language, group), group or assessment.groups[0]
    names = facility_names(assessment.district)
    gaps = assessment.district.shown_areas(gaps, "unknown")
    simple = gaps.geometry.simplify(0.5)
    marks = [
        _mark(row, shape, (people, count), names, assessment, row.gap_id == chosen, labels)
        for row, shape, count in zip(
            gaps.itertuples(index=False), simple, gaps[people], strict=True
        )
    ]
    name = labels.message("gaps.layer")
    return [mark_group(marks, assessment.district.crs, name, seed=_GAPS)]


def legend_html(gaps: gpd.GeoDataFrame, language: str = "en", *, links: bool = False) -> str:
    """Return the colours of the causes in a table of gaps, as HTML; with that of links to open."""
    labels = Labels(language)
    rows = [
        signs.row(signs.swatch(colour), labels.message(f"gaps.cause_{cause}"))
        for cause, colour in COLOURS.items()
        if (gaps["cause"] == cause).any()
    ]
    if not rows:
        return ""
    link = signs.row(signs.line(_LINK), labels.message("gaps.col_link"), _LINKS)
    return signs.section(labels.message("gaps.layer"), rows, _GAPS) + (link if links else "")


def _mark(
    row: Any,
    shape: Any,
    people: tuple[str, float],
    names: pd.Series,
    assessment: Assessment,
    chosen: bool,
    labels: Labels,
) -> Mark:
    colour = COLOURS[row.cause]
    style = {
        "color": colour,
        "weight": 4 if chosen else 1.5,
        "fillColor": colour,
        "fillOpacity": 0.5 if chosen else 0.32,
    }
    group, count = people[0], labels.number(people[1])
    lines = [
        f"<b>{safe(place_word(row, labels))}</b>",
        safe(kind_word(row.kind, labels, assessment.district.kinds)),
        safe(labels.message("gaps.people", group=labels.group(group), count=count)),
        safe(cause_word(row, labels)),
    ]
    if row.facility_id:
        ways = labels.message(
            "gaps.ways",
            facility=names[row.facility_id],
            straight=labels.metres(row.straight_m),
            walked=labels.metres(row.walked_m),
        )
        lines.append(safe(ways))
    if row.remedy:
        lines.append(safe(labels.message("gaps.remedy", remedy=remedy_word(row, labels))))
    if row.left_out_ways:
        lines.append(safe(left_out_word(row, labels)))
    return Mark(shape, style, "<br>".join(lines), (GAP, str(row.gap_id)))


def gap_link_groups(
    assessment: Assessment, gaps: gpd.GeoDataFrame, language: str = "en"
) -> list[folium.FeatureGroup]:
    """Return the layer of the best links of gaps, none where there is none.

    Parameters
    ----------
    assessment, language
        As for :func:`gap_groups`.
    gaps
        Of :func:`planner.analysis.gaps.links.with_links`.
    """
    labels = Labels.of(assessment, language)
    marks = []
    for row in gaps[gaps["link_work"] != ""].itertuples(index=False):
        line = shapely.LineString([(row.link_x1, row.link_y1), (row.link_x2, row.link_y2)])
        tooltip = safe(link_word(row, assessment.district, labels))
        marks.append(Mark(line, _LINK, tooltip))
        marks.append(Mark(line.interpolate(0.5, normalized=True), _LINK_DOT, tooltip))
    if not marks:
        return []
    name = labels.message("gaps.col_link")
    return [mark_group(marks, assessment.district.crs, name, seed=_LINKS)]
