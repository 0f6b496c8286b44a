"""Coverage of one kind: figures, map and communities; a community's figures, a home's ways."""

from __future__ import annotations

from functools import partial

import folium
import numpy as np
import shapely
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.coverage import area_table, far_doors, figures, place, place_search, profile
from planner.app.pages.coverage.place_search import Found
from planner.app.session import choices, first_map
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import frame, map_view
from planner.app.widgets.map_view import Pick
from planner.district import District
from planner.views.maps.base.basemap import bounds_around

CLICKS = ("community", "walk")
NEAR_PIXELS = 9
"""A click this near to a home means the home."""

_FOUND = "coverage_found"


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    kind, group, walk = frame.kind_group_and_walk_row(context, result)
    context = context.counting(group)
    frame.refused_choices(context)
    if walk:
        context, result = profile.measured(context, walk)
    straight = result
    context, result = far_doors.measured(context, result)
    figures.draw(context, result, kind, group)
    frame.ranges(context, result, kind, group)
    far_doors.draw(context, straight, result)
    if walk:
        profile.draw(context, result, kind, group)
    clicks, look_at = _search(context, result)
    card = place.card_of(context, result, choices.own("place"), kind, group)
    left, right = st.columns([8, 5])
    with left:
        extra: list[folium.FeatureGroup] = card.layers if card else []
        map_view.draw(
            context,
            result,
            kind,
            group,
            extra=extra,
            on_pick=partial(_picked, context, clicks),
            look_at=(card and card.look_at) or look_at,
        )
    first_map.wait()
    with right:
        if card is None:
            area_table.draw(context, result, kind, group)
        else:
            st.button(
                context.word("app_place_search.back"),
                icon=":material/arrow_back:",
                key="place_back",
                on_click=_choose,
                args=("",),
            )
            card.draw()
    frame.notes(context, result, kind)


def _search(context: Context, result: Assessment) -> tuple[str, list[list[float]] | None]:
    """Draw what a click shows and the search; return the first, and where to look."""
    say = context.word
    left, right = st.columns([5, 8], vertical_alignment="bottom")
    with left:
        clicks = choices.switch(
            "click",
            say("app_place_search.click"),
            CLICKS,
            CLICKS[0],
            lambda each: say(f"app_place_search.click_{each}"),
        )
    with right:
        text = st.text_input(
            say("app_place_search.search"),
            key="place_search",
            placeholder=say("app_place_search.search"),
            label_visibility="collapsed",
            max_chars=80,
        )
    box, found = st.empty(), place_search.find(result.district, text, context.place)
    if not text:
        return clicks, None
    if not found:
        box.info(say("app_place_search.nothing"), icon=":material/search_off:")
        return clicks, None
    chosen = found[0]
    if len(found) > 1:
        names = [f"{number}. {each.name}" for number, each in enumerate(found, start=1)]
        picked = box.pills(
            say("app_place_search.found"),
            range(len(found)),
            format_func=lambda number: markdown(names[number]),
            default=0,
            key=f"place_found_{text}",
            label_visibility="collapsed",
        )
        chosen = found[picked or 0]
    if st.session_state.get(_FOUND) != chosen:
        st.session_state[_FOUND] = chosen
        _choose(_address(chosen))
    return clicks, bounds_around(result.district, chosen.x, chosen.y)


def _address(found: Found) -> str:
    """Return a place as the page's address carries it."""
    if found.what == "community":
        return f"{place.COMMUNITY}{found.id}"
    return f"w.{found.x:.2f},{found.y:.2f}"


def _picked(context: Context, clicks: str, pick: Pick) -> None:
    """Show what was clicked on."""
    district = context.district()
    if clicks == "community" and (community := _community_of(district, pick)):
        _choose(f"{place.COMMUNITY}{community}")
        return
    x, y = pick.x, pick.y
    away = shapely.distance(district.demand.geometry.to_numpy(), shapely.Point(x, y))
    if pick.what == "home":
        row = int(np.flatnonzero(district.demand["demand_id"] == pick.id)[0])
    else:
        row = int(away.argmin())
    if pick.what == "home" or away[row] <= NEAR_PIXELS * pick.metres_per_pixel:
        home = district.demand.geometry.iloc[row]
        x, y = home.x, home.y
    _choose(_address(Found("place", "", "", x, y)))


def _community_of(district: District, pick: Pick) -> str:
    """Return the community that was clicked on, be it at a home, empty for none."""
    if pick.what == "community":
        return pick.id
    if pick.what not in ("home", "place"):  # a facility is meant itself
        return ""
    areas = district.communities
    here = shapely.contains(areas.geometry.to_numpy(), shapely.Point(pick.x, pick.y))
    if pick.what == "home":
        homes = district.demand.set_index("demand_id")["community_id"]
        here = (areas["community_id"] == homes.get(pick.id)).to_numpy()
    return str(areas["community_id"].iloc[int(here.argmax())]) if here.any() else ""


def _choose(address: str) -> None:
    choices.choices()["place"] = address
