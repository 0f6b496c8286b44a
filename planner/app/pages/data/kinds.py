"""Of which kinds the sources tell anything, and the word that all of a kind are listed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from planner.app.pages.data import conflict, corrections
from planner.app.session import notices
from planner.app.session.context import Context
from planner.app.session.reader import permissions
from planner.app.widgets import tables
from planner.district import District, KindRecord

_COMPLETE = "kinds_complete"


def draw(context: Context, here: District) -> None:
    """Draw what is known of each kind, and the box to say that all are listed."""
    notices.draw(context)
    st.markdown(context.word("app_data.kinds_intro"))
    table = _table(context, here)
    tables.draw(context, table, "kinds_known", height="content", room=tables.WHOLE)
    if not permissions.may_change():
        st.info(context.word("corrections.not_permitted"), icon=":material/lock:")
        return
    if context.entry.path is None:
        st.info(context.word("app_data.demo_fixed"), icon=":material/info:")
        return
    corrections.shown(context.entry)
    conflict.draw(context, here)
    left, right = st.columns([8, 3], vertical_alignment="bottom")
    left.multiselect(
        context.word("app_data.kinds_complete"),
        [kind for kind in here.kinds if here.data_state(kind) != "complete"],
        format_func=lambda kind: context.labels.kind(kind, here.kinds),
        help=context.word("app_data.kinds_complete_help"),
        key=_COMPLETE,
        placeholder=context.word("app.choose"),
    )
    right.button(
        context.word("app_data.kinds_say"),
        icon=":material/fact_check:",
        type="primary",
        key="kinds_say",
        disabled=not st.session_state[_COMPLETE],
        on_click=_mark_complete,
        args=(context,),
    )


def _mark_complete(context: Context) -> None:
    corrections.say_complete(context, st.session_state[_COMPLETE])
    st.session_state[_COMPLETE] = []


def _table(context: Context, here: District) -> pd.DataFrame:
    labels = context.labels
    counts = here.facilities["kind"].value_counts()
    records = {kind: here.records.get(kind, KindRecord()) for kind in here.kinds}
    # of a kind without data no number is known, not even 0
    known = [int(counts.get(kind, 0)) if here.has_data(kind) else None for kind in here.kinds]
    return pd.DataFrame(
        {
            labels.column("kind"): [labels.kind(kind, here.kinds) for kind in here.kinds],
            labels.column("facilities"): pd.array(known, dtype="Int64"),
            labels.column("data"): [labels.value(f"data_{here.data_state(k)}") for k in here.kinds],
            labels.column("source"): [record.source for record in records.values()],
            context.word("app_data.kinds_since"): [
                labels.date(record.date) if record.date else "" for record in records.values()
            ],
        }
    )
