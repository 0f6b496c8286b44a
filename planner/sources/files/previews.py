"""What an import would make of its files, shown before anything is written.

Each file is read as the import would read it; what is wrong with one hinders no other. All answers
are plain values, so that they can be sent from process to process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.district import District, Kinds, Source
from planner.errors import Finding, InputError, PlannerError
from planner.progress import Progress
from planner.sources.datums.declared import NAMES
from planner.sources.datums.recognition import Recognition
from planner.sources.datums.settling import Settled, each_settled, ground_of, moved
from planner.sources.datums.shifts import SHIFTED
from planner.sources.files.intake import LAYER_OF_OPTION, Intake
from planner.sources.files.layers import asked_words, described, read_layer
from planner.sources.files.lists import layer_of
from planner.sources.files.nearness import near
from planner.sources.files.residents_shown import (
    BY_COMMUNITY,
    Read,
    reader_beside,
    residents_told,
)
from planner.sources.files.streets.walks import PRIVATE_PLACES
from planner.sources.population.options import FILES
from planner.sources.projection import metric_crs_for
from planner.sources.streets.left_out import not_walked, places_moved
from planner.sources.tables.guessing import as_before, guess, guess_columns, nearest_of
from planner.sources.tables.headers.headers import PLACES
from planner.sources.tables.headers.units import header_factor
from planner.sources.tables.layout.header_rows import below
from planner.sources.tables.layout.unit_lines import with_unit_of_lines
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.reading import Reading
from planner.sources.tables.sheets import header_row, is_table, read_cells, read_once
from planner.sources.tables.values.figures import figure
from planner.sources.tables.words.states import ASKED
from planner.sources.vector.reading import is_shapefile, read_head

MOST_ROWS = 1000
"""Rows set aside that are named of a file."""

SHOWN_ROWS = 10
"""Rows that are shown as they will be read."""

_SAMPLES, _HEAD = 3, 200
_LINES, _POINTS = 4000, 400
_SIMPLER_M = 5.0
_DRAWN = ("facilities", "demand", "cells", "raster", "homes", "gates", "candidates")
_UNPLACED = ("totals", "growth")


@dataclass(frozen=True)
class Hint:
    """What a person said of a table before its columns are guessed.

    Parameters
    ----------
    header_row
        Row of the headers as the user counts, 0 where it is to be seen.
    encoding
        Of a text table, empty where it is to be seen.
    """

    header_row: int = 0
    encoding: str = ""


def preview(
    files: Mapping[str, Path],
    kinds: Kinds,
    intake: Intake,
    *,
    crs: Any = None,
    hints: Mapping[str, Hint] | None = None,
    residents: Mapping[str, Any] | None = None,
    around: District | None = None,
    before: Sequence[TableMapping] = (),
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Read files as an import would and say what came of each.

    Parameters
    ----------
    files
        File of each layer of a district; any layers.
    kinds
        The kinds of facility known.
    intake
        What is known of the files.
    crs
        CRS of the coordinates of files that do not say.
    hints
        What was said of tables by layer, where their columns are to be guessed anew.
    residents
        What was said of residents who are no points, see
        :func:`planner.sources.population.options.residents_of`.
    around
        A district that is there, where a file becomes a newer layer of it: what the places of the
        file are held against.
    before
        How earlier files of the one layer were read; what columns and words meant in the one most
        like the file goes before what is guessed.
    progress
        Told a message code and the share done.

    Returns
    -------
    ``layers``: by layer what :func:`planner.sources.files.layers.described` tells, with ``columns``
    (header, samples, role, factor of the unit), ``sample`` (first rows as read), ``sums`` of
    people, ``datum`` (known, fits of each datum) and ``error`` (code and parameters, or None).
    ``metric``: a CRS in metres that fits the boundaries, empty where they cannot be read.
    ``drawing``: shapes in metres for a small map, None where communities or streets are lacking.
    ``residents``: what :func:`planner.sources.files.residents_shown.residents_told` tells, None
    where residents are points or cannot be placed yet.

    Raises
    ------
    InputError
        ``tables.no_such_layer``; what is wrong with a file is told in the answer.
    """
    for layer in files:
        if layer_of(layer) not in LAYER_OF_OPTION.values():
            known = ", ".join(LAYER_OF_OPTION.values())
            raise InputError("tables.no_such_layer", layer=layer, known=known)
    told: dict[str, dict[str, Any]] = {}
    readings: dict[str, Reading] = {}
    ordered = sorted(files, key=lambda key: key != "communities")
    for place, layer in enumerate(ordered):
        if progress is not None:
            progress("tables.progress_reading", 0.8 * place / len(files))
        hint = (hints or {}).get(layer, Hint())
        read: Read = read_layer
        if layer in BY_COMMUNITY:
            read = reader_beside(layer, readings.get("communities"))
        with read_once():
            answer, reading = _read(layer, files[layer], kinds, intake, crs, hint, read, before)
        told[layer] = answer
        if reading is not None:
            readings[layer] = reading
    if progress is not None:
        progress("datums.progress_placing", 0.85)
    placed = _placed(readings, told, intake, around)
    drawing, spread, metric = None, None, ""
    if "communities" in readings:
        metric = metric_crs_for(readings["communities"].table).to_string()
    if placed:
        if "streets" in told:
            told["streets"]["findings"] += _private_places(placed, around)
        drawing = _drawing({layer: reading.table for layer, reading in placed.items()})
        broken = any(told[layer]["error"] for layer in FILES if layer in told)
        if "demand" not in files and not broken and around is None:
            seen = {layer: _taken(answer) for layer, answer in told.items()}
            how = replace(intake, mappings={layer: each for layer, each in seen.items() if each})
            spread = residents_told(files, residents or {}, placed, how, crs)
    return {"layers": told, "drawing": drawing, "residents": spread, "metric": metric}


