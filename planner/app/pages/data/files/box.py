"""The box for files: chosen, then taken over at once, and let go by the browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from planner.app.pages.data import work
from planner.app.pages.data.files import refused_files
from planner.app.pages.data.files.requests import MOST_FILES
from planner.app.pages.data.files.state import FILE_TYPES
from planner.app.server.settings.settings import settings
from planner.app.session import sent_files
from planner.app.session.context import Context


def draw(
    context: Context, key: str, words: tuple[str, str, str], take: Callable[[list[Any]], None]
) -> None:
    """Draw the box and the button that takes the files over.

    Parameters
    ----------
    context
        The reader's language.
    key
        Name of the box, once on a page.
    words
        Codes of its title, of what stands below, and of what is to be chosen.
    take
        Does something with the files that the browser sent.
    """
    title, intro, label = words
    st.markdown(f"##### {context.word(title)}")
    st.markdown(context.word(intro))
    most = settings().upload_limit_mb
    box = f"{key}_sent_{st.session_state.get(_round(key), 0)}"
    sent = st.file_uploader(
        context.word(label),
        type=FILE_TYPES,
        accept_multiple_files=True,
        max_upload_size=most,
        key=box,
        help=context.word("app_files.box_help", most=most, count=MOST_FILES),
    )
    refused_files.draw(context, key, partial(_empty, key))
    refused = sent_files.refused() > 0
    st.button(
        context.word("app_files.look"),
        icon=":material/search:",
        type="primary",
        key=f"{key}_look",
        disabled=not sent or refused,
        help=context.word("app_files.refused_first") if refused else None,
        on_click=_take,
        args=(key, box, take),
    )


def _round(key: str) -> str:
    return f"{key}_round"


def _anew(key: str) -> None:
    """Let the browser let go of its copies: a new round has another file box."""
    st.session_state[_round(key)] = st.session_state.get(_round(key), 0) + 1


def _empty(key: str) -> None:
    _anew(key)
    sent_files.let_all_go()


def _take(key: str, box: str, take: Callable[[list[Any]], None]) -> None:
    """Take over the files that were chosen, and begin to look at them."""
    if sent_files.refused():
        return  # refused since the page was drawn: it says so first
    sent = st.session_state.get(box) or []
    _anew(key)
    work.guarded(partial(take, sent))
    sent_files.let_go(sent)
