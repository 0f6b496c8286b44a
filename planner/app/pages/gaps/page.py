"""Gaps and causes: where people lack facilities and why, a ranked list beside the map."""

from __future__ import annotations

from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.gaps.causes import CAUSES
from planner.analysis.gaps.gaps import TOGETHER, gap_notes
from planner.analysis.gaps.links import MENDED
from planner.app.session import background, choices, gap_store
from planner.app.session.context import Context
from planner.app.session.errors import markdown, told
from planner.app.session.gap_store import Asked
from planner.app.session.loading import loaded
from planner.app.widgets import components, gap_downloads, key_figures, map_view
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane, Pick
from planner.app.widgets.print_sheet import sheet
from planner.views.maps.facilities import facility_group
from planner.views.maps.gaps import GAP, bounds_of, gap_groups, gap_link_groups, legend_html
from planner.views.tables.gaps import gaps_table
from planner.views.words.gaps import cause_word, kind_word, link_word, place_word, remedy_word
from planner.views.words.provenance import LAYERS

EACH = "each"
ALL = "all"
MOST_DRAWN = 400
"""Gaps on the map and in the list at most, the greatest; the files have all."""


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _draw(context: Context, result: Assessment) -> None:
    title, kind_box, cause_box, group_box, more = st.columns(
        [3.2, 3.0, 2.5, 2.3, 2.0], vertical_alignment="bottom"
    )
    with title:
        components.heading(context, result.district, result.kinds_without_data)
    with kind_box:
        kind = choices.pick(
            "gap_kind",
            _say(context, "shown_kinds"),
            [*result.judged_kinds, EACH, *TOGETHER],
            (result.judged_kinds or [EACH])[0],
            lambda each: _kind_word(context, result, each),
        )
    with cause_box:
        cause = choices.pick(
            "gap_cause",
            _say(context, "cause"),
            [ALL, *CAUSES],
            ALL,
            lambda each: _cause_word(context, each),
        )
    with group_box:
        group = components.pick_group(context, result)
    with more:
        at, service, capacity = _question(context, result)
    asked = Asked(
        context.entry,
        context.standard,
        "" if kind == EACH else kind,
        group,
        at,
        service,
        capacity,
    )
    if not result.judged_kinds:
        st.info(context.word("app_comfort.no_limits"), icon=":material/info:")
        choices.write_address()
        return
    both = background.value(
        context, ("gaps", asked), partial(_found, asked), context.word("app_comfort.gaps")
    )
    if both is None:
        return
    judged, found = both
    gaps = found if cause == ALL else found[found["cause"] == cause]
    if gaps.empty:
        told = f"{_say(context, 'none')} {context.word('app_comfort.no_gaps')}"
        st.info(told, icon=":material/check_circle:")
    else:
        _figures(context, judged, gaps, group)
        _gaps(context, judged, gaps, asked)
    for note in gap_notes(judged, asked.kind or None, capacity=capacity):
        st.caption(markdown(context.labels.finding(note, result.district.kinds)))
    components.notes(context, judged, None)
    choices.write_address()


def _found(asked: Asked, ticket: background.Ticket) -> tuple[Assessment, gpd.GeoDataFrame]:
    judged = gap_store.assessment(asked.entry, asked.standard, asked.at, asked.service)
    ticket.progress(0.3)
    ticket.check()
    return judged, gap_store.gaps(asked)


def _say(context: Context, code: str, **params: object) -> str:
    return context.labels.message(f"gaps.{code}", **params)


def _kind_word(context: Context, result: Assessment, kind: str) -> str:
    if kind == EACH:
        return _say(context, "each_kind")
    return kind_word(kind, context.labels, result.district.kinds)


def _cause_word(context: Context, cause: str) -> str:
    if cause == ALL:
        return _say(context, "cause_all")
    return context.labels.message(f"analysis_gaps.cause_{cause}")


def _question(context: Context, result: Assessment) -> tuple[str, str, bool]:
    """Draw what is asked beside the distance: moment, service, room."""
    offered = {
        part.strip()
        for text in result.district.facilities["services"]
        for part in text.split(";")
        if part.strip()
    }
    with st.popover(
        _say(context, "question"), help=_say(context, "question_help"), icon=":material/tune:"
    ):
        at = st.text_input(
            _say(context, "at"),
            key="gaps_at",
            help=_say(context, "at_help"),
            placeholder="Su 22:00",
        )
        service = st.selectbox(
            _say(context, "service"),
            ["", *sorted(offered)],
            key="gaps_service",
            format_func=lambda each: context.labels.text(each) or _say(context, "service_any"),
        )
        capacity = st.checkbox(
            _say(context, "capacity"), key="gaps_capacity", help=_say(context, "capacity_help")
        )
    return (at or "").strip(), service or "", bool(capacity)