def _taken(answer: Mapping[str, Any]) -> TableMapping | None:
    """Return the mapping that a file was read by."""
    return None if answer["mapping"] is None else TableMapping(**answer["mapping"])


def _read(
    layer: str,
    file: Path,
    kinds: Kinds,
    intake: Intake,
    crs: Any,
    hint: Hint,
    read: Read,
    before: Sequence[TableMapping],
) -> tuple[dict[str, Any], Reading | None]:
    """Read one file; return what is told of it, and what was read where it could be."""
    answer: dict[str, Any] = {"file": file.name, "layer": layer, "error": None, "rows": 0}
    answer |= {
        "words": [],
        "states": [],
        "taken": [],
        "set_aside": [],
        "count_set_aside": 0,
        "findings": [],
    }
    answer |= {"columns": [], "mapping": None, "sample": [], "sums": {}, "datum": None, "crs": ""}
    answer |= {"kinds": {}, "people_aside": 0.0}
    try:
        columns, mapping, body = _columns(layer, file, kinds, intake, hint, before)
        answer |= {"columns": columns, "mapping": None if mapping is None else asdict(mapping)}
        if mapping is not None:
            intake = replace(intake, mappings={**intake.mappings, layer: mapping})
        reading = read(layer, file, kinds, intake, crs=crs)
    except PlannerError as error:
        answer["error"] = _fault(error)
        if layer_of(layer) in ASKED:
            answer |= _words(layer, file, kinds, intake, crs)
        return answer, None
    intake.on_reading(reading)
    known = described(reading, MOST_ROWS)
    answer |= {name: value for name, value in known.items() if name != "mapping"}
    roles = [
        role
        for role in (mapping.columns if mapping else {}).values()
        if role and role not in PLACES
    ]
    answer["sample"] = _sample(reading.table, roles)
    sums = [name for name in reading.table if name in ("population", "weight", "households")]
    if layer == "growth":  # residents of another year, and columns of the boundaries
        sums = []
    answer["sums"] = {name: float(reading.table[name].sum()) for name in sums}
    if "kind" in reading.table:
        counts = reading.table["kind"].value_counts()
        answer["kinds"] = {str(kind): int(count) for kind, count in counts.items()}
    if mapping is not None and body is not None:
        answer["people_aside"] = _people_aside(reading, mapping, body)
    return answer, reading


