"""Links to open: gates, footbridges and paths, ranked, on the map and to take away."""

from __future__ import annotations

from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import background, choices, link_store
from planner.app.session.context import Context
from planner.app.session.errors import markdown, told
from planner.app.session.link_store import Asked
from planner.app.session.loading import loaded
from planner.app.widgets import components, key_figures, link_downloads, map_view
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane, Pick
from planner.app.widgets.print_sheet import sheet
from planner.views.maps.facilities import facility_group
from planner.views.maps.links import LINK, bounds_of, legend_html, link_groups
from planner.views.tables.links import gained_kinds, links_table
from planner.views.words.links import where_word, work_word
from planner.views.words.provenance import LAYERS

VIEWS = ("ranked", "sequence")
ALL = "all"
_TURN = "links_turn"


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _draw(context: Context, result: Assessment) -> None:
    say = partial(_say, context)
    title, view_box, kind_box, group_box = st.columns([4, 3, 3.4, 2.4], vertical_alignment="bottom")
    with title:
        components.heading(context, result.district, result.kinds_without_data)
    with kind_box:
        shown = choices.pick(
            "links",
            say("shown"),
            [ALL, *result.judged_kinds],
            ALL,
            lambda each: _kind_word(context, result, each),
            help=say("shown_help"),
        )
    with group_box:
        group = components.pick_group(context, result)
    with view_box:
        view = choices.switch(
            "order", say("view"), VIEWS, VIEWS[0], lambda each: say(f"view_{each}")
        )
    components.refusals(context)
    asked = Asked(context.entry, context.standard, "" if shown == ALL else shown, group)
    if not result.judged_kinds:
        st.info(context.word("app_comfort.no_limits"), icon=":material/info:")
        choices.write_address()
        return
    found = background.value(context, ("links", asked), partial(_found, asked), say("searching"))
    if found is None:
        return
    ranked, steps = found
    links = steps if view == "sequence" else ranked
    if links.empty:
        told = f"{say('none')} {context.word('app_comfort.no_links')}"
        st.info(told, icon=":material/info:")
    else:
        _figures(context, result, ranked, steps, asked)
        _links(context, result, links, asked, view)
    components.notes(context, result, None)
    choices.write_address()


def _found(asked: Asked, ticket: background.Ticket) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    link_store.warm_up()
    ticket.progress(0.1)
    ranked = link_store.ranked(asked)
    ticket.progress(0.6)
    ticket.check()
    return ranked, link_store.sequence(asked)


def _say(context: Context, code: str, **params: object) -> str:
    return context.labels.message(f"links.{code}", **params)


def _kind_word(context: Context, result: Assessment, kind: str) -> str:
    if kind == ALL:
        return _say(context, "all_kinds")
    return context.labels.kind(kind, result.district.kinds)


def _figures(
    context: Context,
    result: Assessment,
    ranked: gpd.GeoDataFrame,
    steps: gpd.GeoDataFrame,
    asked: Asked,
) -> None:
    labels, say = context.labels, partial(_say, context)
    people, kinds = labels.group(asked.group), asked.kinds or result.judged_kinds
    count = labels.number(len(steps))
    layers = (*LAYERS, "barriers", "gates")
    figures = [
        Figure(
            say("metric_best"),
            labels.number(ranked["gain"].iloc[0]),
            say("metric_best_help", group=people),
            "links",
            kinds,
            layers,
        ),
        Figure(
            say("metric_sequence", count=count),
            labels.number(steps["gain"].sum()),
            say("metric_sequence_help", group=people),
            "links",
            kinds,
            layers,
        ),
        Figure(
            say("metric_work", count=labels.number(len(ranked))),
            labels.number((ranked["work"] == "open_gate").sum()),
            say("metric_work_help"),
            layers=("gates", "barriers", "streets"),
        ),
    ]
    key_figures.draw(context, result, figures, "links")


def _links(
    context: Context, result: Assessment, links: gpd.GeoDataFrame, asked: Asked, view: str
) -> None:
    """Draw map and table, which choose the same link."""
    chosen = int(choices.under(LINK, (asked, view), [str(n) for n in links["rank"]]) or 0) or None
    gained = link_store.gained(asked, view == "sequence", chosen) if chosen else None
    language, kind = context.labels.language, asked.kind
    left, right = st.columns([8, 6])
    with left:
        groups = link_groups(result, links, language, chosen=chosen, gained=gained)
        if kind:
            groups.append(facility_group(result.district, kind, language, question=result.question))
        picked = links[links["rank"] == chosen] if chosen else links
        map_view.show(
            context,
            [Pane(groups)],
            key="links",
            on_pick=_pick,
            look_at=bounds_of(picked),
            printed=sheet(context, context.word("links.page"), legend_html(links, language)),
        )
        map_view.legend(legend_html(links, language))
    with right:
        _table(context, result, links, asked, view)
    if chosen:
        _detail(context, result, links[links["rank"] == chosen])
    else:
        st.caption(_say(context, "picked"))


def _pick(pick: Pick) -> None:
    if pick.what == LINK:
        choices.choices()[LINK] = pick.id
        st.session_state[_TURN] = _turn() + 1


def _turn() -> int:
    """Return how often a link was picked on the map: then the table begins with no row marked."""
    turn: int = st.session_state.get(_TURN, 0)
    return turn


def _take_row(key: str) -> None:
    rows = st.session_state[key].selection.rows
    choices.choices()[LINK] = str(rows[0] + 1) if rows else ""


def _table(
    context: Context, result: Assessment, links: gpd.GeoDataFrame, asked: Asked, view: str
) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_say(context, view)}**")
        link_downloads.button(context, result, links, view)
    table = links_table(result, links, context.labels.language)
    key = f"links_table_{view}_{asked.kind}_{asked.group}_{_turn()}"
    st.dataframe(
        table,
        hide_index=True,
        height=components.TABLE_HEIGHT - 60,
        column_config=_columns(context, table),
        key=key,
        on_select=partial(_take_row, key),
        selection_mode="single-row",
        placeholder="–",
    )
    st.caption(_say(context, f"{view}_note"))


def _columns(context: Context, table: pd.DataFrame) -> dict[str, Any]:
    """Return how columns are shown: figures with separators, the first ones narrow."""
    config, numbers = st.column_config, table.select_dtypes("number")
    columns: dict[str, Any] = {
        str(column): config.NumberColumn(format="localized") for column in numbers
    }
    for name, width in {"rank": 46, "gain": 82, "total": 82, "residents": 82}.items():
        columns[_say(context, f"col_{name}")] = config.NumberColumn(format="localized", width=width)
    for name, width in {"work": 150, "where": 108}.items():
        columns[_say(context, f"col_{name}")] = config.TextColumn(width=width)
    return columns


def _detail(context: Context, result: Assessment, link: gpd.GeoDataFrame) -> None:
    """Draw what is to be done at the chosen link, and who gains what."""
    labels, row = context.labels, next(link.itertuples())
    work = work_word(str(row.work), labels)
    kinds = result.district.kinds
    gains = [
        f"{markdown(labels.kind(kind, kinds))} **{labels.number(link[f'gain_{kind}'].iloc[0])}**"
        for kind in gained_kinds(link)
    ]
    st.markdown(
        f"**{row.rank}. {markdown(work)}** · {markdown(where_word(row, labels))} — "
        f"{markdown(_say(context, f'help_{row.work}'))}\n\n{' · '.join(gains)}"
    )
