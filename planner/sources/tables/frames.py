"""Tables in memory in the place of files, as OSMnx, geopandas and pandas users have them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.district import Source
from planner.errors import InputError
from planner.sources.tables.headers.columns import known_columns

_ELEMENTS = ("element", "element_type")
_OSM_IDS = ("id", "osmid")


@dataclass(frozen=True, eq=False)
class Frame:
    """A table in memory that is read as a file would be.

    Parameters
    ----------
    table
        A copy of what was given, its index of ids a column, lists in its cells as text.
    name
        What it is called where a file would be named.
    """

    table: pd.DataFrame
    name: str

    def source(self, layer: str) -> Source:
        """Return the provenance of the layer that it becomes: read today, of an unknown date."""
        return Source(layer, self.name, read_on=datetime.now(UTC).date().isoformat())


_OTHER_SHAPES = "geometry_as_text"


def frame(given: Any, layer: str) -> Frame:
    """Return what was given as a table that can be read.

    Parameters
    ----------
    given
        A GeoDataFrame, or a DataFrame with columns of coordinates.
    layer
        The layer that it becomes.

    Raises
    ------
    InputError
        Where it is something else, holds no rows, has two columns of one name, names of several
        levels, or a second column of shapes.
    """
    if not isinstance(given, pd.DataFrame):
        raise InputError("tables.not_a_frame", option=layer, found=type(given).__name__)
    name = f"{layer} ({type(given).__name__})"
    if given.empty:
        raise InputError("sources.empty_file", file=name)
    if given.columns.nlevels > 1:
        raise InputError("tables.levels_of_names", file=name, levels=given.columns.nlevels)
    names = pd.Index([str(column) for column in given.columns])
    if names.has_duplicates:
        twice = names[names.duplicated()][0]
        raise InputError("sources.column_twice", file=name, column=twice)
    table = _with_ids(given, layer)
    if isinstance(given, gpd.GeoDataFrame) and given.active_geometry_name is None:
        raise InputError("sources.no_geometry", file=name, layer=layer)
    shapes = given.active_geometry_name if isinstance(given, gpd.GeoDataFrame) else None
    if shapes not in (None, "geometry") and "geometry" in table:
        if str(table["geometry"].dtype) == "geometry":
            raise InputError(
                "district.second_geometry", layer=layer, column="geometry", first=shapes
            )
        # the shapes take this name; a text beside them is kept under another
        table = table.rename(columns={"geometry": _OTHER_SHAPES})
    for column in table.columns:
        table[column] = _cell_by_cell(table[column])
        if column != shapes and known_columns(layer, [str(column)]):
            # a record where a word is asked is no word: told as one that is not known
            table[column] = table[column].map(lambda cell: str(cell) if _is_record(cell) else cell)
        if column != shapes and table[column].map(_is_list).any():
            key = str(column).casefold() if layer == "streets" else ""
            table[column] = table[column].map(partial(_text, key=key))
    table.columns = pd.Index([str(column) for column in table.columns], dtype=object)
    return Frame(table, name)


def _cell_by_cell(column: pd.Series) -> pd.Series:
    """Return a column that keeps each cell for itself: not one of categories, nor a sparse one."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype(object)
    if isinstance(column.dtype, pd.SparseDtype):
        return pd.Series(np.asarray(column), column.index)
    return column


def _with_ids(given: pd.DataFrame, layer: str) -> pd.DataFrame:
    """Return a copy whose index, where it names things, is a column.

    OSMnx names features by element and id, and edges by the nodes at their ends.
    """
    table = given.copy()
    names = [str(name) for name in given.index.names if name is not None]
    if len(names) == 2 and names[0] in _ELEMENTS and names[1] in _OSM_IDS:
        ids = [f"{element}/{number}" for element, number in given.index]
        column = _id_column(layer)
        if column and column not in table:
            table[column] = ids
    elif len(names) == 1 and known_columns(layer, names) and names[0] not in table:
        table[names[0]] = given.index
    table.index = pd.RangeIndex(1, len(table) + 1)
    return table


def _id_column(layer: str) -> str:
    from planner.sources.tables.headers.headers import roles

    return next((role for role in roles(layer) if role.endswith("_id")), "")


def _is_record(cell: object) -> bool:
    return isinstance(cell, dict)


def _is_list(cell: object) -> bool:
    return isinstance(cell, list | tuple | set)


def _text(cell: Any, key: str = "") -> Any:
    """Return the first of several values: OSMnx lists those of edges that it has merged.

    What hinders walkers on a part of a street hinders them on the whole of it, so of such keys the
    value that does goes before the first, and of those that tell how one walks all are kept.

    Examples
    --------
    >>> _text(["yes", "no"], "access"), _text(["no", "viaduct"], "bridge"), _text(["a", "b"])
    ('no', 'viaduct', 'a')
    >>> _text(["footway", "steps"], "highway")
    'footway;steps'
    """
    if not _is_list(cell):
        return cell
    values = [str(each) for each in (sorted(cell, key=str) if isinstance(cell, set) else cell)]
    if key in _WHOLE:
        return ";".join(values) or None
    harmless = _HARMLESS.get(key, ())
    hindering = [each for each in values if each.casefold() not in harmless]
    return next(iter([*hindering, *values] if harmless else values), None)


_OPEN = ("yes", "public", "permissive", "designated", "official")
_HARMLESS = {
    **dict.fromkeys(("access", "foot"), _OPEN),
    **dict.fromkeys(("bridge", "tunnel", "motorroad", "covered", "steps"), ("no", "false")),
}
"""By key the values beside which another one decides."""

_WHOLE = (
    "highway",
    "surface",
    "smoothness",
    "tracktype",
    "wheelchair",
    "handrail",
    "incline",
    "kerb",
    "ramp",
    "ramp:wheelchair",
    "width",
)


def name_of(source: str | Path | Frame) -> str:
    """Return what a file or table is called in messages."""
    return source.name if isinstance(source, Frame) else Path(source).name
