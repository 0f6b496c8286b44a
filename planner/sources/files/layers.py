"""Any file of an import, read for the layer that it becomes: to show it, and to use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from planner.district import Kinds
from planner.errors import InputError
from planner.sources.files.intake import LAYER_OF_OPTION, Intake
from planner.sources.files.lists import layer_of
from planner.sources.files.points import (
    read_candidates,
    read_demand,
    read_facilities,
    read_gates,
    states_of,
    words_of,
)
from planner.sources.files.shapes import barrier_words_of, read_boundaries, read_shapes
from planner.sources.files.streets.lines import read_streets, street_words_of
from planner.sources.population.cells import read_cells
from planner.sources.population.homes import read_homes
from planner.sources.tables.frames import Frame
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import RowSetAside
from planner.sources.tables.words.kinds import WordKind
from planner.sources.tables.words.states import ORIGINAL, StateWord

TAKEN = ("opening_hours",)
"""Columns of facilities that are put into our form and stand beside it."""


def read_layer(
    layer: str,
    file: str | Path | Frame,
    kinds: Kinds,
    intake: Intake,
    *,
    crs: Any = None,
    facility_columns: Mapping[str, str] | None = None,
    gate_words: Mapping[str, bool] | None = None,
) -> Reading:
    """Read one file as an import would.

    Parameters
    ----------
    layer
        The layer of a district that it becomes.
    file
        A map layer, table or workbook.
    kinds
        The kinds of facility known.
    intake
        What is known of the files.
    crs, facility_columns, gate_words
        As of :func:`planner.sources.from_files`.

    Raises
    ------
    MissingFileError, InputError
        Where the file cannot be used for the layer.
    """
    own = {**intake.options(layer), "crs": crs}
    layer = layer_of(layer)
    if layer == "communities":
        return read_boundaries(file, **own)
    if layer == "streets":
        return read_streets(file, **own)
    if layer == "facilities":
        return read_facilities(file, kinds, kind_columns=facility_columns or None, **own)
    if layer in ("barriers", "context"):
        return read_shapes(file, layer, **own)
    if layer == "gates":
        return read_gates(file, words=gate_words, **own)
    if layer == "candidates":
        return read_candidates(file, kinds, **own)
    readers: dict[str, Callable[..., Reading]] = {
        "demand": read_demand,
        "homes": read_homes,
        "cells": read_cells,
    }
    if layer not in readers:
        known = ", ".join(LAYER_OF_OPTION.values())
        raise InputError("tables.no_such_layer", layer=layer, known=known)
    return readers[layer](file, **own)


def asked_words(
    layer: str, file: str | Path | Frame, kinds: Kinds, intake: Intake, *, crs: Any = None
) -> tuple[tuple[WordKind, ...], tuple[StateWord, ...]]:
    """Return the words of a file that cannot be read yet, so that a person can say what they mean.

    Parameters and errors as of :func:`read_layer`.

    Returns
    -------
    Words of kinds of facilities, and all others with what is asked of them; none of other layers.
    """
    own = {**intake.options(layer), "crs": crs}
    own.pop("kind", None)
    words = own.pop("kind_words", None)
    layer = layer_of(layer)
    if layer == "facilities":
        said = own.pop("state_words")
        found = words_of(file, kinds, kind_words=words, **own)
        return found, states_of(file, state_words=said, **own)
    if layer == "streets":
        return (), street_words_of(file, **own)
    if layer == "barriers":
        return (), barrier_words_of(file, **own)
    return (), ()


def described(reading: Reading, most_rows: int) -> dict[str, Any]:
    """Return how a file was read as plain values, the reasons as codes with parameters.

    Parameters
    ----------
    reading
        What was read.
    most_rows
        Rows set aside that are named.
    """
    return {
        "file": reading.source.source,
        "layer": reading.called,
        "rows": len(reading.table),
        "crs": reading.table.crs.to_string(),
        "mapping": None if reading.mapping is None else asdict(reading.mapping),
        "words": [asdict(each) for each in reading.words],
        "states": [asdict(each) for each in reading.states],
        "taken": _taken(reading),
        "set_aside": [row_described(row) for row in reading.set_aside[:most_rows]],
        "count_set_aside": len(reading.set_aside),
        "findings": [{"code": f.code, "params": dict(f.params)} for f in reading.findings],
    }


def _taken(reading: Reading) -> list[dict[str, Any]]:
    """Return the words of a list that stand beside what they were taken for, with counts."""
    found = []
    for original in map(str, reading.table.columns):
        column = original.removesuffix(ORIGINAL)
        if column == original or column not in TAKEN or column not in reading.table:
            continue
        pairs = reading.table.loc[reading.table[original].fillna("") != "", [original, column]]
        found += [
            {"column": column, "word": str(word), "value": str(value), "count": int(count)}
            for (word, value), count in pairs.value_counts().items()
        ]
    return found


def row_described(row: RowSetAside) -> dict[str, Any]:
    """Return a row set aside as plain values."""
    reason = {"code": row.reason.code, "params": dict(row.reason.params)}
    return asdict(row) | {"reason": reason}
