"""More options of the page Where to build: places made up, areas, sites required or forbidden."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from planner.analysis.assessment import Assessment
from planner.app.session import choices
from planner.app.session.answers.candidates import (
    LEAST_SPACING_M,
    ORIGINS,
    CandidateArea,
    named_places,
)
from planner.app.session.context import Context
from planner.app.widgets import inputs
from planner.siting.candidates import SPACING_M
from planner.siting.proposals.options import SiteOptions


def areas(context: Context, result: Assessment) -> CandidateArea:
    """Draw the expander with the places and areas alone, and return what is chosen in it."""
    with _expander(context):
        return _areas(context, result)


def areas_and_options(
    context: Context, result: Assessment, kind: str, budget: float | None
) -> tuple[CandidateArea, SiteOptions]:
    """Draw the whole expander and return what is chosen in it, with a budget, None for no limit."""
    say = context.word
    with _expander(context):
        area = _areas(context, result)
        boxes = st.columns(5, vertical_alignment="bottom")
        named = named_places(context.question, kind)
        with boxes[0]:
            fixed = inputs.named("fixed", say("siting.fixed"), named, say("siting.none"))
        with boxes[1]:
            forbidden = inputs.named(
                "forbidden", say("siting.forbidden"), named, say("siting.none"), without=fixed
            )
        with boxes[2]:
            apart_m = inputs.number(
                "apart", say("siting.apart"), step=100.0, help=say("siting.apart_help")
            )
        with boxes[3]:
            backup = _share(context, "backup", step=10.0)
        with boxes[4]:
            floor = _share(context, "floor", step=5.0)
        st.caption(say("siting.only_coverage"))
    chosen = SiteOptions(
        fixed=fixed,
        forbidden=forbidden,
        apart_m=apart_m,
        backup=backup,
        floor=floor or None,
        budget=budget,
    )
    return area, chosen


def _share(context: Context, name: str, step: float) -> float:
    """Draw the box of a share in per cent and return the share, 0 to 1."""
    label, said = context.word(f"siting.{name}"), context.word(f"siting.{name}_help")
    return inputs.number(name, label, most=100.0, step=step, help=said) / 100


def _expander(context: Context) -> DeltaGenerator:
    return st.expander(context.word("siting.options"), icon=":material/tune:")


def _areas(context: Context, result: Assessment) -> CandidateArea:
    say = context.word
    layer = result.district.communities
    names = {
        row.community_id: context.place(str(row.name or row.community_id))
        for row in layer[["community_id", "name"]].itertuples(index=False)
    }
    boxes = st.columns([2.2, 1.4, 3, 3], vertical_alignment="bottom")
    with boxes[0]:
        origin = choices.pick(
            "origins",
            say("siting.origins"),
            ORIGINS,
            ORIGINS[0],
            lambda each: say(f"siting.origin_{each}"),
        )
    with boxes[1]:
        spacing_m = inputs.number(
            "spacing",
            say("siting.spacing"),
            least=LEAST_SPACING_M,
            most=5000.0,
            step=50.0,
            default=SPACING_M,
            help=say("siting.spacing_help"),
        )
    with boxes[2]:
        inside = inputs.named("inside", say("siting.inside"), names, say("siting.anywhere"))
    with boxes[3]:
        outside = inputs.named(
            "outside", say("siting.outside"), names, say("siting.none"), without=inside
        )
    return CandidateArea(origin, spacing_m, inside, outside)
