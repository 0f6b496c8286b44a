"""Proposed sites as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.views.exports.files import write_csv, write_layers
from planner.views.exports.folders import whole_folder
from planner.views.tables.proposals import sites_table
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal

FILES = ("sites.csv", "sites.gpkg", "sites_scenario.json")
"""The files that :func:`write_proposal` makes."""


def write_proposal(proposal: Proposal, folder: str | Path, language: str = "en") -> list[Path]:
    """Write sites, homes gained and the scenario into a folder, all files of :data:`FILES` or none.

    The errors are those of :func:`whole_folder`, and InputError where the language is not known.
    """
    with whole_folder(folder) as part:
        write_csv(sites_table(proposal, language), part / FILES[0])
        write_sites(proposal, part / FILES[1])
        scenario(proposal, language).save(part / FILES[2])
    return [Path(folder) / name for name in FILES]


def write_sites(proposal: Proposal, file: Path) -> None:
    """Write sites and homes gained as layers of a GeoPackage."""
    layers = {
        "sites": proposal.sites,
        "homes_gained": proposal.assessment.district.shown(proposal.homes()),
    }
    write_layers(layers, file, proposal.assessment.demand_unit)


def scenario(proposal: Proposal, language: str = "en") -> Any:
    """Return the scenario that opens the sites, named in the language."""
    labels = Labels.of(proposal.assessment, language)
    kind = labels.kind(proposal.kind, proposal.assessment.district.kinds)
    count = labels.number(len(proposal.sites))
    return proposal.scenario(labels.message("siting.scenario_name", count=count, kind=kind))
