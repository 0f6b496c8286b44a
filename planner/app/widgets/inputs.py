"""Boxes for numbers and lists whose values the address carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from planner.app.session import choices

APART = ";"
"""What parts the entries of a list in the address."""


def number(
    name: str,
    label: str,
    *,
    most: float = 1e6,
    step: float = 1.0,
    default: float = 0.0,
    help: str | None = None,  # noqa: A002 - Streamlit's own name
) -> float:
    """Draw a box for a number from 0 to `most` and return it; `default` leaves the address bare."""
    text = choices.own(name)
    try:
        kept = min(max(float(text), 0.0), most) if text else default
    except ValueError:
        kept = default
    key = f"siting_{name}"
    st.session_state[key] = kept if kept == kept else default

    def take() -> None:
        value = st.session_state[key]
        choices.choices()[name] = "" if value == default else f"{value:g}"

    st.number_input(
        label,
        min_value=0.0,
        max_value=most,
        step=step,
        format="%.0f",
        key=key,
        help=help,
        on_change=take,
    )
    return float(st.session_state[key])


def several(
    name: str, label: str, options: Sequence[str], word: Callable[[str], str], empty: str
) -> tuple[str, ...]:
    """Draw a box for any number of entries and return those chosen that are on offer."""
    offered = set(options)
    kept = [each for each in choices.own(name).split(APART) if each in offered]
    key = f"siting_{name}"
    st.session_state[key] = kept

    def take() -> None:
        choices.choices()[name] = APART.join(st.session_state[key])

    st.multiselect(label, options, format_func=word, key=key, placeholder=empty, on_change=take)
    return tuple(kept)
