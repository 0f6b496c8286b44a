"""What every plan offers: to go on with it in What-if, and its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from planner.app.session import notices
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.widgets import downloads
from planner.district import Scenario
from planner.errors import Finding


def to_what_if(context: Context, scenario: Scenario, key: str) -> None:
    """Draw the button that makes a plan the draft of What-if."""

    def take() -> None:
        current.change(context, lambda draft: draft.load(scenario))
        notices.leave(Finding("siting.taken_over"))

    st.button(
        context.word("siting.to_what_if"),
        icon=":material/tactic:",
        on_click=take,
        key=f"{key}_take",
        disabled=not scenario.changes,
    )


def scenario_file(context: Context, name: str, scenario: Scenario) -> downloads.File:
    """Return a plan's scenario as a file on offer."""
    return downloads.scenario(
        context.word("siting.download_scenario"), f"{name}.scenario.json", lambda: scenario
    )


def draw(
    context: Context,
    key: str,
    stem: str,
    table: pd.DataFrame,
    write_layers: Callable[[Path], object],
    scenario: Scenario,
) -> None:
    """Draw the button to What-if, and the choice of a plan's files.

    Parameters
    ----------
    context
        Whose words and district.
    key
        Name of the plan on the page.
    stem
        What the files' names say after the district.
    table, write_layers, scenario
        The table for people, what writes the GeoPackage, and the scenario.
    """
    name, word = f"{context.stem}-{stem}", context.word
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        to_what_if(context, scenario, key)
        offered = [
            downloads.table(word("siting.download_csv"), f"{name}.csv", lambda: table),
            downloads.layers(word("siting.download_gpkg"), f"{name}.gpkg", write_layers),
            scenario_file(context, name, scenario),
        ]
        downloads.files(context, key, offered)
