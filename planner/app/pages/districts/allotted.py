"""A number of new sites allotted to the districts that are looked at."""

from __future__ import annotations

from functools import partial

import streamlit as st

from planner.app.pages.districts.league_question import LeagueQuestion
from planner.app.session.answers import many_districts
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import downloads, frame, inputs, map_view, tables
from planner.batch.allotted_sites import AllottedSites
from planner.batch.leagues import League
from planner.errors import Finding
from planner.views.exports.geojson import write_geojson
from planner.views.maps.leagues import (
    areas_group,
    bounds_of,
    credits_html,
    legend_html,
    sites_group,
    sites_legend_html,
)
from planner.views.tables.analysis.proposed_sites import sites_of_districts
from planner.views.words.analysis.allotted_sites import about
from planner.views.words.catalogue import BROWSER
from planner.views.words.labels import Labels

USUAL, MOST = 10.0, 10_000.0
"""Sites that are allotted where nobody says how many, and that can be asked for."""


def draw(context: Context, league: League, question: LeagueQuestion) -> None:
    """Draw how many there may be, the answer, the districts and a map of the sites.

    Parameters
    ----------
    context
        The reader's language.
    league
        The areas that are ranked, whose districts get the sites.
    question
        What is chosen on the page.
    """
    say = context.word
    st.markdown(f"### {say('allot.heading')}")
    with st.columns([1, 2])[0]:
        new = inputs.number(
            "allot",
            say("allot.number"),
            least=1.0,
            most=MOST,
            default=USUAL,
            help=say("allot.number_help"),
        )
    found = many_districts.allotted(*question.of, league.table, int(new))
    if isinstance(found, Finding):
        st.info(markdown(context.labels.finding(found)), icon=":material/info:")
        return
    labels = found.labels(context.labels.language, BROWSER)
    title, *told = found.sentences(labels)
    st.markdown(f"**{markdown(title)}**")
    st.markdown(frame.bullets([*told, *found.notes(labels)]))
    _map(context, league, found, labels, question)
    tables.draw(
        context,
        found.for_readers(labels),
        f"districts_allotted_{question.sign}_{int(new)}",
        first=[
            labels.message("leagues.col_area"),
            labels.message("siting.col_sites"),
            labels.message("siting.col_gained"),
            labels.message("allot.col_last"),
            labels.message("allot.col_next"),
            labels.message("leagues.col_share"),
            labels.message("leagues.col_share_after"),
            labels.message("leagues.col_known"),
        ],
        spare=[labels.message("leagues.col_district")],
        room=tables.WHOLE,
        name="districts_allotted",
        beside=partial(_files, context, found, labels, question),
    )
    st.caption(markdown(labels.message("allot.note")))


def _map(
    context: Context, league: League, found: AllottedSites, labels: Labels, question: LeagueQuestion
) -> None:
    """Draw the sites over the ranked areas."""
    if found.sites.empty:
        return
    map_view.show_areas(
        context,
        [areas_group(league.areas, labels), sites_group(found.sites, found.districts, labels)],
        bounds_of(league.areas),
        key=f"districts-allotted-{question.sign}-{league.table}-{found.asked}",
        credit=credits_html(league.areas, labels),
        legend=legend_html(labels) + sites_legend_html(labels),
    )


def _files(
    context: Context, found: AllottedSites, labels: Labels, question: LeagueQuestion
) -> None:
    """Draw the choice of files."""
    say, stem = context.word, f"{question.dataset.name}-{question.kind}-allotted"
    each = partial(sites_of_districts, found.sites, found.districts, labels)
    layer = partial(write_geojson, found.sites, about(found.districts, found.asked, labels))
    table = partial(found.for_readers, labels)
    offered = [
        downloads.table(say("app_districts.file_allotted"), f"{stem}-districts.csv", table),
        downloads.table(say("app_districts.file_sites"), f"{stem}.csv", each),
        downloads.layers(say("app_districts.file_sites_map"), f"{stem}.geojson", layer),
    ]
    downloads.files(context, "districts_allotted", offered)
