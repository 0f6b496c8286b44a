"""Scores of the areas by weights that may be changed, their cards, and the clauses behind."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.checkup import Checkup
from planner.analysis.compliance.clauses import by_harm
from planner.analysis.coverage.levels import Level
from planner.app.pages.checkup import weights
from planner.app.session import background
from planner.app.session.answers.checkup import checkup, checkup_card
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.jobs import estimates
from planner.app.widgets import downloads, print_sheet, tables
from planner.district.weights import default_weights, weights_toml
from planner.views.exports.analysis.card import cards_html
from planner.views.tables.analysis.checkups import clauses_table, scores_table
from planner.views.words.analysis.checkups import score_word
from planner.views.words.labels import Labels

CARD_HEIGHT = {"en": 1350, "zh": 1100}
"""Height of a card beside the table without the rows of its kinds, pixels: its lists end early."""

CARD_ROW = 25
TABLE_ROOM = 475
"""For the scores, pixels."""

_TINY = 1e-6
_PICKED = "checkup_picked"
CLAUSES_HEIGHT = 560


def draw(context: Context, result: Assessment, level: Level) -> None:
    """Draw the scores by the weights chosen, and the card of an area."""
    with st.container(horizontal=True, vertical_alignment="center"):
        by = weights_toml(weights.draw(context))
        links = st.checkbox(context.word("checkup.links_tried"), key="checkup_links")
    found = background.worked_out(
        context,
        checkup,
        context.question,
        level,
        by,
        words=context.word("app_work.checkup"),
        size=estimates.judged_size(result, ""),
    )
    if found is None:
        return
    for told in found.findings:
        st.warning(markdown(context.labels.finding(told, result.district.kinds)))
    left, right = st.columns([6, 7])
    with left:
        _table(context, result, found, level, links)
    with right:
        _card(context, found, level, by, links)


def _table(context: Context, result: Assessment, found: Checkup, level: Level, links: bool) -> None:
    """Draw the areas with their scores, and the files."""
    labels, language = context.labels, context.labels.language
    table = scores_table(found, language)
    score = context.word("checkup.score")
    hidden = [labels.column("area_id"), *_spans(context, table)]
    rank = context.word("checkup.rank")
    # whoever lacks most stands first, as the card does
    worst_first = table.sort_values(rank, ascending=False, kind="stable")
    if len(table) == 1:  # one area stands before no other
        hidden.append(rank)
        if level == "community":
            st.caption(context.word("app_overview.one_community"))
    ids = worst_first[labels.column("area_id")].to_list()
    chosen = st.session_state.get(_box(level))
    tables.draw(
        context,
        worst_first.drop(columns=hidden),
        f"checkup_scores_{hash(tuple(ids))}_{st.session_state.get(_PICKED, 0)}",
        first=[rank, labels.column("name"), score],
        config={
            score: st.column_config.ProgressColumn(
                score, min_value=0, max_value=100, format="%.1f"
            ),
            # beside 86.9 a range begins at 88.0, not at 88
            **{
                name: st.column_config.NumberColumn(name, format="%.1f")
                for name in _range_columns(context)
            },
        },
        height=tables.TALL,
        take=partial(_take_row, ids=ids, level=level) if len(ids) > 1 else None,
        ticked=ids.index(chosen) if chosen in ids else 0,
        name="checkup_scores",
        room=TABLE_ROOM,
    )
    with st.container(horizontal=True):
        areas = list(found.scores.index)
        offered = [
            downloads.provenance(context, result, f"{context.stem}-checkup"),
            _csv(context, "scores", table),
            _file(context, "cards.html", lambda: cards_html(found, areas, language, links=links)),
        ]
        for number, file in enumerate(offered):
            downloads.file(file, f"checkup_{number}")


def _box(level: Level) -> str:
    """Return what the choice of an area is kept under."""
    return f"checkup_area_{level}"


def _take_row(key: str, ids: list[str], level: Level) -> None:
    """Take the area of a row; without a row that of the first, whose card stands there at first."""
    st.session_state[_box(level)] = tables.chosen_row(key, ids, ids[0])


def _tick_anew() -> None:
    """Have the table drawn anew, with the tick at the area that was chosen beside it."""
    st.session_state[_PICKED] = st.session_state.get(_PICKED, 0) + 1


def _card(context: Context, found: Checkup, level: Level, by: str, links: bool) -> None:
    """Draw the choice of an area, and its card."""
    ranked = found.scores.sort_values("rank", ascending=False, kind="stable")
    area = ranked.index[0]
    if len(ranked) > 1:
        area = st.selectbox(
            context.word("checkup.pick_area"),
            list(ranked.index),
            format_func=lambda name: _area(found, name, context.labels),
            key=_box(level),
            on_change=_tick_anew,
        )
    html = background.worked_out(
        context,
        checkup_card,
        context.question,
        level,
        by,
        area,
        context.labels.language,
        links,
        dt.date.today(),
        words=context.word("app_work.card"),
        size=estimates.judged_size(found.assessment, ""),
    )
    if html is None:
        return
    name = context.place(str(found.scores.loc[area, "name"] or area))
    label = context.word("checkup.download_card")
    with st.container(horizontal=True, gap="small"):
        print_sheet.document(context.word("app_work.print_card"), html)
        downloads.file(downloads.File(label, f"{name}-checkup.html", lambda: html), "card")
    _show(html, card_height(found, context.labels.language))


def _spans(context: Context, table: pd.DataFrame) -> list[str]:
    """Return the columns of the range of the score where it is no range anywhere."""
    ends = _range_columns(context)
    return ends if table[ends[0]].equals(table[ends[1]]) else []


def _range_columns(context: Context) -> list[str]:
    """Return the headings of the columns between which the score lies."""
    return [context.word(f"checkup.col_score_{end}") for end in ("low", "high")]


def card_height(found: Checkup, language: str) -> int:
    """Return how high a card is at the most: it stands in a frame that cannot tell it."""
    return CARD_HEIGHT[language] + CARD_ROW * len(found.assessment.judged_kinds)


def _show(html: str, height: int) -> None:
    """Show a document in a frame that has no access to this page."""
    from streamlit.components.v1 import iframe

    source = f"data:text/html;base64,{base64.b64encode(html.encode()).decode()}"
    frame = getattr(st, "iframe", iframe)
    frame(source, height=height)


def _area(found: Checkup, area: str, labels: Labels) -> str:
    row: dict[Any, Any] = found.scores.loc[area].to_dict()
    return f"{labels.place(row['name'] or area)} · {score_word(labels, row['score'])}"


def draw_clauses(context: Context, result: Assessment, level: Level) -> None:
    """Draw what each area meets and misses, clause by clause."""
    found = checkup(context.question, level, weights_toml(default_weights()))
    rows = by_harm(result, found.parts, level)
    table = clauses_table(result, rows, context.labels.language)
    table = table.drop(
        columns=[context.word(f"checkup.col_{n}") for n in ("max_points", "points", "lost")]
    )
    first = [context.labels.column("name")]
    told = ["sentence", "verdict", "short_by", "unit"]
    if (rows["short_by_high"] > rows["short_by_low"] + _TINY).any():
        told[3:3] = ["short_by_low", "short_by_high"]
    first += [context.word(f"checkup.col_{n}") for n in told]
    st.caption(context.word("checkup.by_harm"))
    tables.draw(
        context, table, "checkup_clauses", first=first, height=CLAUSES_HEIGHT, room=tables.WHOLE
    )
    downloads.file(_csv(context, "audit", table), "audit")


def _csv(context: Context, what: str, table: pd.DataFrame) -> downloads.File:
    label = context.word(f"checkup.download_{what}")
    return downloads.table(label, f"{context.stem}-{context.standard}-{what}.csv", lambda: table)


def _file(context: Context, name: str, content: Callable[[], str]) -> downloads.File:
    label = context.word(f"checkup.download_{name.partition('.')[0]}")
    return downloads.File(label, f"{context.stem}-{context.standard}-{name}", content)
