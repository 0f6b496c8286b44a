"""The question "move existing ones" of the page Where to build."""

from __future__ import annotations

from functools import partial

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.siting import figures, views
from planner.app.pages.siting.curves import gain_chart
from planner.app.pages.siting.options import areas
from planner.app.session import background, choices
from planner.app.session.answers import relocations
from planner.app.session.answers.relocations import RelocationQuestion
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import (
    frame,
    inputs,
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
from planner.siting.relocation.relocation import AIMS, Relocation
from planner.views.exports.siting.relocations import relocation_scenario, write_moves
from planner.views.maps.base.bounds import relocation_bounds
from planner.views.maps.parts.facilities import facility_group
from planner.views.maps.relocations import relocation_groups, relocation_legend
from planner.views.tables.siting.relocations import closings_table, moves_table, plan_table
from planner.views.words.ranges import relocation_rows
from planner.views.words.siting.prices import unverified
from planner.views.words.siting.relocations import relocation_answer

MOVES = ("0", "1", "2", "3", "4", "5", "8", "10", "all")
MOVE = "move"
"""What a row of the plan is called in the address."""

CLOSING = ("0", "1", "2", "3", "4", "5")


def draw(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw the question, the answer in figures and words, the map and the tables."""
    question = _question(context, result, kind, group)
    found = background.searched(
        context, relocations.relocation, question, context.word("siting.searching")
    )
    if found is None:
        return
    _figures(context, result, found, group)
    language = context.labels.language
    st.markdown(frame.sentences(context, relocation_answer(found, language)))
    left, right = st.columns([8, 6])
    with left:
        stands = facility_group(result.district, kind, language, question=result.question)
        legend = relocation_legend(found, language)
        map_view.show(
            context,
            [Pane([stands, *relocation_groups(found, language)])],
            key="moving",
            look_at=relocation_bounds(found, numbered_row.chosen(MOVE, question, len(found.plan))),
            legend=legend,
            reading=Reading.of(result, group, kind),
            printed=sheet(context, context.word("siting.page"), legend),
        )
    with right:
        _views(context, question, found)
    for note in unverified(found.costs, context.labels):
        st.caption(markdown(note))
    frame.notes(context, result, kind)


def _question(context: Context, result: Assessment, kind: str, group: str) -> RelocationQuestion:
    """Draw the boxes of the question and return what is asked."""
    say = context.word
    boxes = st.columns([3, 1.5, 1.6, 3.3, 2.9, 1.4], vertical_alignment="bottom")
    with boxes[0]:
        chosen = choices.pick(
            "aim",
            context.word("siting.objective"),
            AIMS,
            AIMS[0],
            lambda each: context.word(f"siting.objective_{each}"),
        )
    aim = next(each for each in AIMS if each == chosen)
    with boxes[1]:
        moves = choices.pick(
            "moves",
            say("relocation.moves"),
            MOVES,
            "3",
            lambda n: say("relocation.moves_all") if n == "all" else n,
        )
    with boxes[2]:
        closing = choices.pick("closing", say("relocation.closing"), CLOSING, "0", str)
    with boxes[3]:
        places = inputs.places(context)
    with boxes[4]:
        movable = relocations.movable_facilities(context.question, kind)
        names = {each: context.place(name) for each, name in movable.items()}
        keep = inputs.named("keep", say("relocation.keep"), names, say("relocation.keep_hint"))
    with boxes[5]:
        own = prices.draw(context)
    area = areas(context, result)
    frame.refused_choices(context)
    return RelocationQuestion(
        context.entry,
        context.standard,
        kind=kind,
        group=group,
        aim=aim,
        moves=None if moves == "all" else int(moves),
        closing=int(closing),
        places=places,
        keep=keep,
        areas=area,
        prices=own,
    )


def _figures(context: Context, result: Assessment, found: Relocation, group: str) -> None:
    labels, say, rows = context.labels, context.word, relocation_rows(found)
    net = Figure(
        say("relocation.metric_net"),
        plan_figures.signed(found.net) if found.net > 0 else labels.number(found.net),
        say("relocation.metric_net_help", group=labels.group(group)),
        "",
        [found.kind],
        plan_figures.PLACES,
        plan_figures.unknown(context, rows[1]),
    )
    cost_help = say("relocation.metric_cost_help")
    figures.draw(context, result, found, rows, net, cost_help, "moving")


def _views(context: Context, question: RelocationQuestion, found: Relocation) -> None:
    say, language = context.word, context.labels.language
    names = {"plan": "plan", "worth": "curve", "closings": "closings"}
    shown = context.word("siting.show")
    view = choices.pick(
        "moving", shown, names, "plan", lambda each: say(f"relocation.{names[each]}")
    )
    words = say(f"relocation.{names[view]}")
    if view == "worth":
        curve = views.worked_out(context, relocations.relocation_curve, question, words)
        if curve is None:
            return
        heads = {name: say(f"relocation.col_{name}") for name in ("moves", "net", "most_net")}
        st.altair_chart(gain_chart(curve, "moves", "net", "most_net", heads), width="stretch")
        tables.draw(context, moves_table(curve, context.labels), "moving_curve")
        last = curve.iloc[-1]
        sums = {"net": last["net"], "most": last["most_net"], "count": len(found.ground.rows)}
        numbers = {name: context.labels.number(value) for name, value in sums.items()}
        st.markdown(markdown(say("relocation.ceiling", **numbers)))
        st.caption(say("relocation.curve_note"))
    elif view == "closings":
        lost = views.worked_out(context, relocations.closings, question, words)
        if lost is None:
            return
        tables.draw(context, closings_table(lost, context.labels), "moving_closings", height=330)
        st.caption(say("relocation.closings_note"))
    else:
        table, layers = plan_table(found, language), partial(write_moves, found)
        changes = relocation_scenario(found, language)
        stem = f"{found.kind}-moves"
        tables.draw(
            context,
            plan_table(found, language),
            f"moving_plan_{hash(question)}",
            take=numbered_row.taken(MOVE),
            name="moving_plan",
            beside=partial(plan_files.draw, context, "moving", stem, table, layers, changes, found),
        )
        st.caption(
            context.labels.paragraph(map(say, ("relocation.plan_note", "app_tables.row_on_map")))
        )
