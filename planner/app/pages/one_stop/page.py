"""One-stop sites: which kinds to bring together in which buildings, and what sharing brings."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import background, choices
from planner.app.session.answers import assessments
from planner.app.session.answers.one_stop import OneStopQuestion, one_stop_proposal, suggested_kinds
from planner.app.session.context import Context
from planner.app.session.drafts.prices import priced
from planner.app.session.errors import markdown
from planner.app.widgets import (
    frame,
    inputs,
    key_figures,
    map_view,
    numbered_row,
    plan_figures,
    plan_files,
    prices,
    tables,
)
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane
from planner.app.widgets.print_sheet import sheet
from planner.location.one_stop_sites.problem import MOST_KINDS
from planner.siting.one_stop_sites.answers import OneStopProposal
from planner.views.exports.siting.one_stop import buildings_file, scenario, write_buildings
from planner.views.maps.base.bounds import bounds_of, one_stop_bounds
from planner.views.maps.one_stop import BUILDING, legend_html, one_stop_groups
from planner.views.tables.siting.one_stop import (
    buildings_table,
    comparison_table,
    kinds_table,
    overlap_table,
)
from planner.views.words.places import brief_word, named_place, spots_of
from planner.views.words.siting.one_stop import against, building_prices, kinds_briefly, sentences

DEFAULT_BUDGET = 2000.0
MOST_BUILDINGS = 100.0
TABLE_HEIGHT = 300
ROOM = 552
"""For a table over a little more than half of the page, pixels."""


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    kind_box, group_box = frame.heading_row(context, result, [2.8, 6.8, 2.5])
    with kind_box:
        kinds = _kinds(context, result)
    with group_box:
        group = inputs.group(context, result)
    context = priced(context.counting(group))
    if frame.nothing_judged(context, result):
        return
    question = _question(context, kinds, group)
    frame.refused_choices(context)
    proposal = background.searched(
        context, one_stop_proposal, question, context.word("one_stop.searching")
    )
    if proposal is None:
        return
    _figures(context, result, proposal)
    left, right = st.columns([13, 15])
    with left:
        _map(context, proposal, question)
    with right:  # above the map it would push the legend out of sight
        st.markdown(frame.sentences(context, sentences(proposal, context.labels.language)))
        _tables(context, proposal, question)
    for note in building_prices(proposal, context.labels):
        st.caption(markdown(note))
    frame.notes(context, result, None)


def _kinds(context: Context, result: Assessment) -> tuple[str, ...]:
    """Draw the box of kinds."""
    chosen = inputs.listed("kinds", result.judged_kinds, ",")
    return inputs.kinds(
        context,
        result,
        context.word("one_stop.kinds"),
        usual=() if chosen else suggested_kinds(context.question),
        most=MOST_KINDS,
        help=context.word("one_stop.kinds_help"),
    )


def _question(context: Context, kinds: tuple[str, ...], group: str) -> OneStopQuestion:
    """Draw the boxes of budget, buildings, places and floor areas."""
    word = context.word
    if choices.own("buildings") == "0":
        choices.choices()["buildings"] = ""  # so addresses of before say that there is no limit
    boxes = st.columns([2, 2, 3.6, 2.4, 1.6], vertical_alignment="bottom")
    with boxes[0]:
        budget = inputs.budget(
            context, word("one_stop.budget"), DEFAULT_BUDGET, step=100.0, most=1e7
        )
    with boxes[1]:
        most = inputs.optional_number(
            "buildings",
            word("one_stop.buildings"),
            least=1.0,
            most=MOST_BUILDINGS,
            digits="%.0f",
            help=word("one_stop.buildings_help"),
            placeholder=word("one_stop.buildings_none"),
        )
    with boxes[2]:
        places = inputs.places(context)
    with boxes[3]:
        fitting = inputs.switch(
            "fitting", word("one_stop.fitting"), default=True, help=word("one_stop.fitting_help")
        )
    with boxes[4]:
        own = prices.draw(context)
    return OneStopQuestion(
        context.entry,
        context.standard,
        kinds=kinds,
        group=group,
        budget=budget,
        most=int(most or 0),
        places=places,
        fitting=fitting,
        prices=own,
    )


def _figures(context: Context, result: Assessment, proposal: OneStopProposal) -> None:
    labels, say, kinds = context.labels, context.word, proposal.kinds
    word, group = context.word, labels.group(proposal.group)
    summary = assessments.summary(context.question)
    unknown = plan_figures.unknown_of_kinds(context, summary, kinds, proposal.group)
    places = f"{labels.number(len(proposal.buildings))} / {labels.number(proposal.facilities)}"
    spent = word("plan_figures.spent_help", budget=labels.number(proposal.budget))

    def people(label: str, count: float, meaning: str) -> Figure:
        shown = labels.count(proposal.assessment.district.shown_count(proposal.group, count))
        return Figure(label, shown, meaning, "", kinds, plan_figures.PLACES, unknown)

    gained = people(
        say("one_stop.metric_gained"),
        proposal.total,
        say("one_stop.metric_gained_help", group=group),
    )
    residents = people(
        say("one_stop.metric_residents"),
        proposal.residents,
        word("plan_figures.residents_help", group=group),
    )
    buildings = Figure(
        say("one_stop.metric_buildings"),
        places,
        word("plan_figures.buildings_help"),
        layers=plan_figures.PLACES,
    )
    proof = plan_figures.proof(
        context,
        say("one_stop.metric_gap"),
        word("siting.metric_gap_help"),
        optimal=proposal.optimal,
        gap=proposal.gap,
        kinds=kinds,
    )
    dearer = proposal.saved < 0
    figures = [
        gained,
        residents,
        buildings,
        plan_figures.money(context, say("one_stop.metric_cost"), proposal.cost, spent),
        plan_figures.money(
            context,
            say("one_stop.metric_dearer" if dearer else "one_stop.metric_saved"),
            -proposal.saved if dearer else proposal.saved,
            say("one_stop.metric_saved_help"),
        ),
        proof,
    ]
    key_figures.draw(context, result, figures, "one_stop")


def _map(context: Context, proposal: OneStopProposal, question: OneStopQuestion) -> None:
    language, buildings = context.labels.language, proposal.buildings
    chosen = numbered_row.chosen(BUILDING, question, len(buildings))
    legend = legend_html(proposal, language)
    map_view.show(
        context,
        [Pane(one_stop_groups(proposal, language))],
        key="one-stop",
        look_at=bounds_of(buildings.iloc[[chosen - 1]]) if chosen else one_stop_bounds(proposal),
        legend=legend,
        reading=Reading.of(proposal.assessment, proposal.group),
        printed=sheet(context, context.word("one_stop.page"), legend),
    )


def _tables(context: Context, proposal: OneStopProposal, question: OneStopQuestion) -> None:
    say, language = context.word, context.labels.language
    buildings, separate, overlap = st.tabs(
        [say("one_stop.row_buildings"), say("one_stop.tab_separate"), say("one_stop.tab_overlap")]
    )
    with buildings:
        table = _buildings(context, proposal)
        first = [say("one_stop.col_rank"), say("one_stop.col_kinds"), say("one_stop.col_place")]
        first += [say("one_stop.col_gained"), say("one_stop.col_cost")]
        changes, layers = (
            scenario(proposal, language),
            partial(write_buildings, proposal, language=language),
        )
        file = buildings_file(proposal, language)
        buttons = partial(
            plan_files.draw, context, "one_stop", "one-stop", file, layers, changes, proposal
        )
        numbered_row.draw(
            context,
            table,
            BUILDING,
            question,
            name="one_stop_buildings",
            first=first,
            height=TABLE_HEIGHT,
            room=ROOM,
            more=[say("one_stop.col_all_kinds")],
            beside=buttons,
        )
        st.caption(say("one_stop.buildings_note"))
    with separate:
        st.markdown(markdown(against(proposal, language)))
        tables.draw(
            context,
            comparison_table(proposal, language),
            "one_stop_separate",
            height="content",
            room=ROOM,
        )
        tables.draw(
            context,
            kinds_table(proposal, language),
            "one_stop_by_kind",
            height="content",
            room=ROOM,
        )
        st.caption(say("one_stop.separate_note"))
    with overlap:
        tables.draw(
            context,
            overlap_table(proposal, language),
            "one_stop_overlap",
            height="content",
            room=ROOM,
        )
        st.caption(say("one_stop.overlap_note"))


def _buildings(context: Context, proposal: OneStopProposal) -> pd.DataFrame:
    """Return the buildings, the street of each for its place, and the first of its kinds.

    The whole of both stands in columns of their own, and below the table for a chosen row.
    """
    labels, district, rows = context.labels, proposal.assessment.district, proposal.buildings
    table = buildings_table(proposal, labels.language)
    kinds, building, place = (
        context.word(f"one_stop.col_{name}") for name in ("kinds", "building", "place")
    )
    if place in table:
        named = zip(table[building], table[place], strict=True)
        whole = [named_place(*each, labels) for each in named]
    else:
        whole = table.pop(building).to_list()
    few = [kinds_briefly(each, district.kinds, labels) for each in rows["kinds"]]
    table[context.word("one_stop.col_all_kinds")] = table[kinds]
    table[kinds], table[place] = few, whole
    streets = [brief_word(spot, labels) for spot in spots_of(district, rows)]
    return tables.briefly(context, table, place, streets)
