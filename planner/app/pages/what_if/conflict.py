"""Two windows changed the same work: both are shown, and the reader chooses."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.session.drafts.current import Choice
from planner.app.session.drafts.draft import Draft
from planner.app.session.errors import markdown
from planner.app.widgets.change_words import sentence

ICONS: dict[Choice, str] = {"theirs": "download", "mine": "upload", "both": "file_copy"}


def draw(context: Context) -> None:
    """Draw both versions and the ways to go on; nothing where no two windows met."""
    found = current.conflict(context)
    if found is None:
        return
    say = context.word
    with st.container(border=True, key="whatif_conflict"):
        st.warning(say("app_whatif.conflict"), icon=":material/call_split:")
        mine, theirs = st.columns(2)
        with mine:
            _version(context, "conflict_mine", found.mine)
        with theirs:
            _version(context, "conflict_theirs", found.theirs.draft)
        with st.container(horizontal=True):
            for choice in get_args(Choice):
                st.button(
                    say(f"app_whatif.conflict_keep_{choice}"),
                    key=f"whatif_conflict_{choice}",
                    icon=f":material/{ICONS[choice]}:",
                    on_click=current.settle,
                    args=(context, choice),
                )


def _version(context: Context, title: str, draft: Draft) -> None:
    names = ", ".join(each.name for each in draft.kept) or context.word("app_whatif.conflict_none")
    st.markdown(f"**{context.word(f'app_whatif.{title}')}**")
    lines = [
        f"{number}. {markdown(sentence(context, change, context.district()))}"
        for number, change in enumerate(draft.current.changes, 1)
    ]
    st.markdown("\n".join(lines) or context.word("app_whatif.conflict_no_steps"))
    st.caption(context.word("app_whatif.conflict_saved", names=markdown(names)))
