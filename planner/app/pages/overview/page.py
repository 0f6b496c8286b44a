"""Overview: where the district stands, against its standard and the national benchmark."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.benchmarks import presence
from planner.analysis.measures.completeness import all_of
from planner.app.pages.overview import answer, changes
from planner.app.session import first_map
from planner.app.session.answers import assessments
from planner.app.session.answers.assessments import Question
from planner.app.session.context import Context
from planner.app.widgets import frame, key_figures, map_view, tables
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.print_sheet import sheet
from planner.district.benchmarks import Benchmark, find_benchmark
from planner.district.defaults import NONE
from planner.views.maps.overview import completeness_groups, completeness_legend
from planner.views.words.analysis.overview import TOLD_ALIKE, mean_kinds
from planner.views.words.provenance import range_line
from planner.views.words.shares import percent_figures, without_telling

MAP_HEIGHT = 430
LEAGUE_HEIGHT = 300
ROOM = 600
"""For the tables, pixels."""


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    group = frame.group_row(context, result, [9, 3])
    context = context.counting(group)
    frame.refused_choices(context)
    above = st.container(key="overview_above")
    left, right = st.columns([5, 7])
    table = assessments.completeness(context.question, group)
    rows = _kinds(context, result, group)
    worst = answer.most_lacking(context, result, group)
    figures = _figures(context, result, table, rows, group, worst)
    key_figures.keep(figures)
    with left:
        # before what stands above it: its frame takes longer to come up than all the rest
        _map(context, result, table, group)
    with above:
        changes.draw(context, result, group)
        steps = answer.draw(context, result, worst, group)
    first_map.wait()
    with above:
        if steps is not None:
            answer.draw_steps(context, steps, worst, group)
        key_figures.draw(context, result, figures, "overview")
        if worst:
            frame.ranges(context, result, worst, group)
    with right:
        kinds: DeltaGenerator
        if len(result.district.communities) > 1:
            kinds, league = st.tabs(
                [context.word("app_overview.tab_kinds"), context.word("app_overview.tab_league")]
            )
            with league:
                _league(context, result, table)
                st.caption(context.word("app_overview.open_community"))
        else:
            kinds = st.container()
        with kinds:
            _kinds_table(context, rows)
            st.caption(context.word("app_overview.open_kind"))
            if len(result.district.communities) == 1:
                st.caption(context.word("app_overview.one_community"))
    frame.notes(context, result, None)


def prepare(question: Question, language: str) -> None:
    """Compute what the map shows to who has chosen nothing, ahead of the first who asks."""
    result = question.assessment()
    assessments.summary(question)
    presence(result)
    table = assessments.completeness(question, result.groups[0])
    completeness_groups(result.district, table, len(result.judged_kinds), language)


def prepare_rest(question: Question) -> None:
    """Compute what stands around the map: what changed is looked for in all groups."""
    for each in question.assessment().groups:
        assessments.completeness(question, each)


def _map(context: Context, result: Assessment, table: pd.DataFrame, group: str) -> None:
    language, judged = context.labels.language, len(result.judged_kinds)
    signs = completeness_legend(context.labels, judged)
    map_view.show(
        context,
        [map_view.Pane(completeness_groups(result.district, table, judged, language))],
        key="overview",
        on_pick=_pick,
        height=MAP_HEIGHT,
        legend=signs,
        reading=Reading.of(result, group),
        printed=sheet(context, context.word("app_overview.page"), signs),
    )


def _pick(pick: map_view.Pick) -> None:
    if pick.what == "community":
        answer.show_community(pick.id)


def _take_row(key: str, ids: list[str], show: Callable[[str], None]) -> None:
    """Go where the chosen row leads; a page that is come back to has no row chosen."""
    if row := tables.chosen_row(key, ids):
        show(row)


def _kinds(context: Context, result: Assessment, group: str) -> pd.DataFrame:
    """Return each judged or benchmarked kind: its coverage, and its presence in communities."""
    summary = assessments.summary(context.question)
    rows = without_telling(summary[summary["group"] == group]).set_index("kind")
    marks = presence(result).set_index("kind")
    kinds = [k for k in marks.index if k in result.judged_kinds or marks["benchmark"].notna()[k]]
    kinds += [k for k in result.kinds_without_data if k not in kinds]
    marks = marks.reindex(kinds)
    return marks.assign(
        name=[_kind_name(context, result, kind) for kind in kinds],
        covered=tables.shares(context, rows).reindex(kinds),
        least=rows["share"].fillna(rows["share_low"]).reindex(kinds),
        uncovered=rows["uncovered"].reindex(kinds).round(),
        presence=percent_figures(marks["share"], 0),
        national=marks["benchmark"] * 100,
        points=marks["difference"] * 100,
    ).sort_values("least", na_position="last", kind="stable")


def _kind_name(context: Context, result: Assessment, kind: str) -> str:
    """Return the name of a kind, with the word that there is no data on it where there is none."""
    name = context.labels.kind(kind, result.district.kinds)
    if result.district.has_data(kind):
        return name
    return f"{name} · {context.labels.value('data_none')}"


def _figures(
    context: Context,
    result: Assessment,
    table: pd.DataFrame,
    rows: pd.DataFrame,
    group: str,
    worst: str,
) -> list[Figure]:
    say, labels = context.word, context.labels
    whole = {name: float(table[name].iloc[-1]) for name in ("total", "share")}
    judged = len(result.judged_kinds)
    compared = rows["points"].notna()
    reached = int((rows["points"] >= 0).sum())
    figures = assessments.figures(context.question, worst, group) if worst else {}
    name = context.kind(worst) if worst else "–"
    share = labels.rate(figures) if worst else "–"
    mark = _benchmark(result)
    judges, unknown = result.judged_kinds, _unknown(context, table)
    worst_kind = [worst] if worst else []
    of = "app_overview.of"
    return [
        Figure(
            labels.group(group),
            labels.count(whole["total"]),
            say("app_overview.people_help", count=labels.number(len(table) - 1)),
            layers=("demand", "communities"),
        ),
        Figure(
            say("app_overview.all_kinds"),
            labels.share(whole["share"], float(all_of(table.iloc[-1]))),
            say(
                "app_overview.all_kinds_help",
                judged=judged,
                standard=labels.standard(result.standard),
            ),
            "complete",
            judges,
            unknown=unknown,
        ),
        Figure(
            say("app_overview.mean_kinds"),
            say(of, part=mean_kinds(table.iloc[-1], labels), whole=judged) if judged else "–",
            say("app_overview.mean_kinds_help"),
            "mean_kinds",
            judges,
            unknown=unknown,
        ),
        Figure(
            name if worst else say("app_overview.worst"),
            share,
            say("app_overview.worst_help", kind=name),
            "coverage",
            worst_kind,
            unknown=_range(context, worst_kind, group),
        ),
        *(
            Figure(
                say("app_overview.benchmark"),
                say(of, part=reached, whole=int(compared.sum())),
                say("app_overview.benchmark_help", name=each.name(labels.language)),
                "benchmark",
                layers=("communities", "facilities"),
                source=labels.text(each.source),
            )
            for each in mark
        ),
    ]


def _benchmark(result: Assessment) -> list[Benchmark]:
    """Return what the district is set beside: one benchmark, or none."""
    asked = result.district.usual.benchmark
    return [] if asked == NONE else [find_benchmark(asked)]


def _unknown(context: Context, table: pd.DataFrame) -> str:
    """Return for how many it is unknown whether they have all kinds near, and the range."""
    labels, total = context.labels, float(table["total"].iloc[-1])
    complete, known_not, unknown = (
        float(table[name].iloc[-1]) for name in ("complete", "incomplete", "unknown")
    )
    if not total > 0:
        return ""
    low = labels.share(complete / total, complete)
    high = labels.share((total - known_not) / total, known_not)
    if low == high:
        return context.word("provenance.range_one", unknown=labels.count(unknown), share=low)
    return context.word("provenance.range", unknown=labels.count(unknown), low=low, high=high)


def _range(context: Context, kinds: list[str], group: str) -> str:
    row = assessments.figures(context.question, kinds[0], group) if kinds else None
    return range_line(row, context.labels) if row else ""


def _kinds_table(context: Context, rows: pd.DataFrame) -> None:
    config: Any = st.column_config
    say = context.word
    ids = [str(kind) for kind in rows.index]
    columns = {
        "name": config.TextColumn(context.labels.column("kind")),
        "covered": tables.share_column(context, rows["covered"]),
        "uncovered": tables.count_column(say("app.uncovered")),
        "presence": config.NumberColumn(
            say("app_overview.col_presence"),
            help=say("app_overview.col_presence_help"),
            format="%.0f%%",
        ),
    }
    for mark in _benchmark(context.assessment()):
        name = mark.name(context.labels.language)
        columns["national"] = config.NumberColumn(name, format="%.0f%%")
    tables.draw(
        context,
        rows[list(columns)],
        "overview_kinds",
        config=columns,
        height=LEAGUE_HEIGHT + 60,
        room=ROOM,
        take=partial(_take_row, ids=ids, show=answer.show_kind),
    )


def _league(context: Context, result: Assessment, table: pd.DataFrame) -> None:
    communities = result.district.communities.set_index("community_id")
    rows = table.drop(index="").join(communities[["name", "subdistrict"]])
    rows["name"] = rows["name"].where(rows["name"] != "", rows.index)
    rows["share"] = percent_figures(rows["share"].mask(all_of(rows).isna()))
    # of whom it is not known, that is no mean of kinds that are lacking
    rows["kinds"] = rows["kinds"].where(rows["kinds_high"] - rows["kinds"] < TOLD_ALIKE)
    rows[["incomplete", "total"]] = rows[["incomplete", "total"]].round()
    config: Any = st.column_config
    rows = rows.sort_values(["incomplete", "share"], ascending=[False, True])
    ids = [str(community) for community in rows.index]
    columns = {
        "name": config.TextColumn(context.word("app.col_name")),
        "share": tables.share_column(context, of="app_overview.all_kinds"),
        "incomplete": tables.count_column(context.word("app_overview.col_incomplete")),
        "kinds": config.NumberColumn(context.word("app_overview.mean_kinds"), format="%.1f"),
        "subdistrict": config.TextColumn(context.labels.column("subdistrict")),
    }
    tables.draw(
        context,
        rows[list(columns)],
        "overview_league",
        config=columns,
        height=LEAGUE_HEIGHT + 60,
        room=ROOM,
        take=partial(_take_row, ids=ids, show=answer.show_community),
    )
