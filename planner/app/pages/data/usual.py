"""What a district is judged by, set beside and priced in where a reader chooses nothing else."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import streamlit as st

from planner.app.session.context import Context
from planner.app.session.errors import markdown, showing_errors
from planner.app.session.reader import permissions
from planner.district import District, builtin_standards
from planner.district.benchmarks import builtin_benchmarks
from planner.district.defaults import NONE, Defaults, Money
from planner.sources.update.defaults import write_defaults
from planner.views.words.labels import Labels

_BEFORE = "planner_usual_before"
_BEGAN = "planner_usual_began"
"""Names under which a session keeps, by district, what it said before a change made here, and what
it said when the boxes were filled."""


def boxes(context: Context, prefix: str) -> None:
    """Draw a box for each; empty is what is usual at that place.

    Parameters
    ----------
    context
        The reader's language.
    prefix
        Begins the keys under which the session has what is chosen.
    """
    word = context.word
    places = st.columns(3, gap="medium", vertical_alignment="bottom")
    for box, (name, known) in zip(places, _names(context).items(), strict=False):
        said = {"": word("app_data.usual"), **known}
        box.selectbox(
            word(f"app_data.usual_{name}"),
            list(said),
            format_func=said.__getitem__,
            key=f"{prefix}_{name}",
        )
    places[2].text_input(
        word("app_data.usual_currency"),
        key=f"{prefix}_currency",
        max_chars=20,
        placeholder=Labels(context.labels.language).money_word(),
        help=word("app_data.usual_currency_help"),
    )


def chosen(prefix: str) -> dict[str, str]:
    """Return what is chosen in the boxes, by name."""
    return {name: st.session_state[f"{prefix}_{name}"].strip() for name in asdict(Defaults())}


def draw(context: Context, here: District) -> None:
    """Draw what the district at hand says, and the boxes to change it where that may be."""
    with st.expander(context.word("app_data.usual_title"), icon=":material/tune:"):
        st.markdown(context.word("app_data.usual_now", **_words(context, here.usual)))
        if context.entry.path is None:
            st.info(context.word("app_data.demo_fixed"), icon=":material/info:")
        elif not permissions.may_change():
            st.info(context.word("corrections.not_permitted"), icon=":material/lock:")
        else:
            _change(context, here)


def _change(context: Context, here: District) -> None:
    prefix = f"usual_{context.entry.id}"
    former: dict[str, Defaults] = st.session_state.setdefault(_BEFORE, {})
    _fill(context, here.defaults, prefix)
    boxes(context, prefix)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            context.word("app_data.usual_keep"),
            icon=":material/save:",
            type="primary",
            key="usual_keep",
            on_click=_keep,
            args=(context, here.defaults, prefix),
        )
        before = former.get(context.entry.id)
        if before is not None:
            st.button(
                context.word("app_data.usual_back"),
                icon=":material/undo:",
                key="usual_back",
                on_click=_put_back,
                args=(context, here.defaults, prefix),
            )
            usual = here.with_defaults(**asdict(before)).usual
            st.caption(context.word("app_data.usual_before", **_words(context, usual)))


def _fill(context: Context, now: Defaults, prefix: str) -> None:
    """Fill the boxes with what the district says, anew once somebody else changed that.

    Boxes of an old window would else bring back what they were filled with, at the next press.
    """
    began: dict[str, Defaults] = st.session_state.setdefault(_BEGAN, {})
    known = began.get(context.entry.id)
    if known is not None and known != now:
        st.warning(context.word("app_data.usual_changed"), icon=":material/sync_problem:")
        st.session_state[_BEFORE].pop(context.entry.id, None)  # it would take theirs back too
        _set(now, prefix)
    began[context.entry.id] = now
    for name, value in asdict(now).items():
        st.session_state.setdefault(f"{prefix}_{name}", value)


def _set(said: Defaults, prefix: str) -> None:
    for name, value in asdict(said).items():
        st.session_state[f"{prefix}_{name}"] = value


def _keep(context: Context, now: Defaults, prefix: str) -> None:
    said = Defaults(**chosen(prefix))
    if _written(context, said, now):
        st.session_state[_BEFORE][context.entry.id] = now
        _set(said.checked(), prefix)


def _put_back(context: Context, now: Defaults, prefix: str) -> None:
    before = st.session_state[_BEFORE][context.entry.id]
    if _written(context, before, now):
        del st.session_state[_BEFORE][context.entry.id]
        _set(before, prefix)


def _written(context: Context, said: Defaults, now: Defaults) -> bool:
    """Write into the workspace and return whether that was done; what goes wrong is told."""
    done = False
    # asked again: by the time of the press who reads the page may have become a viewer
    if context.entry.path is not None and permissions.may_change():
        with showing_errors(context.labels):
            write_defaults(context.entry.path, said, now)
            st.session_state[_BEGAN][context.entry.id] = said.checked()
            done = True
    return done


def _names(context: Context) -> dict[str, dict[str, str]]:
    labels = context.labels
    standards, benchmarks = builtin_standards(), builtin_benchmarks()
    return {
        "standard": {name: labels.standard(each) for name, each in standards.items()},
        "benchmark": {name: each.name(labels.language) for name, each in benchmarks.items()}
        | {NONE: context.word("app_data.no_benchmark")},
    }


def _words(context: Context, said: Defaults) -> dict[str, Any]:
    """Return words for what is said of each."""
    names = {name: known[getattr(said, name)] for name, known in _names(context).items()}
    money = Labels(context.labels.language, money=Money.read(said.currency)).money_word()
    return {name: markdown(text) for name, text in {**names, "currency": money}.items()}
