"""Supply and hours: the week, load against capacity, redundancy, equity, ranges."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.hours import WEEKDAYS
from planner.app.session import background, choices, measured
from planner.app.session.context import Context
from planner.app.session.errors import told
from planner.app.session.loading import loaded
from planner.app.widgets import charts, components, key_figures
from planner.app.widgets.key_figures import Figure
from planner.views.tables.measures import joined_ends
from planner.views.words.measures import heading, value

SHARES = ("share", "overlap")
LOAD_COLUMNS = [
    "name",
    "load_low",
    "load_high",
    "relative_load",
    "residents_low",
    "residents_high",
    "room_residents",
    "capacity",
    "mean_distance_m",
    "farthest_m",
    "counts",
]
View = Callable[[Context, Assessment, str, str], None]


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _draw(context: Context, result: Assessment) -> None:
    """Draw what changes with kind, group and view."""
    title, kind_box, group_box = st.columns([5, 4, 3], vertical_alignment="bottom")
    with title:
        components.heading(context, result.district, result.kinds_without_data)
    with kind_box:
        kind = components.pick_kind(context, result)
    with group_box:
        group = components.pick_group(context, result)
    components.refusals(context)
    view = choices.switch(
        "view", _say(context, "page"), VIEWS, "hours", lambda name: _say(context, f"tab_{name}")
    )
    draw, needs_limit = VIEWS[view]
    if needs_limit and result.rule(kind) is None:
        st.info(_say(context, "not_judged_note"), icon=":material/info:")
    elif _ready(context, result, view, kind, group):
        draw(context, result, kind, group)
    components.notes(context, result, kind)
    choices.write_address()


def _ready(context: Context, result: Assessment, view: str, kind: str, group: str) -> bool:
    """Work out what a view shows, unless it is there already; False while it is not."""
    key = ("supply", context.entry, context.standard, view, kind, group)

    def work(ticket: background.Ticket) -> bool:
        for number, measure in enumerate(MEASURES[view], start=1):
            ticket.check()
            measure(result, kind, group)
            ticket.progress(number / len(MEASURES[view]))
        return True

    return bool(background.value(context, key, work, context.word("app_comfort.measures")))


def _hours(context: Context, result: Assessment, kind: str, group: str) -> None:
    table = measured.hours(result, group)
    days = [value(context.labels, day) for day in WEEKDAYS]
    table = table.assign(day=table["weekday"].map(dict(zip(WEEKDAYS, days, strict=True))))
    rows = table[table["kind"] == kind]
    if rows["share_low"].isna().all():
        return
    ranked = rows.sort_values("share_low", ascending=False, kind="stable").to_dict("records")
    best, worst = ranked[0], ranked[-1]
    around = measured.around_the_clock(result, group)
    around = around[around["kind"] == kind]
    percent = context.labels.percent
    st.markdown(
        _say(
            context,
            "hours_note",
            group=context.labels.group(group),
            limit=context.labels.metres(result.limit_m(kind, group)),
            best=percent(best["share_low"]),
            best_at=_moment(best),
            worst=percent(worst["share_low"]),
            worst_at=_moment(worst),
        )
    )
    words = _words(context, result, [*rows.columns, "day", "hour_of_day"])
    st.vega_lite_chart(rows, charts.week_heat(days, words), key="week_heat")
    figures = []
    for row in around.to_dict("records"):
        ends = dict.fromkeys(percent(float(row[end])) for end in ("share_low", "share_high"))
        name = str(row["reading"])
        meaning = context.word(f"app_comfort.around_{name}")
        figures.append(
            Figure(_say(context, f"around_{name}"), "–".join(ends), meaning, "coverage", [kind])
        )
    key_figures.draw(context, result, figures, "hours")
    unknown = int(rows["facilities_unknown"].max())
    if unknown:
        points = 100 * float((rows["share_high"] - rows["share_low"]).max())
        total = len(result.district.open_facilities(kind))
        said = {"count": unknown, "total": total, "points": context.labels.number(points, 1)}
        st.info(_say(context, "hours_unknown", **said), icon=":material/info:")
    kinds = [context.labels.kind(each, result.district.kinds) for each in result.judged_kinds]
    names = dict(zip(result.judged_kinds, kinds, strict=True))
    strips = table.assign(kind=table["kind"].map(names))
    st.vega_lite_chart(strips, charts.week_strips(kinds, words, days), key="week_strips")


def _load(context: Context, result: Assessment, kind: str, group: str) -> None:
    table, labels = measured.served(result, kind, group), context.labels
    if table.empty:
        st.info(_say(context, "no_facility"), icon=":material/info:")
        return
    totals = measured.loads(result, group)
    total = totals.loc[[kind]].to_dict("records")[0]
    told_room = table["room_residents"].notna().any()
    note = "load_note" if told_room else "load_relative_note"
    st.markdown(_say(context, note, group=labels.group(group)))
    figures = {"served_figure": labels.number(total["residents"])}
    if told_room:
        figures["room_figure"] = labels.number(total["room_residents"])
        figures["col_full"] = _between(context, total["full_low"], total["full_high"])
        figures["residents_full_figure"] = _between(
            context, total["residents_at_full_low"], total["residents_at_full_high"]
        )
    shown = [
        Figure(
            _say(context, code),
            figure,
            _say(context, "full_help") if "full" in code else context.word(f"app_comfort.{code}"),
            "" if code == "served_figure" else "load",
        )
        for code, figure in figures.items()
    ]
    key_figures.draw(context, result, shown, "load")
    if total["unknown_room"] and told_room:
        said = _say(context, "load_unknown", count=int(total["unknown_room"]))
        st.info(said, icon=":material/info:")
    column = "load_high" if told_room else "relative_load"
    left, right = st.columns([6, 7])
    with left:
        outlines = result.district.communities[["geometry"]].simplify(5).__geo_interface__
        words = _words(context, result, [*table.columns, "load"])
        spec = charts.load_map(outlines, words, column)
        st.vega_lite_chart(table.reset_index(), spec, key="load_map")
    with right:
        ranked = table.sort_values(column, ascending=False)[LOAD_COLUMNS]
        _table(context, result, ranked.dropna(axis=1, how="all"), "load")


def _alone(context: Context, result: Assessment, kind: str, group: str) -> None:
    table, labels = measured.alone(result, kind, group), context.labels
    if table.empty:
        st.info(_say(context, "no_facility"), icon=":material/info:")
        return
    limit = labels.metres(result.limit_m(kind, group))
    st.markdown(_say(context, "alone_note", limit=limit))
    covered = _covered(result, kind, group)
    if covered > 0:
        alone = min(float(table["alone_high"].sum()), covered)
        share = labels.percent(alone / covered)
        said = {"alone": labels.number(alone), "within": labels.number(covered), "share": share}
        st.markdown(_say(context, "alone_sum", **said))
    _table(context, result, table, "alone")


def _covered(result: Assessment, kind: str, group: str) -> float:
    league = result.league("district")
    return float(league[(league["kind"] == kind) & (league["group"] == group)]["covered"].iloc[0])


def _equity(context: Context, result: Assessment, kind: str, group: str) -> None:
    table = measured.spread(result, group)
    row = table[table["kind"] == kind].iloc[0]
    left, right = st.columns([5, 7])
    with left:
        st.markdown(_say(context, "equity_note"))
        if row["people"] > 0:
            spec = charts.lorenz_chart(
                _say(context, "equity_people"), _say(context, "equity_distance")
            )
            st.vega_lite_chart(measured.curve(result, kind, group), spec, key="lorenz")
        left_out = row["unreachable"] + row["unknown"]
        if left_out > 0:
            count = context.labels.number(left_out)
            st.caption(_say(context, "equity_left_out", count=count))
    with right:
        _table(context, result, table.drop(columns="group").set_index("kind"), "equity")
    if result.rule(kind) is not None:
        st.markdown(_say(context, "groups_note"))
        groups = measured.by_group(result, kind).drop(columns="kind").set_index("group")
        _table(context, result, groups, "groups")


def _range(context: Context, result: Assessment, kind: str, group: str) -> None:
    table, labels = measured.ranges(result, kind, group), context.labels
    unknown = labels.number(table["unknown"].iloc[0])
    st.markdown(_say(context, "range_note", unknown=unknown))
    causes = [value(labels, cause) for cause in table["cause"]]
    words = _words(context, result, ["cause", "share", "share_low", "share_high"])
    shown = table.assign(cause=causes).drop(columns=["kind", "group"])
    st.vega_lite_chart(shown, charts.range_chart(causes, words), key="ranges")
    pieces = measured.pieces(result)
    if len(pieces):
        residents = labels.number(pieces["residents"].sum())
        said = _say(context, "range_pieces", count=len(pieces), residents=residents)
        st.warning(said, icon=":material/link_off:")
        columns = ["edges", "length_m", "homes", "residents", "facilities", "gap_m"]
        _table(context, result, pieces.set_index("piece")[columns], "pieces")


VIEWS: dict[str, tuple[View, bool]] = {
    "hours": (_hours, True),
    "load": (_load, False),
    "alone": (_alone, True),
    "equity": (_equity, False),
    "range": (_range, True),
}
"""What the page can show, and whether it needs a limit."""

MEASURES: dict[str, tuple[Callable[[Assessment, str, str], object], ...]] = {
    "hours": (
        lambda result, _, group: measured.hours(result, group),
        lambda result, _, group: measured.around_the_clock(result, group),
    ),
    "load": (measured.served, lambda result, _, group: measured.loads(result, group)),
    "alone": (measured.alone,),
    "equity": (
        lambda result, _, group: measured.spread(result, group),
        measured.curve,
    ),
    "range": (measured.ranges, lambda result, _, __: measured.pieces(result)),
}
"""What each view needs; kept once made."""


def _say(context: Context, code: str, **params: object) -> str:
    return context.labels.message(f"measures.{code}", **params)


def _words(context: Context, result: Assessment, columns: Any) -> dict[str, str]:
    own = {"hour_of_day": _say(context, "hour"), "day": _say(context, "col_weekday")}
    kinds = result.district.kinds
    return {name: own.get(name) or heading(context.labels, name, kinds) for name in columns}


def _moment(row: Mapping[Hashable, Any]) -> str:
    return f"{row['day']} {int(row['hour_of_day']):02d}:00"


def _between(context: Context, low: float, high: float) -> str:
    return "–".join(dict.fromkeys(context.labels.number(end) for end in (low, high)))


def _table(context: Context, result: Assessment, table: pd.DataFrame, name: str) -> None:
    """Draw a table with words for headings and kinds; shares are given in per cent."""
    labels, kinds = context.labels, result.district.kinds
    index = str(table.index.name)
    table = joined_ends(table.reset_index())
    for column, word in (("kind", lambda k: labels.kind(k, kinds)), ("group", labels.group)):
        if column in table:
            table[column] = table[column].map(word)
    config = {}
    for column in table.columns:
        title = heading(labels, column, kinds)
        if column.startswith(SHARES):
            table[column] = table[column] * 100
            config[column] = st.column_config.NumberColumn(title, format="%.1f%%")
        elif column.startswith("difference"):
            table[column] = table[column] * 100
            config[column] = st.column_config.NumberColumn(title, format="%+.1f")
        elif pd.api.types.is_numeric_dtype(table[column]):
            known = table[column].dropna()
            whole = (known == known.round()).all() or known.abs().max() >= 100
            table[column] = table[column].round() if whole else table[column]
            pattern = "localized" if whole else "%.2f"
            config[column] = st.column_config.NumberColumn(title, format=pattern)
        else:
            config[column] = st.column_config.Column(title, pinned=column == index)
    st.dataframe(table, hide_index=True, column_config=config, key=f"table_{name}", placeholder="–")
