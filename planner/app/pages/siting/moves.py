"""The question "move existing ones" of the page Where to build."""

from __future__ import annotations

from functools import partial

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.siting.answer import chart, made
from planner.app.pages.siting.options import options
from planner.app.session import choices, siting_store, solving
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.siting_store import PLACES, Moved
from planner.app.widgets import components, key_figures, map_view, plan_figures, plan_files
from planner.app.widgets.inputs import several
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane
from planner.app.widgets.plan_files import rows
from planner.app.widgets.print_sheet import sheet
from planner.siting.relocation.relocation import AIMS, Relocation
from planner.views.exports.relocations import relocation_scenario, write_moves
from planner.views.maps.bounds import relocation_bounds
from planner.views.maps.facilities import facility_group
from planner.views.maps.relocations import relocation_groups
from planner.views.tables.relocations import closings_table, moves_table, plan_table
from planner.views.words.provenance import range_line
from planner.views.words.ranges import relocation_row
from planner.views.words.relocations import coverage_rates, relocation_answer

MOVES = ("0", "1", "2", "3", "4", "5", "8", "10", "all")
CLOSING = ("0", "1", "2", "3", "4", "5")


def draw(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw the question, the answer in figures and words, the map and the tables."""
    say = partial(_say, context)
    boxes = st.columns([3, 1.7, 1.9, 3.4, 3.2], vertical_alignment="bottom")
    with boxes[0]:
        chosen = choices.pick(
            "aim",
            context.labels.message("siting_words.objective"),
            AIMS,
            AIMS[0],
            lambda each: context.labels.message(f"siting_words.objective_{each}"),
        )
    aim = next(each for each in AIMS if each == chosen)
    with boxes[1]:
        moves = choices.pick(
            "moves", say("moves"), MOVES, "3", lambda n: say("moves_all") if n == "all" else n
        )
    with boxes[2]:
        closing = choices.pick("closing", say("closing"), CLOSING, "0", str)
    with boxes[3]:
        places = choices.pick(
            "places",
            context.labels.message("siting_words.where"),
            PLACES,
            siting_store.usual_places(context.district()),
            lambda each: context.labels.message(f"siting_words.choice_{each}"),
        )
    with boxes[4]:
        names = siting_store.may_move(context.entry, context.standard, kind)
        keep = several("keep", say("keep"), list(names), names.__getitem__, say("keep_hint"))
    areas = options(context, result, kind, build=False).areas
    components.refusals(context)
    choices.write_address()
    count = None if moves == "all" else int(moves)
    asked = Moved(
        context.entry, context.standard, kind, group, aim, count, int(closing), places, keep, areas
    )
    words = context.labels.message("siting_words.searching")
    found = solving.searched(context, "moving", siting_store.relocation, asked, words)
    if found is None:
        return
    _figures(context, result, found, group)
    language = context.labels.language
    st.markdown(" ".join(markdown(each) for each in relocation_answer(found, language)))
    left, right = st.columns([8, 6])
    with left:
        stands = facility_group(result.district, kind, language, question=result.question)
        map_view.show(
            context,
            [Pane([stands, *relocation_groups(found, language)])],
            key="moving",
            look_at=relocation_bounds(found),
            printed=sheet(context, context.word("siting_words.page")),
        )
    with right:
        _views(context, asked, found)
    st.caption(context.labels.message("siting_words.unverified_costs"))
    components.notes(context, result, kind)


def _say(context: Context, code: str, **params: object) -> str:
    return context.labels.message(f"relocation.{code}", **params)


def _figures(context: Context, result: Assessment, found: Relocation, group: str) -> None:
    labels, say, kinds = context.labels, partial(_say, context), [found.kind]
    word = context.labels.message
    before, after = coverage_rates(found)
    row = relocation_row(found)
    points = plan_figures.signed((after - before) * 100, 1)
    net = Figure(
        say("metric_net"),
        plan_figures.signed(found.net) if found.net > 0 else labels.number(found.net),
        say("metric_net_help", group=labels.group(group)),
        "",
        kinds,
        plan_figures.PLACES,
        plan_figures.unknown(context, row),
    )
    share = Figure(
        word("siting_words.metric_share"),
        labels.percent(after),
        word("siting_words.metric_share_help"),
        "coverage",
        kinds,
        plan_figures.PLACES,
        range_line(row, labels),
        delta=context.word("app_whatif.points", value=points) if found.net else "",
        before=labels.percent(before),
    )
    gap = plan_figures.proof(
        context,
        word("siting_words.metric_gap"),
        word("siting_words.metric_gap_help"),
        optimal=found.optimal,
        gap=found.gap,
        kinds=kinds,
    )
    cost = plan_figures.money(
        context, word("siting_words.metric_cost"), found.cost, say("metric_cost_help")
    )
    key_figures.draw(context, result, [net, share, gap, cost], "moving")


def _views(context: Context, asked: Moved, found: Relocation) -> None:
    say, language = partial(_say, context), context.labels.language
    names = {"plan": "plan", "worth": "curve", "closings": "closings"}
    shown = context.labels.message("site_answers.show")
    view = choices.pick("moving", shown, names, "plan", lambda each: say(names[each]))
    if view == "worth":
        curve = made(context, "moves_curve", siting_store.moves_curve, asked, say(names[view]))
        if curve is None:
            return
        heads = {name: say(f"col_{name}") for name in ("moves", "net", "most_net")}
        st.altair_chart(chart(curve, "moves", "net", "most_net", heads), width="stretch")
        rows(moves_table(curve, context.labels), "moving_curve", 170)
        last = curve.iloc[-1]
        told = {"net": last["net"], "most": last["most_net"], "count": len(found.ground.rows)}
        numbers = {name: context.labels.number(value) for name, value in told.items()}
        st.markdown(markdown(say("ceiling", **numbers)))
        st.caption(say("curve_note"))
    elif view == "closings":
        missed = made(context, "missed", siting_store.missed, asked, say(names[view]))
        if missed is None:
            return
        rows(closings_table(missed, context.labels), "moving_closings", 330)
        st.caption(say("closings_note"))
    else:
        rows(plan_table(found, language), "moving_plan")
        st.caption(say("plan_note"))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            changes = relocation_scenario(found, language)
            plan_files.take_over(context, changes, "moving")
            table, layers = plan_table(found, language), partial(write_moves, found)
            plan_files.downloads(context, "moving", f"{found.kind}-moves", table, layers, changes)
