"""Streets from vector files: which of their lines one walks on, split where they share a vertex."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import Shapes
from planner.errors import Finding, InputError
from planner.sources.files.read_tags import still_unread
from planner.sources.files.remarks import rows_in_doubt, streets_of_hours
from planner.sources.files.rows import Rows, read_rows
from planner.sources.files.streets.attributes import with_attributes, with_figures
from planner.sources.files.streets.classes import with_classes
from planner.sources.files.streets.states import StreetStates, with_states
from planner.sources.files.streets.structures import (
    called_as_structures,
    ramps_cut,
    with_ends_apart,
    with_levels,
    with_structures,
    without_levels_of_ends,
    without_numbers,
)
from planner.sources.files.streets.walks import opened, shuts, walked
from planner.sources.projection import metric_crs_for
from planner.sources.streets.noding import node_lines
from planner.sources.streets.pieces import split_table
from planner.sources.tables.frames import Frame, name_of
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import Allowance, rows_told
from planner.sources.tables.unread.remarks import unread_columns
from planner.sources.tables.values.numbers import cell_text
from planner.sources.tables.words.flags import flags
from planner.sources.tables.words.states import StateWord, StateWords, said_before
from planner.sources.vector.reading import is_shapefile, source_of

_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


def read_streets(
    path: str | Path | Frame,
    *,
    layer: str | None = None,
    crs: Any = None,
    to_crs: Any = None,
    mapping: TableMapping | None = None,
    state_words: StateWords | None = None,
    allowance: Allowance | None = None,
) -> Reading:
    """Read walkable centre lines and split them where lines share a vertex.

    Lines that merely cross do not join, see :mod:`planner.sources.streets.joining`. Columns that
    are called as keys of OpenStreetMap (``highway``, or ``fclass`` as Geofabrik has it, ``access``,
    ``foot``, ``service``…) are asked by the same rules as an extract: motorways and streets that
    are proposed, under construction or closed to walkers are left out, and it is told how many.
    Keys such as ``surface``, ``kerb``, ``incline`` and ``width`` are kept for profiles of walking.
    The lines of a collection are taken; rows without a line are left out and told. A column that a
    mapping says to mean nothing is carried along and not asked.

    Parameters
    ----------
    path, layer, crs, mapping, allowance
        As of :class:`planner.sources.files.rows.ReadOptions`.
    to_crs
        None projects into the metric CRS of the place.
    state_words
        What words mean, beside and before the words known: the class of a street under
        ``street_class``, whether people walk there under ``access``, whether it is there under
        ``status``.

    Raises
    ------
    MissingFileError, InputError
        As of :func:`planner.sources.read_boundaries`; where no street is left.
    """
    name = name_of(path)
    rows = _rows(path, layer, crs, mapping, allowance)
    states, notes = _worded(rows, name, to_crs, state_words)
    table, left_out, more = walked(states.table, name, states.words, states.classes)
    notes += more
    table, more = with_attributes(with_figures(table), name)
    notes += more
    for column in ("bridge", "tunnel", "steps"):
        if column in table:
            table[column], more = flags(table[column], name, column)
            notes += more
    ids = table["street_id"].map(cell_text) if "street_id" in table else pd.Series("", table.index)
    if ids.eq("").any() or ids.duplicated().any():
        ids = pd.Series([str(row) for row in table.index], table.index)
    lines, origin = node_lines(table.geometry.to_numpy())
    if not len(lines):
        raise InputError("sources.no_streets", file=name)
    cut = ramps_cut(table, lines, origin)
    table = without_levels_of_ends(table.assign(street_id=ids))
    if cut is None:
        result = split_table(table, lines, origin)
    else:
        result = with_levels(split_table(table, cut.lines, cut.origin), cut)
    return Reading(
        result,
        source_of("streets", path),
        (*rows.findings, *notes),
        rows.mapping,
        tuple(rows.aside.rows),
        states=tuple(states.listed),
        left_out=left_out,
    )


def street_words_of(
    path: str | Path | Frame,
    *,
    layer: str | None = None,
    crs: Any = None,
    mapping: TableMapping | None = None,
    state_words: StateWords | None = None,
    allowance: Allowance | None = None,
) -> tuple[StateWord, ...]:
    """Return the words of a street file with what they mean, even where no street is left."""
    rows = _rows(path, layer, crs, mapping, allowance)
    return tuple(_worded(rows, name_of(path), None, state_words)[0].listed)


def _rows(
    path: str | Path | Frame,
    layer: str | None,
    crs: Any,
    mapping: TableMapping | None,
    allowance: Allowance | None,
) -> Rows:
    """Read the rows of a street file; columns that a person said to mean nothing mean nothing."""
    rows = read_rows(path, "streets", layer=layer, crs=crs, mapping=mapping, allowance=allowance)
    rows.findings = still_unread(rows.findings, rows.table, "streets", shuts)
    rows.findings += rows.aside.settle()
    if mapping is None:
        return rows
    cut = is_shapefile(path)
    meant = known_columns("streets", [str(name) for name in mapping.columns], cut=cut)
    dropped = [name for name in meant if mapping.columns[name] == "" and name in rows.table]
    if "length_m" in dropped and (count := int(rows.table["length_m"].notna().sum())):
        params = {"file": name_of(path), "count": count}
        rows.findings.append(Finding("sources.lengths_unread", params))
    rows.table = rows.table.rename(columns={name: f"{name}_of_file" for name in dropped})
    return rows


def _worded(
    rows: Rows, name: str, to_crs: Any, said: StateWords | None
) -> tuple[StreetStates, list[Finding]]:
    """Return the lines of a street file, projected, with class and state by their words."""
    table, notes = _lines_of(rows.table, name)
    table, twice = _once(table, name)
    table = table.to_crs(to_crs if to_crs is not None else metric_crs_for(table))
    rows.mapping = rows.mapping.with_state_words(said_before(rows.mapping.state_words, said))
    words = rows.mapping.state_words
    table, counted = without_numbers(table, name)
    table, apart = with_ends_apart(with_structures(table), name)
    states = with_states(table, name, said=words)
    if "highway" in states.table:
        states.classes = states.table["highway"].map(cell_text)
    states.table, more, listed = with_classes(states.table, name, words["street_class"])
    states.listed = [*listed, *states.listed]
    told = opened(table, name, states.opened, _shown_words(states))
    unread = unread_columns(rows.mapping.columns, table)
    remarked = rows_in_doubt(table, "streets", name, unread)
    timed = streets_of_hours(table, name, unread)
    notes += [*counted, *called_as_structures(table, name), *apart]
    return states, [*notes, *twice, *states.findings, *more, *told, *remarked, *timed]


def _shown_words(states: StreetStates) -> pd.Series:
    """Return what the file says of access in its own words, the first column that says it."""
    texts = pd.Series("", states.table.index, dtype=object)
    for own in states.words.values():
        texts = texts.mask(texts == "", own)
    return texts


def _lines_of(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the rows that are lines, those of collections among them, and what was left out."""
    shapes = table.geometry.to_numpy().copy()
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    for row in np.flatnonzero(mixed).tolist():
        shapes[row] = _only_lines(shapes[row])
    good = np.isin(shapely.get_type_id(shapes), [int(kind) for kind in _LINES])
    good &= ~shapely.is_empty(shapes)
    table = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
    if not good.any():
        raise InputError("sources.no_streets", file=file)
    findings = []
    for code, which in (("sources.lines_taken", mixed & good), ("sources.not_a_line", ~good)):
        if which.any():
            rows = rows_told(table.index[which].tolist())
            params = {"file": file, "count": int(which.sum()), "rows": rows}
            findings.append(Finding(code, params))
    return table[good], findings


def _once(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the rows without those whose line is another's, in its direction or the other one.

    OSMnx has an edge for each direction.
    """
    lines = shapely.normalize(table.geometry.to_numpy())
    again = pd.Series(shapely.to_wkb(lines)).duplicated().to_numpy()
    if not again.any():
        return table, []
    params = {"file": file, "count": int(again.sum())}
    return table[~again], [Finding("tables.streets_twice", params)]


def _only_lines(shape: Any) -> Any:
    parts: Shapes = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    lines = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    return shapely.multilinestrings(lines)
