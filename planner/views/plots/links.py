"""A map of links to open: numbered by rank, told apart by colour and stroke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd

from planner.views.maps.links import COLOURS
from planner.views.plots import marks
from planner.views.plots.ground import draw_lines, map_axes
from planner.views.plots.sheet import Paper, Sheet, map_notes, sheet_words
from planner.views.words.analysis.links import where_words, work_word

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from planner.analysis.assessment import Assessment

STROKES: dict[str, Any] = {
    "settle_way": (0, (6, 1, 1, 1, 1, 1)),
    "open_gate": "solid",
    "path": (0, (4, 1.5)),
    "crossing": (0, (1, 1)),
    "new_gate": (0, (5, 1, 1, 1)),
    "footbridge": (0, (2, 1)),
}
"""Stroke of each kind of work, for a print in grey."""


def plot_links(
    assessment: Assessment,
    links: gpd.GeoDataFrame,
    *,
    group: str | None = None,
    language: str = "en",
    paper: Paper | None = None,
) -> Figure:
    """Return a map of links to open.

    Parameters
    ----------
    assessment, links
        What was judged, and links of :func:`planner.analysis.links.links.best_links`.
    group
        Whom they were ranked by; the total where none is given.
    language, paper
        As of :func:`planner.views.plots.coverage.plot_coverage`.
    """
    column, size = group or assessment.groups[0], paper or Paper()
    words = sheet_words(assessment, language, column)
    labels, district = words.labels, assessment.district
    name = words.drawn(labels.text(district.name), assessment.standard.id)
    title = labels.message("plots.links", district=name)
    notes = map_notes(assessment, words, column, size.number)
    subtitle = labels.text("; ").join(
        [*labels.asked(assessment), labels.standard(assessment.standard)]
    )
    sheet = Sheet(words, size, title, subtitle, notes)
    axes = map_axes(sheet, district)
    rows: list[marks.Row] = []
    for work, colour in COLOURS.items():
        own = links.geometry[(links["work"] == work).to_numpy()]
        if len(own):
            draw_lines(axes, own, color="#ffffff", linewidth=4.0, zorder=6)
            draw_lines(axes, own, color=colour, linewidth=2.2, linestyle=STROKES[work], zorder=7)
            stroke = {"linestyle": STROKES[work], "linewidth": 2.2, "color": colour}
            rows.append((marks.sign(**stroke), work_word(work, labels)))
    for link, where in zip(links.itertuples(), where_words(links, district, labels), strict=True):
        middle = link.geometry.interpolate(0.5, normalized=True)
        colour = COLOURS[str(link.work)]
        marks.numbered(axes, middle.x, middle.y, link.rank, colour)
        told = labels.message("plots.link_row", number=link.rank, place=where)
        rows.append((marks.sign(marker="o", color=colour), told))
    sheet.legend(rows)
    return sheet.finished()
