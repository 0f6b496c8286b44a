"""The whole plan as a file: a backup, another office's plan merged, a backup put back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from planner.app.server.folders import without_folders
from planner.app.session import notices
from planner.app.session.context import Context
from planner.app.session.errors import markdown, showing_errors
from planner.app.widgets import downloads, tables
from planner.errors import Finding, InputError
from planner.plan.exchange.merging import SIDES, Merged, Side
from planner.plan.plan import Plan
from planner.views.words.plan.proposals import field_word, import_sentences, value_word

_MET = "planner_plan_merge"
ENDING = ".plan.json.gz"
ROOM = 720
"""For a table, pixels."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Met:
    """What is left of the last import: which file it was, and what both offices changed."""

    file_id: str
    merged: Merged


def draw(context: Context, plan: Plan) -> None:
    """Draw what takes the plan elsewhere and brings another's in, for administrators.

    A file holds the counts of every district as they are, so nobody else who reads the dashboard is
    offered one, nor an administrator from whom small counts are withheld. Who may read the database
    itself has them anyway.
    """
    if "administrator" not in plan.actor.roles:
        return
    say = context.word
    with st.expander(say("app_plan.exchange"), icon=":material/sync_alt:"):
        st.caption(say("app_plan.exchange_note"))
        if plan.withheld is None:
            name = f"{date.today().isoformat()}{ENDING}"
            label = say("app_plan.take_plan")
            file = downloads.layers(label, name, lambda path: _write(plan, path))
            downloads.file(file, "plan_whole")
        sent = st.file_uploader(say("app_plan.bring_plan"), type=["gz"], key="plan_bring")
        if sent is None:
            st.session_state.pop(_MET, None)
            return
        empty = plan.store.head()[0] == 0
        _conflicts(context, sent)
        step = "restore" if empty else "merge"
        if st.button(say(f"app_plan.{step}"), key=f"plan_{step}", type="primary"):
            with showing_errors(context.labels):
                (_restore if empty else _merge)(context, plan, sent)
                st.rerun()


def _write(plan: Plan, path: Path) -> None:
    """Write the whole plan, once it is proven to be in order."""
    wrong = plan.verify()
    if wrong:
        raise InputError(wrong[0].code, **wrong[0].params)
    plan.export(path)


def _as_file(sent: Any, work: Callable[[Path], Answer]) -> Answer:
    """Do something with a sent file, which lies on the disk meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sent{ENDING}"
        path.write_bytes(sent.getvalue())
        try:
            return work(path)
        except InputError as error:
            # the reader knows the file by the name that it was sent under
            params = {
                name: sent.name if value in (str(path), path.name) else value
                for name, value in error.params.items()
            }
            raise InputError(error.code, **without_folders(params)) from error


def _restore(context: Context, plan: Plan, sent: Any) -> None:
    entries = _as_file(sent, plan.restore)
    told = {"entries": context.labels.number(entries)}
    notices.leave(Finding("app_plan.done_restore", told), done=True)


def _merge(context: Context, plan: Plan, sent: Any) -> None:
    merged = _as_file(sent, lambda path: plan.merge(path, _chosen(sent)))
    told = {"added": len(merged.added), "changed": len(merged.changed)}
    heading = context.labels.message("plan_words.said_twice")
    points = import_sentences(context.labels, merged)
    if merged.conflicts:
        st.session_state[_MET] = _Met(sent.file_id, merged)
        rows = len({each.row_id for each in merged.conflicts})
        finding = Finding("app_plan.merged_in_part", {**told, "conflicts": rows})
        notices.leave(finding, heading=heading, points=points)
        return
    st.session_state.pop(_MET, None)
    # a word or a decision that counts no more is no success
    finding = Finding("app_plan.done_merge", told)
    notices.leave(finding, done=not points, heading=heading, points=points)


def _left(sent: Any) -> Merged | None:
    met: _Met | None = st.session_state.get(_MET)
    return met.merged if met is not None and met.file_id == sent.file_id else None


def _chosen(sent: Any) -> Mapping[str, Side]:
    """Return whose values somebody chose, by row."""
    merged = _left(sent)
    rows = {each.row_id for each in merged.conflicts} if merged else set()
    told = {own: st.session_state.get(_choice_key(own)) for own in rows}
    return {own: side for own, side in told.items() if side in SIDES}


def _choice_key(row_id: str) -> str:
    return f"plan_side_{row_id}"


def _conflicts(context: Context, sent: Any) -> None:
    """Draw the rows that both offices changed: before, ours, theirs, and whose shall count."""
    merged = _left(sent)
    if merged is None:
        return
    labels, say = context.labels, context.word
    by_row: dict[str, list[list[str]]] = {}
    for each in merged.conflicts:
        told = each.conflict
        values = [
            value_word(labels, told.field, value) for value in (told.base, told.ours, told.theirs)
        ]
        by_row.setdefault(each.row_id, []).append([field_word(labels, told.field), *values])
    headings = [say(f"app_plan.met_{name}") for name in ("field", "base")]
    headings += [say("app_plan.side_ours"), say("app_plan.side_theirs")]
    for own, rows in by_row.items():
        table = pd.DataFrame(rows, columns=headings)
        st.markdown(f"**{markdown(own)}**")
        tables.draw(context, table, f"plan_merge_{own}", height="content", room=ROOM)
        st.radio(
            say("app_plan.whose"),
            SIDES,
            index=None,
            format_func=lambda side: say(f"app_plan.side_{side}"),
            key=_choice_key(own),
            horizontal=True,
        )
