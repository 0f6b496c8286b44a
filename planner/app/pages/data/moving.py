"""A move of a facility, looked at before it is made: how far, and for how many it changes."""

from __future__ import annotations

from dataclasses import dataclass

import folium
import shapely
import streamlit as st

from planner.app.pages.data import corrections
from planner.app.session import choices
from planner.app.session.answers import assessments
from planner.app.session.catalogue import Entry
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.district import District, Scenario
from planner.district.scenarios.scenario import Move
from planner.errors import PlannerError
from planner.views.maps.parts.marks import Mark, mark_group, ring

_PENDING = "planner_pending_move"
_COLOUR = "#c2410c"


@dataclass(frozen=True)
class PendingMove:
    """A place that was clicked for a facility of a district as it is corrected so far.

    Parameters
    ----------
    entry, facility_id
        Whose it is.
    x, y
        The place, metres in the district's CRS.
    """

    entry: Entry
    facility_id: str
    x: float
    y: float


def propose(context: Context, facility_id: str, x: float, y: float) -> None:
    """Remember where a facility would move."""
    st.session_state[_PENDING] = PendingMove(context.entry, facility_id, x, y)


def pending(context: Context, facility_id: str) -> PendingMove | None:
    """Return the move that is looked at; none once the facility or the district is another."""
    move: PendingMove | None = st.session_state.get(_PENDING)
    if move is None or (move.entry, move.facility_id) != (context.entry, facility_id):
        return None
    return move


def draw(context: Context, here: District, move: PendingMove) -> None:
    """Draw what the move would do, and the buttons that make it or leave it."""
    was = _place(here, move)
    metres = context.labels.metres(was.distance(shapely.Point(move.x, move.y)))
    told = [context.word("app_data.move_far", metres=metres)]
    if not here.communities.geometry.intersects(shapely.Point(move.x, move.y)).any():
        told.append(context.word("app_data.move_outside"))
    told.append(_effect(context, here, move))
    with st.container(border=True, key="correct_move"):
        st.markdown(context.labels.paragraph(markdown(each) for each in told if each))
        with st.container(horizontal=True, gap="small"):
            st.button(
                context.word("app_data.move_here"),
                icon=":material/check:",
                type="primary",
                key="correct_move_here",
                on_click=_make,
                args=(context, move),
            )
            st.button(
                context.word("app_data.move_not"),
                icon=":material/close:",
                key="correct_move_not",
                on_click=_leave,
            )


def marks(context: Context, here: District, move: PendingMove) -> folium.FeatureGroup:
    """Return the way of the move as a layer of the map."""
    was, then = _place(here, move), shapely.Point(move.x, move.y)
    line = {"color": _COLOUR, "weight": 3, "dashArray": "6 5"}
    drawn = [
        Mark(shapely.LineString([was, then]), line),
        Mark(then, ring(_COLOUR, 10, 4)),
    ]
    return mark_group(drawn, here.crs, context.word("app_data.tool_move"), seed="pending")


def _place(here: District, move: PendingMove) -> shapely.Point:
    own = here.facilities["facility_id"] == move.facility_id
    found: shapely.Point = here.facilities.geometry[own].iloc[0]
    return found


def _effect(context: Context, here: District, move: PendingMove) -> str:
    """Return for how many residents the kind is within the limit before and after."""
    own = here.facilities["facility_id"] == move.facility_id
    kind = str(here.facilities["kind"][own].iloc[0])
    before = context.assessment()
    if kind not in before.judged_kinds:
        return ""
    step = Scenario("", (Move(move.facility_id, move.x, move.y),), here.crs.to_string())
    try:
        after = assessments.after(context.question, assessments.changes_text(step)).summary()
    except PlannerError as error:
        return context.labels.finding(error.finding, here.kinds)
    group = before.groups[0]
    counts = []
    for table in (assessments.summary(context.question), after):
        row = table[(table["kind"] == kind) & (table["group"] == group)]
        counts.append(float(row["covered"].iloc[0]))
    return context.word(
        "app_data.move_effect",
        kind=context.kind(kind),
        before=context.labels.count(counts[0]),
        after=context.labels.count(counts[1]),
        group=context.labels.group(group),
    )


def _make(context: Context, move: PendingMove) -> None:
    _leave()
    corrections.save(context, move.facility_id, {"x": move.x, "y": move.y})
    choices.choices()["hand"] = "pick"


def _leave() -> None:
    st.session_state.pop(_PENDING, None)