def _figures(context: Context, result: Assessment, gaps: gpd.GeoDataFrame, group: str) -> None:
    labels, say = context.labels, partial(_say, context)
    by_cause = gaps.groupby("cause")[group].sum()
    worst = str(by_cause.idxmax())
    count = labels.number(by_cause.max())
    kinds = [kind for kind in result.judged_kinds if kind in set(gaps["kind"])]
    judged = kinds or result.judged_kinds
    figures = [
        Figure(
            say("metric_people"),
            labels.number(gaps[group].sum()),
            say("metric_people_help", group=labels.group(group)),
            "gap",
            judged,
        ),
        Figure(say("metric_gaps"), labels.number(len(gaps)), say("metric_gaps_help"), "", judged),
        Figure(
            say("metric_cause"),
            _cause_word(context, worst),
            say("metric_cause_help", count=count),
            "detour",
            judged,
            layers=(*LAYERS, "barriers", "gates"),
        ),
    ]
    key_figures.draw(context, result, figures, "gaps")


def _gaps(context: Context, result: Assessment, gaps: gpd.GeoDataFrame, asked: Asked) -> None:
    """Draw map and table, which choose the same gap."""
    shown = gaps.head(MOST_DRAWN)
    chosen = choices.under(GAP, asked, shown["gap_id"].to_list()) or None
    language = context.labels.language
    left, right = st.columns([8, 7])
    with left:
        groups = gap_groups(result, shown, language, group=asked.group, chosen=chosen)
        if asked.kind and asked.kind not in TOGETHER:
            groups.append(
                facility_group(result.district, asked.kind, language, question=result.question)
            )
        if chosen:
            groups += gap_link_groups(result, gap_store.linked(asked, chosen), language)
        map_view.show(
            context,
            [Pane(groups)],
            key="gaps",
            on_pick=_pick,
            look_at=bounds_of(shown[shown["gap_id"] == chosen]) if chosen else None,
            printed=sheet(context, context.word("gaps.page"), legend_html(shown, language)),
        )
        map_view.legend(legend_html(shown, language))
    with right:
        gap_downloads.button(context, result, gaps)
        _table(context, result, shown, asked)
    if chosen:
        _detail(context, asked, chosen)
    else:
        st.caption(_say(context, "picked"))


def _pick(pick: Pick) -> None:
    if pick.what == GAP:
        choices.choices()[GAP] = pick.id


def _take_row(key: str, ids: list[str]) -> None:
    rows = st.session_state[key].selection.rows
    choices.choices()[GAP] = ids[rows[0]] if rows else ""


def _table(context: Context, result: Assessment, gaps: gpd.GeoDataFrame, asked: Asked) -> None:
    table = gaps_table(result, gaps, context.labels.language)
    if asked.kind:
        table = table.drop(columns=_say(context, "col_kind"))
    key = f"gaps_table_{hash((asked, tuple(gaps['gap_id'])))}"
    st.dataframe(
        table,
        hide_index=True,
        height=components.TABLE_HEIGHT - 60,
        column_config=_columns(context, table, asked.group),
        column_order=_order(context, table, asked.group),
        key=key,
        on_select=partial(_take_row, key, gaps["gap_id"].to_list()),
        selection_mode="single-row",
        placeholder="–",
    )


def _order(context: Context, table: pd.DataFrame, group: str) -> list[str]:
    """Place, people and cause first; the other groups are in the files."""
    first = ["kind", "cause", "remedy", "facility", "straight_m", "walked_m", "detour", "not_known"]
    names = [_say(context, f"col_{name}") for name in first]
    order = [_say(context, "col_place"), context.labels.group(group), *names]
    return [name for name in order if name in table]


def _columns(context: Context, table: pd.DataFrame, group: str) -> dict[str, Any]:
    config = st.column_config
    columns: dict[str, Any] = {
        str(name): config.NumberColumn(format="localized", width=82)
        for name in table.select_dtypes("number")
    }
    columns[_say(context, "col_place")] = config.TextColumn(width=170)
    columns[context.labels.group(group)] = config.NumberColumn(format="localized", width=82)
    return columns


def _detail(context: Context, asked: Asked, chosen: str) -> None:
    """Draw what is known of the chosen gap, and the best link for it."""
    labels = context.labels
    with st.spinner(labels.message("links.searching")):
        row = next(gap_store.linked(asked, chosen).itertuples(index=False))
    words = [f"**{markdown(place_word(row, labels))}**", markdown(cause_word(row, labels))]
    if row.remedy:
        words.append(markdown(_say(context, "remedy", remedy=remedy_word(row, labels))))
    if row.link_work:
        words.append(markdown(_say(context, "best_link", link=link_word(row, labels))))
    elif row.cause in MENDED and row.kind not in TOGETHER:
        words.append(markdown(_say(context, "no_link")))
    st.markdown(" · ".join(words))