def _people_aside(reading: Reading, mapping: TableMapping, body: pd.DataFrame) -> float:
    """Return the residents whom the rows set aside of a table tell, as far as they can be read."""
    header = mapping.header_of("population")
    rows = body.index.intersection([row.row for row in reading.set_aside])
    if not header or header not in body or rows.empty:
        return 0.0
    factor = header_factor(header, "population")
    cells = body.loc[rows, header].dropna().astype(str)
    read = (figure(cell, "population", mapping.decimal) for cell in cells)
    return float(sum(found[0] for found in read if found is not None) * factor)


def _words(layer: str, file: Path, kinds: Kinds, intake: Intake, crs: Any) -> dict[str, Any]:
    """Return the words of a file that cannot be read yet, so that they can be told."""
    try:
        words, states = asked_words(layer, file, kinds, intake, crs=crs)
    except PlannerError:  # what is wrong with the file was told
        return {}
    return {"words": list(map(asdict, words)), "states": list(map(asdict, states))}


def _columns(
    layer: str,
    file: Path,
    kinds: Kinds,
    intake: Intake,
    hint: Hint,
    before: Sequence[TableMapping],
) -> tuple[list[dict[str, Any]], TableMapping | None, pd.DataFrame | None]:
    """Return the columns of a file with samples and roles, how it is read, and a table's rows."""
    if layer == "raster":
        return [], None, None
    given = intake.mappings.get(layer)
    part = intake.layers.get(layer)
    own = "totals" if layer == "growth" else layer_of(layer)  # its columns are those of totals
    if is_table(file):
        wanted = given or TableMapping(own, encoding=hint.encoding)
        cells = read_cells(file, own, replace(wanted, sheet=part) if part else wanted)
        # what headers say of the datum is heeded anew each time, so that it is told
        mapping = given or replace(guess(cells, own, row=hint.header_row)[0], datum="")
        header = header_row(cells, mapping)
        body, _ = with_unit_of_lines(below(cells, header), cells, header, mapping)
    else:
        body = read_head(file, part, _HEAD)
        mapping = given or _of_map(body, own, file, part)
    if given is None:
        earlier = nearest_of(before, mapping.columns)
        mapping = mapping if earlier is None else as_before(mapping, earlier, kinds)
    roles = dict(mapping.columns)
    told = [
        {
            "header": str(header),
            "samples": _samples(body[header]),
            "role": roles.get(str(header), ""),
            "factor": header_factor(str(header), roles.get(str(header), "")),
        }
        for header in body.columns
    ]
    return told, mapping, body if is_table(file) else None


def _of_map(body: pd.DataFrame, layer: str, file: Path, part: str | None) -> TableMapping:
    """Return what the columns of a map layer mean; its shapes say where its rows lie."""
    mapping, _ = guess_columns(body, layer, file.name, cut=is_shapefile(file))
    roles = {h: "" if role in PLACES else role for h, role in mapping.columns.items()}
    return replace(mapping, columns=roles, sheet=part or "", header_depth=0, datum="")


def _samples(values: pd.Series) -> list[str]:
    texts = values.dropna().astype(str).str.strip()
    return [str(text)[:60] for text in texts[texts != ""].unique()[:_SAMPLES]]


def _sample(table: gpd.GeoDataFrame, roles: list[str]) -> list[dict[str, str]]:
    """Return the first rows by our columns, as text."""
    shown = [name for name in dict.fromkeys(roles) if name in table]
    rows = pd.DataFrame(table[shown].head(SHOWN_ROWS))
    return [
        {str(name): "" if pd.isna(value) else _text(value) for name, value in row.items()}
        for row in rows.to_dict("records")
    ]


