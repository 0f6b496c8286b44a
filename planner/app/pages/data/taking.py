"""Everything to take away: the workspace, each layer as a file, empty forms, all results."""

from __future__ import annotations

from functools import partial

import streamlit as st

from planner.app.session.context import Context
from planner.app.session.errors import credit_markdown
from planner.app.widgets import downloads
from planner.app.widgets.downloads import File
from planner.district import LAYERS, District
from planner.sources import write_district
from planner.views.exports.analysis.assessment import write_outputs
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
    word = context.word
    st.markdown(f"##### {word('app_data.take_workspace')}")
    st.caption(word("app_data.take_workspace_help"))
    code = "app_data.download_corrected" if context.entry.corrections else "app_data.download_plain"
    workspace = downloads.layers(
        word(code), f"{context.stem}.gpkg", lambda file: write_district(here, file)
    )
    downloads.file(workspace, "workspace", icon="database", width="stretch", type="primary")
    st.markdown(f"##### {word('app_data.take_results')}")
    st.caption(word("app_data.take_results_help"))
    results = File(
        word("app.download_all"), f"{context.stem}-{context.standard}.zip", partial(_zip, context)
    )
    downloads.file(results, "results", help=word("app.download_all_help"))


def _zip(context: Context) -> bytes:
    """Return the folder that ``planner assess --out`` writes, as a ZIP file."""
    return downloads.packed(
        lambda folder: write_outputs(context.assessment(), folder, context.labels.language)
    )


def _layer(context: Context, here: District, layer: str) -> None:
    """Draw a line of buttons for a layer: its files, and an empty form."""
    table = getattr(here, layer)
    name, *boxes = st.columns([4.4, 1.5, 2.2, 1.9, 2.6], vertical_alignment="center")
    count = context.word("app_data.row_count", count=context.labels.number(len(table)))
    title = f"**{context.word(f'app.layer_{layer}')}** · {count}"
    name.markdown(title, help=credit_markdown(credit_of(here, layer)) or None)
    for box, kind in zip(boxes, FORMATS, strict=False):
        with box:
            file = File(
                _ENDINGS[kind],
                f"{context.stem}-{layer}.{kind}",
                partial(layer_file, here, layer, kind),
            )
            downloads.file(
                file, f"{layer}_{kind}", icon=None, disabled=table.empty, width="stretch"
            )
    ending = template_format(layer)
    with boxes[-1]:
        form = File(
            context.word("app_data.template"),
            f"{layer}-template.{ending}",
            lambda: template_file(layer, here.crs),
        )
        downloads.file(
            form,
            f"template_{layer}",
            icon="draft",
            help=context.word(f"app_data.template_{ending}"),
            width="stretch",
        )
