"""The key figures of one kind for one group."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session.answers import assessments
from planner.app.session.context import Context
from planner.app.widgets import key_figures
from planner.app.widgets.key_figures import Figure
from planner.district import Rule
from planner.views.words.provenance import LAYERS, lacking_word, range_line


def draw(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw the row of key figures of a kind and group."""
    row = assessments.figures(context.question, kind, group)
    rule = result.rule(kind)
    people = context.labels.group(group)
    general = _general_figures(context, row, row[result.groups[0]], people)
    if rule is None:
        say = context.word
        unjudged = Figure(
            say("app.limit"), say("app.not_judged"), say("app.not_judged_help"), layers=()
        )
        shown = [*general, unjudged]
    else:
        shown = [*_judged_figures(context, result, rule, row, people), *general]
    place = st.empty()
    if row["facilities"] == 0 and result.question.plain:
        place.info(context.word("app.no_facility"), icon=":material/info:")
    key_figures.draw(context, result, shown, "coverage")


def _judged_figures(
    context: Context, result: Assessment, rule: Rule, row: Mapping[str, float], people: str
) -> list[Figure]:
    say, labels = context.word, context.labels
    limit = labels.metres(row["limit_m"])
    measure = labels.value(result.standard.measure_of(rule.kind))
    definition = say("app.share_help", group=people, limit=limit, measure=measure)
    covered = say("app.covered_help", group=people, limit=limit)
    uncovered = say("app.uncovered_help", group=people, limit=limit)
    kinds, unknown, total = [rule.kind], range_line(row, labels), row[result.groups[0]]
    return [
        Figure(
            say("app.share"),
            labels.rate(row) if total == total else labels.count(total),
            definition,
            "coverage",
            kinds,
            LAYERS,
            unknown,
        ),
        Figure(
            say("app.covered"),
            labels.count(row["covered"]),
            covered,
            "within",
            kinds,
            LAYERS,
            unknown,
        ),
        Figure(
            say("app.uncovered"),
            labels.count(row["uncovered"]),
            uncovered,
            "beyond",
            kinds,
            LAYERS,
            unknown,
        ),
    ]


def _general_figures(
    context: Context, row: Mapping[str, float], total: float, people: str
) -> list[Figure]:
    say, labels = context.word, context.labels
    lacking = say(
        "app.of",
        part=lacking_word(row, labels),
        whole=labels.number(row["communities"]),
    )
    count = labels.number(row["facilities"])
    reached = row["median_distance_m"] == row["median_distance_m"]
    nobody = labels.count(total) if total != total else "–"
    median = labels.metres(row["median_distance_m"]) if reached else nobody
    told = [say("app.median_help", group=people)]
    if row["unreachable"] > 0:
        left_out = labels.number(row["unreachable"])
        told.append(say("app.median_left_out", count=left_out, group=people))
    meaning = labels.paragraph(told)
    # of a kind without a limit nobody is beyond it: who can walk to none is told by nothing else
    none = (
        []
        if row["limit_m"] == row["limit_m"] or not row["unreachable"] > 0
        else [Figure(labels.column("unreachable"), labels.count(row["unreachable"]), meaning)]
    )
    return [
        *none,
        Figure(
            say("app.unknown"),
            labels.count(row["unknown"]),
            say("app.unknown_help", group=people),
            "unknown" if row["share_low"] == row["share_low"] else "",
            layers=("demand", "streets"),
        ),
        Figure(say("app.median"), median, meaning, "median"),
        Figure(
            say("app.lacking"),
            lacking,
            say("app.lacking_help", count=count),
            layers=("communities", "facilities"),
        ),
    ]
