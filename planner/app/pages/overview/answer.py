"""The sentence that answers at once: what most people lack, how many, where, and what is next."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from planner.analysis.assessment import Assessment
from planner.app.pages.overview import briefing
from planner.app.session import choices, to_gaps
from planner.app.session.answers import assessments
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.views.words.analysis import overview as words
from planner.views.words.standards import rules_words


def draw(context: Context, result: Assessment, kind: str, group: str) -> DeltaGenerator | None:
    """Draw the sentence on the kind that most lack; return the room beside it, None without one.

    Parameters
    ----------
    context, result
        Words, and the assessment.
    kind
        Of :func:`most_lacking`.
    group
        Whom to count.
    """
    if not kind:
        return None
    told, steps = st.columns([8, 5], vertical_alignment="center")
    with told, st.container(key="overview_answer"):
        st.markdown(sentence(context, result, kind, group))
    return steps


def draw_steps(context: Context, steps: DeltaGenerator, kind: str, group: str) -> None:
    """Draw beside the sentence the way to the kind's gaps, and the briefing."""
    with steps, st.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            context.word("app_overview.to_gaps"),
            icon=":material/troubleshoot:",
            key="overview_to_gaps",
            on_click=to_gaps.open_gaps,
            args=(kind,),
        )
        briefing.draw(context, group)


def most_lacking(context: Context, result: Assessment, group: str) -> str:
    """Return the judged kind that most are known to lack, empty where none is judged."""
    return words.most_lacking(result, assessments.summary(context.question), group)


def sentence(context: Context, result: Assessment, kind: str, group: str) -> str:
    """Return who lacks the kind, how many, where, and of how many it is not known, as Markdown."""
    labels = context.labels
    row = {**assessments.figures(context.question, kind, group), "kind": kind, "group": group}
    league = assessments.league(context.question, "community", kind)
    parts = words.finding_sentences(result, row, league, labels, markdown)
    if unknown := words.unknown_sentence(row, labels, markdown):
        parts.append(unknown)
    parts += map(markdown, rules_words(result.district, result.standard, labels))
    return labels.paragraph(parts)


def show_kind(kind: str) -> None:
    """Go to the coverage of a kind."""
    choices.choices().update(kind=kind, place="")
    choices.go("coverage")


def show_community(community_id: str) -> None:
    """Go to the figures of a community."""
    choices.choices()["place"] = f"c.{community_id}"
    choices.go("coverage")
