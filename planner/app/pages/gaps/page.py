"""Gaps and causes: where people lack facilities and why, a ranked list beside the map."""

from __future__ import annotations

from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.gaps.causes import AT_THE_MAP, CAUSES
from planner.analysis.gaps.gaps import TOGETHER, gap_notes
from planner.analysis.gaps.links import MENDED
from planner.analysis.links.links import DEFAULT
from planner.analysis.notes.groups import group_notes
from planner.app.pages.gaps import files
from planner.app.session import background, choices
from planner.app.session.answers.cache import is_known
from planner.app.session.answers.gaps import GapQuestion, largest, linked_gap
from planner.app.session.answers.gaps import gaps as find_gaps
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.jobs import estimates
from planner.app.session.jobs.tickets import Ticket
from planner.app.session.to_gaps import ALL, AT, CAPACITY, GAP_CAUSE, GAP_KIND, SERVICE
from planner.app.widgets import (
    frame,
    gap_steps,
    inputs,
    key_figures,
    map_view,
    tables,
)
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane, Pick
from planner.app.widgets.print_sheet import sheet
from planner.district.services import named_services
from planner.views.maps.base.bounds import bounds_of
from planner.views.maps.gaps import GAP, gap_groups, gap_link_groups, legend_html
from planner.views.maps.parts.facilities import facility_group
from planner.views.maps.parts.gates import gate_groups, gates_legend
from planner.views.maps.parts.legend import facilities_legend
from planner.views.tables.analysis.gaps import gaps_table, largest_table
from planner.views.words.analysis.gaps import (
    cause_word,
    kind_word,
    left_out_word,
    link_word,
    main_cause_word,
    place_word,
    remedy_word,
)
from planner.views.words.analysis.links import looked_for
from planner.views.words.provenance import LAYERS

EACH = "each"
ROOM = 566
"""For the table, pixels: more than for the map, so that its rows are of few lines."""

TABLE_HEIGHT = 528
"""Room for eight rows of two lines, pixels."""
CHOSEN_HEIGHT = 340
"""Of map and table once a gap is chosen: what to do about it is seen below them at 768 pixels."""

MOST_DRAWN = 400
"""Gaps on the map and in the list at most, the greatest; the files have all."""


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    kind_box, cause_box, group_box, more = frame.heading_row(
        context, result, [3.3, 3.8, 2.1, 2.2, 1.8]
    )
    choices.follow(GAP_KIND, "kind", result.judged_kinds)
    with kind_box:
        kind = choices.pick(
            GAP_KIND,
            context.word("gaps.shown_kinds"),
            [*result.judged_kinds, EACH, *TOGETHER],
            _first(result),
            lambda each: _kind_word(context, result, each),
        )
    choices.lead(GAP_KIND, "kind", result.judged_kinds)
    with cause_box:
        cause = choices.pick(
            GAP_CAUSE,
            context.word("gaps.cause"),
            [ALL, *CAUSES],
            ALL,
            lambda each: _cause_word(context, each),
        )
    with group_box:
        group = inputs.group(context, result)
    context = context.counting(group)
    with more:
        at, service, capacity, walk = _question(context, result)
    question = GapQuestion(
        context.entry,
        context.standard,
        at,
        service,
        walk,
        kind="" if kind == EACH else kind,
        group=group,
        capacity=capacity,
    )
    if frame.nothing_judged(context, result):
        return
    both = _both(context, result, question)
    if both is None:
        return
    judged, found = both
    gaps = found if cause == ALL else found[found["cause"] == cause]
    if gaps.empty:
        none = "gaps.none_told" if group_notes(judged.district, group) else "gaps.none"
        none = context.labels.paragraph(map(context.word, (none, "app_work.no_gaps")))
        st.info(none, icon=":material/check_circle:")
    else:
        if asked := context.labels.asked(judged):
            st.caption(markdown(" · ".join(asked)))
        _figures(context, judged, gaps, group)
        frame.ranges(context, judged, kind, group)
        _gaps(context, judged, gaps, question)
        _not_known(context, judged, gaps, group)
    for note in gap_notes(judged, question.kind or None, capacity=capacity):
        st.caption(markdown(context.labels.finding(note, result.district.kinds)))
    frame.notes(context, judged, None)


