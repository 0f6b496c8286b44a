"""What each clause of a standard rests on, and which of them somebody checked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from planner.app.session import choices, notices
from planner.app.session.context import Context
from planner.app.session.errors import showing_errors
from planner.app.session.plan import session_actor
from planner.app.session.reader import own_standards
from planner.app.widgets import downloads, tables
from planner.district import Standard
from planner.district.standards.checking import checked, clauses, doubted
from planner.errors import Finding
from planner.views.words.standards import checked_sentence, clauses_table


def draw(context: Context, known: dict[str, Standard], name: str) -> None:
    """Draw the clauses of a standard, and the boxes that say which were checked.

    Parameters
    ----------
    context
        The reader's language.
    known, name
        The standards on offer, and the one that is shown.
    """
    standard, say = known[name], context.word
    rows = clauses(standard)
    st.markdown(checked_sentence(rows, context.labels))
    table = clauses_table(rows, context.labels)
    tables.draw(context, table, f"standards_state_{name}", height="content", room=tables.WHOLE)
    downloads.file(
        downloads.table(say("standards.take_state"), f"{standard.id}-clauses.xlsx", lambda: table),
        "standards_state",
    )
    # the ticks begin with what is kept; another standard, or a kept tick, is another form
    with st.form(f"standards_check_{name}"):
        st.markdown(f"**{say('standards.check')}**")
        st.caption(say("standards.check_note"))
        names = dict(zip(rows["clause_id"], table.iloc[:, 0], strict=True))
        before = list(rows["clause_id"][rows["verified"].astype(bool)])
        chosen = st.multiselect(
            say("standards.check_which"),
            list(names),
            before,
            format_func=lambda own: names[own],
            placeholder="–",
        )
        left, middle, right = st.columns(3)
        who = session_actor()
        fixed = who.via == "sign_in"
        by = left.text_input(
            say("standards.check_by"), who.name if fixed else "", max_chars=100, disabled=fixed
        )
        on = middle.date_input(say("standards.check_on"), "today", max_value="today")
        read_in = right.text_input(say("standards.check_in"), max_chars=300)
        sent = st.form_submit_button(say("standards.check_keep"), type="primary")
    if sent:
        with showing_errors(context.labels):
            _keep(context, standard, before, chosen, who.name if fixed else by, on, read_in)
            st.rerun()


def _keep(
    context: Context,
    standard: Standard,
    before: list[str],
    chosen: list[str],
    by: str,
    on: Any,
    read_in: str,
) -> None:
    """Keep what was ticked anew and what was taken back as a standard, and judge by it."""
    anew = [own for own in chosen if own not in before]
    taken_back = [own for own in before if own not in chosen]
    if not anew and not taken_back:
        notices.leave(Finding("standards.nothing_checked", {}))
        return
    made = doubted(standard, taken_back)
    if anew:
        made = checked(made, anew, by, on if isinstance(on, dt.date) else None, read_in)
    choices.choices()["standard"] = own_standards.add(made)
    told = {"count": len(anew), "back": len(taken_back), "name": context.labels.standard(made)}
    notices.leave(Finding("standards.kept_checked", told), done=True)
