"""Streets of files that a word or a level says to lie on a bridge or in a tunnel.

A line over another without a common vertex is no crossing; where nothing says so, joining the
streets would let people step off a viaduct. Road maps for cars split their lines at such places
too, and tell the level of each end (``F_ZLEV``, ``T_ZLEV``).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from planner.arrays import I64, Bool, Objects, Shapes
from planner.errors import Finding
from planner.sources.tables.headers.headers import read_header
from planner.sources.tables.values.numbers import cell_text, number, plain_word
from planner.sources.tables.words.streets import street_words

STRUCTURES = ("bridge", "tunnel")
"""What lifts a line off the ground, or puts it below."""

_NAMES = ("name", "street_id", "community_id")
_DRAWN = "EntityHandle"
"""A column of drawings (DXF), whose layers are sheets of the drawing and no levels."""
_LEVEL = r"[+-]?\d(?:\.0+)?"
_LEVELS_OF_ENDS = (
    ("fzlev", "tzlev"),
    ("fzlevel", "tzlevel"),
    ("felev", "telev"),
    ("fromzlev", "tozlev"),
    ("refzlev", "nrefzlev"),
    ("fromlevel", "tolevel"),
    ("起点层级", "终点层级"),
)
"""Columns by which road maps for cars tell the levels of both ends of a line."""

NEAR_END_M = 10.0
"""A ramp is at the level of an end so far from it, metres, or a quarter of its length."""

_SHORTEST_M = 0.05
"""A ramp is cut no nearer to a vertex that is there."""

_NAMED = 5
"""Names that a finding quotes."""

_FROM, _TO = "_level_at_begin", "_level_at_end"
"""Columns that go with the rows until their lines are cut into pieces."""

ASIDE_M = 0.6
"""An end stands so far beside those of the level below, metres: more than what is joined."""


def numbers_of_structures(column: pd.Series) -> Bool:
    """Return which cells tell how many bridges or tunnels there are, (n,), and not whether.

    A 1 is a yes, but where another row has a 2: there it is a number like that.

    Examples
    --------
    >>> numbers_of_structures(pd.Series([0, 1, None, True])).tolist()
    [False, False, False, False]
    >>> numbers_of_structures(pd.Series(["0", "1", "3", "T"])).tolist()
    [False, True, True, False]
    """
    values = [None if isinstance(cell, bool | np.bool_) else number(cell) for cell in column]
    told = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    some = np.isfinite(told) & (told != 0)
    return np.asarray(some & bool((some & (told != 1)).any()))


def without_numbers(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return streets whose numbers of bridges and tunnels put none of them on one, and tell them.

    A street that leads over three bridges lies on none of them as a whole: there it would meet no
    other street. Where only some of it does, no row says which.
    """
    notes = []
    for structure in STRUCTURES:
        if structure not in table:
            continue
        counted = numbers_of_structures(table[structure])
        if counted.any():
            params = cells_told(table[structure][counted], file)
            notes.append(Finding("sources.streets_with_bridges", params))
            plain = table[structure].astype(object).mask(counted, "")
            table = table.assign(**{structure: plain})
    return table, notes


def cells_told(cells: pd.Series, file: str) -> dict[str, Any]:
    """Return what a finding says of some cells of a column: how many, and the first with rows."""
    words = [f"{cell_text(cell)} ({row})" for row, cell in cells.head(_NAMED).items()]
    return {
        "file": file,
        "column": str(cells.name),
        "count": len(cells),
        "words": ", ".join(words) + (", …" if len(cells) > _NAMED else ""),
    }


