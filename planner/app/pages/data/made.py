"""The correction made last in this window: what it did and where, and at once how to undo it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from planner.app.pages.data import corrections
from planner.app.pages.data.history import in_brief
from planner.app.session.context import Context, entry_word
from planner.app.session.errors import markdown
from planner.district import District


def draw(context: Context, here: District, more: Sequence[str] = ()) -> None:
    """Draw it above the map, where the click was: done, or taken back; nothing where none was made.

    Parameters
    ----------
    context, here
        Whose district it is.
    more
        Plain texts on what the step changed beside its own values.
    """
    step, kept = corrections.made(context.entry), corrections.shown(context.entry)
    if step is None:
        return
    stands, taken_back = kept.steps[-1:] == (step,), kept.undone[:1] == (step,)
    if not (stands or taken_back):
        return
    name, icon = ("undo", "undo") if stands else ("redo", "redo")
    copy = entry_word(context.labels, context.entry.id)
    heading = context.word(f"app_data.correct_{'made' if stands else 'taken_back'}", copy=copy)
    with st.container(border=True, key="correct_made"):
        words, button = st.columns([5, 1.4], vertical_alignment="center")
        lines = [f"**{markdown(heading)}** {markdown(in_brief(context, here, step))}"]
        lines += [markdown(each) for each in more if stands]
        words.markdown("\n\n".join(lines))
        button.button(
            context.word(f"app_what_if.{name}"),
            icon=f":material/{icon}:",
            key=f"correct_made_{name}",
            on_click=getattr(corrections, name),
            args=(context,),
        )
