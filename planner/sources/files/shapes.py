"""Community areas, barriers and what is drawn behind the map, from files of one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import Shapes
from planner.district import LAYERS
from planner.district.layers import BARRIER_KINDS
from planner.errors import Finding, InputError
from planner.sources.files.off_ground import called_off_ground, without_off_ground
from planner.sources.files.remarks import rows_in_doubt
from planner.sources.files.rows import ReadOptions, Rows, read_rows
from planner.sources.tables.frames import Frame, name_of
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import rows_told
from planner.sources.tables.unread.remarks import unread_columns
from planner.sources.tables.values.numbers import cell_text, plain_word
from planner.sources.tables.words.kinds import data
from planner.sources.tables.words.states import (
    StateWord,
    StateWords,
    check_state_words,
    counted,
    said_before,
)
from planner.sources.vector.reading import source_of

AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
"""Types of shapes that are areas."""

_WORDS = 20
_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


def read_boundaries(
    path: str | Path | Frame, *, to_crs: Any = None, **how: Unpack[ReadOptions]
) -> Reading:
    """Read community areas.

    Parameters
    ----------
    path
        Vector file of polygons, or a table with a column of well-known text.
    to_crs, how
        As of :func:`planner.sources.read_demand`.

    Returns
    -------
    A table with community_id, name, subdistrict, population, households and groups as far as the
    file has them. Rows without an id are numbered ``"1"``, ``"2"``… as in the file.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent or unreadable, has no CRS or holds no areas; names the row.
    """
    rows = read_rows(path, "communities", **how)
    mend(rows, AREAS, "Polygon")
    rows.read_figures()
    if "name" not in rows.table:
        rows.table["name"] = rows.table.get("community_id", "")
    rows.read_ids("community_id")
    return reading("communities", rows, path, to_crs)


def read_shapes(
    path: str | Path | Frame,
    target: str,
    *,
    kind: str | None = None,
    state_words: StateWords | None = None,
    to_crs: Any = None,
    **how: Unpack[ReadOptions],
) -> Reading:
    """Read the lines and areas of the layer ``barriers`` or ``context``.

    Rows of barriers whose word is not known are set aside; those on bridges and in tunnels are no
    barriers, and left out.

    Parameters
    ----------
    path, to_crs, how
        As in :func:`read_boundaries`.
    target
        The layer's name.
    kind
        Kind of all rows, where the file has no column for it.
    state_words
        What words of barriers mean (under ``barrier``), beside and before the words known; empty
        for what is none, whose rows are set aside.

    Raises
    ------
    MissingFileError, InputError
        As in :func:`read_boundaries`; and where nothing says what the shapes are.
    """
    rows = read_rows(path, target, **how)
    kind = kind or rows.mapping.kind
    if "kind" not in rows.table and kind:
        check_state_words({"barrier": {name_of(path): kind}})
        rows.table["kind"] = kind
        rows.mapping = replace(rows.mapping, kind=kind)
    if "kind" not in rows.table:
        column = LAYERS[target].column("kind")
        raise InputError(
            "sources.no_barrier_kind" if target == "barriers" else "sources.missing_column",
            file=name_of(path),
            column="kind",
            choices=", ".join(column.choices if column else ()),
            present=", ".join(map(str, rows.table.columns.drop("geometry"))) or "–",
        )
    states: tuple[StateWord, ...] = ()
    if target == "barriers":
        states = _barrier_kinds(rows, state_words)
        _refuse_words(states, rows)
    mend(rows, (*_LINES, *AREAS), "LineString / Polygon")
    if target == "barriers":
        rows.table, notes = without_off_ground(rows.table, name_of(path))
        rows.findings += [*notes, *called_off_ground(rows.table, name_of(path))]
        rows.read_ids("barrier_id")
        unread = unread_columns(rows.mapping.columns, rows.table)
        rows.findings += rows_in_doubt(rows.table, "barriers", name_of(path), unread)
    return replace(reading(target, rows, path, to_crs), states=states)


def _refuse_words(states: tuple[StateWord, ...], rows: Rows) -> None:
    """Refuse a file of which more rows than may be have words that nobody knows."""
    asked = [e for e in states if not e.value and e.word not in rows.mapping.barrier_words]
    count, total = sum(each.count for each in asked), max(rows.aside.total, 1)
    allowance = rows.aside.allowance
    if count < 2 or allowance.rows == 0 or (count < total and allowance.holds(count, total)):
        return
    told = "; ".join(f"{each.word} ({each.count})" for each in asked[:_WORDS])
    raise InputError(
        "tables.words_without_barrier",
        file=rows.aside.file,
        count=count,
        total=total,
        words=told,
        known=", ".join(BARRIER_KINDS),
    )


def barrier_words_of(
    path: str | Path | Frame, *, state_words: StateWords | None = None, **how: Unpack[ReadOptions]
) -> tuple[StateWord, ...]:
    """Return the words of a file of barriers with what they mean, of whatever many rows.

    Unlike :func:`read_shapes` it refuses no file whose words mean nothing.
    """
    rows = read_rows(path, "barriers", **how)
    return _barrier_kinds(rows, state_words) if "kind" in rows.table else ()


def _barrier_kinds(rows: Rows, said: StateWords | None) -> tuple[StateWord, ...]:
    """Put the kind that words mean into the column ``kind``; note rows whose word means none."""
    rows.mapping = rows.mapping.with_state_words(said_before(rows.mapping.state_words, said))
    texts = rows.table["kind"].map(cell_text)
    given = {plain_word(word): kind for word, kind in rows.mapping.barrier_words.items()}
    meanings = {kind: kind for kind in BARRIER_KINDS}
    meanings |= {plain_word(word): k for k, own in data()["barriers"].items() for word in own}
    meanings |= given
    known = {text: meanings.get(plain_word(text), "") for text in pd.unique(texts)}
    states = tuple(counted("barrier", texts, known))
    choices = ", ".join(BARRIER_KINDS)
    for text, kind in known.items():
        at = texts == text
        if not kind:
            code = "tables.word_set_aside" if plain_word(text) in given else "tables.no_barrier"
            rows.aside.add(
                code if text else "sources.missing_value",
                rows.table.index[at],
                "kind",
                [text] * int(at.sum()),
                known=choices,
            )
    rows.table["kind"] = texts.map(known)
    taken = [each for each in states if each.value and each.value != each.word]
    if taken:
        told = "; ".join(f"{each.word} → {each.value} ({each.count})" for each in taken[:_WORDS])
        header = rows.mapping.header_of("kind") or "kind"
        params = {"file": rows.aside.file, "column": header, "words": told}
        rows.findings.append(Finding("tables.words_taken", params))
    return states


def reading(layer: str, rows: Rows, path: str | Path | Frame, to_crs: Any) -> Reading:
    """Return what was read of a file, without the rows set aside.

    Raises
    ------
    InputError
        Where more rows do not fit than may be set aside.
    """
    rows.settle()
    table = rows.table if to_crs is None else rows.table.to_crs(to_crs)
    source = source_of(layer, path)
    if any(rows.credit):
        source = replace(source, licence=rows.credit[0], attribution=rows.credit[1])
    return Reading(
        table.reset_index(drop=True),
        source,
        tuple(rows.findings),
        rows.mapping,
        tuple(rows.aside.rows),
        datum_known=rows.datum_known,
        rows=tuple(rows.table.index.tolist()),
    )


def mend(rows: Rows, allowed: tuple[Any, ...], expected: str) -> None:
    """Make shapes valid, and note the rows whose shape is of another type or hopeless."""
    table, aside = rows.table, rows.aside
    shapes: Shapes = table.geometry.to_numpy().copy()
    wrong = ~np.isin(shapely.get_type_id(shapes), [int(kind) for kind in allowed])
    for place in np.flatnonzero(wrong).tolist():
        found = shapes[place].geom_type
        row = table.index[place]
        aside.add(
            "sources.wrong_geometry", [row], "geometry", [found], found=found, expected=expected
        )
    areas = np.isin(shapely.get_type_id(shapes), [int(kind) for kind in AREAS])
    broken = np.flatnonzero(areas & ~wrong & ~shapely.is_valid(shapes)).tolist()
    mended = []
    for place in broken:
        whole = _areas_of(shapely.make_valid(shapes[place]))
        if whole.is_empty:
            reason = shapely.is_valid_reason(shapes[place])
            row = table.index[place]
            aside.add("sources.hopeless_shape", [row], "geometry", [reason], reason=reason)
        else:
            shapes[place] = whole
            mended.append(table.index[place])
    if mended:
        params = {"file": aside.file, "count": len(mended), "rows": rows_told(mended)}
        rows.findings.append(Finding("sources.mended", params))
    if aside.among(table).all():
        aside.settle()
    placed = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
    rows.table = aside.take(placed)


def _areas_of(shape: Any) -> Any:
    """Return the areas of a collection as one shape, without its lines and points."""
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    kinds = shapely.get_type_id(parts)
    return shapely.union_all(parts[kinds == shapely.GeometryType.POLYGON])
