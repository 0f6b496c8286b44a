"""Everything to take away: the workspace, each layer as a file, empty forms, all results."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import downloads
from planner.district import LAYERS, District
from planner.sources import write_district
from planner.views.exports.layers import (
    FORMATS,
    credit_of,
    layer_file,
    template_file,
    template_format,
)

_ENDINGS = {"csv": "CSV", "gpkg": "GeoPackage", "geojson": "GeoJSON"}


def draw(context: Context, here: District) -> None:
    """Draw the downloads."""
    whole, layers = st.columns([4, 8], gap="medium")
    with whole, st.container(border=True):
        _whole(context, here)
    with layers, st.container(border=True):
        st.markdown(f"##### {context.word('app_data.take_layers')}")
        st.caption(context.word("app_data.take_layers_help"))
        for layer in LAYERS:
            _layer(context, here, layer)


def _whole(context: Context, here: District) -> None:
    st.markdown(f"##### {context.word('app_data.take_workspace')}")
    st.caption(context.word("app_data.take_workspace_help"))
    code = "app_data.download_corrected" if context.entry.corrections else "app_data.download_plain"
    st.download_button(
        context.word(code),
        lambda: _workspace(here),
        file_name=f"{Path(context.entry.id).stem}.gpkg",
        mime=FORMATS["gpkg"],
        on_click="ignore",
        icon=":material/database:",
        key="take_workspace",
        width="stretch",
        type="primary",
    )
    st.markdown(f"##### {context.word('app_data.take_results')}")
    st.caption(context.word("app_data.take_results_help"))
    downloads.everything(context)


def _workspace(here: District) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file: Path = write_district(here, Path(folder) / "workspace.gpkg")
        return file.read_bytes()


def _layer(context: Context, here: District, layer: str) -> None:
    """Draw a line of buttons for a layer: its files, and an empty form."""
    table = getattr(here, layer)
    name, *boxes = st.columns([4.4, 1.5, 2.2, 1.9, 2.6], vertical_alignment="center")
    count = context.word("app_data.row_count", count=context.labels.number(len(table)))
    title = f"**{context.say(f'layer_{layer}')}** · {count}"
    name.markdown(title, help=markdown(credit_of(here, layer)) or None)
    stem = f"{Path(context.entry.id).stem}-{layer}"
    for box, kind in zip(boxes, FORMATS, strict=False):
        box.download_button(
            _ENDINGS[kind],
            partial(layer_file, here, layer, kind),
            file_name=f"{stem}.{kind}",
            mime=FORMATS[kind],
            on_click="ignore",
            disabled=table.empty,
            key=f"take_{layer}_{kind}",
            width="stretch",
        )
    form = template_format(layer)
    boxes[-1].download_button(
        context.word("app_data.template"),
        lambda: template_file(layer, here.crs),
        file_name=f"{layer}-template.{form}",
        mime=FORMATS[form],
        on_click="ignore",
        icon=":material/draft:",
        help=context.word(f"app_data.template_{form}"),
        key=f"template_{layer}",
        width="stretch",
    )
