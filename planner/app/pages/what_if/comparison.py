"""Up to four scenarios side by side: maps that move together, and a table of figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.what_if import differences
from planner.app.session.answers import assessments
from planner.app.session.answers.costs import costs_of
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.session.drafts.draft import Draft
from planner.app.session.drafts.prices import own
from planner.app.session.errors import markdown
from planner.app.widgets import downloads, frame, map_view, prices, tables
from planner.app.widgets.change_words import change_legend, marks
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.map_view import Pane
from planner.app.widgets.print_sheet import sheet
from planner.district import Scenario
from planner.siting.scenario_comparison import ScenarioComparison, compare_scenarios
from planner.views.exports.siting.scenarios import write_scenarios_picture
from planner.views.maps.assessment import coverage_groups
from planner.views.maps.parts.facilities import facility_group
from planner.views.maps.parts.legend import legend_html
from planner.views.maps.parts.marks import mark_group
from planner.views.tables.siting.scenarios import (
    ENDS,
    measures_told,
    scenarios_table,
    told_apart,
)
from planner.views.words.labels import Labels
from planner.views.words.siting.prices import unverified

MOST = 4
TODAY, CURRENT = "today", "current"
_KEY = "compare_chosen"


def draw(context: Context, result: Assessment, draft: Draft, kind: str, group: str) -> None:
    """Draw the choice of scenarios, their maps and figures."""
    say = context.word
    offered: dict[str, Scenario] = {TODAY: current.blank(context)}
    if draft.current.changes and not _is_kept(draft):
        offered[CURRENT] = draft.current
    offered |= {f"kept {scenario.name}": scenario for scenario in draft.kept}
    names = {key: scenario.name for key, scenario in offered.items()}
    names[TODAY] = say("app_what_if.today")
    if CURRENT in offered:
        names[CURRENT] = _draft_name(context, draft)
    # a kept one may be called as today is
    names = dict(zip(names, told_apart(names.values()), strict=True))
    chosen = _chosen(context, list(offered), names)
    if len(chosen) < 2:
        st.info(say("app_what_if.compare_more"), icon=":material/compare:")
    results = {key: current.assessment_after(context, offered[key]) for key in chosen}
    if results:
        differences.not_counted(context, result, list(results.values()))
        frame.spread(context, result, None, group)
        _maps(context, {key: (offered[key], results[key]) for key in chosen}, names, kind, group)
        _figures(context, offered, results, names, group)


def _is_kept(draft: Draft) -> bool:
    """Whether the current scenario is among the kept ones, under whatever name."""
    now = assessments.changes_text(draft.current)
    return any(assessments.changes_text(each) == now for each in draft.kept)


def _draft_name(context: Context, draft: Draft) -> str:
    """Return what the draft is called, told apart from a kept one of its name."""
    name = draft.current.name
    if not name:
        return context.word("app_what_if.current")
    if name in {each.name for each in draft.kept}:
        return context.word("app_what_if.current_of", name=name)
    return name


def _chosen(context: Context, offered: list[str], names: dict[str, str]) -> list[str]:
    kept = [key for key in st.session_state.get(_KEY, offered[:MOST]) if key in offered]
    st.session_state[_KEY] = kept
    chosen: list[str] = st.multiselect(
        context.word("app_what_if.compare_which"),
        offered,
        format_func=names.__getitem__,
        max_selections=MOST,
        key=_KEY,
        placeholder=context.word("app.choose"),
    )
    return chosen


def _maps(
    context: Context,
    shown: dict[str, tuple[Scenario, Assessment]],
    names: dict[str, str],
    kind: str,
    group: str,
) -> None:
    language, before = context.labels.language, context.district()
    panes = []
    for key, (scenario, result) in shown.items():
        people = result.league("district")
        row = people[(people["kind"] == kind) & (people["group"] == group)]
        share = context.labels.rate(row.iloc[0].to_dict()) if len(row) else "–"
        groups = [
            *coverage_groups(result, kind, group, language),
            facility_group(result.district, kind, language, question=result.question),
        ]
        drawn = list(marks(context, scenario, before, result.district))
        if drawn:
            name = context.word("app_what_if.layer_changes")
            groups.append(mark_group(drawn, before.crs, name, seed="changes"))
        panes.append(Pane(groups, f"{names[key]} · {share}"))
    height = 400 if len(panes) <= 3 else 640
    last = next(reversed(shown.values()))[1]
    changes = [change for scenario, _ in shown.values() for change in scenario.changes]
    signs = legend_html(last, kind, group, language)
    signs += change_legend(context, changes)
    word = context.labels.kind(kind, before.kinds)
    printed = sheet(context, word, signs)
    results = {names[key]: result for key, (_, result) in shown.items()}
    reading = Reading(results, group, kind)
    map_view.show(
        context, panes, key="compare", height=height, legend=signs, reading=reading, printed=printed
    )


def _figures(
    context: Context,
    offered: dict[str, Scenario],
    results: dict[str, Assessment],
    names: dict[str, str],
    group: str,
) -> None:
    """Draw what the scenarios bring and cost, and what is taken away of it."""
    labels = context.labels
    found = compare_scenarios(
        context.assessment(),
        [offered[key] for key in results],
        group=group,
        after=list(results.values()),
        costs=costs_of(own(context)),
    )
    shown_names = [names[key] for key in results]
    table = scenarios_table(found, shown_names, labels.language)
    what, unit, *figures = map(str, table.columns)
    rows = measures_told(found)
    shown = table[[measure not in ENDS for measure, _ in rows]].assign(
        **{name: _words(labels, dict(zip(rows, table[name], strict=True))) for name in figures}
    )
    right = st.column_config.TextColumn(alignment="right")
    draw_rows = partial(
        tables.draw,
        context,
        first=[what, *figures, unit],
        config=dict.fromkeys(figures, right),
        height="content",
        room=tables.WHOLE,
    )
    changed = _differs(table.loc[shown.index, figures]) | _differs(shown[figures])
    if not changed.any():
        changed[:] = True
    # what the scenarios change is what is looked for: the rest is folded
    draw_rows(
        shown[changed], "compare_table", beside=lambda: _files(context, found, shown_names, table)
    )
    same = int((~changed).sum())
    if same and st.toggle(context.word("app_what_if.same_rows", count=same), key="compare_same"):
        draw_rows(shown[~changed], "compare_same_table")
    st.caption(context.word("scenarios.note"))
    for finding in found.unpaid(shown_names):
        words = labels.finding(finding, found.assessment.district.kinds)
        st.info(markdown(words), icon=":material/info:")
    for note in unverified(found.costs, context.labels):
        st.caption(markdown(note))


def _differs(columns: pd.DataFrame) -> pd.Series:
    """Return for each row whether not all columns say the same."""
    return columns.nunique(axis=1, dropna=False) > 1


def _words(labels: Labels, told: Mapping[tuple[str, str], float]) -> list[str]:
    """Return figures as a column shows them; both ends of a share of which too many are unknown."""
    words = []
    for (measure, kind), value in told.items():
        if measure in ENDS:
            continue
        low, high = (told.get((end, kind), math.nan) for end in ENDS)
        if measure == "share" and math.isnan(value) and not math.isnan(low):
            ends = {"low": labels.number(low, 1), "high": labels.number(high, 1)}
            words.append(labels.text("{low}–{high}", **ends))
        else:
            words.append(_figure(labels, value, measure == "share"))
    return words


def _figure(labels: Labels, value: float, is_share: bool) -> str:
    if math.isnan(value):
        return "–"
    if is_share:  # 71.0 stands below 66.5
        return labels.number(value, 1)
    digits = 0 if value == round(value) else 1 if abs(value) >= 1 else 2
    return labels.number(value, digits)


def _files(
    context: Context, found: ScenarioComparison, names: list[str], table: pd.DataFrame
) -> None:
    """Draw the button that offers the comparison as a workbook, a table and a picture."""
    word, language = context.word, context.labels.language
    stem = f"{context.stem}-{context.standard}-comparison"
    offered = [
        downloads.table(word("scenarios.workbook"), f"{stem}.xlsx", lambda: table),
        downloads.table(word("scenarios.csv"), f"{stem}.csv", lambda: table),
        downloads.layers(
            word("scenarios.picture"),
            f"{stem}.svg",
            lambda path: write_scenarios_picture(found, names, path, language),
        ),
        downloads.provenance(context, found.assessment, stem),
    ]
    downloads.files(context, "compare", offered)
    prices.draw(context)
