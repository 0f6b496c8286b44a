"""Many districts: districts, subdistricts or communities ranked, from country to community."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from planner.app.pages.districts import allotted, league_question, new_sites
from planner.app.pages.districts.league_question import LeagueQuestion
from planner.app.server.settings.settings import settings
from planner.app.session import choices
from planner.app.session.answers import many_districts
from planner.app.session.context import Context
from planner.app.session.errors import credit_markdown, markdown, showing_errors
from planner.app.session.reader import permissions
from planner.app.widgets import downloads, frame, map_view, tables
from planner.app.widgets.downloads import File
from planner.batch.leagues import League
from planner.views.maps.leagues import (
    areas_group,
    bounds_of,
    credits_html,
    legend_html,
    sites_group,
    sites_legend_html,
)
from planner.views.tables.analysis.leagues import PER_CENT
from planner.views.words.analysis.leagues import credits_of, labels_of
from planner.views.words.catalogue import BROWSER
from planner.views.words.labels import Labels

_FILES = ("league.xlsx", "league.csv", "league.geojson", "map.html")
_REPORTS = ("docx", "html")

MOST_WITH_SITES = 60
"""Districts on a map on which their new sites are drawn."""


@st.fragment
def page(context: Context) -> None:
    """Draw the page."""
    if choices.leaves():
        st.rerun(scope="app")
    with showing_errors(context.labels):
        st.markdown(f"## {context.word('app_districts.page')}")
        offered = many_districts.datasets(settings().offered)
        if offered:
            _answer(context, league_question.draw(context, offered))
        else:
            why = "withheld" if permissions.is_withheld_anywhere() else "none"
            st.info(context.word(f"app_districts.{why}"), icon=":material/info:")
    choices.write_address()


def _answer(context: Context, question: LeagueQuestion) -> None:
    """Draw what is found: what it is of, what a reader must know, the map and the table."""
    with st.spinner(context.word("app_districts.reading"), show_time=True):
        found = many_districts.ranked(*question.of)
    table = league_question.draw_table(context, question, found.tables, found.table)
    if table != found.table:
        found = many_districts.ranked(*question.of, table)
    labels = found.labels(context.labels.language, BROWSER)
    st.markdown(f"**{markdown(found.title(labels))}**")
    made = labels.date(question.dataset.made)
    notes = [*found.notes(labels), labels.message("app_districts.made", date=made)]
    st.markdown(frame.bullets(notes))
    # areas of several districts lead to one; those of one lead nowhere
    places = [] if question.is_one_district else league_question.districts_of(found.areas)
    sites = many_districts.new_sites(*question.of, found.table)
    # who looks at a whole country would see one heap of dots for each of its districts
    drawn = sites if sites is not None and len(sites.districts) <= MOST_WITH_SITES else None
    layers, legend = [areas_group(found.areas, labels)], legend_html(labels)
    if drawn is not None and len(drawn.sites):
        layers.append(sites_group(drawn.sites, drawn.districts, labels))
        legend += sites_legend_html(labels)
    map_view.show_areas(
        context,
        layers,
        bounds_of(found.areas),
        key=f"districts-{question.sign}-{found.table}",
        credit=credits_html(found.areas, labels),
        legend=legend,
        on_pick=(lambda number: league_question.enter(*places[number])) if places else None,
    )
    _table(context, found, labels, question, places)
    if sites is not None:
        words = labels_of(sites.districts, labels.language, BROWSER)
        new_sites.draw(context, sites, words, question)
    # within one district there is nothing to share out
    if many_districts.has_curves(question.dataset) and not question.is_one_district:
        allotted.draw(context, found, question)
    _absent(context, labels, question)
    names = " · ".join(map(credit_markdown, credits_of(found.areas, labels)))
    st.caption(context.word("app.credits", names=names))


def _absent(context: Context, labels: Labels, question: LeagueQuestion) -> None:
    """Draw which districts have no results, and why."""
    rows = many_districts.without_results(question.dataset, labels.language)
    if not rows or question.inside is not None:
        return
    heads = [labels.message(f"leagues.col_{name}") for name in ("district", "reason")]
    with st.expander(f"{labels.message('leagues.part_absent')} · {labels.number(len(rows))}"):
        table = pd.DataFrame(rows, columns=heads)
        tables.draw(context, table, "districts_absent", room=tables.WHOLE)


def _table(
    context: Context,
    found: League,
    labels: Labels,
    question: LeagueQuestion,
    places: list[tuple[str, str]],
) -> None:
    """Draw the ranked areas, of which a row can be entered."""
    table = found.for_readers(labels)
    first = [labels.message(f"leagues.col_{name}") for name in ("rank", "area", "district_name")]
    first += [f"{labels.column(PER_CENT[0])} (%)", labels.column("uncovered")]
    first += [labels.message("leagues.col_share_change"), labels.column("unknown")]

    def beside() -> None:
        _files(context, found, question)
        if places:
            st.caption(context.word("app_districts.picked"), width="content")

    def enter(key: str) -> None:
        if row := tables.chosen_row(key):
            league_question.enter(*places[int(row) - 1])

    tables.draw(
        context,
        table,
        f"districts_table_{question.sign}_{found.table}",
        first=[name for name in first if name in table],
        spare=[labels.message("leagues.col_district"), labels.column("area_id")],
        room=tables.WHOLE,
        take=enter if places else None,
        name="districts",
        beside=beside,
    )


def _files(context: Context, found: League, question: LeagueQuestion) -> None:
    """Draw the choice of files."""
    stem = f"{question.dataset.name}-{question.kind}-{question.level}"
    language = context.labels.language

    def written(name: str) -> bytes:
        return downloads.written(name, lambda path: found.write(path.parent, language))

    downloads.files(
        context,
        "districts",
        [
            File(
                context.word(f"app_districts.file_{Path(name).suffix[1:]}"),
                f"{stem}{Path(name).suffix}",
                partial(written, name),
            )
            for name in _FILES
        ]
        + [
            File(
                context.word(f"app_districts.report_{ending}"),
                f"{stem}-report.{ending}",
                partial(_report, found, question, language, ending),
            )
            for ending in _REPORTS
        ],
    )


def _report(found: League, question: LeagueQuestion, language: str, ending: str) -> bytes:
    """Return the report of a league as ``"docx"`` or ``"html"``."""
    from planner.batch.report import league_report
    from planner.batch.results import open_results

    made = league_report(
        open_results(question.dataset.path),
        found,
        question.level,
        question.group,
        language=language,
    )
    return downloads.written(f"report.{ending}", made.write)
