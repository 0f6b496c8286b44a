"""Links to take away, as a table, a layer and a scenario."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.app.widgets import downloads
from planner.district import Scenario
from planner.views.exports.analysis.assessment import metadata, write_about
from planner.views.exports.analysis.links import links_scenario, write_layer
from planner.views.tables.analysis.links import links_table


def draw(context: Context, result: Assessment, links: gpd.GeoDataFrame, view: str) -> None:
    """Draw the button that offers links as a table, a layer and a scenario."""
    word = context.word
    stem = f"{context.stem}-{context.standard}-links-{view}"
    offered = [
        downloads.table(
            word("links.download_csv"),
            f"{stem}.csv",
            lambda: links_table(result, links, context.labels.language),
        ),
        downloads.layers(
            word("links.download_gpkg"),
            f"{stem}.gpkg",
            lambda file: write_layers(context, result, links, file),
        ),
        downloads.scenario(
            word("links.download_scenario"),
            f"{stem}.json",
            lambda: scenario(context, result, links),
        ),
        downloads.provenance(context, result, stem),
    ]
    downloads.files(context, f"links_{view}", offered)


def write_layers(context: Context, result: Assessment, links: gpd.GeoDataFrame, file: Path) -> None:
    """Write the links as a GeoPackage that says what they rest on."""
    write_layer(result, links, file, language=context.labels.language)
    write_about(result, metadata(result, context.labels_of_files), file)


def scenario(context: Context, result: Assessment, links: gpd.GeoDataFrame) -> Scenario:
    """Return the scenario that opens the links."""
    return links_scenario(links, context.word("links.page"), result.district.crs.to_string())