def _both(
    context: Context, result: Assessment, question: GapQuestion
) -> tuple[Assessment, gpd.GeoDataFrame] | None:
    """Return what is judged and its gaps; until these are found, draw the largest areas."""
    size = estimates.judged_size(result, question.kind)
    first = None
    if not question.capacity:
        word = context.word("app_work.largest_gaps")
        first = background.value(
            context,
            ("largest_gaps", question),
            partial(_largest, question),
            word,
            size=size,
            there=is_known(largest, question),
        )
        if first is None:
            return None
    both = background.value(
        context,
        ("gaps", question),
        partial(_found, question),
        context.word("app_work.gaps"),
        can_stop=True,
        size=size,
        there=is_known(find_gaps, question),
    )
    if both is None and first is not None:
        _draw_largest(context, *first, question)
    return both


def _largest(question: GapQuestion, _ticket: Ticket) -> tuple[Assessment, gpd.GeoDataFrame]:
    return question.assessment(), largest(question)


def _found(question: GapQuestion, ticket: Ticket) -> tuple[Assessment, gpd.GeoDataFrame]:
    judged = question.assessment()
    ticket.progress(0.3)
    ticket.check()
    return judged, find_gaps(question, ticket)


def _draw_largest(
    context: Context, judged: Assessment, areas: gpd.GeoDataFrame, question: GapQuestion
) -> None:
    """Draw where most people lack something, of which it is not known yet why."""
    if areas.empty:
        return
    st.markdown(context.word("gaps.largest", count=len(areas)))
    table = largest_table(judged, areas, question.group, context.labels.language)
    if question.kind:
        table = table.drop(columns=context.word("gaps.col_kind"))
    tables.draw(context, table, "gaps_largest", height="content", room=tables.WHOLE)


def _first(result: Assessment) -> str:
    """Return the kind that other pages open with where it is judged, else the first that is."""
    judged = result.judged_kinds
    opened = inputs.first_kind(result) if judged else EACH
    return opened if opened in judged else [*judged, EACH][0]


def _kind_word(context: Context, result: Assessment, kind: str) -> str:
    if kind == EACH:
        return context.word("gaps.each_kind")
    return kind_word(kind, context.labels, result.district.kinds)


def _cause_word(context: Context, cause: str) -> str:
    if cause == ALL:
        return context.word("gaps.cause_all")
    return context.word(f"gaps.cause_{cause}")


def _question(context: Context, result: Assessment) -> tuple[str, str, bool, str]:
    """Draw what is question beside the distance: moment, service, room, whose walk."""
    offered = {
        name for text in result.district.facilities["services"] for name in named_services(text)
    }
    with st.popover(
        context.word("gaps.question"),
        help=context.word("gaps.question_help"),
        icon=":material/tune:",
    ):
        at = inputs.text(
            AT,
            context.word("gaps.at"),
            help=context.word("gaps.at_help"),
            placeholder=context.word("gaps.at_example"),
        )
        service = choices.pick(
            SERVICE,
            context.word("gaps.service"),
            ["", *sorted(offered)],
            "",
            lambda each: context.labels.service(each) if each else context.word("gaps.service_any"),
        )
        capacity = inputs.switch(
            CAPACITY,
            context.word("gaps.capacity"),
            default=False,
            help=context.word("gaps.capacity_help"),
        )
        walk = inputs.walk(context)
    return at, service, capacity, walk


