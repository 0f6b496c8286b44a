"""The district beside the national benchmark, and its floor areas."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.benchmarks import floor_area_per_100_households, premises, presence
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import tables
from planner.district import builtin_standards
from planner.district.benchmarks import Benchmark, find_benchmark
from planner.district.defaults import NONE


def draw(context: Context, result: Assessment) -> None:
    """Draw how many communities have each kind, beside the benchmark, and the floor areas."""
    labels, benchmark = context.labels, result.district.usual.benchmark
    if benchmark == NONE:
        st.info(context.word("checkup.no_benchmark"), icon=":material/info:")
        return
    mark = find_benchmark(benchmark)
    name = mark.name(labels.language)
    st.markdown(context.word("checkup.benchmark_note", name=name))
    rows = presence(result, mark)
    rows = rows[rows["benchmark"].notna()]
    percent = st.column_config.NumberColumn(format="%.1f%%")
    headings = {
        "kind": labels.column("kind"),
        "having": context.word("checkup.col_having"),
        "share": context.word("checkup.col_presence"),
        "benchmark": context.word("checkup.col_benchmark"),
        "difference": context.word("checkup.col_difference"),
        "missing": context.word("checkup.col_missing"),
    }
    kinds = [labels.kind(kind, result.district.kinds) for kind in rows["kind"]]
    shown = rows.assign(
        kind=kinds, **{k: rows[k] * 100 for k in ("share", "benchmark", "difference")}
    )
    tables.draw(
        context,
        shown[list(headings)].rename(columns=headings),
        "checkup_benchmarks",
        config={
            **{headings[name]: percent for name in ("share", "benchmark")},
            headings["difference"]: st.column_config.NumberColumn(format="%+.1f"),
        },
        height="content",
        room=tables.WHOLE,
    )
    for sentence in _premises(context, result, mark):
        st.markdown(f"- {markdown(sentence)}")
    st.markdown(f"- {markdown(_floor_area(context, result))}")


def _premises(context: Context, result: Assessment, mark: Benchmark) -> Iterator[str]:
    """Yield how many premises reach the benchmark's floor area, and of what there is no data."""
    labels = context.labels
    for row in premises(result, mark).to_dict("records"):
        if not pd.isna(row["premises"]):
            low, high, asked = (
                labels.percent(row[k]) for k in ("share_low", "share_high", "benchmark")
            )
            counts = {k: labels.number(row[k]) for k in ("reaching", "premises", "unknown")}
            said = {"area": labels.number(row["floor_area_m2"]), "name": mark.name(labels.language)}
            yield context.word(
                "checkup.premises", low=low, high=high, benchmark=asked, **said, **counts
            )
        if row["without_data"]:
            yield _no_data(context, result, row["without_data"].split(";"))


def _no_data(context: Context, result: Assessment, kinds: Sequence[str]) -> str:
    """Return of which kinds there is no data, so that their premises count nowhere."""
    names = [context.labels.kind(kind, result.district.kinds) for kind in kinds]
    return context.word("checkup.premises_no_data", kinds=context.labels.text(", ").join(names))


def _floor_area(context: Context, result: Assessment) -> str:
    """Return the community service floor area of the whole district as a sentence."""
    labels = context.labels
    row: dict[Any, Any] = floor_area_per_100_households(result).loc[""].to_dict()
    target = builtin_standards()["national-floor-area"].areas[0]
    if not any(map(result.district.has_data, target.kinds)):
        return _no_data(context, result, target.kinds)
    least_m2 = row["m2_per_100_households_low"]
    figure = labels.number(least_m2, 1)
    if row["unknown"] and not math.isnan(least_m2):
        figure = context.word("checkup.at_least", figure=figure)
    return context.word(
        "checkup.floor_area",
        figure=figure,
        target=labels.number(100 * target.m2 / target.count),
        unknown=labels.number(row["unknown"]),
        facilities=labels.number(row["facilities"]),
    )
