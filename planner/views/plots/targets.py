"""The path of the joint plan against a target, year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.views.plots import marks
from planner.views.plots.sheet import INK, NORMAL, Paper, Sheet, data_notes, sheet_words
from planner.views.words.plan.targets import residents_sentence, target_sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from planner.analysis.assessment import Assessment
    from planner.plan.targets.path import Path

PATH, ASKED = "#0f766e", "#b45309"


def plot_path(
    assessment: Assessment, path: Path, *, language: str = "en", paper: Paper | None = None
) -> Figure:
    """Return the share that the plan reaches by the end of each year, beside what is asked for.

    Parameters
    ----------
    assessment
        The district as it is.
    path
        Of :meth:`planner.plan.Plan.paths`; years of which nothing is known stay empty.
    language, paper
        As of :func:`planner.views.plots.coverage.plot_coverage`.
    """
    words = sheet_words(assessment, language, path.group)
    labels, size = words.labels, paper or Paper(150.0, 90.0)
    name = words.drawn(labels.text(assessment.district.name), assessment.standard.id)
    title = labels.message("plots.path", district=name)
    notes = [residents_sentence(labels, path), *data_notes(assessment, words, path.group)]
    told = target_sentence(labels, path.target, assessment.district)
    sheet = Sheet(words, size, title, told, notes)
    axes = sheet.chart_axes()
    years = [stand.year for stand in path.stands]
    low, high = (
        np.array([getattr(stand, end) for stand in path.stands], dtype=np.float64)
        for end in ("low", "high")
    )
    line: dict[str, Any] = {"color": PATH, "linewidth": 1.6, "marker": "o", "markersize": 3.5}
    asked: dict[str, Any] = {"color": ASKED, "marker": "D", "markersize": 5.0, "linestyle": "none"}
    # what a year brings is there at its end, not little by little
    axes.plot(years, low, drawstyle="steps-post", **line)
    rows = [(marks.sign(linestyle="solid", **line), labels.message("plots.path_low"))]
    if (high > low).any():
        axes.fill_between(years, low, high, step="post", color=PATH, alpha=0.2, linewidth=0)
        axes.plot(years, high, linestyle="none", marker="_", color=PATH, markersize=7)
        rows.append(
            (marks.area_sign(facecolor=PATH, alpha=0.2), labels.message("plots.path_range"))
        )
    goals = path.target.goals()
    axes.plot(list(goals), list(goals.values()), zorder=4, **asked)
    rows.append((marks.sign(**asked), labels.message("plots.path_asked")))
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    axes.set_yticks(ticks, [labels.percent(each, 0) for each in ticks])
    axes.set_ylim(0, 1.02)
    every = -(-len(years) // 12)
    axes.set_xticks(years[::every], [str(year) for year in years[::every]])
    axes.set_xlabel(labels.message("plots.path_year"), fontsize=NORMAL, color=INK)
    sheet.legend(rows)
    return sheet.finished()
