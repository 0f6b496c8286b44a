"""The Lorenz curve of the walks to a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.analysis.measures.equity import distance_lorenz, equity
from planner.views.plots import marks
from planner.views.plots.coverage import checked
from planner.views.plots.sheet import INK, NORMAL, Paper, Sheet, data_notes, sheet_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from planner.analysis.assessment import Assessment

CURVE, EQUAL = "#134e4a", "#64748b"


def plot_lorenz(
    assessment: Assessment,
    kind: str,
    *,
    group: str | None = None,
    language: str = "en",
    paper: Paper | None = None,
) -> Figure:
    """Return how evenly the metres to a kind are spread: the Lorenz curve below that of equality.

    Parameters
    ----------
    assessment, kind, group, language, paper
        As of :func:`planner.views.plots.coverage.plot_coverage`.
    """
    column, size = checked(assessment, kind, group), paper or Paper(150.0, 105.0)
    words = sheet_words(assessment, language, column)
    labels, district = words.labels, assessment.district
    title = labels.message(
        "plots.lorenz",
        kind=labels.kind(kind, district.kinds),
        district=words.drawn(labels.text(district.name), assessment.standard.id),
    )
    row = equity(assessment, [kind], groups=[column]).iloc[0]
    subtitle = labels.message(
        "plots.gini", group=labels.group(column), gini=labels.number(row["gini"], 3)
    )
    notes = data_notes(assessment, words, column)
    left_out = row["unreachable"] + row["unknown"]
    if left_out > 0:
        notes.insert(0, labels.message("measures.equity_left_out", count=labels.number(left_out)))
    sheet = Sheet(words, size, title, subtitle, notes)
    axes = sheet.chart_axes()
    axes.set_box_aspect(1)
    axes.set_anchor("W")
    curve = distance_lorenz(assessment, kind, group=column)
    styles: dict[str, dict[str, Any]] = {
        "plots.walked": {"color": CURVE, "linewidth": 1.6, "linestyle": "solid"},
        "plots.equal": {"color": EQUAL, "linewidth": 1.0, "linestyle": (0, (4, 3))},
    }
    axes.plot([0, 1], [0, 1], **styles["plots.equal"])
    axes.plot(curve["people"], curve["value"], **styles["plots.walked"])
    axes.fill_between(curve["people"], curve["value"], color=CURVE, alpha=0.12, linewidth=0)
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    told = [labels.percent(each, 0) for each in ticks]
    axes.set_xticks(ticks, told)
    axes.set_yticks(ticks, told)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel(labels.message("measures.equity_people"), fontsize=NORMAL, color=INK)
    axes.set_ylabel(labels.message("measures.equity_distance"), fontsize=NORMAL, color=INK)
    sheet.legend([(marks.sign(**style), labels.message(code)) for code, style in styles.items()])
    return sheet.finished()
