"""A layer of the district brought up to date from a newer file, and taken back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from planner.app.pages.data import demo, work
from planner.app.pages.data.files import box, flow, requests
from planner.app.pages.data.files.state import KEY, Given, Into, given
from planner.app.session import notices
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.reader import permissions
from planner.district import District
from planner.errors import Finding, InputError
from planner.sources import undo_update
from planner.sources.update.taking import may_undo


def draw(context: Context, here: District) -> None:
    """Draw the box for a newer file, or how far it is."""
    flow.begin_due()
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
    notices.leave(Finding(code, params), done=code == "update.taken")
    return True


def _offer(context: Context, into: Into) -> None:
    with st.container(border=True):
        words = ("app_files.update_title", "app_files.update_intro", "app_files.update_box")
        box.draw(context, "update", words, partial(requests.open_files, into=into))


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
    notices.leave(Finding("update.undone", params), done=True)
