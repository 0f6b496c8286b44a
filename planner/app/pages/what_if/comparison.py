"""Up to four scenarios side by side: maps that move together, and a table of figures."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.what_if import differences
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.session.drafts.draft import Draft
from planner.app.widgets import map_view
from planner.app.widgets.change_words import change_legend, marks
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.map_view import Pane
from planner.app.widgets.print_sheet import sheet
from planner.district import Scenario
from planner.views.maps.assessment import coverage_groups
from planner.views.maps.parts.facilities import facility_group
from planner.views.maps.parts.legend import legend_html
from planner.views.maps.parts.marks import mark_group
from planner.views.words.shares import percent_figures

MOST = 4
TODAY, CURRENT = "today", "current"
_KEY = "compare_chosen"


def draw(context: Context, draft: Draft, kind: str, group: str) -> None:
    """Draw the choice of scenarios, their maps and figures."""
    say = context.word
    offered: dict[str, Scenario] = {TODAY: current.blank(context)}
    if draft.current.changes:
        offered[CURRENT] = draft.current
    offered |= {f"kept {scenario.name}": scenario for scenario in draft.kept}
    names = {
        key: say(f"app_what_if.{key}") if key in (TODAY, CURRENT) else scenario.name
        for key, scenario in offered.items()
    }
    chosen = _chosen(context, list(offered), names)
    if len(chosen) < 2:
        st.info(say("app_what_if.compare_more"), icon=":material/compare:")
    results = {key: current.assessment_after(context, offered[key]) for key in chosen}
    if results:
        differences.not_counted(context, list(results.values()))
        _maps(context, {key: (offered[key], results[key]) for key in chosen}, names, kind, group)
        st.dataframe(
            _table(context, results, group),
            hide_index=True,
            column_config=_columns(context, names, chosen),
            key="compare_table",
            placeholder="–",
        )


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


def _table(context: Context, results: dict[str, Assessment], group: str) -> pd.DataFrame:
    """Return a row for each judged kind: its share in each scenario, and residents gained."""
    first = next(iter(results))
    columns: dict[str, pd.Series] = {}
    for key, result in results.items():
        league = result.league("district")
        judged = league["kind"].isin(result.judged_kinds) & (league["group"] == group)
        rows = league[judged].set_index("kind")
        columns[f"share {key}"] = percent_figures(rows["share"])
        columns[f"covered {key}"] = rows["covered"].round()
    table = pd.DataFrame(columns)
    for key in list(results)[1:]:
        table[f"change {key}"] = table[f"covered {key}"] - table[f"covered {first}"]
    kinds = context.district().kinds
    table.insert(0, "kind", [context.labels.kind(kind, kinds) for kind in table.index])
    return table.drop(columns=[f"covered {key}" for key in results])


def _columns(context: Context, names: dict[str, str], chosen: list[str]) -> dict[str, Any]:
    config: Any = st.column_config
    columns = {"kind": config.TextColumn(context.labels.column("kind"), width="medium")}
    for key in chosen:
        columns[f"share {key}"] = config.NumberColumn(
            context.word("app_what_if.col_share_of", name=names[key]), format="%.1f%%"
        )
    for key in chosen[1:]:
        columns[f"change {key}"] = config.NumberColumn(
            context.word("app_what_if.col_gain_of", name=names[key]), format="%+.0f"
        )
    return columns
