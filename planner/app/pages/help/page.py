"""Help: the method behind each page in plain words, with formulas and sources, and the tour."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.session.loading import loaded_district
from planner.app.session.reader import own_standards
from planner.app.widgets import tables, tour
from planner.app.widgets.formulas import FORMULAS, formula
from planner.district.benchmarks import find_benchmark
from planner.district.defaults import NONE

TOPICS: dict[str, tuple[str, ...]] = {
    "coverage": ("distance", "coverage", "unknown", "mean", "complete", "benchmark", "rings"),
    "gaps": ("gap", "causes", "detour", "remedy"),
    "checkup": ("score", "clauses", "card", "checklists"),
    "supply": ("week", "load", "alone", "equity"),
    "links": ("places", "links", "sequence"),
    "siting": ("candidates", "siting", "bound", "curve"),
    "budget": ("budget", "prices"),
    "what_if": ("what_if",),
}
"""What is told of each page; a topic of :data:`FORMULAS` is followed by its formula."""

HERE_BEFORE = (*TOPICS["coverage"], *TOPICS["what_if"])
"""Topics worded in ``messages/app_help.toml``, the others in ``messages/app_method.toml``."""

STEPS = ("look", "kind", "click", "plan", "keep")
TABS = ("method", "tour", "limits")


def page(context: Context) -> None:
    """Draw the page."""
    say = context.word
    st.markdown(f"## {say('app_help.title')}")
    method, steps, limits = st.tabs([say(f"app_help.tab_{name}") for name in TABS])
    with method:
        _method(context)
    with steps:
        tour.start_button(context, "tour_help")
        for number, step in enumerate(STEPS, start=1):
            st.markdown(f"**{number}.** {say(f'app_help.tour_{step}')}")
    with limits:
        _limits(context)
    choices.write_address()


def _method(context: Context) -> None:
    """Draw the method behind one page."""
    say = context.word
    chosen = choices.switch(
        "topic",
        say("app_method.of_page"),
        TOPICS,
        "coverage",
        lambda each: say(f"app_method.page_{each}"),
    )
    alone = loaded_district(context).usual.benchmark == NONE
    for topic in TOPICS[chosen]:
        if topic == "benchmark" and alone:
            continue
        room = "app_help" if topic in HERE_BEFORE else "app_method"
        st.markdown(f"### {say(f'{room}.{topic}')}\n{say(f'{room}.{topic}_text')}")
        if topic in FORMULAS:
            st.latex(formula(topic, context.labels))
    st.markdown(f"### {say('app_help.sources')}\n{_sources(context, chosen)}")


def _sources(context: Context, chosen: str) -> str:
    """Return what the figures of a page rest on: those of coverage by standard and benchmark."""
    if chosen != "coverage":
        return context.word(f"app_method.sources_{chosen}")
    labels, usual = context.labels, loaded_district(context).usual
    standard = own_standards.find(context.standard)
    lines = [context.word("app_help.source_standard", standard=labels.standard(standard))]
    if usual.benchmark != NONE:
        mark = find_benchmark(usual.benchmark)
        told = {"name": mark.name(labels.language), "source": labels.text(mark.source)}
        lines.append(context.word("app_help.source_benchmark", **told))
    return "\n".join([*lines, context.word("app_help.sources_text")])


def _limits(context: Context) -> None:
    """Draw the limits of the chosen standard, each with its clause and whether it was checked."""
    labels, kinds = context.labels, loaded_district(context).kinds
    standard = own_standards.find(context.standard)
    st.markdown(context.word("app_help.limits_text", standard=labels.standard(standard)))
    rows = [
        {
            "kind": labels.kind(kind, kinds),
            "limit": labels.metres(rule.limit_m),
            "clause": labels.text(rule.clause),
            "verified": rule.verified,
        }
        for kind, rule in standard.rules.items()
    ]
    config: Any = st.column_config
    tables.draw(
        context,
        pd.DataFrame(rows),
        "help_limits",
        config={
            "kind": config.TextColumn(labels.column("kind")),
            "limit": config.TextColumn(context.word("app.limit")),
            "clause": config.TextColumn(labels.column("clause")),
            "verified": config.TextColumn(labels.column("verified")),
        },
        height="content",
        room=tables.WHOLE,
    )
