"""Rows of a data check on a map."""

from __future__ import annotations

from collections.abc import Collection

import folium
import geopandas as gpd
import shapely

from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.layers import MOST_DRAWN
from planner.views.maps.parts.marks import Mark, mark_group, ring
from planner.views.tables.analysis.data_check import other_word, short_name
from planner.views.words.labels import Labels

OPEN, TICKED = "#b91c1c", "#15803d"
"""Colours of rows to be looked at, and of those that somebody ticked off."""


def problem_group(
    rows: gpd.GeoDataFrame, labels: Labels, name: str, ticked: Collection[str] = ()
) -> folium.FeatureGroup:
    """Return rows with a problem as one drawing, at most :data:`MOST_DRAWN` of them.

    Parameters
    ----------
    rows
        Of :meth:`planner.analysis.data_check.DataCheck.rows`.
    labels, name
        Words, and the name in the list of layers.
    ticked
        Keys of the rows that somebody ticked off.
    """
    marks = [
        Mark(row.geometry, _style(row.geometry, row.key in ticked), _told(row, labels))
        for row in rows.head(MOST_DRAWN).itertuples()
    ]
    return mark_group(marks, rows.crs, name, seed="data-check")


def problem_legend(labels: Labels, name: str) -> str:
    """Return the signs of :func:`problem_group` as HTML, `name` what is wrong with the rows."""
    rows = (
        (OPEN, labels.message("data_check.legend_open", problem=name)),
        (TICKED, labels.message("data_check.legend_ticked")),
    )
    return "".join(signs.row(signs.dot("#ffffff", 14, colour), words) for colour, words in rows)


def _style(shape: shapely.Geometry, ticked: bool) -> dict[str, object]:
    colour = TICKED if ticked else OPEN
    if int(shapely.get_dimensions(shape)) == 0:
        return ring(colour, 8, 2.5)
    return {"color": colour, "weight": 3.5, "fillColor": colour, "fillOpacity": 0.25}


def _told(row: object, labels: Labels) -> str:
    """Return what a row is and what is wrong with it, as HTML."""
    title = getattr(row, "name", "") or getattr(row, "id", "")
    lines = [f"<b>{safe(title)}</b>", safe(short_name(str(getattr(row, "problem", "")), labels))]
    other = str(getattr(row, "other", ""))
    if other:
        lines.append(safe(other_word(other, labels)))
    return "<br>".join(lines)
