"""The steps from files to a district, or to a newer layer of one that is there."""

from __future__ import annotations

import streamlit as st

from planner.app.pages.data import work
from planner.app.pages.data.files import (
    columns,
    community_names,
    difference,
    finish,
    listing,
    places,
    requests,
    residents,
    states,
    words,
)
from planner.app.pages.data.files.state import KEY, Given
from planner.app.pages.data.files.state import given as present
from planner.app.session.context import Context
from planner.app.session.errors import markdown

STEPS = {
    "files": listing.draw,
    "columns": columns.draw,
    "words": words.draw,
    "places": places.draw,
    "residents": residents.draw,
    "finish": finish.draw,
    "difference": difference.draw,
}
"""The steps in their order, and what draws each; see :func:`_steps`."""

_DONE, _OPEN = ":material/check:", ":material/error:"


def draw(context: Context, given: Given) -> None:
    """Draw the step at hand, or how far the work is."""
    given.speak(context.labels.language)
    if given.job.state == "running":
        work.progress(context, KEY, may_cancel=given.phase != "take")
        return
    if given.job.state != "done":
        _ended(context, given)
    elif given.phase == "parts" and not given.parts:
        given.parts = given.job.answer["parts"]
        given.layers = {place: part.get("layer", "") for place, part in enumerate(given.parts)}
        if given.into is not None:
            listing.use_one(given)
    elif given.phase == "more" and given.job is not given.added:
        given.added = given.job
        given.take_parts(given.job.answer["parts"])
    elif given.phase == "preview" and given.job.answer is not given.preview:
        given.preview = given.job.answer
        given.version += 1
        if given.step == "files":
            given.step = "columns"
    elif given.phase == "difference" and given.job is not given.compared:
        given.compared = given.job
        given.difference = None if given.stale else given.job.answer
    if not given.parts:
        return
    _bar(context, given)
    STEPS[given.step](context, given)
    _ways(context, given)


def _ended(context: Context, given: Given) -> None:
    """Draw why the work ended; what was said stays."""
    if given.job.state == "cancelled":
        st.info(context.word("app_files.stopped"), icon=":material/cancel:")
    elif given.job.error is not None:
        sentence = context.labels.finding(given.job.error, given.kinds)
        st.error(markdown(sentence), icon=":material/error:")
    if not given.parts:
        _other_files(context)
    elif given.phase == "preview":
        given.stale = True
    else:
        given.difference = None


def _steps(given: Given) -> list[str]:
    """Return the steps of these files: residents who are points ask for nothing more."""
    if given.preview is None:
        return ["files"]
    passed = {"difference"} if given.into is None else {"residents", "finish"}
    if given.into is None and not residents.spread(given):
        passed.add("residents")
    if given.into is not None and not (given.lists() or states.any_words(given)):
        passed.add("words")
    return [step for step in STEPS if step not in passed]


def _bar(context: Context, given: Given) -> None:
    """Draw the steps; those behind the files open once the files were read."""
    ready = _steps(given)
    if given.step not in ready:
        given.step = "files"
    # buttons and no box with a value: a browser may send the value of a box that is gone
    with st.container(horizontal=True, gap="small", key="files_steps"):
        for number, step in enumerate(ready, start=1):
            sign, name = None, f"{number} {context.word(f'app_files.step_{step}')}"
            if given.preview is not None and _open(given, step):
                name = f":red[{_OPEN} {name}]"
            elif given.preview is not None and step != ready[-1]:
                sign = _DONE  # the last is never done: with it the files become a district
            st.button(
                name,
                icon=sign,
                type="secondary" if step == given.step else "tertiary",
                key=f"files_step_{step}",
                on_click=_go,
                args=(given, step),
            )
        _read_again(context, given)


def _open(given: Given, step: str) -> bool:
    """Whether a step asks for something."""
    asks = {
        "files": not given.one_only() or bool(given.lacking() or given.twice() or given.rivals()),
        "columns": bool(set(given.faults()) - set(places.asked(given)) - set(words.refused(given))),
        "words": bool(words.undecided(given) or states.undecided(given)),
        "places": bool(places.asked(given) or places.doubts(given)),
        "residents": residents.faults(given) or bool(community_names.undecided(given)),
        "finish": not finish.may_import(given),
        "difference": given.difference is not None and not difference.may_take(given),
    }
    return asks[step]


def _read_again(context: Context, given: Given) -> None:
    """Offer to read the files again after something was said; beside the steps, nothing moves."""
    if not given.stale or given.preview is None:
        return
    st.button(
        context.word("app_files.read_again"),
        icon=":material/refresh:",
        type="primary",
        key="files_read_again",
        help=context.word("app_files.stale"),
        on_click=given.ask_for,
        args=(requests.look_again,),
    )


def _ways(context: Context, given: Given) -> None:
    """Draw the ways on, back, and out."""
    steps = _steps(given)
    at = steps.index(given.step)
    with st.container(horizontal=True, key="files_ways"):
        if at:
            st.button(
                context.word("app_files.back"),
                icon=":material/arrow_back:",
                key="files_back",
                on_click=_go,
                args=(given, steps[at - 1]),
            )
        if given.preview is None:
            st.button(
                context.word("app_files.read"),
                icon=":material/arrow_forward:",
                type="primary",
                key="files_read",
                disabled=bool(given.twice() or given.rivals())
                or not (any(given.layers.values()) and given.one_only()),
                on_click=given.ask_for,
                args=(requests.look_again,),
            )
        elif at + 1 < len(steps):
            st.button(
                context.word("app_files.next"),
                icon=":material/arrow_forward:",
                type="secondary" if given.stale else "primary",
                key="files_next",
                on_click=_go,
                args=(given, steps[at + 1]),
            )
        _other_files(context)
    if given.stale and given.preview is not None:
        st.caption(context.word("app_files.stale"))


def begin_due() -> None:
    """Begin the work that was asked for; before a page draws its notices.

    A second press of the button comes from a page that was drawn before the first began: what goes
    on, or made a district already, is not begun again.
    """
    found = present()
    if found is not None and found.due is not None:
        due, found.due = found.due, None
        made = found.phase in ("import", "take") and found.job.state == "done"
        if found.job.state != "running" and not made:
            work.guarded(due)


def _other_files(context: Context) -> None:
    """Draw the way out; it asks first, since files and answers go."""
    with st.popover(context.word("app_files.other_files"), icon=":material/delete:"):
        st.markdown(context.word("app_files.forget_ask"))
        st.button(
            context.word("app_files.forget"),
            icon=":material/delete:",
            type="primary",
            key="files_forget",
            on_click=requests.forget,
        )


def _go(given: Given, step: str) -> None:
    """Go to a step; the one of the columns opens on a file that cannot be read."""
    given.step = step
    faults = given.faults()
    if step == "columns" and faults and given.looked_at not in faults:
        given.looked_at = faults[0]