def _figures(context: Context, result: Assessment, gaps: gpd.GeoDataFrame, group: str) -> None:
    labels, say = context.labels, context.word
    by_cause = gaps.groupby("cause")[group].sum()
    worst = str(by_cause.idxmax())
    count = labels.number(by_cause.max())
    kinds = [kind for kind in result.judged_kinds if kind in set(gaps["kind"])]
    judged = kinds or result.judged_kinds
    # other pages tell apart of whom it is not known: the sum says at once that it has them
    people, unknown = say("gaps.metric_people"), _unknown(result, gaps)
    if unknown != 0:
        people = say("gaps.and_unknown", what=people, unknown=labels.count(unknown))
    figures = [
        Figure(
            people,
            labels.number(gaps[group].sum()),
            say("gaps.metric_people_help", group=labels.group(group)),
            "gap",
            judged,
        ),
        Figure(
            say("gaps.metric_gaps"),
            labels.number(len(gaps)),
            say("gaps.metric_gaps_help"),
            "",
            judged,
        ),
        Figure(
            say("gaps.metric_cause"),
            _cause_word(context, worst),
            say("gaps.metric_cause_help", count=count),
            "detour",
            judged,
            layers=(*LAYERS, "barriers", "gates"),
        ),
    ]
    key_figures.draw(context, result, figures, "gaps")


def _not_known(context: Context, result: Assessment, gaps: gpd.GeoDataFrame, group: str) -> None:
    """Say of how many in the gaps it is not known whether they are within the limit."""
    labels, say, unknown = context.labels, context.word, _unknown(result, gaps)
    if unknown != 0:
        counts = {"people": labels.number(gaps[group].sum()), "unknown": labels.count(unknown)}
        st.caption(markdown(say("gaps.not_known_among", **counts)))


def _unknown(result: Assessment, gaps: gpd.GeoDataFrame) -> float:
    # a total of which parts are withheld is withheld
    return float(result.district.shown_areas(gaps, "unknown")["unknown"].sum(skipna=False))


def _gaps(
    context: Context, result: Assessment, gaps: gpd.GeoDataFrame, question: GapQuestion
) -> None:
    """Draw map and table, which choose the same gap."""
    shown = gaps.head(MOST_DRAWN)
    chosen = choices.under(GAP, question, shown["gap_id"].to_list()) or None
    language = context.labels.language
    height = CHOSEN_HEIGHT if chosen else TABLE_HEIGHT
    left, right = st.columns([6.8, 8.2])
    with left:
        legend = _legend(context, result, shown, question, linked=bool(chosen))
        groups = gap_groups(result, shown, language, group=question.group, chosen=chosen)
        if kind := _one_kind(question):
            groups.append(facility_group(result.district, kind, language, question=result.question))
        if chosen:
            groups += gap_link_groups(result, linked_gap(question, chosen), language)
        groups += gate_groups(result.district, context.labels)
        map_view.show(
            context,
            [Pane(groups)],
            key="gaps",
            on_pick=_pick,
            look_at=bounds_of(shown[shown["gap_id"] == chosen]) if chosen else None,
            height=height,
            legend=legend,
            reading=Reading.of(result, question.group, _one_kind(question)),
            printed=sheet(context, context.word("gaps.page"), legend),
        )
    with right:
        _table(context, result, shown, question, height, chosen or "")
    if chosen:
        _detail(context, question, chosen)
    else:
        st.caption(context.word("gaps.picked"))


def _one_kind(question: GapQuestion) -> str:
    """Return the kind whose gaps are shown, empty for kinds together."""
    return "" if question.kind in TOGETHER else question.kind


def _legend(
    context: Context,
    result: Assessment,
    gaps: gpd.GeoDataFrame,
    question: GapQuestion,
    *,
    linked: bool,
) -> str:
    """Return the signs of causes, of the kind's facilities, of the best link and of shut gates."""
    shown = legend_html(gaps, context.labels.language, links=linked)
    if kind := _one_kind(question):
        shown += facilities_legend(result, kind, context.labels)
    return shown + gates_legend(context.labels)


def _pick(pick: Pick) -> None:
    if pick.what == GAP:
        choices.choices()[GAP] = pick.id


