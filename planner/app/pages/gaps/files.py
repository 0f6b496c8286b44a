"""Gaps to take away, as a table and as areas."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.app.widgets import downloads
from planner.views.exports.analysis.assessment import metadata, write_about
from planner.views.exports.analysis.gaps import shown, write_layer
from planner.views.exports.geojson import write_geojson
from planner.views.tables.analysis.gaps import gaps_table


def draw(context: Context, result: Assessment, gaps: gpd.GeoDataFrame) -> None:
    """Draw the button that offers gaps as a table and as areas."""
    word, labels = context.word, context.labels
    stem = f"{context.stem}-{context.standard}-gaps"
    offered = [
        downloads.table(
            word("gaps.download_csv"),
            f"{stem}.csv",
            lambda: gaps_table(result, gaps, labels.language),
        ),
        downloads.layers(
            word("gaps.download_geojson"),
            f"{stem}.geojson",
            lambda file: write_geojson(
                shown(result, gaps), metadata(result, context.labels_of_files), file
            ),
        ),
        downloads.layers(
            word("gaps.download_gpkg"),
            f"{stem}.gpkg",
            lambda file: write_layers(context, result, gaps, file),
        ),
        downloads.provenance(context, result, stem),
    ]
    downloads.files(context, "gaps", offered)


def write_layers(context: Context, result: Assessment, gaps: gpd.GeoDataFrame, file: Path) -> None:
    """Write the areas as a GeoPackage that says what they rest on."""
    write_layer(result, gaps, file)
    write_about(result, metadata(result, context.labels_of_files), file)
