"""Strips of the 168 hours of the week: the share that is surely covered at each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from planner.analysis.hours.moments import WEEKDAYS
from planner.analysis.measures.week import week
from planner.views.maps.parts.legend import class_names
from planner.views.maps.parts.palettes import COVERAGE, NO_DATA
from planner.views.plots import marks
from planner.views.plots.sheet import INK, NORMAL, Paper, Sheet, data_notes, sheet_words
from planner.views.words.analysis.measures import value

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from planner.analysis.assessment import Assessment

STRIP_MM, AROUND_MM, NAMES_MM = 6.5, 40.0, 40.0


def plot_week(
    assessment: Assessment,
    kinds: Sequence[str] | None = None,
    *,
    group: str | None = None,
    language: str = "en",
    paper: Paper | None = None,
) -> Figure:
    """Return a strip of 168 hours for each kind, coloured by the share that is surely covered.

    Parameters
    ----------
    assessment, group, language, paper
        As of :func:`planner.views.plots.coverage.plot_coverage`.
    kinds
        Kinds shown; all that are judged where none are given.
    """
    column = group or assessment.groups[0]
    table = week(assessment, kinds, groups=[column])
    shown = list(dict.fromkeys(table["kind"]))
    size = paper or Paper(180.0, AROUND_MM + STRIP_MM * max(len(shown), 1))
    words = sheet_words(assessment, language, column)
    labels, district = words.labels, assessment.district
    name = words.drawn(labels.text(district.name), assessment.standard.id)
    title = labels.message("plots.week", district=name)
    subtitle = labels.message(
        "plots.week_shows",
        group=labels.group(column),
        standard=labels.standard(assessment.standard),
    )
    notes = data_notes(assessment, words, column)
    sheet = Sheet(words, size, title, subtitle, notes)
    axes = sheet.chart_axes(NAMES_MM, 5.0)
    for place, kind in enumerate(shown):
        _strip(axes, place, table[table["kind"] == kind])
    for day in range(1, 7):
        axes.axvline(24 * day, color="#ffffff", linewidth=1.2)
    axes.set_xlim(0, 168)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xticks([24 * day + 12 for day in range(7)], [value(labels, day) for day in WEEKDAYS])
    axes.set_yticks(range(len(shown)), [labels.kind(kind, district.kinds) for kind in shown])
    axes.tick_params(length=0, labelcolor=INK, labelsize=NORMAL)
    for spine in axes.spines.values():
        spine.set_visible(False)
    rows = [
        (marks.area_sign(facecolor=colour), told)
        for colour, told in zip(
            COVERAGE.colours, class_names(COVERAGE, labels, share=True), strict=True
        )
    ]
    if table["share_low"].isna().any():
        rows.append((marks.area_sign(facecolor=NO_DATA), labels.message("plots.hour_unknown")))
    sheet.legend(rows)
    return sheet.finished()


def _strip(axes: object, place: int, rows: pd.DataFrame) -> None:
    """Draw one kind's week; an hour of which there is no figure is grey."""
    from matplotlib.axes import Axes

    assert isinstance(axes, Axes)
    shares = rows["share_low"].to_numpy(dtype="float64")
    colours = [NO_DATA if share != share else COVERAGE.colour(share) for share in shares]
    axes.barh([place] * len(rows), [1.0] * len(rows), left=rows["hour"], height=0.8, color=colours)
