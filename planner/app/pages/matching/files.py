"""A matching to take away, as tables and layers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from planner.app.session.context import Context
from planner.app.widgets import downloads
from planner.siting.matching.matching import Matching
from planner.views.exports.siting.matching import write_matching_layers
from planner.views.tables.siting import matching as tables

TABLES: dict[str, Callable[[Matching, str], pd.DataFrame]] = {
    "places": tables.places_table,
    "communities": tables.communities_table,
    "homes": tables.homes_table,
    "flows": tables.flows_table,
}


def draw(context: Context, found: Matching) -> None:
    """Draw the button that offers a matching as tables and as layers."""
    stem = f"{context.stem}-{context.standard}-{found.kind or found.service}"
    offered = [
        downloads.table(
            context.word(f"matching.download_{name}"),
            f"{stem}-{name}.csv",
            partial(table, found, context.labels.language),
        )
        for name, table in TABLES.items()
    ]
    label = context.word("matching.download_gpkg")
    offered.append(downloads.layers(label, f"{stem}.gpkg", partial(write_matching_layers, found)))
    downloads.files(context, "matching", offered)
