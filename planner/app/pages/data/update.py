"""A layer of the district brought up to date from a newer file, and taken back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from planner.app.pages.data import demo, work
from planner.app.pages.data.files import flow, requests
from planner.app.pages.data.files.state import FILE_TYPES, KEY, Given, Into, given
from planner.app.server.settings.settings import settings
from planner.app.session import notices, permissions
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.district import District
from planner.errors import Finding, InputError
from planner.sources import undo_update
from planner.sources.update.taking import may_undo

_ROUND = "update_round"


def draw(context: Context, here: District) -> None:
    """Draw the box for a newer file, or how far it is."""
    notices.draw(context)
    if not permissions.may_upload():
        st.info(context.word("corrections.not_permitted"), icon=":material/lock:")
        return
    if context.entry.path is None:
        demo.draw(context)
        return
    into = Into(context.entry.id, context.entry.path, here.kinds)
    files = given()
    if files is not None and _taken(context, files):
        st.rerun()
    if files is not None and files.into is not None and files.into.id == into.id:
        flow.draw(context, files)
        return
    _offer(context, into)
    _last(context, into.path)


def _taken(context: Context, files: Given) -> bool:
    """Let files go whose layer was taken, with a word about it; return whether it was."""
    if files.phase != "take" or files.job.state != "done" or files.into is None:
        return False
    del st.session_state[KEY]
    answer = files.job.answer
    layer = context.word(f"app.layer_{answer['layer']}")
    params = {"file": files.into.id, "layer": layer, "source": answer["source"]}
    code = "update.taken"
    for note in answer["notes"]:
        code = "update.taken_without_list"
        params["reason"] = context.labels.finding(Finding(note["code"], note["params"]))
    notices.leave(Finding(code, params))
    return True


def _offer(context: Context, into: Into) -> None:
    with st.container(border=True):
        st.markdown(f"##### {context.word('app_files.update_title')}")
        st.markdown(context.word("app_files.update_intro"))
        key = f"update_sent_{st.session_state.get(_ROUND, 0)}"
        sent = st.file_uploader(
            context.word("app_files.update_box"),
            type=FILE_TYPES,
            accept_multiple_files=True,
            max_upload_size=settings().upload_limit_mb,
            key=key,
        )
        st.button(
            context.word("app_files.look"),
            icon=":material/search:",
            type="primary",
            key="update_look",
            disabled=not sent,
            on_click=_take_files,
            args=(key, into),
        )


def _take_files(key: str, into: Into) -> None:
    """Take over the files that were chosen, and begin to look at them."""
    sent = st.session_state.get(key) or []
    # the browser's copies are let go: a new round has another file box
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    work.guarded(partial(requests.open_files, sent, into))


def _last(context: Context, workspace: Path) -> None:
    """Draw what was last taken, and the way back."""
    taken = may_undo(workspace)
    if taken is None:
        return
    layer = context.word(f"app.layer_{taken.layer}")
    told = {"file": workspace.name, "layer": layer, "source": taken.file, "date": taken.at[:10]}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(markdown(context.word("update.can_undo", **told)))
        st.button(
            context.word("app_files.undo"),
            icon=":material/undo:",
            key="update_undo",
            on_click=work.guarded,
            args=(partial(_undo, context, workspace),),
        )


def _undo(context: Context, workspace: Path) -> None:
    if not permissions.may_upload():
        raise InputError("corrections.not_permitted")
    taken = undo_update(workspace)
    layer = context.word(f"app.layer_{taken.layer}")
    params = {"file": workspace.name, "layer": layer, "source": taken.file, "date": taken.at[:10]}
    notices.leave(Finding("update.undone", params))
