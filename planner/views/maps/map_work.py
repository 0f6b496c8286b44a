"""Work at the map on a map: loose pieces of street, and where each comes nearest to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd

from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.marks import Mark, mark_group, ring
from planner.views.words.analysis.links import mending_word, where_words
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

LOOSE, JOIN = "#c026d3", "#1d4ed8"
"""Colours of the pieces and of the places where they could be joined."""

_LOOSE, _JOINS = "loose", "map-work"

PIECE = "piece"
"""What a click on a piece is called; its id is its number in the table, from 1."""


def map_work_groups(
    assessment: Assessment,
    work: gpd.GeoDataFrame,
    loose: gpd.GeoDataFrame,
    language: str = "en",
    *,
    chosen: int | None = None,
) -> list[folium.FeatureGroup]:
    """Return the layers of the pieces and of where to join them, to be added to a base map.

    Parameters
    ----------
    assessment
        What gives the language its words.
    work, loose
        Of :func:`planner.analysis.links.map_work.map_work` and ``loose_streets``.
    language
        ``"en"`` or ``"zh"``.
    chosen
        Number of the piece to bring out, from 1.
    """
    if work.empty:
        return []
    labels, crs = Labels.of(assessment, language), assessment.district.crs
    where = where_words(work, assessment.district, labels)
    told = [_tooltip(n, row, where[n - 1], labels) for n, row in enumerate(work.itertuples(), 1)]
    pieces, joins = [], []
    for n, (streets, row, tooltip) in enumerate(
        zip(loose.geometry, work.itertuples(), told, strict=True), 1
    ):
        here, hit = n == chosen, (PIECE, str(n))
        line = {"color": LOOSE, "weight": 6 if here else 3.5, "opacity": 1.0}
        pieces.append(Mark(streets, line, tooltip, hit))
        around = ring(JOIN, 14, 3.5) if here else ring(JOIN, 8, 2.0)
        joins.append(Mark(row.geometry, {"color": JOIN, "weight": 3, "opacity": 1.0}, tooltip, hit))
        joins.append(Mark(row.geometry.interpolate(0.5, normalized=True), around, tooltip, hit))
    return [
        mark_group(pieces, crs, labels.message("links.layer_loose"), seed=_LOOSE),
        mark_group(joins, crs, labels.message("links.layer_map_work"), seed=_JOINS),
    ]


def map_work_legend(language: str = "en") -> str:
    """Return the two colours as HTML."""
    labels = Labels(language)
    rows = (
        (LOOSE, "links.layer_loose", _LOOSE),
        (JOIN, "links.layer_map_work", _JOINS),
    )
    return "".join(
        signs.row(signs.line({"color": colour, "weight": 3.5}), labels.message(code), layer)
        for colour, code, layer in rows
    )


def _tooltip(number: int, row: Any, where: str, labels: Labels) -> str:
    lines = [
        f"<b>{number}. {safe(mending_word(row.cut, labels))}</b>",
        safe(where),
        *(
            labels.text(
                "{name}: {value}",
                name=safe(labels.message(f"links.col_{name}")),
                value=labels.number(getattr(row, name)),
            )
            for name in ("street_m", "homes", "facilities")
        ),
    ]
    return "<br>".join(lines)
