"""Who must act: which department has what to do, where, at what price, and with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.departments import files, own_gaps
from planner.app.pages.departments.headings import NOT_YET, columns, held_back
from planner.app.session import background, choices
from planner.app.session.answers.cache import is_known
from planner.app.session.answers.departments import DepartmentsQuestion
from planner.app.session.answers.departments import departments as find_departments
from planner.app.session.context import Context
from planner.app.session.drafts.prices import own
from planner.app.session.errors import markdown
from planner.app.session.jobs import estimates
from planner.app.widgets import frame, inputs, key_figures, prices, tables
from planner.app.widgets.key_figures import Figure
from planner.siting.departments.departments import Departments
from planner.views.tables.siting.departments import (
    departments_table,
    kinds_table,
    shared_buildings_table,
)
from planner.views.words.places import brief_sites
from planner.views.words.provenance import LAYERS
from planner.views.words.siting.departments import (
    answer_sentences,
    buildings_worth,
    count_word,
    currency_word,
    department_word,
    notes,
    price_word,
    talk_sentences,
)

DEPARTMENT = "department"
ALL = "all"
BUILDINGS_TOLD = ("help", "order", "saved")
"""What is told of buildings that departments could share: what they are, in which order, saved."""

MOST_TALKS = 12
"""Sentences that are shown at once."""

NAMELESS = "nameless"
"""Stands in the address for the kinds that no department answers for."""


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    department_box, at_box, group_box = frame.heading_row(context, result, [3.6, 3.6, 2, 2.4])
    with group_box:
        group = inputs.group(context, result)
    context = context.counting(group)
    with at_box:
        say = context.word
        at = inputs.text(
            "at",
            say("budget.at"),
            help=say("budget.at_help"),
            placeholder=say("gaps.at_example"),
        )
    if frame.nothing_judged(context, result):
        return
    question = DepartmentsQuestion(
        context.entry, context.standard, at, group=group, prices=own(context)
    )
    found, searching = _found(context, question, estimates.judged_size(result, ""))
    if found is None:
        return
    with department_box:
        chosen = _department(context, found)
    frame.refused_choices(context)
    shown = found if chosen == ALL else found.of(_id(chosen))
    _figures(context, shown, searching)
    st.markdown(frame.sentences(context, answer_sentences(shown, context.labels.language)))
    frame.spread(context, shown.assessment, [*shown.kinds["kind"]], group)
    if chosen != ALL:  # where the row was clicked: below both tables nobody would see it
        own_gaps.draw(context, shown, question, searching)
    _departments(context, found, shown, chosen, searching)
    _buildings(context, shown)
    _talks(context, shown)
    for line in notes(found, context.labels.language):
        st.caption(markdown(line))
    frame.notes(context, found.assessment, None)


def _found(
    context: Context, question: DepartmentsQuestion, size: int
) -> tuple[Departments | None, bool]:
    """Return who must act, and whether the best links of gaps are still looked for."""
    first = replace(question, links=False)
    steps = ((first, "departments.working"), (question, "departments.links_working"))
    found: Departments | None = None
    for asked, word in steps:
        key = ("departments", asked)
        more = background.value(
            context,
            key,
            partial(find_departments, asked),
            context.word(word),
            can_stop=True,
            size=size,
            there=is_known(find_departments, asked),
        )
        if more is None:
            return found, not background.is_given_up(key)
        found = more
    return found, False


def _id(chosen: str) -> str:
    return "" if chosen == NAMELESS else chosen


def _department(context: Context, found: Departments) -> str:
    """Draw the choice of a department and return its id, or that all are shown."""
    ids = [str(each) or NAMELESS for each in found.departments["department"]]
    return choices.pick(
        DEPARTMENT,
        context.word("departments.col_department"),
        [ALL, *ids],
        ALL,
        lambda each: (
            context.word("departments.all")
            if each == ALL
            else department_word(_id(each), context.labels)
        ),
    )


def _figures(context: Context, shown: Departments, searching: bool) -> None:
    """Draw who is beyond the limits of the first department, its gaps, their price, and sharing."""
    labels, say, kinds = context.labels, context.word, shown.assessment.judged_kinds
    first: Any = next(shown.departments.itertuples(index=False))
    own = str(first.kinds).split(";") if first.kinds else kinds
    name = department_word(first.department, labels)
    none = labels.value("data_none") if first.without_data else say("departments.no_own_kinds")
    beyond = count_word(first.beyond, first.beyond_high, labels) if first.kinds else none
    price = (
        NOT_YET
        if first.gaps and searching
        else price_word(first.price_low, first.price_high, labels)
        if first.gaps
        else say("departments.nothing_to_pay")
        if first.kinds
        else none
    )
    currency = currency_word(shown, labels)
    key_figures.draw(
        context,
        shown.assessment,
        [
            Figure(
                say("departments.metric_beyond", department=name),
                beyond,
                say("departments.metric_beyond_help", group=labels.group(shown.group)),
                "",
                own,
            ),
            Figure(
                say("departments.metric_gaps", department=name),
                labels.number(first.gaps) if first.kinds else none,
                say("gaps.metric_gaps_help"),
                "",
                own,
            ),
            Figure(
                say("departments.metric_price", department=name, currency=currency),
                price,
                say("departments.price_help"),
                source=say("plan_figures.prices_unverified"),
                layers=(*LAYERS, "barriers", "gates"),
            ),
            Figure(
                say("departments.buildings"),
                f"{'≥ ' if shown.more_buildings else ''}{labels.number(len(shown.buildings))}",
                labels.paragraph(
                    [
                        *(say(f"departments.buildings_{each}") for each in BUILDINGS_TOLD),
                        *([buildings_worth(shown, labels)] if len(shown.buildings) else []),
                    ]
                ),
                "",
                kinds,
                layers=(*LAYERS, "candidates"),
            ),
        ],
        "departments",
    )


def _take_row(key: str, ids: list[str]) -> None:
    choices.choices()[DEPARTMENT] = tables.chosen_row(key, ids, ALL)


def _departments(
    context: Context, found: Departments, shown: Departments, chosen: str, searching: bool
) -> None:
    """Draw all departments, of which one can be chosen, beside kinds of those that are shown."""
    language = context.labels.language
    ids = [str(each) or NAMELESS for each in found.departments["department"]]

    def beside() -> None:
        st.markdown(f"**{context.word('departments.page')}**", width="content")
        if not searching:  # what is taken away is not corrected any more
            files.draw(context, shown, chosen)
        prices.draw(context)
        st.caption(context.word("departments.picked"), width="content")

    departments = departments_table(found, language)
    tables.draw(
        context,
        held_back(context, shown, departments) if searching else departments,
        f"departments_{chosen}_{hash(tuple(ids))}",
        first=_deciding(context, shown, _DECIDE, departments),
        spare=_spare(context, shown, _DECIDE, departments),
        height="content",
        room=tables.NARROW,
        take=partial(_take_row, ids=ids),
        ticked=ids.index(chosen) if chosen in ids else None,
        name="departments",
        beside=beside,
    )
    rows = kinds_table(shown, language)
    if rows.empty:
        return
    tables.draw(
        context,
        held_back(context, shown, rows) if searching else rows,
        "departments_kinds",
        first=_deciding(context, shown, _KINDS_DECIDE, rows),
        spare=_spare(context, shown, _KINDS_DECIDE, rows),
        height="content",
        room=tables.NARROW,
        beside=lambda: st.markdown(f"**{context.word('departments.by_kind')}**", width="content"),
    )
    if rows[columns(context, shown, ["department"])[0]].duplicated().any():
        st.caption(context.word("departments.counted_by_kind"))


_DECIDE = ("department", "beyond", "gaps", "price", "for_others", "agrees")
_KINDS_DECIDE = ("kind", "department", "beyond", "gaps", "price", "limit_m")


def _deciding(
    context: Context, shown: Departments, names: Sequence[str], table: pd.DataFrame
) -> list[str]:
    """Return the columns that decide: also of how many nothing is known, where there are any."""
    [not_known] = columns(context, shown, ["not_known"])
    found = columns(context, shown, names)
    if (table[not_known] > 0).any():
        found.insert(names.index("beyond") + 1, not_known)
    return found


def _spare(
    context: Context, shown: Departments, names: Sequence[str], table: pd.DataFrame
) -> list[str]:
    """Return the other columns, so that the same ones stand there in every language."""
    deciding = _deciding(context, shown, names, table)
    return [str(name) for name in table if name not in deciding]


def _buildings(context: Context, shown: Departments) -> None:
    """Draw where departments could share a building, and the way to one-stop sites."""
    if shown.buildings.empty:
        return
    names = ("building", "departments", "people", "saved", "kinds", "cost", "shared")
    tables.draw(
        context,
        tables.briefly(
            context,
            shared_buildings_table(shown, context.labels.language),
            context.word("departments.col_building"),
            brief_sites(shown.buildings, shown.assessment.district, context.labels),
        ),
        "departments_buildings",
        first=columns(context, shown, names),
        height="content",
        room=tables.NARROW,
        beside=lambda: st.markdown(f"**{context.word('departments.buildings')}**", width="content"),
    )
    kinds = np.unique(";".join(shown.buildings["kinds"]).split(";")).tolist()
    st.button(
        context.word("departments.to_one_stop"),
        icon=":material/apartment:",
        on_click=_to_one_stop,
        args=(kinds,),
        key="departments_to_one_stop",
    )


def _to_one_stop(kinds: list[str]) -> None:
    choices.choices()["kinds"] = ",".join(kinds)
    choices.go("one-stop")


def _talks(context: Context, shown: Departments) -> None:
    """Draw who should talk to whom, a sentence each."""
    sentences = talk_sentences(shown, context.labels.language)
    if not sentences:
        return
    st.markdown(f"**{context.word('departments.talks')}**")
    st.markdown(frame.bullets(sentences[:MOST_TALKS]))
    more = sentences[MOST_TALKS:]
    if more:
        with st.expander(context.word("departments.more_talks", count=len(more))):
            st.markdown(frame.bullets(more))
