"""One-stop sites as files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner.district import Scenario
from planner.views.exports.files import write_csv
from planner.views.exports.folders import write_files
from planner.views.exports.siting.proposals import located, write_with_homes
from planner.views.maps.base.assets import self_contained_html
from planner.views.maps.one_stop import one_stop_map
from planner.views.tables.siting.one_stop import buildings_table
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    import pandas as pd

    from planner.siting.one_stop_sites.answers import OneStopProposal

FILES = ("buildings.csv", "one_stop.gpkg", "one_stop_scenario.json", "one_stop.html")
"""The files that :func:`write_one_stop` makes."""


def scenario(proposal: OneStopProposal, language: str = "en") -> Scenario:
    """Return the scenario that opens everything, named in the language."""
    labels = answer_labels(proposal, language)
    return proposal.scenario(
        labels.message(
            "one_stop.scenario_name",
            buildings=labels.number(len(proposal.buildings)),
            facilities=labels.number(proposal.facilities),
        )
    )


def write_one_stop(
    proposal: OneStopProposal, folder: str | Path, language: str = "en"
) -> list[Path]:
    """Write table, layers, scenario and map into a folder, all files of :data:`FILES` or none.

    The errors are those of :func:`write_files`, and InputError where the language is not known.
    """
    table, changes = buildings_file(proposal, language), scenario(proposal, language)
    title = answer_labels(proposal, language).message("one_stop.page")
    page = self_contained_html(one_stop_map(proposal, language), title)
    writers = (
        partial(write_csv, table),
        partial(write_buildings, proposal, language=language),
        changes.save,
        partial(Path.write_text, data=page, encoding="utf-8"),
    )
    return write_files(folder, FILES, writers)


def buildings_file(proposal: OneStopProposal, language: str = "en") -> pd.DataFrame:
    """Return the table of buildings as a file has it: with each one's id and place."""
    labels = answer_labels(proposal, language)
    return located(buildings_table(proposal, language), proposal.buildings, labels)


def write_buildings(proposal: OneStopProposal, file: Path, language: str = "en") -> None:
    """Write buildings, with their places in words, and homes gained as layers of a GeoPackage."""
    write_with_homes({"buildings": proposal.buildings}, proposal, file, language)
