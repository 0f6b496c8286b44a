"""A move of a facility: how far, and for how many it changes what they have near.

Where the place lies in the district it is made by the click, told with the way to undo it; one
outside is looked at before it is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import folium
import pandas as pd
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
_EFFECT = "planner_move_effect"
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


@dataclass(frozen=True)
class Effect:
    """For how many residents a kind is within its limit, without a move and with it."""

    kind: str
    before: float
    after: float
    group: str

    def words(self, context: Context, code: str) -> str:
        """Return it as a sentence."""
        return context.word(
            code,
            kind=context.kind(self.kind),
            before=context.labels.count(self.before),
            after=context.labels.count(self.after),
            group=context.labels.group(self.group),
        )


def move(context: Context, here: District, facility_id: str, x: float, y: float) -> None:
    """Move a facility to a place of the district; remember one outside, to be looked at."""
    wanted = PendingMove(context.entry, facility_id, x, y)
    if _inside(here, wanted):
        _make(context, here, wanted)
    else:
        st.session_state[_PENDING] = wanted


def pending(context: Context, facility_id: str) -> PendingMove | None:
    """Return the move that is looked at; none once the facility or the district is another."""
    wanted: PendingMove | None = st.session_state.get(_PENDING)
    if wanted is None or (wanted.entry, wanted.facility_id) != (context.entry, facility_id):
        return None
    return wanted


def changed(context: Context) -> list[str]:
    """Return for how many the move changed something that was made last, as sentences."""
    step, effect = st.session_state.get(_EFFECT, (None, None))
    if step is None or step != corrections.made(context.entry) or effect is None:
        return []
    return [effect.words(context, "app_data.moved_effect")]


def draw(context: Context, here: District, wanted: PendingMove) -> None:
    """Draw what the move would do, and the buttons that make it or leave it."""
    was = _place(here, wanted)
    metres = context.labels.metres(was.distance(shapely.Point(wanted.x, wanted.y)))
    told = [context.word("app_data.move_far", metres=metres)]
    if not _inside(here, wanted):
        told.append(context.word("app_data.move_outside"))
    try:
        effect = _effect(context, here, wanted)
        told += [effect.words(context, "app_data.move_effect")] if effect else []
    except PlannerError as error:
        told.append(context.labels.finding(error.finding, here.kinds))
    with st.container(border=True, key="correct_move"):
        st.markdown(context.labels.paragraph(map(markdown, told)))
        with st.container(horizontal=True, gap="small"):
            st.button(
                context.word("app_data.move_here"),
                icon=":material/check:",
                type="primary",
                key="correct_move_here",
                on_click=_make,
                args=(context, here, wanted),
            )
            st.button(
                context.word("app_data.move_not"),
                icon=":material/close:",
                key="correct_move_not",
                on_click=_leave,
            )


def marks(context: Context, here: District, wanted: PendingMove) -> folium.FeatureGroup:
    """Return the way of the move as a layer of the map."""
    was, then = _place(here, wanted), shapely.Point(wanted.x, wanted.y)
    line = {"color": _COLOUR, "weight": 3, "dashArray": "6 5"}
    drawn = [
        Mark(shapely.LineString([was, then]), line),
        Mark(then, ring(_COLOUR, 10, 4)),
    ]
    return mark_group(drawn, here.crs, context.word("app_data.tool_move"), seed="pending")


def _inside(here: District, wanted: PendingMove) -> bool:
    there = shapely.Point(wanted.x, wanted.y)
    return bool(here.communities.geometry.intersects(there).any())


def _place(here: District, wanted: PendingMove) -> shapely.Point:
    own = here.facilities["facility_id"] == wanted.facility_id
    found: shapely.Point = here.facilities.geometry[own].iloc[0]
    return found


def _effect(context: Context, here: District, wanted: PendingMove) -> Effect | None:
    """Return for how many residents the kind is near before and after, None where none is judged.

    Raises
    ------
    PlannerError
        Where the place cannot be one of such a facility.
    """
    own = here.facilities["facility_id"] == wanted.facility_id
    kind = str(here.facilities["kind"][own].iloc[0])
    before = context.assessment()
    if kind not in before.judged_kinds:
        return None
    step = Scenario("", (Move(wanted.facility_id, wanted.x, wanted.y),), here.crs.to_string())
    after = assessments.after(context.question, assessments.changes_text(step)).summary()
    group = before.groups[0]

    def covered(table: pd.DataFrame) -> float:
        row = table[(table["kind"] == kind) & (table["group"] == group)]
        return float(row["covered"].iloc[0])

    return Effect(kind, covered(assessments.summary(context.question)), covered(after), group)


def _make(context: Context, here: District, wanted: PendingMove) -> None:
    """Make the move; what it changes is counted before, while both states are known."""
    _leave()
    try:
        effect = _effect(context, here, wanted)
    except PlannerError:
        effect = None  # where it may not stand is told by the correction's own rules
    step = corrections.save(context, wanted.facility_id, {"x": wanted.x, "y": wanted.y})
    # in a copy with earlier corrections it changes something else than in the district looked at
    st.session_state[_EFFECT] = step, None if corrections.went_on() else effect
    choices.choices()["hand"] = "pick"


def _leave() -> None:
    st.session_state.pop(_PENDING, None)
