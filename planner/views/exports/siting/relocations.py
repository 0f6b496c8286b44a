"""Facilities moved and closed, as files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner.views.exports.files import write_csv, write_layers, write_notes
from planner.views.exports.folders import write_files
from planner.views.tables.siting.relocations import plan_table
from planner.views.words.siting.prices import answer_labels, unverified
from planner.views.words.siting.relocations import relocation_answer

if TYPE_CHECKING:
    from planner.district import Scenario
    from planner.siting.relocation.relocation import Relocation

FILES = ("moves.csv", "moves.gpkg", "moves_scenario.json", "moves_notes.txt")
"""The files that :func:`write_relocation` makes."""


def relocation_scenario(found: Relocation, language: str = "en") -> Scenario:
    """Return the scenario that moves and closes, named in the language."""
    labels = answer_labels(found, language)
    kind = labels.kind(found.kind, found.assessment.district.kinds)
    count = labels.number(len(found.plan))
    return found.scenario(labels.message("relocation.scenario_name", count=count, kind=kind))


def write_relocation(found: Relocation, folder: str | Path, language: str = "en") -> list[Path]:
    """Write the plan, its layers and the scenario, all files of :data:`FILES` or none.

    The errors are those of :func:`write_files`, and InputError where the language is not known.
    """
    table, changes = plan_table(found, language), relocation_scenario(found, language)
    labels = answer_labels(found, language)
    notes = [*relocation_answer(found, language), *unverified(found.costs, labels)]
    writers = (
        partial(write_csv, table),
        partial(write_moves, found),
        changes.save,
        partial(write_notes, notes),
    )
    return write_files(folder, FILES, writers)


def write_moves(found: Relocation, file: Path) -> None:
    """Write what moves or closes and the homes that change sides as layers of a GeoPackage."""
    homes = found.assessment.district.shown(found.homes())
    layers = {"moves": found.plan, "homes_changed": homes}
    write_layers(layers, file, found.assessment.unit_of(found.group))