def _text(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole and isinstance(value, float) else str(value)


def _fault(error: PlannerError) -> dict[str, Any]:
    return {"code": error.code, "params": dict(error.params)}


# ---- where the rows lie


def _placed(
    readings: dict[str, Reading],
    told: dict[str, dict[str, Any]],
    intake: Intake,
    around: District | None,
) -> dict[str, Reading]:
    """Say in which datum points lie; return what lies where in metres, none where nothing tells."""
    for layer, reading in readings.items():
        if layer in _UNPLACED:
            continue
        told[layer]["datum"] = {"known": reading.datum_known, "fits": []}
    if around is not None:
        there = {layer: getattr(around, layer) for layer in ("communities", "streets")}
        old = {layer: Reading(table, Source(layer, "")) for layer, table in there.items()}
        # of a layer that is there and in the file, the file is shown
        readings = {**old, **readings}
        told = {layer: told.get(layer, {}) for layer in readings}
    if not {"communities", "streets"} <= set(readings):
        return {}
    metric = metric_crs_for(readings["communities"].table)
    there = {
        layer: replace(reading, table=reading.table.to_crs(metric))
        for layer, reading in readings.items()
        if layer not in _UNPLACED
    }
    areas = there["communities"]
    placed: dict[str, Reading] = {}
    for layer, reading in there.items():
        try:
            placed[layer] = near(reading, areas)
        except PlannerError as error:
            told[layer]["error"] = _fault(error)
    if "streets" not in placed:
        return {}
    if (shifted := intake.datum_of("streets")) in SHIFTED:
        placed["streets"] = moved(placed["streets"], shifted)
    ground = ground_of(placed["streets"], areas.table)
    for layer, each in each_settled(placed, ground).items():
        placed[layer] = each.reading
        told[layer] |= _datum_told(each, placed[layer], there[layer])
    return placed


def _datum_told(each: Settled, reading: Reading, before: Reading) -> dict[str, Any]:
    """Return how the datum of a layer was found, with the findings about its places."""
    datum: dict[str, Any] = {"known": before.datum_known, "fits": []}
    if each.found is not None:
        datum |= _fits(each.found)
    findings = [{"code": f.code, "params": dict(f.params)} for f in reading.findings]
    told: dict[str, Any] = {"datum": datum, "findings": findings}
    if each.fault is not None:
        told["error"] = _fault(each.fault)
    return told


def _fits(found: Recognition) -> dict[str, Any]:
    fits = [
        {
            "datum": fit.datum,
            "name": NAMES[fit.datum],
            "street_m": fit.street_m,
            "inside": fit.inside,
        }
        for fit in found.fits
    ]
    return {"fits": fits, "sure": found.sure, "spots": found.spots, "odds": found.log_odds}


def _private_places(placed: Mapping[str, Reading], around: District | None) -> list[dict[str, Any]]:
    """Tell whom it concerns that nobody walks on streets that a file calls private.

    Where residents are still to be spread, of facilities alone.
    """
    streets = placed["streets"]
    rules = [r for r in not_walked(streets.left_out, streets.table.crs) if r.code == PRIVATE_PLACES]
    if not rules:
        return []
    names = ("facilities", "demand", "barriers", "gates")
    layers = {} if around is None else {name: getattr(around, name) for name in names}
    lists = [each.table for key, each in placed.items() if layer_of(key) == "facilities"]
    if lists:
        layers["facilities"] = pd.concat(lists, ignore_index=True)
    layers |= {name: placed[name].table for name in (*names[1:], "streets") if name in placed}
    found = places_moved(layers, rules)
    if "demand" not in layers:
        found = [Finding("sources.private_facilities", each.params) for each in found]
    return [{"code": each.code, "params": dict(each.params)} for each in found]


def _drawing(tables: Mapping[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    """Return shapes in whole metres, so few that a small map of them is soon drawn."""
    areas = shapely.boundary(tables["communities"].geometry.to_numpy())
    lines = tables["streets"].geometry.to_numpy()
    if len(lines) > _LINES:
        lines = lines[np.linspace(0, len(lines) - 1, _LINES).astype(int)]
    points = {}
    for layer, table in tables.items():
        if layer_of(layer) in _DRAWN:
            spots = shapely.get_coordinates(shapely.centroid(table.geometry.to_numpy()))
            if len(spots) > _POINTS:
                spots = spots[np.linspace(0, len(spots) - 1, _POINTS).astype(int)]
            points[layer] = np.rint(spots[np.isfinite(spots).all(axis=1)]).astype(int).tolist()
    return {
        "bounds": [float(value) for value in tables["communities"].total_bounds],
        "areas": paths(areas),
        "lines": paths(lines),
        "points": points,
    }


def paths(shapes: Any) -> list[list[list[int]]]:
    """Return lines as lists of points in whole metres, simpler than they are."""
    simple = shapely.get_parts(shapely.simplify(shapes, _SIMPLER_M))
    return [
        np.rint(shapely.get_coordinates(each)).astype(int).tolist()
        for each in simple
        if not shapely.is_empty(each)
    ]
