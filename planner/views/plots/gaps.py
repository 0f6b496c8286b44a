"""A map of gaps: numbered by rank, told apart by colour and hatching, named in the legend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from planner.analysis.gaps.gaps import TOGETHER
from planner.analysis.gaps.middles import middles
from planner.arrays import F64
from planner.views.maps.gaps import COLOURS
from planner.views.plots import marks
from planner.views.plots.ground import draw_areas, map_axes
from planner.views.plots.sheet import Paper, Sheet, map_notes, sheet_words
from planner.views.words.analysis.gaps import kind_word, place_word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from planner.analysis.assessment import Assessment
    from planner.views.words.labels import Labels

MOST_NAMED = 10
"""So many gaps are numbered and named in the legend."""

NO_CAUSE = "#64748b"
"""Colour of areas that have no cause, such as those of kinds taken together."""

HATCHES: Mapping[str, str] = {
    "none_near": "///",
    "barrier": "xxx",
    "closed": "...",
    "full": "---",
    "data": "",
}
"""Hatching of each cause, for a print in grey."""


def plot_gaps(
    assessment: Assessment,
    gaps: gpd.GeoDataFrame,
    *,
    group: str | None = None,
    language: str = "en",
    paper: Paper | None = None,
    named: int = MOST_NAMED,
) -> Figure:
    """Return a map of gaps, numbered in their order.

    Parameters
    ----------
    assessment, gaps
        What was judged, and gaps of :func:`planner.analysis.gaps.gaps.find_gaps`, of one kind or
        several. Where they have a column ``rank`` it is their number, else their order is.
    group
        Whom the figures beside the names count; the total where none is given.
    language, paper
        As of :func:`planner.views.plots.coverage.plot_coverage`.
    named
        Gaps that are numbered and named, the first ones; the others are drawn.
    """
    column, size = group or assessment.groups[0], paper or Paper()
    words = sheet_words(assessment, language, column)
    labels = words.labels
    kinds = list(dict.fromkeys(gaps["kind"]))
    told = [kind_word(str(kind), labels, assessment.district.kinds) for kind in kinds]
    title = labels.message(
        "plots.gaps",
        kind=labels.text(", ").join(told) or "–",
        district=words.drawn(labels.text(assessment.district.name), assessment.standard.id),
    )
    notes = map_notes(assessment, words, column, size.number)
    if len(gaps) > named:
        notes.insert(0, labels.message("plots.more_gaps", count=labels.number(len(gaps) - named)))
    if len(gaps):
        notes.insert(0, labels.message("plots.counts_are", group=labels.group(column)))
    subtitle = labels.text("; ").join(
        [*labels.asked(assessment), labels.standard(assessment.standard)]
    )
    sheet = Sheet(words, size, title, subtitle, notes)
    axes = map_axes(sheet, assessment.district)
    shown = assessment.district.shown_areas(gaps, "unknown")
    places = middles(gaps.head(named), assessment.district.demand, column)
    rows = draw_gaps(axes, gaps, labels, places)
    for kind in kinds:
        if len(kinds) == 1 and kind not in TOGETHER:
            rows += marks.facilities(axes, assessment, str(kind), labels)
    rows += _names(shown, column, labels, named, several=len(kinds) > 1, assessment=assessment)
    sheet.legend(rows)
    return sheet.finished()


def _numbers(gaps: gpd.GeoDataFrame) -> list[int]:
    """Return the numbers of gaps: their ranks, where they are told with some, else their order."""
    return [int(each) for each in gaps["rank"]] if "rank" in gaps else [*range(1, len(gaps) + 1)]


def draw_gaps(axes: Axes, gaps: gpd.GeoDataFrame, labels: Labels, places: F64) -> list[marks.Row]:
    """Draw gaps on a map, numbers at the places of the first, and return the signs of causes."""
    signs: list[marks.Row] = []
    together = gaps.geometry[(~gaps["cause"].isin(list(COLOURS))).to_numpy()]
    draw_areas(axes, together, facecolor=NO_CAUSE, alpha=0.4, zorder=4)
    for cause, colour in COLOURS.items():
        own = gaps.geometry[(gaps["cause"] == cause).to_numpy()]
        if own.empty:
            continue
        style = {"facecolor": colour, "edgecolor": colour, "hatch": HATCHES[cause]}
        draw_areas(axes, own, alpha=0.4, linewidth=0.9, zorder=4, **style)
        signs.append((marks.area_sign(**style, alpha=0.4), labels.message(f"gaps.cause_{cause}")))
    first = gaps.head(len(places))
    # the last first, so that the most important number lies on top
    for number, (x, y), cause in reversed(
        list(zip(_numbers(first), places.tolist(), first["cause"], strict=True))
    ):
        marks.numbered(axes, x, y, number, COLOURS.get(cause, NO_CAUSE))
    return signs


def _names(
    gaps: gpd.GeoDataFrame,
    group: str,
    labels: Labels,
    named: int,
    *,
    several: bool,
    assessment: Assessment,
) -> list[marks.Row]:
    """Return the rows of the legend that name the numbered gaps, with whom they hold."""
    rows: list[marks.Row] = []
    first = gaps.head(named)
    people = first[group]
    for number, row, count in zip(
        _numbers(first), first.itertuples(index=False), people, strict=True
    ):
        each: Any = row
        place = place_word(each, labels)
        if several:
            kind = kind_word(str(each.kind), labels, assessment.district.kinds)
            place = labels.text(", ").join([kind, place])
        words = labels.message(
            "plots.gap_row",
            number=number,
            place=place,
            count=labels.count(count),
        )
        rows.append((marks.sign(marker="o", color=COLOURS.get(each.cause, NO_CAUSE)), words))
    return rows
