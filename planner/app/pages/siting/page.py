"""Where to build: a question in plain words, sites on the map, the proof of how good they are."""

from __future__ import annotations

from functools import partial

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.siting import answer as siting_answer
from planner.app.pages.siting import moves
from planner.app.pages.siting.options import options
from planner.app.session import choices, siting_store, solving
from planner.app.session.context import Context
from planner.app.session.errors import markdown, told
from planner.app.session.loading import loaded
from planner.app.session.siting_store import PLACES, Asked
from planner.app.widgets import components, key_figures, map_view, plan_figures, plan_files
from planner.app.widgets.inputs import number
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane
from planner.app.widgets.print_sheet import sheet
from planner.siting.objectives import OBJECTIVES, Objective
from planner.siting.proposals.proposal import Proposal
from planner.views.exports.proposals import scenario, write_sites
from planner.views.maps.bounds import proposal_bounds
from planner.views.maps.facilities import facility_group
from planner.views.maps.proposals import proposal_groups
from planner.views.tables.proposals import sites_table
from planner.views.words.proposals import answer, shares
from planner.views.words.provenance import range_line
from planner.views.words.ranges import proposal_row

MOST_SITES = 10
QUESTIONS = ("build", "move")


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _draw(context: Context, result: Assessment) -> None:
    boxes = st.columns([3.4, 3.1, 3.2, 2.1], vertical_alignment="bottom")
    title, question_box, kind_box, group_box = boxes
    with title:
        components.heading(context, result.district, result.kinds_without_data)
    with question_box:
        question = _asked(context)
    with kind_box:
        kind = _kind(context, result)
    with group_box:
        group = components.pick_group(context, result)
    if question == "move":
        moves.draw(context, result, kind, group)
    else:
        _build(context, result, kind, group)


def _asked(context: Context) -> str:
    """Draw the choice between new facilities and moves."""
    say = context.labels.message
    return choices.switch(
        "question",
        say("relocation.question"),
        QUESTIONS,
        QUESTIONS[0],
        lambda each: say(f"relocation.question_{each}"),
    )


def _build(context: Context, result: Assessment, kind: str, group: str) -> None:
    objective, count, places, budget = _question(context)
    more = options(context, result, kind)
    components.refusals(context)
    choices.write_address()
    asked = Asked(
        context.entry, context.standard, kind, group, objective, count, places, budget, more
    )
    proposal = solving.searched(
        context, "siting", siting_store.proposal, asked, _say(context, "searching")
    )
    if proposal is None:
        return
    _figures(context, result, proposal, group)
    st.markdown(" ".join(markdown(sentence) for sentence in answer(proposal, _language(context))))
    left, right = st.columns([8, 6])
    with left:
        _map(context, result, proposal, kind)
    with right:
        siting_answer.show(context, asked, proposal, partial(_buttons, context, proposal))
    st.caption(_say(context, "unverified_costs"))
    components.notes(context, result, kind)


def _say(context: Context, code: str, **params: object) -> str:
    return context.labels.message(f"siting_words.{code}", **params)


def _language(context: Context) -> str:
    return context.labels.language


def _kind(context: Context, result: Assessment) -> str:
    judged = result.judged_kinds
    return choices.pick(
        "kind",
        _say(context, "kind"),
        judged,
        "clinic" if "clinic" in judged else judged[0],
        lambda kind: context.labels.kind(kind, result.district.kinds),
    )


def _question(context: Context) -> tuple[Objective, int, str, float]:
    """Draw the boxes of the question: objective, number of sites, places and budget."""
    say = partial(_say, context)
    boxes = st.columns([3.4, 1.8, 3.6, 2], vertical_alignment="bottom")
    with boxes[0]:
        chosen = choices.pick(
            "objective",
            say("objective"),
            OBJECTIVES,
            OBJECTIVES[0],
            lambda each: say(f"objective_{each}"),
            help=say("objective_help"),
        )
    objective = next(each for each in OBJECTIVES if each == chosen)
    with boxes[1]:
        counts = [str(number) for number in range(1, MOST_SITES + 1)]
        count = int(choices.pick("sites", say("count"), counts, "3", str))
    with boxes[2]:
        places = choices.pick(
            "places",
            say("where"),
            PLACES,
            siting_store.usual_places(context.district()),
            lambda each: say(f"choice_{each}"),
        )
    with boxes[3]:
        budget = number("budget", say("budget"), step=50.0, most=1e9, help=say("budget_help"))
    return objective, 0 if objective == "everyone" else count, places, budget


def _figures(context: Context, result: Assessment, proposal: Proposal, group: str) -> None:
    labels, say, kinds = context.labels, partial(_say, context), [proposal.kind]
    before, after = shares(proposal)
    row = proposal_row(proposal)
    points = plan_figures.signed((after - before) * 100, 1)
    gained = Figure(
        say("metric_gained"),
        labels.number(proposal.gained),
        say("metric_gained_help", group=labels.group(group)),
        "siting" if proposal.goal == "coverage" else "",
        kinds,
        plan_figures.PLACES,
        plan_figures.unknown(context, row),
    )
    share = Figure(
        say("metric_share"),
        labels.percent(after),
        say("metric_share_help"),
        "coverage",
        kinds,
        plan_figures.PLACES,
        range_line(row, labels),
        delta=context.word("app_whatif.points", value=points) if proposal.gained else "",
        before=labels.percent(before),
    )
    gap = plan_figures.proof(
        context,
        say("metric_gap"),
        say("metric_gap_help"),
        optimal=proposal.optimal,
        gap=proposal.gap,
        kinds=kinds,
    )
    cost = plan_figures.money(context, say("metric_cost"), proposal.cost, say("metric_cost_help"))
    key_figures.draw(context, result, [gained, share, gap, cost], "siting")


def _map(context: Context, result: Assessment, proposal: Proposal, kind: str) -> None:
    language = _language(context)
    groups = [
        facility_group(result.district, kind, language, question=result.question),
        *proposal_groups(proposal, language),
    ]
    printed = sheet(context, context.word("siting_words.page"))
    map_view.show(
        context,
        [Pane(groups)],
        key="siting",
        look_at=proposal_bounds(proposal),
        printed=printed,
    )


def _buttons(context: Context, proposal: Proposal) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        language, changes = _language(context), scenario(proposal, _language(context))
        plan_files.take_over(context, changes, "siting")
        table, layers = sites_table(proposal, language), partial(write_sites, proposal)
        plan_files.downloads(context, "siting", f"{proposal.kind}-sites", table, layers, changes)
