"""A proposal described by hand: what is done, where on the map, and what it needs to be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import folium
import shapely
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import card
from planner.app.pages.plan.steps import MOST_TEXT
from planner.app.session import choices, notices
from planner.app.session import plan as shared_plan
from planner.app.session.answers.costs import costs_of
from planner.app.session.catalogue import Entry
from planner.app.session.context import Context
from planner.app.session.drafts.prices import own
from planner.app.session.errors import showing_errors
from planner.app.widgets import map_view, propose
from planner.app.widgets.map_view import Pane, Pick
from planner.district import District
from planner.errors import Finding
from planner.plan.plan import Plan
from planner.plan.proposals.by_hand import NEEDS, Described, lacking
from planner.plan.proposals.changes import ACTIONS
from planner.plan.proposals.making import by_hand
from planner.plan.proposals.proposal import YEARS
from planner.views.maps.parts.layers import picking_group, picking_legend
from planner.views.maps.parts.marks import Mark, mark_group, ring
from planner.views.words.plan.proposals import proposal_name, word

ACTION, KIND, FACILITY = "plan_action", "plan_new_kind", "plan_facility"
_OPEN, _PLACES = "planner_plan_by_hand", "planner_plan_places"
_COLOUR = "#c2410c"
MAP_HEIGHT = 520
ANY = "any"


@dataclass(frozen=True)
class _Places:
    """What was clicked for a district and an action: a place, or both ends of a way."""

    entry: Entry
    action: str
    spots: tuple[tuple[float, float], ...] = ()


def offer(context: Context) -> None:
    """Draw the button that begins a proposal by hand, for who may propose."""
    if shared_plan.may_propose():
        st.button(
            context.word("app_plan.by_hand"),
            icon=":material/add:",
            key="plan_by_hand",
            on_click=_begin,
            args=(context.entry.id,),
        )


def is_open(context: Context) -> bool:
    """Whether a proposal for this district is being described."""
    return st.session_state.get(_OPEN) == context.entry.id and shared_plan.may_propose()


def _begin(district: str) -> None:
    st.session_state[_OPEN] = district


def _leave() -> None:
    st.session_state.pop(_OPEN, None)
    st.session_state.pop(_PLACES, None)


def draw(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw what a proposal needs to be told, and the map on which its place is clicked."""
    say = context.word
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say("app_plan.back"),
            icon=":material/arrow_back:",
            key="plan_hand_back",
            on_click=_leave,
        )
        st.markdown(f"**{say('app_plan.by_hand')}**")
    left, right = st.columns([7, 5])
    with right:
        action, told = _what(context, result.district)
    places = _places(context, action)
    with left:
        _map(context, result.district, action, told, places)
    told = _placed(told, action, places)
    with right:
        _rest(context, result, plan, action, told)


def _what(context: Context, district: District) -> tuple[str, Described]:
    """Draw the action with the kind and facility that it is about."""
    labels, say = context.labels, context.word
    action = choices.pick(
        ACTION, say("app_plan.action"), ACTIONS, "build", lambda each: word(labels, "action", each)
    )
    needs = NEEDS[action]
    at_facility = "facility_id" in needs
    kinds = list(district.kinds)
    # of a facility the kind only shortens the list, unless it becomes another
    offered = kinds if "kind" in needs else [ANY, *kinds]
    kind = choices.pick(
        KIND,
        say("app_plan.kind"),
        offered,
        offered[0],
        lambda each: say("app_plan.all") if each == ANY else labels.kind(each, district.kinds),
    )
    facility = _facility(context, district, kind, needs) if at_facility else ""
    return action, Described(kind if "kind" in needs else "", facility)


def _facility(context: Context, district: District, kind: str, needs: tuple[str, ...]) -> str:
    table = district.facilities
    if "kind" not in needs and kind != ANY:
        table = table[table["kind"] == kind]
    names = {
        str(row.facility_id): f"{row.name or row.facility_id} · "
        + context.labels.kind(row.kind, district.kinds)
        for row in table.itertuples(index=False)
    }
    if not names:
        st.info(context.word("app_plan.no_facility"), icon=":material/info:")
        return ""
    order = sorted(names, key=lambda each: names[each])
    return choices.pick(
        FACILITY, context.word("app_plan.facility"), order, order[0], lambda each: names[each]
    )


def _places(context: Context, action: str) -> _Places:
    kept: _Places | None = st.session_state.get(_PLACES)
    if kept is None or (kept.entry.id, kept.action) != (context.entry.id, action):
        return _Places(context.entry, action)
    return kept


def _wanted(action: str) -> int:
    """Return how many places an action needs: none, one, or both ends of a way."""
    needs = NEEDS[action]
    return 2 if "x2" in needs else int("x" in needs)


def _placed(told: Described, action: str, places: _Places) -> Described:
    """Return what is told with the places that were clicked, as many as the action needs."""
    spots = places.spots[: _wanted(action)]
    if spots:
        told = replace(told, x=spots[0][0], y=spots[0][1])
    return replace(told, x2=spots[1][0], y2=spots[1][1]) if len(spots) > 1 else told


