"""Parts that pages are put together from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment, Level
from planner.app.session import choices, store
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import downloads, key_figures
from planner.app.widgets.key_figures import Figure
from planner.district import District, Rule
from planner.errors import InputError
from planner.views.words.provenance import LAYERS, range_line

TABLE_HEIGHT = 462


def heading(context: Context, district: District, without: Sequence[str] = ()) -> None:
    """Draw the district's name, that it is made up where it is, and kinds without data.

    Parameters
    ----------
    context, district
        What is shown.
    without
        The standard's kinds of which no source tells: they are not judged.
    """
    badges = []
    if district.synthetic:
        badges.append(f":orange-badge[{context.say('synthetic')}]")
    if district.estimated:
        badges.append(f":blue-badge[{context.say('estimated')}]")
    if without:
        names = [context.labels.kind(kind, district.kinds) for kind in without]
        word, comma = context.labels.value("data_none"), context.labels.text(", ")
        badges.append(f":red-badge[{word} · {markdown(comma.join(names))}]")
    # without badges a line is kept for them: the title stays clear of what follows
    st.markdown(f"## {markdown(_name(context, district))}\n{' '.join(badges) or '&nbsp;'}")


def _name(context: Context, district: District) -> str:
    return context.labels.text(district.name)


def pick_kind(context: Context, result: Assessment) -> str:
    """Draw the choice of a kind: the judged ones first."""
    if not result.kinds:
        raise InputError("analysis.nothing_judged", standard=result.standard.id)
    judged = result.judged_kinds
    others = [kind for kind in result.kinds if kind not in judged]
    return choices.pick(
        "kind",
        context.say("kind"),
        [*judged, *others],
        _first_kind(result),
        lambda kind: context.labels.kind(kind, result.district.kinds),
        help=context.say("kind_help"),
    )


def _first_kind(result: Assessment) -> str:
    """Return the clinic, or the first judged kind, if the district has one; else any."""
    present = set(result.district.open_facilities()["kind"])
    wanted = ["clinic", *result.judged_kinds, *result.kinds]
    found = [kind for kind in wanted if kind in present and kind in result.kinds]
    return [*found, *result.judged_kinds, *result.kinds][0]


def pick_group(context: Context, result: Assessment) -> str:
    """Draw the choice of whom to count."""
    return choices.pick(
        "group",
        context.say("group"),
        result.groups,
        result.groups[0],
        context.labels.group,
        help=context.say("estimated_help" if result.district.estimated else "group_help"),
    )


def refusals(context: Context) -> None:
    """Say which choices are not on offer here and that another was taken."""
    # always one place on the page: what follows would else be drawn anew, the map with it
    place, said = st.empty(), choices.refused()
    if not said:
        return
    with place.container():
        for name, value in said.items():
            st.warning(
                context.say("not_on_offer", what=context.say(name), value=markdown(value)),
                icon=":material/info:",
            )


def figures(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw the row of key figures of a kind and group."""
    row = store.figures(context.entry, context.standard, kind, group)
    rule = result.rule(kind)
    people = context.labels.group(group)
    general = _general_figures(context, row, people)
    if rule is None:
        say = context.say
        unjudged = Figure(say("limit"), say("not_judged"), say("not_judged_help"), layers=())
        shown = [*general, unjudged]
    else:
        shown = [*_judged_figures(context, result, rule, row, people), *general]
    place = st.empty()
    if row["facilities"] == 0:
        place.info(context.say("no_facility"), icon=":material/info:")
    key_figures.draw(context, result, shown, "coverage")


def _judged_figures(
    context: Context, result: Assessment, rule: Rule, row: Mapping[str, float], people: str
) -> list[Figure]:
    say, labels = context.say, context.labels
    limit = labels.metres(row["limit_m"])
    measure = labels.value(result.standard.measure_of(rule.kind))
    definition = say("share_help", group=people, limit=limit, measure=measure)
    covered = say("covered_help", group=people, limit=limit)
    uncovered = say("uncovered_help", group=people, limit=limit)
    kinds, unknown = [rule.kind], range_line(row, labels)
    return [
        Figure(
            say("share"),
            labels.percent(row["share"]),
            definition,
            "coverage",
            kinds,
            LAYERS,
            unknown,
        ),
        Figure(
            say("covered"), labels.number(row["covered"]), covered, "within", kinds, LAYERS, unknown
        ),
        Figure(
            say("uncovered"),
            labels.number(row["uncovered"]),
            uncovered,
            "beyond",
            kinds,
            LAYERS,
            unknown,
        ),
    ]


