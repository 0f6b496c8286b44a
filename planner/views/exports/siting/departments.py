"""Who must act as files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner.views.exports.analysis.gaps import shown
from planner.views.exports.files import write_csv, write_layers, write_notes
from planner.views.exports.folders import write_files
from planner.views.tables.siting.departments import (
    departments_table,
    gaps_table,
    kinds_table,
    shared_buildings_table,
    talks_table,
)
from planner.views.words.ranges import spread_words
from planner.views.words.siting.departments import answer_sentences, notes, words_of

if TYPE_CHECKING:
    from planner.siting.departments.departments import Departments

FILES = (
    "departments.csv",
    "department_kinds.csv",
    "department_gaps.csv",
    "shared_buildings.csv",
    "talks.csv",
    "departments.gpkg",
    "departments_notes.txt",
)
"""The files that :func:`write_departments` makes."""

_TABLES = (departments_table, kinds_table, gaps_table, shared_buildings_table, talks_table)


def write_departments(found: Departments, folder: str | Path, language: str = "en") -> list[Path]:
    """Write tables and layers into a folder, all files of :data:`FILES` or none.

    The errors are those of :func:`write_files`, and InputError where the language is not known.
    """
    tables = [make(found, language) for make in _TABLES]
    writers = [partial(write_csv, table) for table in tables]
    labels = words_of(found, language)
    told = [
        *answer_sentences(found, language),
        *spread_words(found.assessment, found.group, labels, [*found.kinds["kind"]]),
        *notes(found, language),
    ]
    others = [partial(write_places, found), partial(write_notes, told)]
    return write_files(folder, FILES, [*writers, *others])


def write_places(found: Departments, file: Path) -> None:
    """Write gaps and buildings to share as layers of a GeoPackage."""
    assessment = found.assessment
    layers = {"gaps": shown(assessment, found.gaps, "beyond")}
    if len(found.buildings):
        layers["shared_buildings"] = found.buildings
    write_layers(layers, file, assessment.unit_of(found.group))
