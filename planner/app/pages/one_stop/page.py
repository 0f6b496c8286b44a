"""One-stop sites: which kinds to bring together in which buildings, and what sharing brings."""

from __future__ import annotations

from functools import partial

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import choices, one_stop_store, solving, store
from planner.app.session.context import Context
from planner.app.session.errors import markdown, told
from planner.app.session.loading import loaded
from planner.app.session.one_stop_store import Asked
from planner.app.session.siting_store import PLACES, usual_places
from planner.app.widgets import components, key_figures, map_view, plan_figures, plan_files
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane
from planner.app.widgets.plan_files import rows
from planner.app.widgets.print_sheet import sheet
from planner.location.one_stop_sites.problem import MOST_KINDS
from planner.siting.one_stop.answers import OneStopProposal
from planner.views.exports.one_stop import scenario, write_layers
from planner.views.maps.bounds import one_stop_bounds
from planner.views.maps.one_stop import legend_html, one_stop_groups
from planner.views.tables.one_stop import (
    buildings_table,
    comparison_table,
    kinds_table,
    overlap_table,
)
from planner.views.words.one_stop import against, sentences

DEFAULT_BUDGET = 2000.0
MOST_BUILDINGS = 100
TABLE_HEIGHT = 300


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _draw(context: Context, result: Assessment) -> None:
    title, kind_box, group_box = st.columns([2.8, 7.5, 1.8], vertical_alignment="bottom")
    with title:
        components.heading(context, result.district, result.kinds_without_data)
    with kind_box:
        kinds = _kinds(context, result)
    with group_box:
        group = components.pick_group(context, result)
    asked = _question(context, kinds, group)
    components.refusals(context)
    choices.write_address()
    proposal = solving.searched(
        context, "one_stop", one_stop_store.proposal, asked, _say(context, "searching")
    )
    if proposal is None:
        return
    _figures(context, result, proposal)
    st.markdown(" ".join(map(markdown, sentences(proposal, context.labels.language))))
    left, right = st.columns([7, 7])
    with left:
        _map(context, proposal)
    with right:
        _tables(context, proposal)
    st.caption(context.labels.message("siting_words.unverified_costs"))
    components.notes(context, result, None)


def _say(context: Context, code: str, **params: object) -> str:
    return context.labels.message(f"one_stop.{code}", **params)


def _kinds(context: Context, result: Assessment) -> tuple[str, ...]:
    """Draw the box of kinds; the address carries them."""
    given = list(dict.fromkeys(filter(None, choices.own("kinds").split(","))))
    asked = [kind for kind in given if kind in result.judged_kinds][:MOST_KINDS]
    asked = asked or list(one_stop_store.suggested(context.entry, context.standard))
    st.session_state["one_stop_kinds"] = asked

    def take() -> None:
        choices.choices()["kinds"] = ",".join(st.session_state["one_stop_kinds"])

    st.multiselect(
        _say(context, "kinds"),
        result.judged_kinds,
        format_func=lambda kind: context.labels.kind(kind, result.district.kinds),
        help=_say(context, "kinds_help"),
        max_selections=MOST_KINDS,
        key="one_stop_kinds",
        on_change=take,
    )
    unknown = [kind for kind in given if kind not in result.judged_kinds]
    if unknown:
        st.caption(markdown(_say(context, "unknown_kinds", kinds=", ".join(unknown))))
    return tuple(asked)


def _question(context: Context, kinds: tuple[str, ...], group: str) -> Asked:
    """Draw the boxes of budget, buildings, places and floor areas; the address carries them."""
    say = partial(_say, context)
    boxes = st.columns([2, 2, 4, 2.6], vertical_alignment="bottom")
    budget = _amount(choices.own("budget"), DEFAULT_BUDGET, 1.0, 1e7)
    most = int(_amount(choices.own("buildings"), 0, 0, MOST_BUILDINGS))
    fitting = choices.own("fitting") != "no"
    kept = {"one_stop_budget": budget, "one_stop_most": most, "one_stop_fitting": fitting}
    st.session_state.update(kept)
    boxes[0].number_input(
        say("budget"),
        min_value=1.0,
        max_value=1e7,
        step=100.0,
        format="%.0f",
        help=context.labels.message("siting_words.unverified_costs"),
        key="one_stop_budget",
        on_change=_take,
    )
    boxes[1].number_input(
        say("buildings"),
        min_value=0,
        max_value=MOST_BUILDINGS,
        help=say("buildings_help"),
        key="one_stop_most",
        on_change=_take,
    )
    with boxes[2]:
        places = choices.pick(
            "places",
            context.labels.message("siting_words.where"),
            PLACES,
            usual_places(context.district()),
            lambda each: context.labels.message(f"siting_words.choice_{each}"),
        )
    boxes[3].toggle(
        say("fitting"), help=say("fitting_help"), key="one_stop_fitting", on_change=_take
    )
    return Asked(context.entry, context.standard, kinds, group, budget, most, places, fitting)


