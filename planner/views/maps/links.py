"""Links to open on a map: the links themselves, numbered, and the homes that one would bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.badges import Badge
from planner.views.maps.parts.marks import Mark, mark_group, ring
from planner.views.tables.analysis.links import gained_kinds
from planner.views.words.analysis.links import left_out_word, walk_word, where_words, work_word
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

COLOURS: dict[str, str] = {
    "settle_way": "#4d7c0f",
    "open_gate": "#0f766e",
    "path": "#7c3aed",
    "crossing": "#be185d",
    "new_gate": "#b45309",
    "footbridge": "#1d4ed8",
}
"""Colour of each kind of work."""

LINK = "link"
"""What a click on a link is called; its id is its rank."""

GAINED, _LINKS = "gained", "links"
"""Layers of homes that gain, and of links."""

_GAINED = {"radius": 4, "color": "#ffffff", "weight": 1, "fillColor": "#0f766e", "fillOpacity": 1}


def link_groups(
    assessment: Assessment,
    links: gpd.GeoDataFrame,
    language: str = "en",
    *,
    chosen: int | None = None,
    gained: pd.DataFrame | None = None,
) -> list[folium.FeatureGroup]:
    """Return the layers of links, to be added to a base map.

    Parameters
    ----------
    assessment, links, language
        As of :func:`planner.views.tables.analysis.links.links_table`.
    chosen
        Rank of the link to bring out, none by default.
    gained
        Homes to show, of :func:`planner.analysis.links.links.gained_homes`.

    Returns
    -------
    list of folium.FeatureGroup
        Homes that gain, links, and their numbers; those without content are left out.
    """
    labels, crs = Labels.of(assessment, language), assessment.district.crs
    groups = []
    if gained is not None and gained.to_numpy().any():
        name = labels.message("links.layer_gained")
        groups.append(mark_group(_homes(assessment, gained, labels), crs, name, seed=GAINED))
    if links.empty:
        return groups
    marks, badges = [], []
    for row, where in zip(
        links.itertuples(), where_words(links, assessment.district, labels), strict=True
    ):
        tooltip = _tooltip(row, where, _gains(links, row, assessment, labels), labels)
        marks += _marks(row, tooltip, chosen)
        badges.append(_badge(row, tooltip, chosen))
    badges.sort(key=lambda badge: badge.number != chosen)  # the chosen one keeps its place
    named = labels.message("links.layer_sequence" if "total" in links else "links.layer_ranked")
    groups.append(mark_group(marks, crs, named, seed=_LINKS, badges=badges))
    return groups


def legend_html(links: gpd.GeoDataFrame, language: str = "en") -> str:
    """Return the colours of the kinds of work in a table of links and of homes, as HTML."""
    labels = Labels(language)
    rows = [
        signs.row(signs.mark_sign(_disc(colour)), work_word(work, labels))
        for work, colour in COLOURS.items()
        if (links["work"] == work).any()
    ]
    named = labels.message("links.layer_sequence" if "total" in links else "links.layer_ranked")
    shown = signs.section(named, rows, _LINKS) if rows else ""
    homes = signs.row(signs.mark_sign(_GAINED), labels.message("links.layer_gained"), GAINED)
    return shown + homes


def _disc(colour: str) -> dict[str, Any]:
    """Return the style of a link's number."""
    return {**ring(colour, 10, 2.5), "fillOpacity": 1}


def _tooltip(row: Any, where: str, gains: str, labels: Labels) -> str:
    along = left_out_word(row, labels)
    return "<br>".join(
        [
            f"<b>{row.rank}. {safe(work_word(row.work, labels))}</b>",
            safe(where),
            safe(gains),
            safe(
                labels.message(
                    "links.tooltip_walk",
                    length=labels.metres(row.length_m),
                    walk=walk_word(row.walked_m, labels),
                )
            ),
            *([safe(along)] if along else []),
        ]
    )


def _marks(row: Any, tooltip: str, chosen: int | None) -> list[Mark]:
    """Return a link as a line on a white one; the chosen one in a ring besides."""
    here, colour = row.rank == chosen, COLOURS[row.work]
    hit = (LINK, str(row.rank))
    halo = {"color": "#ffffff", "weight": 11 if here else 8, "opacity": 0.95}
    line = {"color": colour, "weight": 7 if here else 4, "opacity": 1.0}
    marks = [Mark(row.geometry, halo, tooltip, hit), Mark(row.geometry, line, tooltip, hit)]
    if here:
        marks.append(Mark(row.geometry.centroid, ring(colour, 18, 4), tooltip, hit))
    return marks


def _badge(row: Any, tooltip: str, chosen: int | None) -> Badge:
    """Return a link's number; of the chosen one filled."""
    colour = COLOURS[row.work]
    style = _disc(colour)
    if row.rank == chosen:
        style["fillColor"] = colour
    middle = shapely.line_interpolate_point(row.geometry, 0.5, normalized=True)
    return Badge(middle, row.rank, style, tooltip, (LINK, str(row.rank)))


def _gains(links: gpd.GeoDataFrame, row: Any, assessment: Assessment, labels: Labels) -> str:
    """Return how many gain, and what."""
    kinds = [kind for kind in gained_kinds(links) if not getattr(row, f"gain_{kind}") <= 0]
    words = [
        f"{labels.kind(kind, assessment.district.kinds)} "
        f"{labels.count(getattr(row, f'gain_{kind}'))}"
        for kind in kinds
    ]
    return labels.message(
        "links.tooltip_gain",
        count=labels.count(row.residents),
        kinds=labels.text(", ").join(words),
    )


def _homes(assessment: Assessment, gained: pd.DataFrame, labels: Labels) -> list[Mark]:
    rows = np.flatnonzero(gained.any(axis=1).to_numpy())
    kinds = assessment.district.kinds
    names = [labels.kind(str(kind), kinds) for kind in gained.columns]
    shapes = assessment.district.demand.geometry.to_numpy()[rows]
    held = gained.to_numpy()[rows]
    comma = labels.text(", ")
    return [
        Mark(shape, _GAINED, safe(comma.join(np.array(names)[mask])))
        for shape, mask in zip(shapes, held, strict=True)
    ]
