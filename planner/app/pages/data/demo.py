"""The demo district, which stays as it is: a copy of it can be changed."""

from __future__ import annotations

from functools import partial
from typing import Literal

import streamlit as st

from planner.app.pages.data import corrections, own_copy
from planner.app.pages.data.work import guarded
from planner.app.session import choices
from planner.app.session.context import Context, entry_word


def draw(context: Context, word: str = "app_data.demo_fixed") -> None:
    """Draw that the demo is not changed, in the words of a code, and the button that copies it."""
    told, button = st.columns([8, 3], vertical_alignment="center")
    told.info(context.word(word), icon=":material/info:")
    with button:
        _copy_button(context, "primary")


def draw_first(context: Context) -> None:
    """Draw where the first correction of the demo goes: into the reader's own copy, or a new."""
    found = own_copy.found()
    if found is None:
        draw(context, "app_data.demo_first")
        return
    copy = entry_word(context.labels, found.id)
    told, buttons = st.columns([7, 5], vertical_alignment="center")
    told.info(context.word("app_data.demo_own_copy", copy=copy), icon=":material/info:")
    with buttons, st.container(horizontal=True, gap="small"):
        st.button(
            context.word("app_data.open_own_copy", copy=copy),
            icon=":material/folder_open:",
            type="primary",
            key="open_copy",
            on_click=_open,
            args=(found.id,),
        )
        _copy_button(context, "secondary")


def _copy_button(context: Context, look: Literal["primary", "secondary"]) -> None:
    st.button(
        context.word("app_data.copy_demo"),
        icon=":material/content_copy:",
        type=look,
        key="copy_demo",
        on_click=guarded,
        args=(partial(_copy, context),),
    )


def _copy(context: Context) -> None:
    corrections.allowed()
    _open(own_copy.make(context))


def _open(copy: str) -> None:
    choices.choices()["district"] = copy
