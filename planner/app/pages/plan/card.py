"""One proposal: what it is, what it brings, what departments say, and what may be done now."""

from __future__ import annotations

import folium
import shapely
import streamlit as st
from pyproj import CRS

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import discussion, editing, house, steps
from planner.app.pages.plan.trail import entries_table
from planner.app.session import choices
from planner.app.session.answers.costs import costs_of
from planner.app.session.context import Context
from planner.app.session.drafts.prices import own as own_prices
from planner.app.session.errors import markdown
from planner.app.session.reader import permissions
from planner.app.widgets import map_view, tables
from planner.errors import InputError
from planner.plan.plan import Plan
from planner.plan.proposals.prices import is_listed
from planner.plan.proposals.proposal import Proposal
from planner.plan.workflow.reviews import Case
from planner.views.escaping import safe
from planner.views.maps.base.basemap import bounds_around
from planner.views.maps.parts import signs
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.tables.plan.plan import brought_table
from planner.views.words.plan.areas import area_sentence
from planner.views.words.plan.brought import brings_sentence
from planner.views.words.plan.details import detail_sentences, stale_sentence
from planner.views.words.plan.in_data import (
    done_finding,
    is_gone,
    listed_finding,
    price_finding,
)
from planner.views.words.plan.prices import (
    anew_sentences,
    former_price_sentence,
    off_sentences,
    way_sentence,
)
from planner.views.words.plan.proposals import (
    departments_words,
    kinds_words,
    means_sentence,
    moved_sentence,
    proposal_name,
    status_word,
    word,
    year_of,
)

PROPOSAL = "proposal"
"""The name in the address of which proposal is open."""

COLOUR = "#c026d3"
ROOM = 560
"""For a table, pixels."""


def draw(context: Context, result: Assessment, plan: Plan, own: str) -> None:
    """Draw the card of a proposal; say so where there is none of that id."""
    st.button(
        context.word("app_plan.back"),
        icon=":material/arrow_back:",
        key="plan_back",
        on_click=_close,
    )
    try:
        case = plan.case(own)
    except InputError:
        st.warning(context.word("app_plan.no_such", id=markdown(own[:40])))
        return
    if case.proposal.workspace != context.entry.id:
        st.warning(context.word("app_plan.of_another", district=markdown(case.proposal.workspace)))
        return
    seen, priced = steps.as_seen(case), plan.priced_as(case.proposal)
    left, right = st.columns([7, 6])
    with left:
        _what(context, case, priced)
        _listed(context, result, plan, case.proposal)
        if told := way_sentence(context.labels, result.district, case.proposal):
            st.warning(markdown(told), icon=":material/fence:")
        for off in off_sentences(context.labels, result.district, case.proposal):
            st.warning(markdown(off), icon=":material/straighten:")
        steps.draw(context, plan, case, seen)
        house.draw(context, result, plan, seen, case.proposal)
        editing.draw(context, plan, case)
        _brings(context, result, plan, case.proposal, priced)
        discussion.draw(context, plan, case, seen)
    with right:
        _where(context, result, case.proposal)
    entries = plan.trail(own)
    with st.expander(context.word("app_plan.trail_of", count=len(entries))):
        rows = entries_table(context, entries)
        tables.draw(context, rows, "plan_own_trail", height="content", room=tables.WHOLE)


def _close() -> None:
    editing.begin_anew()
    choices.choices()[PROPOSAL] = ""


def _what(context: Context, case: Case, priced: Proposal | None) -> None:
    """Draw what is proposed, by whom, and what its status means."""
    labels, own = context.labels, case.proposal
    status = status_word(labels, own)
    st.markdown(f"### {markdown(proposal_name(labels, own))}\n:blue-badge[{markdown(status)}]")
    gone = is_gone(context.district(), own)
    means = markdown(means_sentence(labels, own, gone=gone))
    if gone:
        st.warning(means, icon=":material/domain_disabled:")
    else:
        st.markdown(means)
    about = labels.message(
        "plan_words.about",
        department=departments_words(labels, filter(None, [own.department])) or "–",
        action=word(labels, "action", own.action),
        kinds=kinds_words(labels, own.kinds) or "–",
        year=year_of(labels, own.year),
    )
    lines = [f"{own.id} · {about}", *detail_sentences(labels, own, context.district())]
    st.caption("  \n".join(map(markdown, lines)))
    if moved := moved_sentence(labels, own):
        st.info(markdown(moved), icon=":material/event_busy:")
    if area := area_sentence(labels, own):
        st.warning(markdown(area), icon=":material/square_foot:")
    if priced is not None:
        told = former_price_sentence(labels, own, priced)
        st.warning(markdown(told), icon=":material/payments:")


