"""The tables of a matching: places, communities, owners, and where more room serves most."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.pages.matching import files
from planner.app.pages.matching.choice import choose
from planner.app.session import background, choices
from planner.app.session.answers import matching as answers
from planner.app.session.answers.matching import STEPS, MatchingQuestion
from planner.app.session.context import Context
from planner.app.widgets import downloads, inputs, propose, tables, take_over
from planner.siting.matching.matching import Matching
from planner.views.exports.siting.matching import enlargement_scenario
from planner.views.tables.siting import matching as views
from planner.views.words.shares import percent_figures
from planner.views.words.siting import matching as words
from planner.views.words.siting.matching import amount_word

TABS = ("places", "communities", "owners", "room")
TABLE_HEIGHT = 353


def draw(context: Context, found: Matching, question: MatchingQuestion) -> None:
    """Draw the choice of a table, and the table."""
    with st.container(horizontal=True, vertical_alignment="center"):
        tab = choices.switch(
            "match_tab",
            context.word("matching.page"),
            TABS,
            TABS[0],
            lambda t: context.word(f"matching.tab_{t}"),
        )
        files.draw(context, found)
    language = context.labels.language
    if tab == "room":
        _room(context, found, question)
    elif tab == "owners":
        _table(context, views.owners_table(found, language), tab, None)
    elif tab == "communities":
        table = views.communities_table(found, language)
        _table(context, table, tab, partial(_take_row, question, "community", list(table.index)))
    else:
        table = views.places_table(found, language)
        _table(context, table, tab, partial(_take_row, question, "facility", list(table.index)))


def _take_row(question: MatchingQuestion, what: str, ids: list[str], key: str) -> None:
    choose(question, what, tables.chosen_row(key, ids))


def _table(context: Context, table: pd.DataFrame, tab: str, take: Any) -> None:
    """Draw a table; a row that is picked is drawn on the map."""
    table = _telling(table)
    config, shown = _columns(context, table)
    tables.draw(
        context,
        shown,
        f"matching_table_{hash((tuple(table.columns), tuple(table.index)))}",
        config=config,
        height=TABLE_HEIGHT,
        take=take,
        name=f"matching_{tab}",
    )


def _telling(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without the columns that say nothing: all missing, or all 0."""
    table = table.dropna(axis=1, how="all")
    numbers = table.select_dtypes("number")
    idle = [name for name in numbers if (numbers[name].fillna(0) == 0).all()]
    return table.drop(columns=idle)


def _columns(context: Context, table: pd.DataFrame) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return how columns are shown: shares in per cent as bars, amounts short."""
    shares = {context.word(f"matching.col_{name}") for name in views.SHARES}
    columns: dict[str, Any] = {}
    shown = table.copy()
    for name in map(str, table.columns):
        if name in shares:
            shown[name] = percent_figures(shown[name], 0)
            columns[name] = st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%.0f%%"
            )
        elif pd.api.types.is_numeric_dtype(shown[name]):
            known = shown[name].dropna().abs()
            whole = bool((known == known.round()).all()) or bool(known.max() >= 100)
            shown[name] = shown[name].round(0 if whole else 1)
            columns[name] = st.column_config.NumberColumn(format="localized")
    return columns, shown


def _room(context: Context, found: Matching, question: MatchingQuestion) -> None:
    """Draw where more room serves most, and take it over into What if."""
    labels, say = context.labels, context.word
    more = inputs.optional_number(
        "match_more",
        say("matching.more"),
        least=1.0,
        step=50.0,
        default=found.usual_enlargement,
        help=say("matching.more_help", unit=words.unit_word(found, labels)),
        width=220,
    )
    usual = more or found.usual_enlargement
    rows = background.worked_out(
        context, answers.enlargements, question, usual, words=say("plan_figures.enlarging")
    )
    if rows is None:
        return
    if rows.empty:
        st.info(say("matching.room_none"), icon=":material/check_circle:")
        return
    st.caption(say("matching.room_note", more=amount_word(labels, usual)))
    table = views.enlargements_table(found, rows, labels.language)
    config, table = _columns(context, _telling(table))
    scenario = enlargement_scenario(found, labels.language, usual, STEPS)

    with st.container(horizontal=True, gap="small"):
        take_over.draw(context, scenario, "matching")
        label = say("matching.download_scenario")
        name = "enlargements.scenario.json"
        downloads.file(downloads.scenario(label, name, lambda: scenario), "matching_room")
    propose.of_advice(context, scenario, "matching", assessment=context.assessment())
    tables.draw(context, table, "matching_room", config=config, height=TABLE_HEIGHT)
