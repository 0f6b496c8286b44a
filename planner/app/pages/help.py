"""Help: the method in plain words, with its formulas and sources, and a short tour."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from planner.app import own_standards
from planner.app.context import Context
from planner.app.formulas import FORMULAS
from planner.app.loading import loaded

TOPICS = ("distance", "coverage", "unknown", "mean", "complete", "benchmark", "rings", "what_if")
STEPS = ("look", "kind", "click", "plan", "keep")


def page(context: Context) -> None:
    """Draw the page."""
    say = context.word
    st.markdown(f"## {say('app_help.title')}")
    method, tour, limits = st.tabs(
        [say("app_help.tab_method"), say("app_help.tab_tour"), say("app_help.tab_limits")]
    )
    with method:
        for topic in TOPICS:
            st.markdown(f"### {say(f'app_help.{topic}')}\n{say(f'app_help.{topic}_text')}")
            if topic in FORMULAS:
                st.latex(FORMULAS[topic])
        st.markdown(f"### {say('app_help.sources')}\n{say('app_help.sources_text')}")
    with tour:
        for number, step in enumerate(STEPS, start=1):
            st.markdown(f"**{number}.** {say(f'app_help.tour_{step}')}")
    with limits:
        _limits(context)


def _limits(context: Context) -> None:
    """Draw the limits of the chosen standard, each with its clause and whether it was checked."""
    labels, kinds = context.labels, loaded(context).district.kinds
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
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="help_limits",
        column_config={
            "kind": config.TextColumn(labels.column("kind")),
            "limit": config.TextColumn(context.say("limit"), width="small"),
            "clause": config.TextColumn(labels.column("clause"), width="large"),
            "verified": config.CheckboxColumn(labels.column("verified")),
        },
    )
