"""A map of ranked areas of many districts, by the share of people within the limit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from planner.district.mainland_china import in_mainland_china
from planner.views.maps.parts.legend import class_names
from planner.views.maps.parts.palettes import COVERAGE, NO_DATA
from planner.views.plots import marks
from planner.views.plots.fonts import lettering
from planner.views.plots.ground import blank_axes, draw_areas, write_number
from planner.views.plots.sheet import SMALL, Paper, Sheet
from planner.views.words.analysis.leagues import credits_of, short_rank, title
from planner.views.words.shares import without_telling

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.figure import Figure

    from planner.views.words.labels import Labels

MOST_LABELS = 40
"""More areas than this are not lettered with their ranks: they would cover one another."""


def plot_league(areas: gpd.GeoDataFrame, labels: Labels, paper: Paper | None = None) -> Figure:
    """Return a map of ranked areas, coloured by their shares and lettered with their ranks.

    Parameters
    ----------
    areas
        Rows of one ``table`` of :meth:`planner.batch.results.Results.league_areas`, in degrees.
    labels
        Words for the unit that they count.
    paper
        Size, and the approval number of the map.
    """
    size, words = paper or Paper(), lettering(labels)
    labels = words.labels
    # a plane on which a metre is one in the middle of the areas, however far these reach
    west, south, east, north = areas.total_bounds
    middle = f"+lat_0={(south + north) / 2:.3f} +lon_0={(west + east) / 2:.3f}"
    drawn = areas.to_crs(f"+proj=laea {middle}").assign(share=without_telling(areas)["share"])
    sheet = Sheet(words, size, title(areas, labels), "", _notes(areas, labels, size.number))
    axes = blank_axes(sheet, drawn.total_bounds)
    values = drawn["share"].to_numpy(dtype=np.float64)
    signs = [(marks.sign(alpha=0.0), labels.message("leagues.legend"))]
    names = class_names(COVERAGE, labels, share=True)
    for number, (colour, name) in enumerate(zip(COVERAGE.colours, names, strict=True)):
        these = [COVERAGE.of(value) == number for value in values]
        draw_areas(axes, drawn.geometry[these], facecolor=colour, edgecolor="#ffffff", lw=0.3)
        signs.append((marks.area_sign(facecolor=colour), name))
    empty = [math.isnan(value) for value in values]
    if any(empty):
        style = {"facecolor": NO_DATA, "hatch": "////", "edgecolor": "#94a3b8"}
        draw_areas(axes, drawn.geometry[empty], alpha=0.6, **style)
        signs.append((marks.area_sign(**style), labels.text("no figure")))
    sheet.legend(signs)
    if len(drawn) <= MOST_LABELS:
        points = drawn.geometry.representative_point()
        for place, row in zip(points, drawn.to_dict("records"), strict=True):
            write_number(axes, place.x, place.y, short_rank(row, labels), fontsize=SMALL)
    return sheet.finished()


def league_needs_number(areas: gpd.GeoDataFrame, language: str) -> bool:
    """Return whether a map of areas needs an approval number, as one of a district may."""
    points = areas.geometry.representative_point()
    return language == "zh" or any(map(in_mainland_china, points.x, points.y))


def _notes(areas: gpd.GeoDataFrame, labels: Labels, number: str) -> list[str]:
    """Return what stands below the map: credits, what is made up, approval number."""
    notes = []
    if names := labels.text("; ").join(credits_of(areas, labels)):
        notes.append(labels.message("reports.credits", names=names))
    if made_up := int(areas.loc[areas["synthetic"].astype(bool), "district"].nunique()):
        notes.append(labels.message("leagues.synthetic", count=made_up))
    if number:
        notes.append(labels.message("plots.number", number=number))
    elif league_needs_number(areas, labels.language):
        notes.append(labels.message("plots.internal"))
    return notes
