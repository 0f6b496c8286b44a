"""Weights of the check-up edited in the page: kept with the work, taken back step by step."""

from __future__ import annotations

import json
from collections.abc import Mapping

import streamlit as st

from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.widgets import downloads
from planner.district.weights import Weights, default_weights, weights_of, weights_toml
from planner.views.words.analysis.checkups import requirement_word

WEIGHTS = "weights"
"""The name of the setting of the work."""

HIGHEST = 1000.0


def draw(context: Context) -> Weights:
    """Draw the weights to edit and return them.

    Raises
    ------
    InputError
        Where no requirement has any weight.
    """
    word, work = context.word, current.standing(context)
    shipped = dict(default_weights().requirement)
    points = _points(work.setting(WEIGHTS), shipped)
    with st.popover(word("checkup.pick_weights"), icon=":material/tune:"):
        st.caption(word("checkup.weights_note"))
        for name in shipped:
            key = f"checkup_weight_{name}"
            st.session_state[key] = points[name]
            st.number_input(
                requirement_word(context.labels, name),
                min_value=0.0,
                max_value=HIGHEST,
                step=5.0,
                key=key,
                on_change=_keep_points,
                args=(context, shipped),
            )
        st.button(
            word("prices.undo"),
            icon=":material/undo:",
            key="checkup_weights_undo",
            disabled=not work.said.get(WEIGHTS),
            on_click=current.change,
            args=(context, lambda draft: draft.unset(WEIGHTS)),
        )
        own = {"id": "own", "en": "Own", "zh": "自定", "requirement": points}
        changed = points != shipped
        chosen = weights_of(own, word("checkup.pick_weights")) if changed else default_weights()
        file = downloads.File(
            word("checkup.download_weights"),
            f"{context.stem}-{context.standard}-weights.toml",
            lambda: weights_toml(chosen),
        )
        downloads.file(file, "weights")
    return chosen


def _points(text: str, shipped: Mapping[str, float]) -> dict[str, float]:
    """Return the points of the work; where it says none, or none that are understood, the usual."""
    try:
        said = json.loads(text) if text else {}
    except ValueError:
        said = {}
    known = {name: said[name] for name in shipped if isinstance(said, dict) and name in said}
    right = {
        name: float(value)
        for name, value in known.items()
        if isinstance(value, int | float) and 0 <= value <= HIGHEST
    }
    return {**shipped, **right}


def _keep_points(context: Context, shipped: Mapping[str, float]) -> None:
    """Keep the points that the boxes hold."""
    points = {name: float(st.session_state[f"checkup_weight_{name}"]) for name in shipped}
    text = "" if points == dict(shipped) else json.dumps(points)
    current.change(context, lambda draft: draft.set(WEIGHTS, text))
