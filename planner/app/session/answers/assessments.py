"""What is read and computed once and shared by all sessions. Shared things are never changed."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment, Level
from planner.analysis.measures import completeness as analysis_completeness
from planner.analysis.result import assess
from planner.analysis.walks import rings_from, ways_from
from planner.app.server import vetting
from planner.app.session import own_standards
from planner.app.session.catalogue import Entry
from planner.app.session.scenarios import WorkFiles
from planner.district import District, Scenario
from planner.sources import demo_district, read_district
from planner.sources.corrections import corrected

KEPT = 8
"""Districts, and assessments, that stay in memory."""


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def district(entry: Entry) -> District:
    """Return the district of an entry as corrected, while file and corrections stay as they are."""
    read: District = as_read(replace(entry, corrections=""))
    return read if entry.path is None or not entry.corrections else corrected(read, entry.path)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def as_read(entry: Entry) -> District:
    """Return the district of an entry without its corrections, read once."""
    if entry.path is not None:
        vetting.vet(entry.path)
    read: District = (
        demo_district() if entry.path is None else read_district(entry.path, corrections=False)
    )
    return read


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def assessment(entry: Entry, standard: str) -> Assessment:
    """Return the assessment of an entry by a standard, built in or of one's own."""
    return assess(district(entry), own_standards.find(standard))


@st.cache_resource(max_entries=2 * KEPT, show_spinner=False)
def after(entry: Entry, standard: str, changes: str) -> Assessment:
    """Return the assessment after a scenario.

    Parameters
    ----------
    entry, standard
        As for :func:`assessment`.
    changes
        The scenario as JSON text, as :func:`changes_text` makes it.

    Raises
    ------
    InputError
        Where a change cannot be made.
    """
    before = assessment(entry, standard)
    summary(entry, standard)
    return before.apply(Scenario.from_json(changes))


def changes_text(scenario: Scenario) -> str:
    """Return a scenario without its name: scenarios of the same changes are one."""
    return Scenario("", scenario.changes, scenario.crs).to_json()


@st.cache_resource(show_spinner=False)
def work_files(folder: Path) -> WorkFiles:
    """Return the folder that scenarios are kept in."""
    return WorkFiles(folder)


@st.cache_resource(show_spinner=False)
def warm_up() -> threading.Thread:
    """Prepare the distance kernels in the background, once for the life of the server."""

    def prepare() -> None:
        from planner import network

        network.warm_up()

    thread = threading.Thread(target=prepare, name="warm-up", daemon=True)
    thread.start()
    return thread


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def summary(entry: Entry, standard: str) -> pd.DataFrame:
    """Return the summary of an assessment. Shared: never change it."""
    return assessment(entry, standard).summary()


@st.cache_resource(max_entries=4 * KEPT, show_spinner=False)
def completeness(entry: Entry, standard: str, group: str) -> pd.DataFrame:
    """Return who has every judged kind within its limit. Shared: never change it."""
    return analysis_completeness.completeness(assessment(entry, standard), group)


@st.cache_resource(max_entries=64, show_spinner=False)
def ways(entry: Entry, standard: str, x: float, y: float) -> gpd.GeoDataFrame:
    """Return the ways to the nearest facilities from a place. Shared: never change it."""
    return ways_from(assessment(entry, standard), x, y)


@st.cache_resource(max_entries=64, show_spinner=False)
def rings(entry: Entry, standard: str, x: float, y: float) -> gpd.GeoDataFrame:
    """Return the rings of minutes around a place. Shared: never change it."""
    return rings_from(assessment(entry, standard), x, y)


def figures(entry: Entry, standard: str, kind: str, group: str) -> dict[str, float]:
    """Return the numbers of the summary for one kind and group."""
    table = summary(entry, standard)
    row = table[(table["kind"] == kind) & (table["group"] == group)].select_dtypes("number")
    return {str(name): float(value) for name, value in row.iloc[0].items()}


@st.cache_resource(max_entries=8 * KEPT, show_spinner=False)
def league(entry: Entry, standard: str, level: Level, kind: str | None = None) -> pd.DataFrame:
    """Return the league table of a kind, or of all, at a level. Shared: never change it."""
    return assessment(entry, standard).league(level, kind)
