"""Barriers of files that lie on bridges or in tunnels: nobody is barred by them.

The rule is that of extracts (:func:`planner.sources.osm.barriers.read_barriers`) and of the fast
roads of street files: a railway on a viaduct keeps nobody from walking below it.
"""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import Bool
from planner.errors import Finding
from planner.sources.files.streets.structures import (
    STRUCTURES,
    cells_told,
    names_of_structures,
    numbers_of_structures,
    quoted,
    with_structures,
)
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.values.numbers import cell_text
from planner.sources.tables.words.flags import flags

_PASSAGES = frozenset(
    (
        *(
            "人行天桥",
            "过街天桥",
            "地下通道",
            "人行地道",
            "过街地道",
            "下穿通道",
            "下穿",
            "跨线桥",
            "跨河桥",
        ),
        *("footbridge", "overpass", "underpass", "flyover", "subway passage", "桥梁", "bridge"),
    )
)
"""Words that as often tell how people get across: a river with a footbridge is no bridge."""

_THERE_IS = frozenset(("有", "有桥", "有桥梁", "有隧道"))
"""Words that there is a bridge or a tunnel, which need not be where the whole barrier lies."""

_PASSAGE_HEADER = re.compile(r"过街|通道|穿越|跨越|过路|crossing|passage", re.IGNORECASE)


def without_off_ground(
    table: gpd.GeoDataFrame, file: str
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return barriers without those on bridges or in tunnels, and how many these were.

    Parameters
    ----------
    table
        Rows of a file with its own headers; the index is the row as the user counts.
    file
        Its name.

    Examples
    --------
    >>> import shapely
    >>> lines = [shapely.LineString([(0, 0), (9, n)]) for n in range(3)]
    >>> told = {"kind": ["railway"] * 3, "桥": ["是", "否", ""], "敷设方式": ["", "地面", "隧道"]}
    >>> kept, notes = without_off_ground(gpd.GeoDataFrame(told, geometry=lines), "a.shp")
    >>> kept.index.tolist(), notes[0].params["rows"]
    ([1], '0, 2')
    """
    off, notes = _are_off_ground(table, file)
    if not off.any():
        return table, notes
    rows = [str(row) for row in table.index[off]]
    params = {"file": file, "count": len(rows), "total": len(table), "rows": quoted(rows)}
    return table[~off], [*notes, Finding("sources.barriers_off_ground", params)]


def _are_off_ground(table: gpd.GeoDataFrame, file: str) -> tuple[Bool, list[Finding]]:
    """Return which rows a column or a word says to lie on a bridge or in a tunnel, (n,)."""
    off, notes = np.zeros(len(table), dtype=bool), []
    # columns that ask: they are called here as in a file of streets
    for name in map(str, table.columns):
        structure = known_columns("streets", [name]).get(name, "")
        if structure in STRUCTURES:
            told = _tell_of_bridges(table[name])
            says, more = flags(table[name].mask(told), file, structure)
            off |= says
            notes += more
            if told.any():
                notes.append(_told_as_numbers(table[name][told], file))
    # words that stand alone in whatever column, such as a way of building (敷设方式)
    others = [
        name
        for name in table.columns
        if str(name) in STRUCTURES or _PASSAGE_HEADER.search(str(name))
    ]
    plain = table.drop(columns=others)
    for name in plain.columns.drop(plain.geometry.name):
        if plain[name].dtype == object or pd.api.types.is_string_dtype(plain[name]):
            plain[name] = plain[name].mask(plain[name].map(cell_text).isin(_PASSAGES), "")
    worded = with_structures(plain)
    for structure in STRUCTURES:
        if structure in worded:
            off |= (worded[structure] == "yes").to_numpy(dtype=bool)
    return off, notes


def _tell_of_bridges(column: pd.Series) -> Bool:
    """Return which cells tell how many bridges or tunnels there are, or that there is one, (n,).

    That is how people get across.
    """
    there_is = np.array([cell_text(cell) in _THERE_IS for cell in column], dtype=np.bool_)
    return np.asarray(numbers_of_structures(column) | there_is)


def _told_as_numbers(cells: pd.Series, file: str) -> Finding:
    return Finding("sources.barriers_with_bridges", cells_told(cells, file))


def called_off_ground(table: gpd.GeoDataFrame, file: str) -> list[Finding]:
    """Tell of barriers that are called as bridges and tunnels are, where no column says it.

    Examples
    --------
    >>> import shapely
    >>> lines = [shapely.LineString([(0, 0), (9, n)]) for n in range(2)]
    >>> table = gpd.GeoDataFrame({"name": ["京张高铁高架桥", "虹桥铁路"]}, geometry=lines)
    >>> [each.params["names"] for each in called_off_ground(table, "a.shp")]
    ['京张高铁高架桥']
    """
    called = names_of_structures(table)
    if not called:
        return []
    params = {"file": file, "count": len(called), "names": quoted(called)}
    return [Finding("sources.barriers_called_off_ground", params)]
