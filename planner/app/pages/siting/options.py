"""More options of the page Where to build: places made up, areas, sites required or forbidden."""

from __future__ import annotations

from functools import partial

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import choices, siting_store
from planner.app.session.context import Context
from planner.app.session.siting_store import ORIGINS, Areas, Options
from planner.app.widgets.inputs import number, several
from planner.siting.candidates import SPACING_M


def options(context: Context, result: Assessment, kind: str, *, build: bool = True) -> Options:
    """Draw the expander and return what is chosen in it.

    Parameters
    ----------
    build
        Whether new sites are asked for; moves take only the places and areas.
    """
    say = partial(_say, context)
    with st.expander(say("options"), icon=":material/tune:"):
        areas = _areas(context, result)
        if not build:
            return Options(areas)
        boxes = st.columns(5, vertical_alignment="bottom")
        named = siting_store.named_places(context.entry, context.standard, kind)
        with boxes[0]:
            fixed = several("fixed", say("fixed"), list(named), named.__getitem__, say("none"))
        with boxes[1]:
            left = [each for each in named if each not in fixed]
            forbidden = several("forbidden", say("forbidden"), left, named.__getitem__, say("none"))
        with boxes[2]:
            apart_m = number("apart", say("apart"), step=100.0, help=say("apart_help"))
        with boxes[3]:
            backup = number("backup", say("backup"), most=100.0, step=10.0, help=say("backup_help"))
        with boxes[4]:
            floor = number("floor", say("floor"), most=100.0, step=5.0, help=say("floor_help"))
        st.caption(say("only_coverage"))
    return Options(areas, fixed, forbidden, apart_m, backup / 100, floor / 100)


def _areas(context: Context, result: Assessment) -> Areas:
    say = partial(_say, context)
    layer = result.district.communities
    names = {
        row.community_id: str(row.name or row.community_id)
        for row in layer[["community_id", "name"]].itertuples(index=False)
    }
    boxes = st.columns([2.2, 1.4, 3, 3], vertical_alignment="bottom")
    with boxes[0]:
        origin = choices.pick(
            "origins",
            say("origins"),
            ORIGINS,
            ORIGINS[0],
            lambda each: say(f"origin_{each}"),
        )
    with boxes[1]:
        spacing_m = number(
            "spacing",
            say("spacing"),
            most=5000.0,
            step=50.0,
            default=SPACING_M,
            help=say("spacing_help"),
        )
    with boxes[2]:
        inside = several("inside", say("inside"), list(names), names.__getitem__, say("anywhere"))
    with boxes[3]:
        left = [each for each in names if each not in inside]
        outside = several("outside", say("outside"), left, names.__getitem__, say("none"))
    return Areas(origin, spacing_m, inside, outside)


def _say(context: Context, code: str) -> str:
    return context.labels.message(f"site_answers.{code}")
