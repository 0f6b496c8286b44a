"""New sites in each district, where the run sought them."""

from __future__ import annotations

from functools import partial

import streamlit as st

from planner.app.pages.districts.league_question import LeagueQuestion
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import downloads, tables
from planner.batch.proposed_sites import ProposedSites
from planner.views.exports.geojson import write_geojson
from planner.views.tables.analysis.proposed_sites import brought_by_sites, sites_of_districts
from planner.views.words.analysis.leagues import about_sites, sites_title
from planner.views.words.labels import Labels


def draw(context: Context, found: ProposedSites, labels: Labels, question: LeagueQuestion) -> None:
    """Draw what the sites bring in each district, and the sites as files.

    Parameters
    ----------
    context
        The reader's language.
    found
        The sites.
    labels
        Words for the unit that they count.
    question
        What is chosen on the page.
    """
    say = labels.message
    st.markdown(f"### {markdown(sites_title(found.districts, labels))}")
    st.caption(markdown(say("leagues.sites_note")))
    if found.others:
        st.info(say("leagues.sites_others", count=found.others), icon=":material/info:")
    table = brought_by_sites(found.districts, labels)
    first = [
        say("leagues.col_area"),
        say("siting.col_sites"),
        say("leagues.col_share"),
        say("leagues.col_share_after"),
        say("siting.col_gained"),
        say("siting.col_bound"),
        say("leagues.col_known"),
    ]
    tables.draw(
        context,
        table,
        f"districts_sites_{question.sign}",
        first=first,
        spare=[say("leagues.col_district")],
        room=tables.WHOLE,
        name="districts_sites",
        beside=partial(_files, context, found, labels, question),
    )


def _files(
    context: Context, found: ProposedSites, labels: Labels, question: LeagueQuestion
) -> None:
    """Draw the choice of files."""
    say, stem = context.word, f"{question.dataset.name}-{question.kind}-sites"
    brought = partial(brought_by_sites, found.districts, labels)
    each = partial(sites_of_districts, found.sites, found.districts, labels)
    layer = partial(write_geojson, found.sites, about_sites(found.districts, labels))
    offered = [
        downloads.table(say("app_districts.file_brought"), f"{stem}-districts.csv", brought),
        downloads.table(say("app_districts.file_sites"), f"{stem}.csv", each),
        downloads.layers(say("app_districts.file_sites_map"), f"{stem}.geojson", layer),
    ]
    downloads.files(context, "districts_sites", offered)