def _general_figures(context: Context, row: Mapping[str, float], people: str) -> list[Figure]:
    say, labels = context.say, context.labels
    lacking = say(
        "of",
        part=labels.number(row["communities_lacking"]),
        whole=labels.number(row["communities"]),
    )
    count = labels.number(row["facilities"])
    reached = row["median_distance_m"] == row["median_distance_m"]
    median = labels.metres(row["median_distance_m"]) if reached else "–"
    return [
        Figure(
            say("unknown"),
            labels.number(row["unknown"]),
            say("unknown_help", group=people),
            "unknown" if row["share"] == row["share"] else "",
            layers=("demand", "streets"),
        ),
        Figure(say("median"), median, say("median_help", group=people), "median"),
        Figure(
            say("lacking"),
            lacking,
            say("lacking_help", count=count),
            layers=("communities", "facilities"),
        ),
    ]


def area_table(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw the table of communities or subdistricts, the most people beyond the limit first."""
    levels: list[Level] = ["community"]
    if (result.district.communities["subdistrict"] != "").any():
        levels.append("subdistrict")
    with st.container(horizontal=True, vertical_alignment="center"):
        level = _pick_level(context, levels)
        downloads.button(context, kind, group)
    table = _area_rows(context, kind, group, level)
    order = _column_order(table, result.rule(kind) is not None, level)
    st.dataframe(
        table[order],
        height=TABLE_HEIGHT,
        hide_index=True,
        column_config=_columns(context, result),
        key=f"table_{level}",
        placeholder="–",
    )


def _pick_level(context: Context, levels: list[Level]) -> Level:
    if len(levels) == 1:
        return levels[0]
    key = "table_level"
    if st.session_state.get(key) not in levels:
        st.session_state[key] = levels[0]
    st.segmented_control(
        context.say("level"),
        levels,
        format_func=lambda level: context.say(f"level_{level}"),
        key=key,
        label_visibility="collapsed",
    )
    chosen: Level = st.session_state[key] or levels[0]
    return chosen


def _area_rows(context: Context, kind: str, group: str, level: Level) -> pd.DataFrame:
    league = store.league(context.entry, context.standard, level, kind)
    rows = league[league["group"] == group]
    table = rows.assign(
        name=rows["name"].where(rows["name"] != "", rows["area_id"]),
        share=rows["share"] * 100,
        **{column: rows[column].round() for column in ("total", "uncovered", "unknown")},
    )
    return table.sort_values(
        ["uncovered", "mean_distance_m", "area_id"], ascending=[False, False, True]
    )


def _column_order(table: pd.DataFrame, judged: bool, level: Level) -> list[str]:
    order = ["name", *(["share", "uncovered"] if judged else []), "mean_distance_m"]
    if (table["unknown"] > 0).any():
        order.append("unknown")
    order += ["total", "facilities"]
    if level == "community" and (table["subdistrict"] != "").any():
        order.append("subdistrict")
    return order


def _columns(context: Context, result: Assessment) -> dict[str, Any]:
    labels, config = context.labels, st.column_config
    people = labels.group(result.groups[0])
    return {
        "name": config.TextColumn(context.say("col_name"), width=95),
        "subdistrict": config.TextColumn(labels.column("subdistrict"), width=82),
        "share": share_column(context),
        "uncovered": config.NumberColumn(context.say("uncovered"), format="localized", width=82),
        "unknown": config.NumberColumn(context.say("unknown"), format="localized", width=82),
        "mean_distance_m": config.NumberColumn(
            labels.column("mean_distance_m"), format="%.0f", width=108
        ),
        "total": config.NumberColumn(people, format="localized", width=82),
        "facilities": config.NumberColumn(
            context.say("facilities_inside"), format="localized", width=82
        ),
    }


def share_column(context: Context) -> Any:
    """Return the column of a share given in per cent: a bar and its figure."""
    return st.column_config.ProgressColumn(
        context.say("share"), min_value=0, max_value=100, format="%.1f%%", width=100
    )


def notes(context: Context, result: Assessment, kind: str | None) -> None:
    """Draw what a reader of the figures must know, and the credits of the data."""
    labels, district = context.labels, result.district
    rule = result.rule(kind) if kind else None
    lines = [labels.finding(finding, district.kinds) for finding in result.findings]
    if rule is not None and not rule.verified:
        lines.insert(0, context.say("unverified", clause=labels.clause(rule)))
    if district.estimated:
        lines.insert(0, context.say("estimated_note"))
    if district.synthetic:
        lines.insert(0, context.say("synthetic_note"))
    with st.expander(context.say("notes", count=len(lines)), icon=":material/info:"):
        st.markdown("\n".join(f"- {markdown(line)}" for line in lines))
    if district.attribution:
        st.caption(context.say("credits", names=markdown(district.attribution)))
