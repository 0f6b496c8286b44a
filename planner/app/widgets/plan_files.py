"""What every plan offers: to go on with it in What-if, and its files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.session import desk
from planner.app.session.context import Context
from planner.district import Scenario
from planner.errors import Finding
from planner.views.exports.files import write_csv

TABLE_HEIGHT = 250


def rows(table: pd.DataFrame, key: str, height: Any = TABLE_HEIGHT) -> None:
    """Draw a table for people, numbers as the reader's language writes them."""
    config = st.column_config
    columns = {
        str(name): config.NumberColumn(format="localized") for name in table.select_dtypes("number")
    }
    st.dataframe(
        table, hide_index=True, height=height, column_config=columns, key=key, placeholder="–"
    )


def take_over(context: Context, changes: Scenario, key: str) -> None:
    """Draw the button that makes a plan the scenario at hand of What-if."""

    def take() -> None:
        desk.step(context, lambda work: work.load(changes))
        desk.say(Finding("siting_words.taken_over"))

    st.button(
        context.word("siting_words.to_what_if"),
        icon=":material/tactic:",
        on_click=take,
        key=f"{key}_take",
        disabled=not changes.changes,
    )


def downloads(
    context: Context,
    key: str,
    stem: str,
    table: pd.DataFrame,
    write_layers: Callable[[Path], None],
    changes: Scenario,
) -> None:
    """Draw the choice of a plan's files: its table, its layers and its scenario.

    Parameters
    ----------
    context
        Whose words and district.
    key
        Name of the plan on the page.
    stem
        What the files' names say after the district.
    table, write_layers, changes
        The table for people, what writes the GeoPackage, and the scenario.
    """
    name = f"{Path(context.entry.id).stem}-{stem}"
    files: list[tuple[str, str, str, Callable[[], bytes | str]]] = [
        ("csv", "csv", "text/csv", partial(_written, "csv", partial(write_csv, table))),
        ("gpkg", "gpkg", "application/geopackage+sqlite3", partial(_written, "gpkg", write_layers)),
        ("scenario", "scenario.json", "application/json", changes.to_json),
    ]
    with st.popover(context.say("download"), icon=":material/download:"):
        for word, ending, mime, make in files:
            st.download_button(
                context.word(f"siting_words.download_{word}"),
                make,
                file_name=f"{name}.{ending}",
                mime=mime,
                on_click="ignore",
                key=f"{key}_download_{word}",
                width="stretch",
            )


def _written(ending: str, write: Callable[[Path], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"plan.{ending}"
        write(file)
        return file.read_bytes()