def _listed(context: Context, result: Assessment, plan: Plan, own: Proposal) -> None:
    """Warn of what the data list already where it builds, and take the word that it is another."""
    district = context.district()
    other = ((done_finding, "task_alt"), (price_finding, "payments"))
    for find, icon in other:
        if found := find(district, own):
            told = context.labels.finding(found, result.district.kinds)
            st.warning(markdown(told), icon=f":material/{icon}:")
    listed = listed_finding(district, own)
    if listed is None:
        return
    told = context.labels.finding(listed, result.district.kinds)
    st.warning(markdown(told), icon=":material/content_copy:")
    if editing.may_edit(plan, own):
        st.button(
            context.word("app_plan.listed_other"),
            help=context.word("app_plan.listed_other_help"),
            key="plan_listed_other",
            on_click=_recompute,
            args=(context, result, plan, own),
            kwargs={"another": True},
        )


def _brings(
    context: Context, result: Assessment, plan: Plan, own: Proposal, priced: Proposal | None
) -> None:
    """Draw what a proposal brings as it was computed, whether that still holds, and anew."""
    labels = context.labels
    st.markdown(f"**{context.word('app_plan.brings')}**")
    st.markdown(markdown(brings_sentence(labels, own)))
    # who is shown fewer counts has other data: nothing is said of whether it changed
    hidden = permissions.withheld_below(context.entry.id)
    stale = () if hidden else plan.stale(own, result)
    if told := stale_sentence(labels, stale):
        st.warning(markdown(told), icon=":material/history:")
    of_another = priced is not None and (own.cost is None or is_listed(own.to_row()))
    unpriced = of_another or plan.sum_forgotten(own)
    if (stale or unpriced) and own.can_be_counted and editing.may_edit(plan, own):
        st.button(
            context.word("app_plan.recompute"),
            icon=":material/refresh:",
            key="plan_recompute",
            on_click=_recompute,
            args=(context, result, plan, own),
        )
    if own.figures is not None:
        table = brought_table(labels, own.figures, result.district.kinds).round()
        tables.draw(context, table, "plan_coverage", height="content", room=ROOM)


def _recompute(
    context: Context, result: Assessment, plan: Plan, own: Proposal, *, another: bool = False
) -> None:
    """Compute anew by the prices of the work, and say what becomes of the price."""
    case, costs = plan.case(own.id), costs_of(own_prices(context))
    steps.attempt(
        lambda: plan.recompute(own, result, context.entry.id, costs, another=another),
        "recomputed",
        lambda: anew_sentences(context.labels, case, plan.case(own.id)),
    )


def _where(context: Context, result: Assessment, own: Proposal) -> None:
    """Draw the map with the place of a proposal on it."""
    extra: list[folium.FeatureGroup] = []
    look_at = None
    if own.shape is not None:
        centre = own.shape.centroid
        look_at = bounds_around(result.district, centre.x, centre.y)
    name, told = proposal_name(context.labels, own), ""
    if own.shape is not None:
        style = {
            "color": COLOUR,
            "weight": 5,
            "radius": 10,
            "fillColor": COLOUR,
            "fillOpacity": 0.9,
        }
        extra = [mark_group([Mark(own.shape, style, safe(name))], CRS(own.crs), name, seed="plan")]
        sign = signs.mark_sign if isinstance(own.shape, shapely.Point) else signs.line
        told = signs.row(sign(style), context.word("app_plan.this_proposal"), "plan")
    judged = [each for each in own.kinds if each in result.judged_kinds]
    kind = next(iter([*judged, *result.judged_kinds]), "")
    if not kind:  # a standard without limits colours no map
        return
    map_view.draw(
        context,
        result,
        kind,
        result.groups[0],
        extra=extra,
        signs=told,
        beneath=True,
        look_at=look_at,
        key="map_plan",
    )
