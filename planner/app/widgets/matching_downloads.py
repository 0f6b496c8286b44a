"""A matching to take away: tables, layers and a scenario, made when they are asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from planner.app.session.context import Context
from planner.siting.matching.matching import Matching
from planner.views.exports.files import write_csv
from planner.views.exports.matching import write_layers
from planner.views.tables.matching import communities_table, flows_table, homes_table, places_table
from planner.views.words.matching import say

_TABLES: dict[str, Callable[[Matching, str], pd.DataFrame]] = {
    "places": places_table,
    "communities": communities_table,
    "homes": homes_table,
    "flows": flows_table,
}


def button(context: Context, found: Matching) -> None:
    """Draw the button that offers a matching as tables and as layers."""
    language = context.labels.language
    stem = f"{Path(context.entry.id).stem}-{context.standard}-{found.kind or found.service}"
    with st.popover(context.say("download"), icon=":material/download:"):
        for name, table in _TABLES.items():
            write = partial(_table, table, found, language)
            _file(context, name, f"{stem}-{name}.csv", "text/csv", write)
        layers = partial(write_layers, found)
        _file(context, "gpkg", f"{stem}.gpkg", "application/geopackage+sqlite3", layers)


def _table(
    table: Callable[[Matching, str], pd.DataFrame], found: Matching, language: str, file: Path
) -> None:
    write_csv(table(found, language), file)


def _file(
    context: Context, name: str, file_name: str, mime: str, write: Callable[[Path], None]
) -> None:
    st.download_button(
        say(context.labels, f"download_{name}"),
        partial(_bytes, Path(file_name).suffix, write),
        file_name=file_name,
        mime=mime,
        on_click="ignore",
        key=f"matching_download_{name}",
        width="stretch",
    )


def _bytes(ending: str, write: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"matching{ending}"
        write(file)
        return file.read_bytes()
