"""A map of who is covered: communities by their share, homes beyond the limit, facilities."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.views.maps.parts.legend import class_names
from planner.views.maps.parts.palettes import COVERAGE, DISTANCE_M, NO_DATA, UNREACHABLE
from planner.views.plots import marks
from planner.views.plots.ground import draw_areas, map_axes, write_number
from planner.views.plots.sheet import SMALL, Paper, Sheet, map_notes, sheet_words
from planner.views.words.measured import mean_heading, mostly_unreachable
from planner.views.words.shares import all_counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from planner.analysis.assessment import Assessment
    from planner.views.words.labels import Labels

MOST_LABELS = 40
"""More communities than this are not lettered with their figures: they would cover one another."""


def plot_coverage(
    assessment: Assessment,
    kind: str,
    *,
    group: str | None = None,
    language: str = "en",
    paper: Paper | None = None,
) -> Figure:
    """Return a map of who is within the limit of a kind, by community and home.

    Parameters
    ----------
    assessment, kind
        What was judged, and the kind shown; where it is not judged, communities are coloured by
        mean distance.
    group
        Whom it tells of; the total where none is given.
    language
        ``"en"`` or ``"zh"``.
    paper
        Size, and the approval number of the map.

    Raises
    ------
    InputError
        For a kind or group that is not part of the assessment.
    """
    column, size = checked(assessment, kind, group), paper or Paper()
    words = sheet_words(assessment, language, column)
    labels = words.labels
    title = labels.message(
        "plots.coverage", kind=labels.kind(kind, assessment.district.kinds),
        district=words.drawn(labels.text(assessment.district.name), assessment.standard.id),
    )  # fmt: skip
    notes = map_notes(assessment, words, column, size.number)
    sheet = Sheet(words, size, title, figures_line(assessment, kind, column, labels), notes)
    axes = map_axes(sheet, assessment.district)
    sheet.legend(draw_coverage(axes, assessment, kind, column, labels))
    return sheet.finished()


def draw_coverage(
    axes: Axes, assessment: Assessment, kind: str, group: str, labels: Labels
) -> list[marks.Row]:
    """Draw communities, homes and facilities of a kind on a map, and return their signs."""
    judged = assessment.limit_m(kind, group) is not None
    classes, figure = (COVERAGE, "share") if judged else (DISTANCE_M, "mean_distance_m")
    league = assessment.league("community", kind)
    rows = league[league["group"] == group].set_index("area_id")
    communities = assessment.district.communities
    rows = rows.reindex(communities["community_id"])
    # a mean of the few who can walk to one tells nothing of the area
    nowhere = np.zeros(len(rows), np.bool_) if judged else mostly_unreachable(rows)
    values = np.where(nowhere, np.nan, rows[figure].to_numpy(dtype="float64"))
    # a share in figures would tell a count that is withheld; its class does not
    written = rows[figure].mask(judged & all_counted(rows).isna())
    heading = (
        labels.text("Covered share by community")
        if judged
        else mean_heading(assessment.standard, kind, labels)
    )
    signs = [(marks.sign(alpha=0.0), heading)]
    for number, (colour, name) in enumerate(
        zip(classes.colours, class_names(classes, labels, share=judged), strict=True)
    ):
        these = [classes.of(value) == number for value in values]
        draw_areas(axes, communities.geometry[these], facecolor=colour, alpha=0.85)
        told = name if judged else labels.text("{metres} m", metres=name)
        signs.append((marks.area_sign(facecolor=colour), told))
    if nowhere.any():
        style = {"facecolor": UNREACHABLE, "alpha": 0.6}
        draw_areas(axes, communities.geometry[nowhere], **style)
        more = labels.text("more can walk to none than to one")
        signs.append((marks.area_sign(facecolor=UNREACHABLE), more))
    empty = np.isnan(values) & ~nowhere
    if empty.any():
        style = {"facecolor": NO_DATA, "hatch": "////", "edgecolor": "#94a3b8"}
        draw_areas(axes, communities.geometry[empty], alpha=0.6, **style)
        signs.append((marks.area_sign(**style), labels.text("no figure")))
    signs += marks.homes(axes, assessment, kind, group, labels)
    signs += marks.facilities(axes, assessment, kind, labels)
    if len(communities) <= MOST_LABELS:
        points = communities.geometry.representative_point()
        some = rows["unreachable"].to_numpy(dtype="float64") > 0
        partly = some & ~nowhere & written.notna().to_numpy() & (not judged)
        for value, place, none, part in zip(written, points, nowhere, partly, strict=True):
            told = labels.percent(value, 0) if judged else labels.metres(value)
            shown = "–" if math.isnan(value) or none else f"{told}*" if part else told
            write_number(axes, place.x, place.y, shown, fontsize=SMALL)
        if partly.any():
            left_out = labels.text("* some can walk to none and are not in the mean")
            signs.append((marks.sign(alpha=0.0), left_out))
    return signs


def checked(assessment: Assessment, kind: str, group: str | None) -> str:
    """Return the group that is told of, having looked that it and the kind are there."""
    from planner.errors import InputError

    assessment.rule(kind)
    column = group or assessment.groups[0]
    if column not in assessment.groups:
        known = ", ".join(assessment.groups)
        raise InputError("views.unknown_group", group=column, known=known)
    return column


def figures_line(assessment: Assessment, kind: str, group: str, labels: Labels) -> str:
    """Return the figures of a kind in a line: share, those beyond the limit, limit, standard."""
    summary = assessment.summary()
    row = summary[(summary["kind"] == kind) & (summary["group"] == group)].iloc[0]
    limit_m = assessment.limit_m(kind, group)
    parts = []
    if limit_m is not None:
        total = row["covered"] + row["uncovered"] + row["unknown"]
        share = labels.count(total) if pd.isna(total) else labels.rate(row.to_dict())
        parts += [
            f"{labels.text('covered ({group})', group=labels.group(group))} {share}",
            labels.text(
                "{uncovered} of {total} beyond the limit",
                uncovered=labels.count(row["uncovered"]),
                total=labels.count(total),
            ),
            labels.text(
                "Limit {limit}, {measure}",
                limit=labels.metres(limit_m),
                measure=labels.value(assessment.standard.measure_of(kind)),
            ),
        ]
    else:
        people = labels.group(group)
        median = labels.metres(row["median_distance_m"])
        parts.append(f"{labels.text('median distance ({group})', group=people)} {median}")
        if row["unreachable"] > 0:
            count = labels.number(row["unreachable"])
            left_out = labels.message("app.median_left_out", count=count, group=people)
            parts.append(left_out.rstrip(".。"))  # a part of a line, no sentence of its own
    return labels.text("; ").join(
        [*parts, *labels.asked(assessment), labels.standard(assessment.standard)]
    )
