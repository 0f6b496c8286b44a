"""The coverage of one kind to take away: table, layers and map."""

from __future__ import annotations

from planner.app.session.context import Context
from planner.app.widgets import downloads
from planner.app.widgets.downloads import File
from planner.views.exports.analysis.assessment import metadata, write_geopackage
from planner.views.exports.analysis.result_layers import result_layers
from planner.views.maps.assessment import assessment_map
from planner.views.maps.base.assets import self_contained_html
from planner.views.tables.analysis.assessment import league_table


def draw(context: Context, kind: str, group: str) -> None:
    """Draw the button that offers the table, layers and map of a kind and group."""
    word, labels, result = context.word, context.labels, context.assessment()
    stem = f"{context.stem}-{context.standard}"
    if context.walk:
        stem = f"{stem}-{context.walk}"
    if context.unmapped_m is not None:
        stem = f"{stem}-unmapped-{context.unmapped_m:g}m"

    def page() -> str:
        drawn = assessment_map(result, kind, group, labels.language)
        return self_contained_html(drawn, title=result.district.name)

    offered = [
        downloads.table(
            word("app.download_csv"),
            f"{stem}-{kind}.csv",
            lambda: league_table(result, language=labels.language, kind=kind, group=group),
        ),
        downloads.layers(
            word("app.download_gpkg"),
            f"{stem}.gpkg",
            lambda file: write_geopackage(
                result_layers(result), result, metadata(result, context.labels_of_files), file
            ),
        ),
        File(word("app.download_html"), f"{stem}-{kind}.html", page),
        downloads.provenance(context, result, stem),
    ]
    downloads.files(context, "coverage", offered, word("app.download_note"))
