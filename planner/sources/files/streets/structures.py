"""Streets of files that a word or a level says to lie on a bridge or in a tunnel.

A line over another without a common vertex is no crossing; where nothing says so, joining the
streets would let people step off a viaduct.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd

from planner.sources.tables.headers.headers import read_header
from planner.sources.tables.values.numbers import cell_text, plain_word
from planner.sources.tables.words.streets import street_words

_NAMES = ("name", "street_id", "community_id")
_DRAWN = "EntityHandle"
"""A column of drawings (DXF), whose layers are sheets of the drawing and no levels."""
_LEVEL = r"[+-]?\d(?:\.0+)?"


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
    if "layer" not in table and (levels := _levels(table)) is not None:
        made["layer"] = levels
    return table.assign(**made) if made else table


def _structures(table: gpd.GeoDataFrame) -> Iterator[tuple[str, pd.Series]]:
    """Yield ``bridge`` and ``tunnel`` where a cell of a row names one."""
    texts = [
        table[name].map(lambda cell: plain_word(cell) if isinstance(cell, str) else "")
        for name in table.columns.drop(table.geometry.name)
        if str(name) not in _NAMES and not pd.api.types.is_numeric_dtype(table[name])
    ]
    for structure in ("bridge", "tunnel"):
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


def _levels(table: gpd.GeoDataFrame) -> pd.Series | None:
    """Return the levels of streets, as a column named so counts them, None where none does."""
    if _DRAWN in table:
        return None
    headers = {plain_word(word) for word in street_words()["structure"]["level"]}
    for name in table.columns.drop(table.geometry.name):
        if read_header(str(name)).plain not in headers:
            continue
        cells = table[name].map(cell_text)
        if cells[cells != ""].str.fullmatch(_LEVEL).all():
            levels: pd.Series = cells.map(lambda cell: str(int(float(cell))) if cell else "")
            return levels
    return None
