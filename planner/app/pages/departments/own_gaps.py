"""The gaps of one department: on the map, as a list, and the next step of each."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from planner.app.pages.departments.headings import columns, held_back
from planner.app.session import choices, to_gaps
from planner.app.session.answers.departments import DepartmentsQuestion
from planner.app.session.answers.gaps import GapQuestion, linked_gap
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import gap_steps, map_view, tables
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.map_view import Pane, Pick
from planner.app.widgets.print_sheet import sheet
from planner.siting.departments.departments import Departments
from planner.views.maps.base.bounds import bounds_of
from planner.views.maps.departments import building_groups, legend_html, list_html
from planner.views.maps.gaps import GAP, gap_groups
from planner.views.tables.siting.departments import gaps_table
from planner.views.words.analysis.gaps import cause_word, place_word
from planner.views.words.siting.departments import (
    currency_word,
    department_word,
    mend_word,
    price_word,
)

OWN_GAP = "own_gap"
"""The gap chosen here; that of the page of gaps is another, of one kind."""

_PICKED = "departments_picked"

MOST_DRAWN = 400
"""Gaps on the map and in the list at most, the greatest; the files have all."""


def draw(
    context: Context, shown: Departments, question: DepartmentsQuestion, searching: bool
) -> None:
    """Draw map and list, which choose the same gap, and what to do about it."""
    gaps = shown.gaps.head(MOST_DRAWN)
    if gaps.empty:
        return
    asked = (question, tuple(shown.departments["department"]))
    chosen = choices.under(OWN_GAP, asked, gaps["gap_id"].to_list()) or None
    labels, result = context.labels, shown.assessment
    name = department_word(str(shown.departments["department"].iloc[0]), labels)
    title = context.word("departments.gaps_of", department=name)
    left, right = st.columns([7, 8])
    with left:
        groups = gap_groups(result, gaps, labels.language, group=shown.group, chosen=chosen)
        groups += building_groups(shown, labels.language)
        legend = legend_html(shown, labels.language)
        figures = list_html(shown, labels.language)
        map_view.show(
            context,
            [Pane(groups)],
            key="departments",
            on_pick=_pick,
            look_at=bounds_of(gaps[gaps["gap_id"] == chosen]) if chosen else None,
            legend=legend,
            reading=Reading.of(result, shown.group),
            printed=None if searching else sheet(context, title, legend, figures),
        )
    with right:
        st.markdown(f"**{markdown(title)}**")
        _list(context, shown, gaps["gap_id"].to_list(), question, chosen, searching)
        others = int((shown.gaps["department"] != shown.departments["department"].iloc[0]).sum())
        if others:
            own = len(shown.gaps) - others
            told = {"count": others, "own": own, "all": len(shown.gaps)}
            counts = {name: labels.number(count) for name, count in told.items()}
            code = "gaps_own_and_others" if own else "gaps_of_others"
            st.caption(context.word(f"departments.{code}", **counts))
        if len(shown.gaps) > len(gaps):
            total = labels.number(len(shown.gaps))
            st.caption(context.word("departments.shown", shown=len(gaps), total=total))
        if chosen and not searching:
            _next_steps(context, shown, chosen, question)
        else:
            st.caption(context.word("gaps.picked"))


def _pick(pick: Pick) -> None:
    if pick.what == GAP:
        choices.choices()[OWN_GAP] = pick.id
        # another row is ticked by then: the list is drawn anew, with the tick at this one
        st.session_state[_PICKED] = st.session_state.get(_PICKED, 0) + 1


def _take_row(key: str, ids: list[str]) -> None:
    choices.choices()[OWN_GAP] = tables.chosen_row(key, ids)


def _list(
    context: Context,
    shown: Departments,
    ids: list[str],
    question: DepartmentsQuestion,
    chosen: str | None,
    searching: bool,
) -> None:
    table = gaps_table(shown, context.labels.language).head(len(ids))
    names = ("place", "kind", "beyond", "remedy", "price", "actor", "partners", "cause")
    tables.draw(
        context,
        held_back(context, shown, table) if searching else table,
        f"departments_gaps_{hash((question, tuple(ids)))}_{st.session_state.get(_PICKED, 0)}",
        first=columns(context, shown, names),
        spare=columns(context, shown, ("price_low", "price_high")),
        height=tables.TALL - 120,
        room=540,
        take=partial(_take_row, ids=ids),
        ticked=ids.index(chosen) if chosen in ids else None,
        name="departments_gaps",
    )


def _next_steps(
    context: Context, shown: Departments, gap_id: str, question: DepartmentsQuestion
) -> None:
    """Draw what is known of the chosen gap, who does what, and where to go on."""
    labels, found = context.labels, shown.gaps
    row: Any = next(found[found["gap_id"] == gap_id].itertuples(index=False))
    price = price_word(row.price_low, row.price_high, labels)
    currency = currency_word(shown, labels)
    lines = [
        f"**{markdown(place_word(row, labels))}**",
        markdown(context.kind(str(row.kind))),
        markdown(cause_word(row, labels)),
        markdown(mend_word(row, labels)),
        markdown(f"{context.word('departments.col_price', currency=currency)} {price}"),
    ]
    st.markdown(" · ".join(lines))
    st.markdown(markdown(shown.duties.by_name[row.duty].sentence(labels.language)))
    steps = ["gaps", "links"] if row.remedy == "link" else ["gaps"]
    with st.container(horizontal=True, gap="small"):
        for step in steps:
            st.button(
                context.word(f"departments.to_{step}"),
                icon=f":material/{_ICONS[step]}:",
                on_click=_go,
                args=(step, str(row.kind), gap_id, question.at),
                key=f"departments_to_{step}",
            )
    of_gap = GapQuestion.of(question, "", question.group)
    # of who must act only the largest gaps have had their link looked for
    with st.spinner(labels.message("links.searching")):
        linked = next(linked_gap(of_gap, gap_id).itertuples(index=False))
    gap_steps.draw(context, of_gap, linked)


_ICONS = {"gaps": "troubleshoot", "links": "add_road"}


def _go(page: str, kind: str, gap_id: str, at: str) -> None:
    """Go to another page with the kind, and on the page of gaps the gap, as they are here."""
    if page == "gaps":
        to_gaps.open_gaps(kind, gap_id, at)
        return
    choices.choices().update(kind=kind, links=kind)
    choices.go(page)