def with_structures(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return streets with ``bridge``, ``tunnel`` and ``layer`` as far as words of a row say them.

    A word counts in whatever column it stands alone, but for names; what columns of these names
    say themselves goes before.

    Examples
    --------
    >>> import shapely
    >>> lines = [shapely.LineString([(0, 0), (9, n)]) for n in range(3)]
    >>> told = {"类型": ["道路", "高架桥", "隧道"], "层级": [0, 1, -1]}
    >>> table = gpd.GeoDataFrame(told, geometry=lines)
    >>> with_structures(table)[["bridge", "tunnel", "layer"]].to_numpy().tolist()
    [['', '', '0'], ['yes', '', '1'], ['', 'yes', '-1']]
    """
    made = dict(_structures(table))
    levels = _as_levels(table["layer"]) if "layer" in table else _levels(table)
    if levels is not None:
        made["layer"] = levels
    return table.assign(**made) if made else table


def _structures(table: gpd.GeoDataFrame) -> Iterator[tuple[str, pd.Series]]:
    """Yield ``bridge`` and ``tunnel`` where a cell of a row names one."""
    texts = [
        table[name].map(lambda cell: plain_word(cell) if isinstance(cell, str) else "")
        for name in table.columns.drop(table.geometry.name)
        if str(name) not in _NAMES and not pd.api.types.is_numeric_dtype(table[name])
    ]
    for structure in STRUCTURES:
        words = street_words()["structure"][structure]
        named = pd.Series(False, table.index)
        for column in texts:
            named |= column.isin(words)
        if not named.any():
            continue
        if structure in table:
            own = table[structure].map(cell_text)
            yield structure, table[structure].astype(object).mask(named & (own == ""), "yes")
        else:
            yield structure, named.map({True: "yes", False: ""})


def called_as_structures(table: gpd.GeoDataFrame, file: str) -> list[Finding]:
    """Tell of streets that are called as bridges and tunnels are, where no column says it.

    A name alone puts a street on no bridge: many are called after one that they lead to.

    Examples
    --------
    >>> import shapely
    >>> lines = [shapely.LineString([(0, 0), (9, n)]) for n in range(3)]
    >>> table = gpd.GeoDataFrame({"name": ["内环高架路", "虹桥路", "Old Tunnel"]}, geometry=lines)
    >>> [each.params["names"] for each in called_as_structures(table, "a.shp")]
    ['内环高架路, Old Tunnel']
    """
    silent = pd.Series(True, table.index)
    for structure in STRUCTURES:
        if structure in table:
            silent &= table[structure].map(cell_text) == ""
    called = names_of_structures(table[silent])
    if not called:
        return []
    told = {"file": file, "count": len(called), "names": quoted(called)}
    return [Finding("sources.called_as_structures", told)]


def names_of_structures(table: gpd.GeoDataFrame) -> list[str]:
    """Return the names of rows that are called as bridges and tunnels are, in their order."""
    if "name" not in table:
        return []
    words = street_words()["structure"]
    ends = tuple(word for structure in STRUCTURES for word in words[f"{structure}_name"])
    return [cell for cell in table["name"] if isinstance(cell, str) and _ends(cell, ends)]


def _ends(name: str, words: tuple[str, ...]) -> bool:
    return plain_word(name).endswith(words)


def quoted(names: list[str]) -> str:
    """Return a few of some names, each once, for a sentence."""
    once = list(dict.fromkeys(names))
    return ", ".join(once[:_NAMED]) + (", …" if len(once) > _NAMED else "")


def with_ends_apart(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return streets that do not meet on the map where the levels of their ends differ.

    Parameters
    ----------
    table
        Single lines or collections of them in metres, with a pair of columns of
        :data:`_LEVELS_OF_ENDS`, in any writing; else nothing is done.
    file
        Its name.

    Returns
    -------
    The table, where lines and ends above or below the ground stand :data:`ASIDE_M` beside it for
    each level and have that level as their ``layer``, and at how many places others lie there. What
    leads from one level to another is for :func:`ramps_cut`.
    """
    columns = {read_header(str(name)).plain: name for name in table.columns}
    pair = next((pair for pair in _LEVELS_OF_ENDS if all(name in columns for name in pair)), None)
    if pair is None:
        return table, []
    told = [pd.to_numeric(table[columns[name]], errors="coerce").fillna(0) for name in pair]
    from_level, to_level = (each.to_numpy(np.float64) for each in told)
    shapes = table.geometry.to_numpy().copy()
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    last = np.append(first[1:], len(owner)) - 1
    # a line is where both its ends are; a ramp is at each end where that is
    level = np.where(from_level == to_level, from_level, 0.0)[owner]
    level[first], level[last] = from_level[owner[first]], to_level[owner[last]]
    if not level.any():
        return table, []
    _, place = np.unique(np.round(points, 2), axis=0, return_inverse=True)
    lowest, highest = np.full((2, place.max() + 1), np.inf) * [[1], [-1]]
    np.minimum.at(lowest, place, level)
    np.maximum.at(highest, place, level)
    points[:, 0] += ASIDE_M * level
    made = table.set_geometry(shapely.set_coordinates(shapes, points), crs=table.crs)
    if "layer" not in columns:
        made["layer"] = [str(int(each)) for each in from_level]
    made[_FROM], made[_TO] = from_level, to_level
    apart = int((lowest != highest).sum())
    params = {"file": file, "count": apart, "columns": ", ".join(str(columns[n]) for n in pair)}
    return made, [Finding("sources.levels_apart", params)] if apart else []


class Cut(NamedTuple):
    """Pieces of streets, the row of each (n,), its ``layer``, and whether it is a ramp's middle."""

    lines: Shapes
    origin: I64
    layer: Objects
    between: Bool


def ramps_cut(table: gpd.GeoDataFrame, lines: Shapes, origin: I64) -> Cut | None:
    """Return pieces each of which lies at one level, or between two: a ramp is cut in three.

    A ramp begins under the road that it leads up to, and passes over others on its way: near its
    ends it is at their levels and joins what is there, between them it is on a structure of its
    own and joins nothing.

    Parameters
    ----------
    table
        Of :func:`with_ends_apart`; None is returned where no row tells levels of ends.
    lines, origin
        Pieces (n,) of its lines, and the row of each, as of
        :func:`planner.sources.streets.noding.node_lines`.
    """
    if _FROM not in table:
        return None
    begin, end = (table[name].to_numpy(np.float64) for name in (_FROM, _TO))
    ramp = begin != end
    metres = shapely.length(lines)
    whole = np.bincount(origin, metres, minlength=len(table))
    near = np.minimum(NEAR_END_M, whole / 4)
    start = np.cumsum(metres) - metres - np.r_[0.0, np.cumsum(whole)][origin]
    parts: dict[int, list[Any]] = {}
    for piece in np.flatnonzero(ramp[origin]).tolist():
        row = origin[piece]
        places = np.array([near[row], whole[row] - near[row]]) - start[piece]
        inside = places[(places > _SHORTEST_M) & (places < metres[piece] - _SHORTEST_M)]
        bounds = [0.0, *inside.tolist(), float(metres[piece])]
        parts[piece] = [substring(lines[piece], *ends) for ends in pairwise(bounds)]
    times = np.ones(len(lines), dtype=np.int64)
    times[list(parts)] = [len(each) for each in parts.values()]
    of = np.repeat(np.arange(len(lines)), times)
    made, row = lines[of], origin[of]
    made[np.isin(of, list(parts))] = [part for each in parts.values() for part in each]
    # where in its row the middle of each part lies
    part_m = shapely.length(made)
    middle = np.cumsum(part_m) - part_m / 2 - np.r_[0.0, np.cumsum(whole)][row]
    first, last = middle < near[row], middle > whole[row] - near[row]
    farther = np.where(np.abs(begin) >= np.abs(end), begin, end)
    level = np.where(first, begin[row], np.where(last, end[row], farther[row]))
    # a row all of which is on the ground keeps what the file itself says of it
    said = (begin != 0) | (end != 0)
    own = table["layer"].to_numpy(dtype=object)
    layer = np.where(said[row], [str(int(each)) for each in level], own[row])
    return Cut(made, row, layer.astype(object), ramp[row] & ~first & ~last)


def with_levels(streets: gpd.GeoDataFrame, cut: Cut) -> gpd.GeoDataFrame:
    """Return the rows of pieces with the layer of each, and ramps between levels as structures."""
    made = streets.assign(layer=cut.layer)
    if cut.between.any():
        below = pd.to_numeric(made["layer"], errors="coerce").to_numpy() < 0
        for name, which in (("bridge", cut.between & ~below), ("tunnel", cut.between & below)):
            told = made[name].to_numpy(dtype=bool) if name in made else np.zeros(len(made), bool)
            made[name] = told | which
    return made


def without_levels_of_ends(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a table as it is once its ramps are cut."""
    return table.drop(columns=[_FROM, _TO], errors="ignore")


def _levels(table: gpd.GeoDataFrame) -> pd.Series | None:
    """Return the levels of streets, as a column named so counts them, None where none does."""
    if _DRAWN in table:
        return None
    headers = {plain_word(word) for word in street_words()["structure"]["level"]}
    for name in table.columns.drop(table.geometry.name):
        if read_header(str(name)).plain not in headers:
            continue
        if (levels := _as_levels(table[name])) is not None:
            return levels
    return None


def _as_levels(column: pd.Series) -> pd.Series | None:
    """Return a column as levels, the ground where a cell says none; None where a cell is no level.

    Examples
    --------
    >>> _as_levels(pd.Series(["", "+1", "-1.0"])).tolist(), _as_levels(pd.Series(["Road"]))
    (['0', '1', '-1'], None)
    """
    cells = column.map(cell_text)
    if not cells[cells != ""].str.fullmatch(_LEVEL).all():
        return None
    levels: pd.Series = cells.map(lambda cell: str(int(float(cell or 0))))
    return levels