def _map(
    context: Context, district: District, action: str, told: Described, places: _Places
) -> None:
    wanted, chosen = _wanted(action), told.facility_id
    hint = "facility" if not wanted else "way" if wanted == 2 else "place"
    st.caption(context.word(f"app_plan.click_{hint}"))
    shown = district.facilities
    if told.kind and not chosen:
        shown = shown[shown["kind"] == told.kind]
    name = context.word("app.layer_facilities")
    groups = [picking_group(district, shown, context.labels, name, chosen=chosen)]
    if places.spots:
        groups.append(_marks(context, district, places))
    map_view.show(
        context,
        [Pane(groups)],
        key="plan_hand",
        on_pick=partial(_picked, context, action),
        height=MAP_HEIGHT,
        legend=picking_legend(
            shown, district.kinds, context.labels, chosen=bool(chosen), wrong=False
        ),
    )


def _marks(context: Context, district: District, places: _Places) -> folium.FeatureGroup:
    spots = [shapely.Point(*spot) for spot in places.spots]
    drawn = [Mark(spot, ring(_COLOUR, 10, 4)) for spot in spots]
    if len(spots) == 2:
        line = {"color": _COLOUR, "weight": 4, "dashArray": "6 5"}
        drawn.append(Mark(shapely.LineString(spots), line))
    return mark_group(drawn, district.crs, context.word("app_plan.place"), seed="by_hand")


def _picked(context: Context, action: str, pick: Pick) -> None:
    """Take a click as the facility, the place, or the next end of a way."""
    wanted = _wanted(action)
    if "facility_id" in NEEDS[action] and pick.what == "facility":
        choices.choices()[FACILITY] = pick.id
        return
    if not wanted:
        return
    places, spot = _places(context, action), (round(pick.x, 2), round(pick.y, 2))
    before = places.spots if len(places.spots) < wanted else ()
    st.session_state[_PLACES] = replace(places, spots=(*before, spot))


def _rest(context: Context, result: Assessment, plan: Plan, action: str, told: Described) -> None:
    """Draw the fields of words and amounts, and the button that proposes."""
    say, needs = context.word, NEEDS[action]
    title = st.text_input(say("app_plan.field_title"), max_chars=MOST_TEXT, key="plan_hand_title")
    more: dict[str, Any] = {"name": title}
    if "hours" in needs or action in ("build", "share_premises"):
        more["hours"] = st.text_input(
            say("app_plan.hours"), key="plan_hand_hours", help=say("app_plan.hours_help")
        )
    if "service" in needs:
        more["service"] = st.text_input(say("app_plan.service"), key="plan_hand_service")
    if "capacity" in needs:
        more["capacity"] = _amount(context, "capacity")
        more["capacity_residents"] = _amount(context, "capacity_residents")
    if action in ("build", "share_premises"):
        more["floor_area_m2"] = _amount(context, "field_floor_area_m2")
    cost = _amount(context, "field_cost", say("app_plan.cost_help"))
    year = st.number_input(
        say("app_plan.field_year"), *YEARS, value=None, step=1, key="plan_hand_year"
    )
    note = st.text_input(say("app_plan.field_note"), max_chars=MOST_TEXT, key="plan_hand_note")
    described = replace(told, **more)
    missing = lacking(action, described)
    if missing:
        st.caption(say(f"app_plan.lacks_{missing[0].rstrip('2')}"))
    if st.button(
        say("propose.one"),
        icon=":material/playlist_add:",
        type="primary",
        key="plan_hand_propose",
        disabled=bool(missing),
        help=say("propose.help"),
    ):
        values: dict[str, Any] = {"year": year, "note": note}
        if cost is not None:
            money = str(result.district.money)
            values |= {"cost": cost, "currency": money, "cost_source": plan.actor.name}
        with showing_errors(context.labels):
            _propose(context, result, plan, action, described, values)
            st.rerun()


def _amount(context: Context, name: str, help_text: str | None = None) -> float | None:
    return st.number_input(
        context.word(f"app_plan.{name}"), 0.0, value=None, key=f"plan_hand_{name}", help=help_text
    )


def _propose(
    context: Context,
    result: Assessment,
    plan: Plan,
    action: str,
    told: Described,
    values: dict[str, Any],
) -> None:
    """Put it into the plan with what it brings, and go to its card."""
    draft = by_hand(result, action, told, costs_of(own(context)))
    if not draft.title:
        (draft,) = propose.titled(context, [draft])
    with st.spinner(context.word("propose.working")):
        (made,) = plan.propose(
            [draft],
            assessment=result,
            workspace=context.entry.id,
            department=plan.actor.department or None,
            **values,
        )
    _leave()
    choices.choices()[card.PROPOSAL] = made.id
    title = proposal_name(context.labels, made)
    notices.leave(Finding("app_plan.done_by_hand", {"title": title}), done=True)
