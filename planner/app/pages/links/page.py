"""Links to open: gates, footbridges and paths, ranked, on the map and to take away."""

from __future__ import annotations

from functools import partial

import geopandas as gpd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.links.links import DEFAULT, link_changes
from planner.app.pages.links import files, map_work
from planner.app.session import background, choices
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import is_known
from planner.app.session.answers.links import (
    LinkQuestion,
    homes_gained,
    links_in_sequence,
    ranked_links,
    warm_up,
)
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.session.errors import markdown
from planner.app.session.jobs import estimates
from planner.app.session.jobs.tickets import Ticket
from planner.app.widgets import (
    frame,
    inputs,
    key_figures,
    map_view,
    numbered_row,
    propose,
    tables,
    take_over,
)
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane, Pick
from planner.app.widgets.print_sheet import sheet
from planner.views.maps.base.bounds import bounds_of
from planner.views.maps.links import LINK, legend_html, link_groups
from planner.views.maps.parts.facilities import facility_group
from planner.views.maps.parts.gates import gate_groups, gates_legend
from planner.views.maps.parts.legend import facilities_legend
from planner.views.tables.analysis.links import gained_kinds, links_table
from planner.views.words.analysis.links import (
    brief_where,
    left_out_word,
    looked_for,
    where_words,
    work_word,
)
from planner.views.words.provenance import LAYERS

MAP_WORK = "map_work"
VIEWS = ("ranked", "sequence", MAP_WORK)
ALL = "all"
_TURN = "links_turn"


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    say = context.word
    view_box, kind_box, group_box = frame.heading_row(context, result, [3.2, 4.6, 2.8, 2.2])
    with kind_box:
        shown = choices.pick(
            "links",
            say("links.shown"),
            [ALL, *result.judged_kinds],
            ALL,
            lambda each: _kind_word(context, result, each),
            help=say("links.shown_help"),
        )
    with group_box:
        group = inputs.group(context, result)
    context = context.counting(group)
    with view_box:
        view = choices.switch(
            "order", say("links.view"), VIEWS, VIEWS[0], lambda each: say(f"links.view_{each}")
        )
    frame.refused_choices(context)
    question = LinkQuestion(
        context.entry, context.standard, kind="" if shown == ALL else shown, group=group
    )
    if view == MAP_WORK:
        map_work.draw(context, result, Question(context.entry, context.standard))
        frame.notes(context, result, None)
        return
    if frame.nothing_judged(context, result):
        return
    found = background.value(
        context,
        ("links", question),
        partial(_found, question),
        say("links.searching"),
        can_stop=True,
        size=estimates.judged_size(result, question.kind),
        there=is_known(ranked_links, question) and is_known(links_in_sequence, question),
    )
    if found is None:
        return
    ranked, steps = found
    links = steps if view == "sequence" else ranked
    if links.empty:
        none, elsewhere = map(context.word, ("links.none", "app_work.no_links"))
        none = context.labels.paragraph([none, looked_for(DEFAULT, context.labels), elsewhere])
        st.info(none, icon=":material/info:")
    else:
        _figures(context, result, ranked, steps, question)
        frame.spread(context, result, [question.kind] if question.kind else None, group)
        _links(context, result, links, question, view)
    frame.notes(context, result, None)


def _found(question: LinkQuestion, ticket: Ticket) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    warm_up(ticket)
    ticket.progress(0.1)
    ranked = ranked_links(question, ticket)
    ticket.progress(0.6)
    return ranked, links_in_sequence(question, ticket)


def _kind_word(context: Context, result: Assessment, kind: str) -> str:
    if kind == ALL:
        return context.word("links.all_kinds")
    return context.labels.kind(kind, result.district.kinds)


