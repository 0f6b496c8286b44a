"""Date, licence and credit of a source, stated where its file does not say them."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from planner.app.session.context import Context
from planner.app.session.errors import showing_errors
from planner.app.session.reader import permissions
from planner.district import District, Source
from planner.district.provenance import STATED
from planner.sources.update.sources import write_sources

_BEFORE = "planner_stated_before"
"""Name under which a session keeps, by district, what sources said before a change made here, and
what they were made to say: by the latter an undo does not overwrite what came since."""


def draw(context: Context, here: District) -> None:
    """Draw the boxes of one source, where the workspace may be changed."""
    if context.entry.path is None or not permissions.may_change() or not here.sources:
        return
    word, prefix = context.word, f"stated_{context.entry.id}"
    former: dict[str, tuple[tuple[Source, ...], tuple[Source, ...]]] = st.session_state.setdefault(
        _BEFORE, {}
    )
    with st.expander(word("app_data.stated_title"), icon=":material/copyright:"):
        st.markdown(word("app_data.stated_intro"))
        chosen = st.selectbox(
            word("app_data.stated_source"),
            range(len(here.sources)),
            format_func=lambda at: _called(context, here.sources[at]),
            key=f"{prefix}_source",
        )
        source = here.sources[chosen]
        for place, name in zip(st.columns(3, gap="medium"), STATED, strict=True):
            place.text_input(
                word(f"app_data.stated_{name}"),
                value=getattr(source, name),
                key=_key(prefix, chosen, source, name),
                max_chars=200,
            )
        with st.container(horizontal=True):
            st.button(
                word("app_data.stated_keep"),
                icon=":material/save:",
                type="primary",
                key="stated_keep",
                on_click=_keep,
                args=(context, here.sources, chosen, prefix),
            )
            if context.entry.id in former:
                st.button(
                    word("app_data.stated_back"),
                    icon=":material/undo:",
                    key="stated_back",
                    on_click=_put_back,
                    args=(context,),
                )


def _key(prefix: str, chosen: int, source: Source, name: str) -> str:
    """Return a box's key, another one once the workspace says something else: no old text stays."""
    return f"{prefix}_{chosen}_{name}_{getattr(source, name)}"


def _called(context: Context, source: Source) -> str:
    return f"{context.word(f'app.layer_{source.layer}')} · {context.labels.text(source.source)}"


def _keep(context: Context, sources: tuple[Source, ...], chosen: int, prefix: str) -> None:
    source = sources[chosen]
    said = {name: st.session_state[_key(prefix, chosen, source, name)].strip() for name in STATED}
    changed = (*sources[:chosen], replace(source, **said), *sources[chosen + 1 :])
    if changed != sources and _written(context, changed, sources):
        st.session_state[_BEFORE][context.entry.id] = (sources, changed)


def _put_back(context: Context) -> None:
    former, written = st.session_state[_BEFORE][context.entry.id]
    if _written(context, former, written):
        del st.session_state[_BEFORE][context.entry.id]


def _written(context: Context, said: tuple[Source, ...], before: tuple[Source, ...]) -> bool:
    """Write into the workspace and return whether that was done; what goes wrong is told."""
    done = False
    # asked again: by the time of the press who reads the page may have become a viewer
    if context.entry.path is not None and permissions.may_change():
        with showing_errors(context.labels):
            write_sources(context.entry.path, said, before)
            done = True
    return done
