"""Tables and maps to take away, made when they are asked for."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from planner.app.session.context import Context
from planner.app.widgets import key_figures
from planner.views.exports.assessment import metadata, write_geopackage, write_outputs
from planner.views.exports.files import write_csv
from planner.views.exports.result_layers import result_layers
from planner.views.maps.assessment import assessment_map
from planner.views.maps.assets import self_contained_html
from planner.views.tables.assessment import league_table


def button(context: Context, kind: str, group: str) -> None:
    """Draw the button that offers the table, layers and map of a kind and group."""
    with st.popover(context.say("download"), icon=":material/download:"):
        _file(context, "csv", "text/csv", f"-{kind}", lambda: _csv(context, kind, group))
        _file(context, "gpkg", "application/geopackage+sqlite3", "", lambda: _gpkg(context))
        _file(context, "html", "text/html", f"-{kind}", lambda: _html(context, kind, group))
        key_figures.sidecar(context, context.assessment(), _stem(context))
        st.caption(context.say("download_note"))


def _file(context: Context, ending: str, mime: str, what: str, make: Callable[[], bytes]) -> None:
    st.download_button(
        context.say(f"download_{ending}"),
        make,
        file_name=f"{_stem(context)}{what}.{ending}",
        mime=mime,
        on_click="ignore",
        key=f"download_{ending}",
        width="stretch",
    )


def everything(context: Context) -> None:
    """Draw the button that offers all results as one file."""
    st.download_button(
        context.say("download_all"),
        lambda: _zip(context),
        file_name=f"{_stem(context)}.zip",
        mime="application/zip",
        on_click="ignore",
        icon=":material/download:",
        help=context.say("download_all_help"),
        key="download_all",
    )


def _stem(context: Context) -> str:
    return f"{Path(context.entry.id).stem}-{context.standard}"


def _csv(context: Context, kind: str, group: str) -> bytes:
    table = league_table(
        context.assessment(), language=context.labels.language, kind=kind, group=group
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "communities.csv"
        write_csv(table, file)
        return file.read_bytes()


def _gpkg(context: Context) -> bytes:
    result = context.assessment()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "result.gpkg"
        write_geopackage(result_layers(result), result, metadata(result, context.labels), file)
        return file.read_bytes()


def _html(context: Context, kind: str, group: str) -> bytes:
    result, language = context.assessment(), context.labels.language
    drawn = assessment_map(result, kind, group, language)
    return self_contained_html(drawn, title=result.district.name).encode()


def _zip(context: Context) -> bytes:
    """Return the folder that ``planner assess --out`` writes, as a ZIP file."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory() as name:
        files = write_outputs(context.assessment(), Path(name), context.labels.language)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.relative_to(name))
    return packed.getvalue()
