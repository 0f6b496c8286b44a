"""Corrections of the map: no links, so they stand in a view of their own."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.links.links import DEFAULT
from planner.app.session import choices
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.links import map_work
from planner.app.session.context import Context
from planner.app.widgets import downloads, key_figures, map_view, numbered_row, tables
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.map_view import Pane, Pick
from planner.app.widgets.print_sheet import sheet
from planner.views.exports.analysis.assessment import metadata, write_about
from planner.views.exports.analysis.links import write_map_work
from planner.views.maps.base.bounds import bounds_of
from planner.views.maps.map_work import PIECE, map_work_groups, map_work_legend
from planner.views.tables.analysis.links import map_work_table

_TURN = "pieces_turn"


def draw(context: Context, result: Assessment, question: Question) -> None:
    """Draw the pieces on the map and in a table, and their files."""
    work, loose = map_work(question)
    if work.empty:
        st.info(context.word("links.map_work_none"), icon=":material/check_circle:")
        return
    _figures(context, result, work)
    chosen = numbered_row.chosen(PIECE, question, len(work))
    language = context.labels.language
    left, right = st.columns([8, 6])
    with left:
        map_view.show(
            context,
            [Pane(map_work_groups(result, work, loose, language, chosen=chosen))],
            key="map_work",
            on_pick=_pick,
            look_at=bounds_of(work.iloc[[chosen - 1]] if chosen else work),
            legend=map_work_legend(language),
            printed=sheet(context, context.word("links.map_work"), map_work_legend(language)),
        )
    with right:
        _table(context, result, work)


def _figures(context: Context, result: Assessment, work: gpd.GeoDataFrame) -> None:
    labels, say = context.labels, context.word
    near = labels.metres(DEFAULT.max_gap_m)
    figures = [
        Figure(
            say("links.metric_pieces"),
            labels.number(len(work)),
            say("links.metric_pieces_help", metres=near),
            layers=("streets",),
        ),
        Figure(
            say("links.metric_beside"),
            labels.number(work["homes"].sum()),
            say("links.metric_beside_help"),
            layers=("streets", "demand"),
        ),
    ]
    key_figures.draw(context, result, figures, "map_work")


def _pick(pick: Pick) -> None:
    if pick.what == PIECE:
        choices.choices()[PIECE] = pick.id
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _table(context: Context, result: Assessment, work: gpd.GeoDataFrame) -> None:
    def beside() -> None:
        st.markdown(f"**{context.word('links.view_map_work')}**", width="content")
        _files(context, result, work)

    tables.draw(
        context,
        map_work_table(result, work, context.labels.language),
        f"map_work_table_{st.session_state.get(_TURN, 0)}",
        height=tables.TALL - 60,
        take=numbered_row.taken(PIECE),
        name="map_work",
        beside=beside,
    )
    st.caption(
        context.labels.paragraph(
            map(context.word, ("links.map_work_note", "links.map_work_picked"))
        )
    )


def _files(context: Context, result: Assessment, work: gpd.GeoDataFrame) -> None:
    word, stem = context.word, f"{context.stem}-map-work"

    def write(file: Path) -> None:
        write_map_work(result, work, file)
        write_about(result, metadata(result, context.labels_of_files), file)

    offered = [
        downloads.table(
            word("links.map_work_csv"),
            f"{stem}.csv",
            lambda: map_work_table(result, work, context.labels.language),
        ),
        downloads.layers(word("links.map_work_gpkg"), f"{stem}.gpkg", write),
        downloads.provenance(context, result, stem),
    ]
    downloads.files(context, "map_work", offered)
