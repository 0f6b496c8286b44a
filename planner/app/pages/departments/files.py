"""Who must act, to take away: five tables and the places."""

from __future__ import annotations

from functools import partial

from planner.app.session.context import Context
from planner.app.widgets import downloads
from planner.siting.departments.departments import Departments
from planner.views.exports.siting.departments import write_places
from planner.views.tables.siting.departments import (
    departments_table,
    gaps_table,
    kinds_table,
    shared_buildings_table,
    talks_table,
)

_TABLES = {
    "departments": departments_table,
    "kinds": kinds_table,
    "gaps": gaps_table,
    "buildings": shared_buildings_table,
    "talks": talks_table,
}


def draw(context: Context, shown: Departments, chosen: str) -> None:
    """Draw the button that offers tables and places of what is shown."""
    stem = f"{context.stem}-{context.standard}-{chosen}"
    language = context.labels.language
    offered = [
        downloads.table(
            context.word(f"departments.download_{name}"),
            f"{stem}-{name}.csv",
            partial(make, shown, language),
        )
        for name, make in _TABLES.items()
    ]
    offered += [
        downloads.layers(
            context.word("departments.download_places"),
            f"{stem}.gpkg",
            partial(write_places, shown),
        ),
        downloads.provenance(context, shown.assessment, stem),
    ]
    downloads.files(context, "departments", offered)
