"""Needs matched with places as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from planner.district import Scenario
from planner.views.exports.files import write_csv, write_layers, write_notes
from planner.views.exports.folders import whole_folder
from planner.views.tables.siting.matching import (
    communities_table,
    flows_table,
    homes_table,
    in_per_cent,
    places_table,
    shown_homes,
)
from planner.views.words.labels import Labels
from planner.views.words.siting.matching import amount_word, answer, note, remarks, say

if TYPE_CHECKING:
    from planner.siting.matching.matching import Matching

FILES = (
    "places.csv",
    "communities.csv",
    "homes.csv",
    "flows.csv",
    "matching.gpkg",
    "enlargements_scenario.json",
    "map.html",
    "matching_notes.txt",
)
"""The files that :func:`write_matching` makes."""


def enlargement_scenario(
    matching: Matching, language: str = "en", more: float | None = None, count: int = 5
) -> Scenario:
    """Return the enlargements as a scenario, named in the language."""
    labels = Labels.of(matching.assessment, language, matching.group)
    size = matching.usual_enlargement if more is None else more
    name = say(
        labels,
        "scenario",
        count=labels.number(len(matching.changes(more, count))),
        more=amount_word(labels, size),
    )
    return matching.scenario(name, more, count)


def layers(matching: Matching) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of the answer; room without a bound is missing."""
    endless = {"capacity": np.inf, "room_left": np.inf}
    return {
        "places": matching.served.replace(endless, np.nan),
        "communities": matching.communities(),
        "homes": shown_homes(matching),
        "exchanges": matching.exchanges(),
    }


def write_matching_layers(matching: Matching, file: Path) -> None:
    """Write places, communities, homes and exchanges as a GeoPackage."""
    write_layers(layers(matching), file, matching.assessment.unit_of(matching.group))


def write_matching(
    matching: Matching,
    folder: str | Path,
    language: str = "en",
    *,
    more: float | None = None,
    count: int = 5,
) -> list[Path]:
    """Write the answer into a folder, all files of :data:`FILES` or none.

    The errors are those of :func:`whole_folder`, and InputError where the language is not known.

    Parameters
    ----------
    matching
        What is written.
    folder
        Made where it is missing; other files in it are left alone.
    language
        ``"en"`` or ``"zh"``.
    more, count
        By how much places are enlarged in the scenario, and how many steps it has.

    Returns
    -------
    list of Path
        The files.
    """
    from planner.views.maps.base.assets import self_contained_html
    from planner.views.maps.matching import matching_map

    tables = (places_table, communities_table, homes_table, flows_table)
    labels = Labels.of(matching.assessment, language, matching.group)
    title = say(labels, "page")
    with whole_folder(folder) as part:
        for name, table in zip(FILES, tables, strict=False):
            write_csv(in_per_cent(table(matching, language), labels), part / name)
        write_matching_layers(matching, part / FILES[4])
        enlargement_scenario(matching, language, more, count).save(part / FILES[5])
        page = self_contained_html(matching_map(matching, language), title=title)
        (part / FILES[6]).write_text(page, encoding="utf-8")
        told = [note(matching, language), answer(matching, language), *remarks(matching, language)]
        write_notes(told, part / FILES[7])
    return [Path(folder) / name for name in FILES]
