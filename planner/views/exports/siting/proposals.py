"""Proposed sites as files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.views.exports.files import write_csv, write_layers, write_notes
from planner.views.exports.folders import write_files
from planner.views.tables.siting.proposals import sites_table
from planner.views.words.labels import Labels
from planner.views.words.places import with_places
from planner.views.words.siting.prices import answer_labels
from planner.views.words.siting.proposals import answer, site_prices

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from planner.siting.one_stop_sites.answers import OneStopProposal
    from planner.siting.proposals.proposal import Proposal

FILES = ("sites.csv", "sites.gpkg", "sites_scenario.json", "sites_notes.txt")
"""The files that :func:`write_proposal` makes."""

DEGREES = 7
"""Digits of degrees, a centimetre."""


def write_proposal(proposal: Proposal, folder: str | Path, language: str = "en") -> list[Path]:
    """Write sites, homes gained and the scenario into a folder, all files of :data:`FILES` or none.

    The errors are those of :func:`write_files`, and InputError where the language is not known.
    """
    table, changes = sites_file(proposal, language), scenario(proposal, language)
    labels = answer_labels(proposal, language)
    notes = [*answer(proposal, language), *site_prices(proposal, labels)]
    writers = (
        partial(write_csv, table),
        partial(write_sites, proposal, language=language),
        changes.save,
        partial(write_notes, notes),
    )
    return write_files(folder, FILES, writers)


def sites_file(proposal: Proposal, language: str = "en") -> pd.DataFrame:
    """Return the table of sites as a file has it: with each one's id and place."""
    labels = answer_labels(proposal, language)
    return located(sites_table(proposal, language), proposal.sites, labels)


def located(table: pd.DataFrame, sites: gpd.GeoDataFrame, labels: Labels) -> pd.DataFrame:
    """Return a table with the ids of its sites and their places, degrees of WGS 84.

    By their names alone two of one name cannot be told apart.
    """
    there = sites.geometry.to_crs(4326)
    told = {
        "site_id": sites["site_id"].to_numpy(),
        "lon": there.x.round(DEGREES).to_numpy(),
        "lat": there.y.round(DEGREES).to_numpy(),
    }
    named = {labels.message(f"siting.col_{name}"): values for name, values in told.items()}
    return table.assign(**named)


def write_sites(proposal: Proposal, file: Path, language: str = "en") -> None:
    """Write sites, with their places in words, and homes gained as layers of a GeoPackage."""
    write_with_homes({"sites": proposal.sites}, proposal, file, language)


def write_with_homes(
    layers: Mapping[str, gpd.GeoDataFrame],
    proposal: Proposal | OneStopProposal,
    file: Path,
    language: str,
) -> None:
    """Write layers that tell their places in words, and the homes gained, into one GeoPackage."""
    assessment = proposal.assessment
    labels = Labels.of(assessment, language, proposal.group)
    told = {name: with_places(assessment.district, layer, labels) for name, layer in layers.items()}
    homes = assessment.district.shown(proposal.homes())
    write_layers({**told, "homes_gained": homes}, file, assessment.unit_of(proposal.group))


def scenario(proposal: Proposal, language: str = "en") -> Any:
    """Return the scenario that opens the sites, named in the language."""
    labels = answer_labels(proposal, language)
    kind = labels.kind(proposal.kind, proposal.assessment.district.kinds)
    count = labels.number(len(proposal.sites))
    return proposal.scenario(labels.message("siting.scenario_name", count=count, kind=kind))
