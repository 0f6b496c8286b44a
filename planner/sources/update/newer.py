"""A newer file of a layer, read as an import would and put where the district lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from planner.district import District, Source
from planner.district.layers import BUFFER_M
from planner.errors import Finding, InputError
from planner.sources.datums.declared import NAMES, POINTS
from planner.sources.datums.recognition import Ground
from planner.sources.datums.settling import moved, settled
from planner.sources.datums.shifts import SHIFTED
from planner.sources.files.communities import in_communities, named_elsewhere
from planner.sources.files.intake import Intake
from planner.sources.files.layers import read_layer
from planner.sources.files.lists import in_order
from planner.sources.files.nearness import left_out_code, near
from planner.sources.tables.frames import Frame
from planner.sources.tables.guessing import as_before, nearest_of
from planner.sources.tables.kept_mappings import MAPPINGS, read_mappings
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.reading import Reading
from planner.sources.tables.sheets import read_once

_LEFT_OUT_FAR = ("streets", "facilities")


def kept_mappings(workspace: Path, layer: str) -> dict[str, TableMapping]:
    """Return how earlier files of a layer were read, a department's list each, by their keys."""
    file = workspace.with_suffix(MAPPINGS)
    kept = read_mappings(file) if file.is_file() else {}
    return {key: kept[key] for key in in_order(kept, layer)}


def read_newer(
    district: District,
    layer: str,
    file: str | Path | Frame,
    intake: Intake,
    earlier: Sequence[TableMapping],
    *,
    crs: Any = None,
    facility_columns: Mapping[str, str] | None = None,
    gate_words: Mapping[str, bool] | None = None,
) -> Reading:
    """Read a file for a layer of a district that is there.

    Parameters
    ----------
    district
        As its workspace holds it.
    layer, file, intake, crs, facility_columns, gate_words
        As of :func:`planner.sources.from_files`.
    earlier
        How earlier files of the layer were read; what columns and words meant in the one most like
        the file goes before what is guessed, unless `intake` says it.

    Returns
    -------
    Reading
        In the CRS of the district, without rows beyond its streets and facilities.

    Raises
    ------
    MissingFileError, InputError
        As of an import.
    """
    how = {"crs": crs, "facility_columns": facility_columns, "gate_words": gate_words}
    with read_once():  # a file whose columns meant something else before is read by that again
        reading = _read(layer, file, district, intake, earlier, how)
    table = reading.table.to_crs(district.crs)
    areas = Reading(district.communities, Source("communities", ""))
    reading = near(replace(reading, table=table), areas)
    datum = intake.datum_of(layer)
    if layer == "streets" and datum in SHIFTED:
        reading = moved(reading, datum)
    if layer in POINTS:
        reading = _in_wgs84(reading, district, earlier)
    if layer in _LEFT_OUT_FAR:
        reading = _within(reading, district)
    if layer == "demand":
        homes, notes = in_communities(reading.table, district.communities)
        reading = replace(reading, table=homes, findings=(*reading.findings, *notes))
    if layer in ("demand", "facilities"):
        notes = list(named_elsewhere(reading.table, district.communities, layer))
        reading = replace(reading, findings=(*reading.findings, *notes))
    return reading


def _read(
    layer: str,
    file: str | Path | Frame,
    district: District,
    intake: Intake,
    earlier: Sequence[TableMapping],
    how: Mapping[str, Any],
) -> Reading:
    """Read a file; what columns and words meant in the last one goes before what is guessed."""
    if not earlier or layer in intake.mappings:
        return read_layer(layer, file, district.kinds, intake, **how)

    def by(mapping: TableMapping, before: TableMapping) -> Reading:
        known = as_before(mapping, before, district.kinds)
        own = replace(intake, mappings={**intake.mappings, layer: replace(known, datum="")})
        return read_layer(layer, file, district.kinds, own, **how)

    try:
        reading = read_layer(layer, file, district.kinds, intake, **how)
    except InputError:
        for before in earlier:  # what words and columns mean may be just what it lacks
            with suppress(InputError):
                return by(replace(before, sheet="", encoding="", separator=""), before)
        raise
    guess = reading.mapping
    last = None if guess is None else nearest_of(earlier, guess.columns)
    if guess is None or last is None:
        return reading
    if as_before(guess, last, district.kinds) != guess:
        reading = by(guess, last)
    lacking = [h for h, role in last.columns.items() if role and h not in guess.columns]
    if not lacking:
        return reading
    note = Finding(
        "update.columns_lacking",
        {"file": reading.source.source, "columns": ", ".join(lacking)},
    )
    return replace(reading, findings=(note, *reading.findings))


def _in_wgs84(reading: Reading, district: District, earlier: Sequence[TableMapping]) -> Reading:
    """Return points in WGS 84; where they do not tell their datum, as those of the last file."""
    ground = Ground(district.streets.geometry, district.communities)
    columns = () if reading.mapping is None else reading.mapping.columns
    before = nearest_of(earlier, columns)
    try:
        return settled(reading, ground)
    except InputError as error:
        if error.code != "datums.not_sure" or before is None or not before.datum:
            raise
    datum = before.datum
    if datum in SHIFTED:
        reading = moved(reading, datum)
    params = {"file": reading.source.source, "datum": NAMES[datum]}
    mapping = None if reading.mapping is None else replace(reading.mapping, datum=datum)
    notes = (*reading.findings, Finding("update.datum_of_last", params))
    return replace(reading, findings=notes, mapping=mapping, datum_known=True)


def _within(reading: Reading, district: District) -> Reading:
    """Leave out rows farther from the communities than the layer reaches."""
    layer = reading.source.layer
    areas = shapely.union_all(district.communities.geometry.to_numpy())
    shapely.prepare(areas)
    metres = district.buffer_m
    if metres is None:
        there = shapely.distance(areas, getattr(district, layer).geometry.to_numpy())
        metres = max(BUFFER_M, float(there.max(initial=0.0)))
    here = shapely.dwithin(areas, reading.table.geometry.to_numpy(), metres)
    if here.all():
        return reading
    params = {"file": reading.source.source, "count": int((~here).sum()), "metres": round(metres)}
    if not here.any():
        raise InputError("sources.all_left_out", **{**params, "layer": layer, "count": len(here)})
    rows = tuple(np.asarray(reading.rows, dtype=object)[here]) if reading.rows else ()
    notes = (*reading.findings, Finding(left_out_code(layer), params))
    table = reading.table[here].reset_index(drop=True)
    return replace(reading, table=table, findings=notes, rows=rows)