def _take() -> None:
    kept = st.session_state
    choices.choices().update(
        budget=f"{kept['one_stop_budget']:g}",
        buildings=f"{kept['one_stop_most']:d}",
        fitting="" if kept["one_stop_fitting"] else "no",
    )


def _amount(text: str, default: float, least: float, most: float) -> float:
    try:
        value = float(text or default)
    except ValueError:
        return default
    return min(max(value, least), most) if value == value else default


def _figures(context: Context, result: Assessment, proposal: OneStopProposal) -> None:
    labels, say, kinds = context.labels, partial(_say, context), proposal.kinds
    word, group = context.word, labels.group(proposal.group)
    summary = store.summary(context.entry, context.standard)
    unknown = plan_figures.unknown_of_kinds(context, summary, kinds, proposal.group)
    places = f"{labels.number(len(proposal.buildings))} / {labels.number(proposal.facilities)}"
    spent = word("plan_figures.spent_help", budget=labels.number(proposal.budget))
    gained = Figure(
        say("metric_gained"),
        labels.number(proposal.total),
        say("metric_gained_help", group=group),
        "",
        kinds,
        plan_figures.PLACES,
        unknown,
    )
    residents = Figure(
        say("metric_residents"),
        labels.number(proposal.residents),
        word("plan_figures.residents_help", group=group),
        "",
        kinds,
        plan_figures.PLACES,
        unknown,
    )
    buildings = Figure(
        say("metric_buildings"),
        places,
        word("plan_figures.buildings_help"),
        layers=plan_figures.PLACES,
    )
    proof = plan_figures.proof(
        context,
        say("metric_gap"),
        word("siting_words.metric_gap_help"),
        optimal=proposal.optimal,
        gap=proposal.gap,
        kinds=kinds,
    )
    figures = [
        gained,
        residents,
        buildings,
        plan_figures.money(context, say("metric_cost"), proposal.cost, spent),
        plan_figures.money(context, say("metric_saved"), proposal.saved, say("metric_saved_help")),
        proof,
    ]
    key_figures.draw(context, result, figures, "one_stop")


def _map(context: Context, proposal: OneStopProposal) -> None:
    language = context.labels.language
    map_view.show(
        context,
        [Pane(one_stop_groups(proposal, language))],
        key="one-stop",
        look_at=one_stop_bounds(proposal),
        printed=sheet(context, _say(context, "page"), legend_html(proposal, language)),
    )
    map_view.legend(legend_html(proposal, language))


def _tables(context: Context, proposal: OneStopProposal) -> None:
    say, language = partial(_say, context), context.labels.language
    buildings, separate, overlap = st.tabs(
        [say("row_buildings"), say("tab_separate"), say("tab_overlap")]
    )
    with buildings:
        table = buildings_table(proposal, language)
        rows(table, "one_stop_buildings", TABLE_HEIGHT)
        st.caption(say("buildings_note"))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            changes, layers = scenario(proposal, language), partial(write_layers, proposal)
            plan_files.take_over(context, changes, "one_stop")
            plan_files.downloads(context, "one_stop", "one-stop", table, layers, changes)
    with separate:
        st.markdown(markdown(against(proposal, language)))
        rows(comparison_table(proposal, language), "one_stop_separate", height="content")
        rows(kinds_table(proposal, language), "one_stop_by_kind", height="content")
        st.caption(say("separate_note"))
    with overlap:
        rows(overlap_table(proposal, language), "one_stop_overlap", height="content")
        st.caption(say("overlap_note"))
