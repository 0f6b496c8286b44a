"""The words beside a map: its legend and the figures of the kind shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.hours.rules import OPEN
from planner.arrays import Bool
from planner.district import Kind
from planner.views.escaping import safe
from planner.views.maps.base.basemap import WATER
from planner.views.maps.icons import icon
from planner.views.maps.parts import signs
from planner.views.maps.parts.homes import undecided
from planner.views.maps.parts.palettes import (
    BEYOND_M,
    COVERAGE,
    DISTANCE_M,
    NO_DATA,
    UNREACHABLE,
    Classes,
)
from planner.views.words.labels import Labels
from planner.views.words.measured import mean_heading, mostly_unreachable
from planner.views.words.provenance import lacking_word
from planner.views.words.shares import all_counted

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.analysis.questions import Question


COVERED, BEYOND, UNKNOWN = "coverage", "uncovered", "unknown"
"""Layers of :func:`planner.views.maps.assessment.coverage_groups` that the legend explains."""


def legend_html(
    assessment: Assessment, kind: str, group: str | None = None, language: str = "en"
) -> str:
    """Return the legend of a kind's layers as HTML, styled by the map's own style sheet."""
    labels = Labels.of(assessment, language, group)
    column = group or assessment.groups[0]
    judged = assessment.limit_m(kind) is not None
    heading = (
        labels.text("Coverage rate by community")
        if judged
        else mean_heading(assessment.standard, kind, labels)
    )
    classes = COVERAGE if judged else DISTANCE_M
    shown = [steps(classes, judged, labels)]
    if not judged:
        shown += _left_out_of_means(assessment, kind, column, labels)
    shown.append(signs.row(signs.swatch(NO_DATA), labels.text("no figure")))
    parts = [signs.section(heading, shown, COVERED)]
    if judged:
        parts += _homes(assessment, kind, column, labels)
    parts += _unknown(assessment, kind, column, labels)
    parts.append(facilities_legend(assessment, kind, labels))
    if (assessment.district.barriers["kind"] == "water").any():
        parts.append(signs.row(signs.swatch(WATER), labels.text("water, a barrier")))
    return "".join(parts)


def _left_out_of_means(assessment: Assessment, kind: str, group: str, labels: Labels) -> list[str]:
    """Return the signs of areas in which most, or some, can walk to none and are in no mean."""
    league = assessment.league("community", kind)
    rows = league[league["group"] == group]
    mostly = mostly_unreachable(rows)
    found = []
    if mostly.any():
        more = labels.text("more can walk to none than to one")
        found.append(signs.row(signs.swatch(UNREACHABLE), more))
    if (~mostly & (rows["unreachable"] > 0).to_numpy()).any():
        found.append(
            signs.paragraph(labels.text("* some can walk to none and are not in the mean"))
        )
    return found


def facilities_legend(assessment: Assessment, kind: str, labels: Labels) -> str:
    """Return the signs of the facilities of a kind, those that do not count among them."""
    kinds = assessment.district.kinds
    drawn = kinds[kind] if kind in kinds else Kind(kind, kind, kind)
    rows = [signs.row(signs.cell(icon(drawn, size=18)), labels.kind(kind, kinds))]
    if _hollow(assessment, kind):
        not_counted = (
            labels.text("not counted: internal, planned or closed")
            if assessment.question.plain
            else labels.text("not counted: internal, planned, closed, or not as asked")
        )
        rows.append(signs.row(signs.cell(icon(drawn, counts=False, size=18)), not_counted))
    return signs.section(labels.text("Facilities"), rows, f"facilities/{kind}")


def figures_html(
    assessment: Assessment,
    kind: str,
    group: str | None = None,
    language: str = "en",
    *,
    summary: pd.DataFrame | None = None,
) -> str:
    """Return the district's figures for a kind as HTML: share, counts, limit, standard.

    `summary` is the assessment's own, where it is at hand already.
    """
    labels = Labels.of(assessment, language, group)
    column = group or assessment.groups[0]
    summary = assessment.summary() if summary is None else summary
    row = summary[(summary["kind"] == kind) & (summary["group"] == column)].iloc[0]
    rule = assessment.rule(kind)
    parts = _not_judged(row, labels, column) if rule is None else _judged(assessment, row, labels)
    parts += _not_known(assessment, row, labels)
    lacking = labels.text(
        "{lacking} of {communities} communities have none inside",
        lacking=lacking_word(row.to_dict(), labels),
        communities=labels.number(row["communities"]),
    )
    parts.append(signs.paragraph(lacking))
    parts.append(asked_html(assessment, labels))
    parts.append(signs.paragraph(labels.standard(assessment.standard)))
    if rule is not None and not rule.verified:
        parts.append(
            signs.paragraph(labels.text("Limit not yet checked against the official text."))
        )
    badges = []
    if assessment.district.synthetic:
        badges.append(labels.text("Synthetic data: this place is made up"))
    if assessment.unit_of(column) != "residents":
        badges.append(labels.text("Estimated demand, not counted people"))
    parts += [f'<div class="pl-badge">{safe(badge)}</div>' for badge in badges]
    return "".join(parts)


def asked_html(assessment: Assessment, labels: Labels) -> str:
    """Return what an assessment asks beside the distance as HTML; nothing where it asks nothing."""
    return "".join(signs.paragraph(asked) for asked in labels.asked(assessment))


def _figure(figure: str, what: str) -> str:
    return f'<div class="pl-figure"><strong>{safe(figure)}</strong><span>{safe(what)}</span></div>'


def _judged(assessment: Assessment, row: pd.Series, labels: Labels) -> list[str]:
    """Return the share within the limit of a kind, how many are beyond it, and the limit."""
    kind, column, total = row["kind"], row["group"], row[assessment.groups[0]]
    rule = assessment.rule(kind)
    assert rule is not None
    share = labels.rate(row.to_dict()) if total == total else labels.count(total)
    counts = labels.text(
        "{uncovered} of {total} beyond the limit",
        uncovered=labels.count(row["uncovered"]),
        total=labels.count(all_counted(row)),
    )
    limit = labels.text(
        "Limit {limit}, {measure}",
        limit=labels.metres(rule.limit_for(column)),
        measure=labels.value(assessment.standard.measure_of(kind)),
    )
    covered = labels.text("covered ({group})", group=labels.group(column))
    return [_figure(share, covered), signs.paragraph(counts), signs.paragraph(limit)]


def _not_judged(row: pd.Series, labels: Labels, column: str) -> list[str]:
    """Return the median distance to a kind, whom it leaves out, and that nothing is judged."""
    people = labels.group(column)
    median = labels.text("median distance ({group})", group=people)
    parts = [_figure(labels.metres(row["median_distance_m"]), median)]
    if row["unreachable"] > 0:
        count = labels.number(row["unreachable"])
        left_out = labels.message("app.median_left_out", count=count, group=people)
        parts.append(signs.paragraph(left_out))
    not_judged = labels.text("Not judged: the standard has no limit for this kind.")
    return [*parts, signs.paragraph(not_judged)]


def _not_known(assessment: Assessment, row: pd.Series, labels: Labels) -> list[str]:
    """Return for how many it is not known, and the range in which the share is."""
    if row["unknown"] == 0 or row["data"] == "none":
        return []
    open_end = undecided(assessment, row["kind"], row["group"]).any()
    words = "Not known for {count}" if open_end else "Distance unknown for {count}"
    parts = [signs.paragraph(labels.text(words, count=labels.count(row["unknown"])))]
    # an end of the range would tell a count that is withheld
    ranged = row["share_low"] == row["share_low"] and not pd.isna(all_counted(row))
    if ranged and assessment.rule(row["kind"]) is not None:
        low, high = (labels.percent(row[end]) for end in ("share_low", "share_high"))
        parts.append(signs.paragraph(labels.text("Coverage rate {low}–{high}", low=low, high=high)))
    return parts


def counted(facilities: gpd.GeoDataFrame, question: Question | None = None) -> pd.Series:
    """Return whether each facility counts: existing, not internal, and as was asked."""
    counts: pd.Series = (facilities["status"] == "existing") & (
        facilities["ownership"] != "internal"
    )
    if question is not None and not question.plain:
        counts &= question.states(facilities) == OPEN
    return counts


def class_names(classes: Classes, labels: Labels, *, share: bool) -> list[str]:
    """Return the name of each class, such as ``"20–40%"`` or ``"over 600"``."""

    def shown(value: float) -> str:
        return labels.number(value * 100 if share else value)

    unit = "%" if share else ""
    low, high = classes.breaks[0], classes.breaks[-1]
    middle = [
        f"{shown(start)}–{shown(end)}{unit}"
        for start, end in zip(classes.breaks, classes.breaks[1:], strict=False)
    ]
    if share:
        return [f"< {shown(low)}%", *middle, f"≥ {shown(high)}%"]
    return [f"≤ {shown(low)}", *middle, f"> {shown(high)}"]


def steps(classes: Classes, share: bool, labels: Labels) -> str:
    """Return the colours of classes with what each begins and ends at, as HTML."""
    names = class_names(classes, labels, share=share)
    cells = "".join(
        f'<span><i style="background:{colour}"></i>{safe(name.removesuffix("%"))}</span>'
        for colour, name in zip(classes.colours, names, strict=True)
    )
    return f'<div class="pl-steps">{cells}</div>'


def _homes(assessment: Assessment, kind: str, group: str, labels: Labels) -> list[str]:
    heading = labels.text("Homes beyond the limit, by metres beyond it")
    parts = ['<div class="pl-columns">']
    names = class_names(BEYOND_M, labels, share=False)
    parts += [
        signs.row(signs.dot(colour, 11), labels.text("{metres} m", metres=name))
        for colour, name in zip(BEYOND_M.colours, names, strict=True)
    ]
    if (np.isinf(assessment.distances[kind]) & _lived_in(assessment, group)).any():
        parts.append(signs.row(signs.dot(UNREACHABLE, 11), labels.text("unreachable")))
    parts.append("</div>")
    if assessment.district.estimated and group == assessment.groups[0]:
        size = labels.text("The larger the circle, the larger the estimated demand")
    else:
        people = labels.group(group)
        size = labels.text("The larger the circle, the more people ({group})", group=people)
    return [signs.section(heading, [*parts, signs.paragraph(size)], BEYOND)]


def _lived_in(assessment: Assessment, group: str) -> Bool:
    """Return the homes in which anybody of a group lives: of others no circle is drawn."""
    people = assessment.district.demand[group].to_numpy(dtype=np.float64)
    return np.asarray(np.nan_to_num(people) > 0, dtype=np.bool_)


def _unknown(assessment: Assessment, kind: str, group: str, labels: Labels) -> list[str]:
    lived_in = _lived_in(assessment, group)
    lost = (assessment.distances[kind].isna() & lived_in).any()
    open_end = (undecided(assessment, kind, group) & lived_in).any()
    if not (lost or open_end):
        return []
    words = "Homes of which it is not known" if open_end else "Homes whose distance is unknown"
    return [signs.row(signs.unknown_ring(), labels.text(words), UNKNOWN)]


def _hollow(assessment: Assessment, kind: str) -> bool:
    facilities = assessment.district.facilities
    return not counted(facilities[facilities["kind"] == kind], assessment.question).all()
