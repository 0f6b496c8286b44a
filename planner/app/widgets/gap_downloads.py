"""Gaps to take away: table and areas, made when they are asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import geopandas as gpd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.app.widgets import key_figures
from planner.views.exports.assessment import metadata, write_about
from planner.views.exports.files import write_csv, write_geojson
from planner.views.exports.gaps import finite, write_layer
from planner.views.tables.gaps import gaps_table
from planner.views.words.labels import Labels


def button(context: Context, result: Assessment, gaps: gpd.GeoDataFrame) -> None:
    """Draw the button that offers gaps as a table and as areas."""
    labels = context.labels
    stem = f"{Path(context.entry.id).stem}-{context.standard}-gaps"
    files: list[tuple[str, str, Callable[[Path], None]]] = [
        (
            "csv",
            "text/csv",
            lambda file: write_csv(gaps_table(result, gaps, labels.language), file),
        ),
        (
            "geojson",
            "application/geo+json",
            lambda file: write_geojson(finite(gaps), metadata(result, labels), file),
        ),
        ("gpkg", "application/geopackage+sqlite3", lambda file: _layer(result, gaps, labels, file)),
    ]
    with st.popover(context.say("download"), icon=":material/download:"):
        for ending, mime, write in files:
            st.download_button(
                labels.message(f"gaps.download_{ending}"),
                partial(_bytes, ending, write),
                file_name=f"{stem}.{ending}",
                mime=mime,
                on_click="ignore",
                key=f"gaps_download_{ending}",
                width="stretch",
            )
        key_figures.sidecar(context, result, stem)


def _layer(result: Assessment, gaps: gpd.GeoDataFrame, labels: Labels, file: Path) -> None:
    write_layer(gaps, file)
    write_about(result, metadata(result, labels), file)


def _bytes(ending: str, write: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"gaps.{ending}"
        write(file)
        return file.read_bytes()
