"""Two windows changed the same thing: both versions side by side, and the reader chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

Choice = TypeVar("Choice", bound=str)

ICONS = {"theirs": "download", "mine": "upload", "both": "file_copy"}


@dataclass(frozen=True)
class Versions(Generic[Choice]):
    """What is shown of two versions.

    Parameters
    ----------
    warning
        That another window wrote meanwhile, and that nothing is overwritten.
    mine, theirs
        Title and content of each, Markdown.
    choices
        The ways to go on, by name, with their words.
    """

    warning: str
    mine: tuple[str, str]
    theirs: tuple[str, str]
    choices: Sequence[tuple[Choice, str]]


def draw(key: str, versions: Versions[Choice], choose: Callable[[Choice], None]) -> None:
    """Draw both versions and the ways to go on.

    Parameters
    ----------
    key
        How the keys of the buttons begin.
    versions
        What is shown.
    choose
        Called with the name of the way that the reader takes.
    """
    with st.container(border=True, key=key):
        st.warning(versions.warning, icon=":material/call_split:")
        for box, (title, content) in zip(
            st.columns(2), (versions.mine, versions.theirs), strict=True
        ):
            box.markdown(f"**{title}**")
            box.markdown(content)
        with st.container(horizontal=True):
            for choice, words in versions.choices:
                st.button(
                    words,
                    key=f"{key}_{choice}",
                    icon=f":material/{ICONS[choice]}:",
                    on_click=choose,
                    args=(choice,),
                )
