"""The demo district, which stays as it is: a copy of it can be changed."""

from __future__ import annotations

import streamlit as st

from planner.app.pages.data import corrections
from planner.app.session import choices
from planner.app.session.context import Context


def draw(context: Context, word: str = "app_data.demo_fixed") -> None:
    """Draw that the demo is not changed, in the words of a code, and the button that copies it."""
    st.info(context.word(word), icon=":material/info:")
    st.button(
        context.word("app_data.copy_demo"),
        icon=":material/content_copy:",
        type="primary",
        key="copy_demo",
        on_click=_copy,
        args=(context,),
    )


def _copy(context: Context) -> None:
    made = corrections.copy_of_demo(context)
    if made:
        choices.choices()["district"] = made
