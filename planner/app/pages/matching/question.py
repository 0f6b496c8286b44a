"""The boxes of the question: what is needed, by whom, and which places take part."""

from __future__ import annotations

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import choices
from planner.app.session.answers.matching import MatchingQuestion
from planner.app.session.context import Context
from planner.app.widgets import frame, inputs
from planner.errors import InputError
from planner.siting.matching.needs import services_of
from planner.siting.matching.options import MatchOptions

ANY = "any"
PARTNERS, INTERNAL = "partner", "internal"


def draw(context: Context, result: Assessment) -> MatchingQuestion:
    """Draw the boxes and return the question; the address carries them."""
    kind_box, service_box, group_box = frame.heading_row(context, result, [4.2, 3.6, 3, 2.6])
    with kind_box:
        kind = _kind(context, result)
    with service_box:
        service = _service(context, result, kind)
    with group_box:
        group = inputs.group(context, result)
    need_box, assumed_box, limit_box, whose_box = st.columns(
        [2, 2.4, 2.4, 5], vertical_alignment="bottom"
    )
    word = context.word
    with need_box:
        need = inputs.optional_number(
            "match_need",
            word("matching.need"),
            step=0.05,
            default=1.0,
            help=word("matching.need_help"),
        )
    with assumed_box:
        capacity = inputs.optional_number(
            "match_assumed",
            word("matching.assumed"),
            step=100.0,
            help=word("matching.assumed_help"),
            placeholder=word("matching.assumed_placeholder"),
        )
    with limit_box:
        limit_m = inputs.optional_number(
            "match_limit",
            word("matching.limit"),
            least=1.0,
            step=50.0,
            help=word("matching.limit_help"),
            placeholder=word("matching.limit_placeholder"),
        )
    with whose_box:
        whose = _whose(context)
    return MatchingQuestion(
        context.entry,
        context.standard,
        kind="" if kind == ANY else kind,
        offering="" if service == ANY else service,
        group=group,
        options=MatchOptions(
            need_per_resident=1.0 if need is None else need,
            partners=PARTNERS in whose,
            internal=INTERNAL in whose,
            limit_m=limit_m,
            capacity=capacity,
        ),
    )


def _kind(context: Context, result: Assessment) -> str:
    """Draw the choice of a kind among those that have places, or all that offer a service."""
    if not result.kinds:
        raise InputError("analysis.nothing_judged", standard=result.standard.id)
    facilities = result.district.facilities
    present = set(facilities["kind"][facilities["status"] == "existing"])
    kinds = [kind for kind in result.kinds if kind in present] or result.kinds
    every = [ANY] if services_of(result) else []
    choices.follow("match_kind", "kind", kinds)
    kind = choices.pick(
        "match_kind",
        context.word("app.kind"),
        [*kinds, *every],
        "clinic" if "clinic" in kinds else kinds[0],
        lambda kind: context.word("matching.any_kind") if kind == ANY else context.kind(kind),
    )
    choices.lead("match_kind", "kind", kinds)
    return kind


def _service(context: Context, result: Assessment, kind: str) -> str:
    """Draw the choice of a service that the kind offers."""
    word = context.word
    offered = services_of(result, kind) if kind != ANY else services_of(result)
    return choices.pick(
        "match_service",
        word("matching.service"),
        [*([ANY] if kind != ANY else []), *offered],
        ANY if kind != ANY else offered[0],
        lambda each: word("matching.service_any") if each == ANY else context.labels.service(each),
        help=word("matching.service_help"),
    )


def _whose(context: Context) -> list[str]:
    """Draw which places count beside the public's own."""
    asked = choices.own("match_whose") or PARTNERS
    st.session_state["matching_whose"] = [
        each for each in (PARTNERS, INTERNAL) if each in asked.split(",")
    ]
    st.pills(
        context.word("matching.whose"),
        [PARTNERS, INTERNAL],
        selection_mode="multi",
        format_func=lambda each: context.word(f"matching.whose_{each}"),
        help=context.word("matching.whose_help"),
        key="matching_whose",
        on_change=_take_whose,
    )
    return list(st.session_state["matching_whose"])


def _take_whose() -> None:
    choices.choices()["match_whose"] = ",".join(st.session_state["matching_whose"]) or "own"
