"""Links to take away: table, layer and scenario, made when they are asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.app.widgets import key_figures
from planner.views.exports.assessment import metadata, write_about
from planner.views.exports.files import write_csv
from planner.views.exports.links import links_scenario, write_layer
from planner.views.tables.links import links_table


def button(context: Context, result: Assessment, links: gpd.GeoDataFrame, view: str) -> None:
    """Draw the button that offers links as a table, a layer and a scenario."""
    stem = f"{Path(context.entry.id).stem}-{context.standard}-links-{view}"
    files: list[tuple[str, str, Callable[[], bytes]]] = [
        ("csv", "text/csv", lambda: _csv(links_table(result, links, context.labels.language))),
        ("gpkg", "application/geopackage+sqlite3", lambda: _gpkg(context, result, links)),
        ("scenario", "application/json", lambda: _scenario(context, result, links)),
    ]
    with st.popover(context.say("download"), icon=":material/download:"):
        for name, mime, make in files:
            st.download_button(
                context.labels.message(f"links.download_{name}"),
                make,
                file_name=f"{stem}.{'json' if name == 'scenario' else name}",
                mime=mime,
                on_click="ignore",
                key=f"links_download_{name}_{view}",
                width="stretch",
            )
        key_figures.sidecar(context, result, stem)


def _csv(table: pd.DataFrame) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "links.csv"
        write_csv(table, file)
        return file.read_bytes()


def _gpkg(context: Context, result: Assessment, links: gpd.GeoDataFrame) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "links.gpkg"
        write_layer(links, file)
        write_about(result, metadata(result, context.labels), file)
        return file.read_bytes()


def _scenario(context: Context, result: Assessment, links: gpd.GeoDataFrame) -> bytes:
    crs = result.district.crs.to_string()
    return (
        links_scenario(links, context.labels.message("links.page"), crs).to_json().encode("utf-8")
    )