def _figures(
    context: Context,
    result: Assessment,
    ranked: gpd.GeoDataFrame,
    steps: gpd.GeoDataFrame,
    question: LinkQuestion,
) -> None:
    labels, say = context.labels, context.word
    people, kinds = labels.group(question.group), question.kinds or result.judged_kinds
    count = labels.number(len(steps))
    layers = (*LAYERS, "barriers", "gates")
    figures = [
        Figure(
            say("links.metric_best"),
            labels.count(ranked["gain"].iloc[0]),
            say("links.metric_best_help", group=people),
            "links",
            kinds,
            layers,
        ),
        Figure(
            say("links.metric_sequence", count=count),
            labels.count(steps["total"].iloc[-1]),
            say("links.metric_sequence_help", group=people),
            "links",
            kinds,
            layers,
        ),
        Figure(
            say("links.metric_work", count=labels.number(len(ranked))),
            labels.number((ranked["work"] == "open_gate").sum()),
            say("links.metric_work_help"),
            layers=("gates", "barriers", "streets"),
        ),
    ]
    key_figures.draw(context, result, figures, "links")


def _links(
    context: Context, result: Assessment, links: gpd.GeoDataFrame, question: LinkQuestion, view: str
) -> None:
    """Draw map and table, which choose the same link."""
    chosen = numbered_row.chosen(LINK, (question, view), len(links))
    gained = homes_gained(question, view == "sequence", chosen) if chosen else None
    language, kind = context.labels.language, question.kind
    left, right = st.columns([8, 6])
    with left:
        groups = link_groups(result, links, language, chosen=chosen, gained=gained)
        if kind:
            groups.append(facility_group(result.district, kind, language, question=result.question))
        groups += gate_groups(result.district, context.labels)
        legend = legend_html(links, language) + gates_legend(context.labels)
        if kind:
            legend += facilities_legend(result, kind, context.labels)
        picked = links[links["rank"] == chosen] if chosen else links
        map_view.show(
            context,
            [Pane(groups)],
            key="links",
            on_pick=_pick,
            look_at=bounds_of(picked),
            legend=legend,
            reading=Reading.of(result, question.group, kind),
            printed=sheet(context, context.word("links.page"), legend),
        )
    with right:
        _table(context, result, links, question, view)
    if chosen:
        _detail(context, result, links[links["rank"] == chosen])
    else:
        st.caption(context.word("links.picked"))


def _pick(pick: Pick) -> None:
    if pick.what == LINK:
        choices.choices()[LINK] = pick.id
        st.session_state[_TURN] = _turn() + 1


def _turn() -> int:
    """Return how often a link was picked on the map: then the table begins with no row marked."""
    turn: int = st.session_state.get(_TURN, 0)
    return turn


_FIRST = ("rank", "work", "where", "gain")
"""Columns that decide."""


def _table(
    context: Context, result: Assessment, links: gpd.GeoDataFrame, question: LinkQuestion, view: str
) -> None:
    def beside() -> None:
        st.markdown(f"**{context.word(f'links.{view}')}**", width="content")
        files.draw(context, result, links, view)

    table = links_table(result, links, context.labels.language)
    places = brief_where(links, result.district, context.labels)
    tables.draw(
        context,
        tables.briefly(context, table, context.word("links.col_where"), places),
        f"links_table_{view}_{question.kind}_{question.group}_{_turn()}",
        first=[context.word(f"links.col_{name}") for name in _FIRST],
        height=tables.TALL - 60,
        take=numbered_row.taken(LINK),
        name=f"links_{view}",
        beside=beside,
    )
    st.caption(context.word(f"links.{view}_note"))


def _detail(context: Context, result: Assessment, link: gpd.GeoDataFrame) -> None:
    """Draw what is to be done at the chosen link, and who gains what."""
    labels, row = context.labels, next(link.itertuples())
    work = work_word(str(row.work), labels)
    (where,) = where_words(link, result.district, labels)
    kinds = result.district.kinds
    gains = [
        f"{markdown(labels.kind(kind, kinds))} **{labels.count(link[f'gain_{kind}'].iloc[0])}**"
        for kind in gained_kinds(link)
    ]
    st.markdown(
        f"**{row.rank}. {markdown(work)}** · {markdown(where)} — "
        f"{markdown(context.word(f'links.help_{row.work}'))}\n\n{' · '.join(gains)}"
    )
    if along := left_out_word(row, labels):
        st.markdown(markdown(along))
    gate = row.work == "open_gate"
    take_over.draw(
        context,
        current.blank(context).then(*link_changes(link)),
        "link",
        label=context.word("gaps.try_gate" if gate else "gaps.try_link"),
        icon="door_open" if gate else "add_road",
    )
    propose.of_advice(context, link, "link", assessment=result)
