"""Where to build: a question in plain words, sites on the map, the proof of how good they are."""

from __future__ import annotations

from functools import partial

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.siting import before_after, figures, relocation, views
from planner.app.pages.siting.options import areas_and_options
from planner.app.session import background, choices
from planner.app.session.answers import proposals
from planner.app.session.answers.proposals import SiteQuestion
from planner.app.session.context import Context
from planner.app.session.drafts.prices import own, priced
from planner.app.session.errors import markdown
from planner.app.widgets import (
    frame,
    inputs,
    map_view,
    numbered_row,
    plan_figures,
    plan_files,
    prices,
)
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane
from planner.app.widgets.print_sheet import sheet
from planner.siting.proposals.objectives import OBJECTIVES, Objective
from planner.siting.proposals.proposal import Proposal
from planner.views.exports.siting.proposals import scenario, sites_file, write_sites
from planner.views.maps.base.bounds import bounds_of, proposal_bounds
from planner.views.maps.parts.facilities import facility_group
from planner.views.maps.proposals import SITE, proposal_groups, proposal_legend
from planner.views.words.ranges import proposal_rows
from planner.views.words.siting.proposals import answer, site_prices

MOST_SITES = 10
HEIGHT = 440
"""Of the map, pixels: on a screen of 768 pixels its legend is in sight below the boxes."""

QUESTIONS = ("build", "move")


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    question_box, kind_box, group_box = frame.heading_row(context, result, [3.4, 3.1, 3.2, 2.1])
    with question_box:
        chosen = _build_or_move(context)
    if frame.nothing_judged(context, result):
        return
    with kind_box:
        kind = _kind(context, result)
    with group_box:
        group = inputs.group(context, result)
    context = priced(context.counting(group))
    if chosen == "move":
        relocation.draw(context, result, kind, group)
    else:
        _build(context, result, kind, group)


def _build_or_move(context: Context) -> str:
    """Draw the choice between new facilities and moves."""
    say = context.word
    return choices.switch(
        "question",
        say("relocation.question"),
        QUESTIONS,
        QUESTIONS[0],
        lambda each: say(f"relocation.question_{each}"),
    )


def _build(context: Context, result: Assessment, kind: str, group: str) -> None:
    objective, count, places, budget = _choices(context)
    areas, options = areas_and_options(context, result, kind, budget)
    frame.refused_choices(context)
    question = SiteQuestion(
        context.entry,
        context.standard,
        kind=kind,
        group=group,
        objective=objective,
        most=count,
        places=places,
        areas=areas,
        options=options,
        prices=own(context),
    )
    proposal = background.searched(
        context, proposals.proposal, question, context.word("siting.searching")
    )
    if proposal is None:
        return
    _figures(context, result, proposal, group)
    left, right = st.columns([8, 6])
    with right:  # above the map it would push the legend out of sight
        st.markdown(frame.sentences(context, answer(proposal, context.labels.language)))
        both = views.draw(context, question, proposal, partial(_files, context, proposal))
    with left:
        if both:
            before_after.draw(context, proposal)
        else:
            _map(context, result, proposal, kind, question)
    for note in site_prices(proposal, context.labels):
        st.caption(markdown(note))
    frame.notes(context, result, kind)


def _kind(context: Context, result: Assessment) -> str:
    judged = result.judged_kinds
    return choices.pick(
        "kind",
        context.word("siting.kind"),
        judged,
        "clinic" if "clinic" in judged else judged[0],
        lambda kind: context.labels.kind(kind, result.district.kinds),
    )


def _choices(context: Context) -> tuple[Objective, int, str, float | None]:
    """Draw the boxes of the question: objective, number of sites, places and budget."""
    say = context.word
    boxes = st.columns([3.2, 1.6, 3.2, 1.8, 1.5], vertical_alignment="bottom")
    with boxes[0]:
        chosen = choices.pick(
            "objective",
            say("siting.objective"),
            OBJECTIVES,
            OBJECTIVES[0],
            lambda each: say(f"siting.objective_{each}"),
            help=say("siting.objective_help"),
        )
    objective = next(each for each in OBJECTIVES if each == chosen)
    with boxes[1]:
        counts = [str(number) for number in range(1, MOST_SITES + 1)]
        count = int(choices.pick("sites", say("siting.count"), counts, "3", str))
    with boxes[2]:
        places = inputs.places(context)
    with boxes[3]:
        said = say("siting.budget_help")
        budget = inputs.optional_number(
            "budget",
            say("siting.budget"),
            step=50.0,
            most=1e9,
            help=said,
            placeholder=say("siting.budget_none"),
        )
    with boxes[4]:
        prices.draw(context)
    return objective, 0 if objective == "everyone" else count, places, budget


def _figures(context: Context, result: Assessment, proposal: Proposal, group: str) -> None:
    labels, say, rows = context.labels, context.word, proposal_rows(proposal)
    gained = Figure(
        say("siting.metric_gained"),
        labels.count(result.district.shown_count(proposal.group, proposal.gained)),
        say("siting.metric_gained_help", group=labels.group(group)),
        "siting" if proposal.goal == "coverage" else "",
        [proposal.kind],
        plan_figures.PLACES,
        plan_figures.unknown(context, rows[1]),
    )
    cost_help = say("siting.metric_cost_help")
    figures.draw(context, result, proposal, rows, gained, cost_help, "siting")


def _map(
    context: Context, result: Assessment, proposal: Proposal, kind: str, question: SiteQuestion
) -> None:
    language, sites = context.labels.language, proposal.sites
    chosen = numbered_row.chosen(SITE, question, len(sites))
    groups = [
        facility_group(result.district, kind, language, question=result.question),
        *proposal_groups(proposal, language),
    ]
    legend = proposal_legend(proposal, language)
    map_view.show(
        context,
        [Pane(groups)],
        key="siting",
        height=HEIGHT,
        look_at=bounds_of(sites.iloc[[chosen - 1]]) if chosen else proposal_bounds(proposal),
        legend=legend,
        reading=Reading.of(result, proposal.group, kind),
        printed=sheet(context, context.word("siting.page"), legend),
    )


def _files(context: Context, proposal: Proposal) -> None:
    language, changes = context.labels.language, scenario(proposal, context.labels.language)
    table, layers = (
        sites_file(proposal, language),
        partial(write_sites, proposal, language=language),
    )
    plan_files.draw(context, "siting", f"{proposal.kind}-sites", table, layers, changes, proposal)