def _take_row(key: str, ids: list[str]) -> None:
    choices.choices()[GAP] = st.session_state[_BY_ROW] = tables.chosen_row(key, ids)


def _table_key(question: GapQuestion, ids: list[str], chosen: str) -> str:
    """Return what the table is called; another one where a gap was chosen elsewhere.

    A gap that is chosen on the map or by an address is ticked as the table is drawn anew. While
    rows are chosen the table stays, and with it where it was moved to.
    """

    def named(ticked: str) -> str:
        return f"gaps_table_{hash((question, tuple(ids), ticked))}"

    key = named(str(st.session_state.get(_TICKED, "")))
    if key not in st.session_state or st.session_state.get(_BY_ROW, chosen) != chosen:
        key = named(chosen)
        st.session_state[_TICKED] = st.session_state[_BY_ROW] = chosen
    return key


_BY_ROW, _TICKED = "gaps_by_row", "gaps_ticked"


def _table(
    context: Context,
    result: Assessment,
    gaps: gpd.GeoDataFrame,
    question: GapQuestion,
    height: int,
    chosen: str,
) -> None:
    ids = gaps["gap_id"].to_list()
    key = _table_key(question, ids, chosen)
    table = gaps_table(result, gaps, context.labels.language)
    # rows in which all causes stand with their shares are so high that three of them are seen
    table[context.word("gaps.col_main_cause")] = [
        main_cause_word(row, context.labels) for row in gaps.itertuples(index=False)
    ]
    if question.kind:
        table = table.drop(columns=context.word("gaps.col_kind"))
    tables.draw(
        context,
        table,
        key,
        first=_order(context, table, question.group),
        config=_counted(context, question.group),
        height=height,
        room=ROOM,
        take=partial(_take_row, ids=ids),
        ticked=ids.index(ticked) if (ticked := st.session_state[_TICKED]) in ids else None,
        name="gaps",
        beside=partial(files.draw, context, result, gaps),
    )


def _counted(context: Context, group: str) -> dict[str, Any]:
    """Return how the column of those counted is headed: its unit, told above, has no room."""
    name = context.labels.group(group)
    return {name: tables.count_column(context.word("gaps.col_counted", group=name))}


def _order(context: Context, table: pd.DataFrame, group: str) -> list[str]:
    """Return the columns that decide: where, how many, why, and what would mend it."""
    place, *names = (context.word(f"gaps.col_{each}") for each in ("place", *_DECIDE))
    return [each for each in (place, context.labels.group(group), *names) if each in table]


_DECIDE = ("kind", "main_cause", "remedy")


def _detail(context: Context, question: GapQuestion, chosen: str) -> None:
    """Draw what is known of the chosen gap, and the best link for it."""
    labels = context.labels
    with st.spinner(labels.message("links.searching")):
        row = next(linked_gap(question, chosen).itertuples(index=False))
    words = [f"**{markdown(place_word(row, labels))}**", markdown(cause_word(row, labels))]
    if row.remedy:
        words.append(markdown(context.word("gaps.remedy", remedy=remedy_word(row, labels))))
    if row.remedy in AT_THE_MAP:
        words.append(markdown(context.word("gaps.map_work")))
    if row.left_out_ways:
        words.append(markdown(left_out_word(row, labels)))
    if row.link_work:
        words.append(
            markdown(
                context.word("gaps.best_link", link=link_word(row, context.district(), labels))
            )
        )
    elif row.cause in MENDED and row.kind not in TOGETHER and not question.walk:
        words.append(markdown(context.word("gaps.no_link")))
        words.append(markdown(looked_for(DEFAULT, labels)))
    if row.kind not in TOGETHER and row.remedy not in AT_THE_MAP:
        gap_steps.draw(context, question, row, " · ".join(words[:2]))
        st.markdown(" · ".join(words[2:]))
    else:
        st.markdown(" · ".join(words))
