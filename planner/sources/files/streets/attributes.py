"""Columns of street files that are called as tags: surface, kerb, incline, width and the like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.district.layers import LAYERS
from planner.district.walk_profiles import builtin_profiles
from planner.errors import Finding
from planner.sources.streets.attributes import (
    CROSSING_KEYS,
    PLAIN_KEYS,
    attribute_columns,
    in_unit,
    width_of,
)
from planner.sources.tables.values.numbers import cell_text, plain_word
from planner.sources.tables.words.attributes import (
    is_mean,
    key_of,
    rank_of,
    unit_of,
    value_of,
)

_KEYS = (
    *(*PLAIN_KEYS, *CROSSING_KEYS, "crossing", "ramp", "ramp:wheelchair", "width"),
    *("kerb:height", "obstacle"),
)
_MEASURED = ("incline", "width", "kerb:height")
_LOWEST_CM = 1.0
"""A kerb's height of at least this much without a unit is one in centimetres: none is a metre."""
_NOT_STEEP = ("up", "down", "steep", "yes", "no", "0")
"""What tells of a slope and not how steep it is, in words that are known."""

_WORDS = (
    *("surface", "smoothness", "wheelchair", "kerb", "tracktype"),
    *("handrail", "ramp", "obstacle"),
)
_FOR_WHOM = {"ramp": ("yes",)}
"""What tells of a ramp and not for whom it is, which is read both ways."""
_FIGURES = {"incline": "slope_percent", "width": "width_m", "kerb:height": "kerb"}
_QUOTED = 10
_NOTHING = "无"


def with_figures(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return streets with figures of the layer as numbers where a table holds them as text.

    An empty cell tells nothing. A column with any other word stays, for the check of the layer
    that names the row.
    """
    told = {}
    for column in LAYERS["streets"].columns:
        if column.dtype in ("str", "bool") or column.name not in table:
            continue
        texts = table[column.name]
        if pd.api.types.is_numeric_dtype(texts):
            continue
        cells = texts.map(cell_text)
        figures = pd.to_numeric(cells.where(cells != ""), errors="coerce")
        if figures.notna().eq(cells != "").all():
            told[column.name] = figures.astype(np.float64)
    return table.assign(**told)


def with_attributes(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return streets with the columns of the layer that columns called as tags amount to.

    Columns of the layer that are there already, and are no tag, stay as they are. Headers and
    words of bureaus go by :mod:`planner.sources.tables.words.attributes`.

    Returns
    -------
    The streets, and which words say nothing to the profiles of walking.

    Examples
    --------
    >>> import shapely
    >>> line = shapely.LineString([(0, 0), (9, 0)])
    >>> table = gpd.GeoDataFrame({"路面": ["沥青"], "incline": ["8%"]}, geometry=[line])
    >>> with_attributes(table, "a.shp")[0][["surface", "slope_percent"]].to_numpy().tolist()
    [['asphalt', 8.0]]
    """
    telling = _telling(table)
    named = {key: columns[0] for key, columns in telling.items()}
    present = [key for key in _KEYS if key in named]
    if not present:
        return table, []
    texts = [_first_told(table, key, telling[key]) for key in present]
    tags = [
        {key: value for key, value in zip(present, row, strict=True) if value}
        for row in zip(*texts, strict=True)
    ]
    made = attribute_columns(tags).set_index(table.index)
    if not any(key in named for key in CROSSING_KEYS):
        # a layer of ours has no other key: what it says of a crossing, it says here
        made["crossing"] = [each.get("crossing", "") for each in tags]
    made["obstacle"] = [each.get("obstacle", "") for each in tags]
    result = table.copy()
    for name in made:
        as_tag = name in _KEYS
        if name in named and not as_tag:
            continue
        if name in named and str(named[name]).casefold() == name != named[name]:
            result = result.drop(columns=named[name])
        told = made[name].notna() if pd.api.types.is_float_dtype(made[name]) else made[name] != ""
        if name in named or told.any():
            result[name] = made[name]
    return result, [*_not_read(made, tags, file), *_means(table, telling.get("incline", []), file)]


def _telling(table: gpd.GeoDataFrame) -> dict[str, list[Any]]:
    """Return by key the columns that tell it: the one called so, then those of headers of ours.

    The latter in the order of their words: the steepest slope before the mean one.
    """
    telling = {str(column).casefold(): [column] for column in table.columns}
    columns = table.columns.drop(table.geometry.name)
    for column in sorted(columns, key=lambda name: rank_of(str(name))):
        if key := key_of(str(column)):
            telling.setdefault(key, []).append(column)
    return telling


def _first_told(table: gpd.GeoDataFrame, key: str, columns: Sequence[Any]) -> list[str]:
    """Return what the first column says that says something, row by row."""
    texts = [_texts(table[column], key, str(column)) for column in columns]
    return [next(filter(None, row), "") for row in zip(*texts, strict=True)]


def _means(table: gpd.GeoDataFrame, columns: Sequence[Any], file: str) -> Iterator[Finding]:
    """Tell of slopes that are means, where no column before tells another."""
    asked = np.zeros(len(table), dtype=np.bool_)
    for column in columns:
        told = np.array([text != "" for text in _texts(table[column], "incline", str(column))])
        count = int((told & ~asked).sum())
        if count and is_mean(str(column)):
            yield Finding("sources.mean_slopes", {"file": file, "column": column, "count": count})
        asked |= told


def _texts(column: pd.Series, key: str, header: str) -> list[str]:
    """Return cells as a tag has them, with the unit that the header tells behind a bare number."""
    unit = unit_of(header)
    texts = column.map(_text).tolist()
    if key in _MEASURED:
        return [_measured(text, key, unit) for text in texts]
    values = (value_of(key, text) for text in texts)
    nothing = (_NOTHING, "no") if key == "obstacle" else (_NOTHING,)
    return ["" if value in nothing else value for value in values]


def _measured(text: str, key: str, unit: str) -> str:
    """Return a figure with the unit of its header, a word as the tag has it."""
    if key == "kerb:height" and not unit and width_of(text) >= _LOWEST_CM:
        unit = "cm"  # behind what names no unit itself
    return in_unit(value_of(key, text), unit)


def _not_read(
    made: pd.DataFrame, tags: Sequence[Mapping[str, str]], file: str
) -> Iterator[Finding]:
    """Tell which words no rule of a profile knows that asks for such, and which are no figures."""
    for column in _WORDS:
        known = {"", "*", *_known(column), *_FOR_WHOM.get(column, ())}
        words = [str(word) for word in made[column] if not known & set(str(word).split(";"))]
        yield from _quoted("words", words, column, file)
    for key, column in _FIGURES.items():
        lacks = made[column].isna() | (made[column] == "")
        told = zip((each.get(key, "") for each in tags), lacks, strict=True)
        words = [text for text, lacking in told if lacking and text not in ("", *_NOT_STEEP)]
        yield from _quoted("figures", words, key, file)


def _quoted(what: str, words: Sequence[str], column: str, file: str) -> Iterator[Finding]:
    if words:
        several = list(dict.fromkeys(words))
        quoted = ", ".join(several[:_QUOTED]) + (", …" if len(several) > _QUOTED else "")
        params = {"file": file, "column": column, "count": len(words), "words": quoted}
        yield Finding(f"sources.{what}_for_profiles", params)


@cache
def _known(column: str) -> frozenset[str]:
    """Return the words that rules of the profiles that ship know of a column."""
    asked = [
        rule for each in builtin_profiles().values() for rule in each.rules if rule.asks == column
    ]
    return frozenset(word for rule in asked for word in (*rule.when, *rule.fine))


def _text(cell: object) -> str:
    """Return a cell as a tag has it: of the lists that OSMnx makes of merged streets all words."""
    if isinstance(cell, list | tuple | set):
        return ";".join(sorted(str(each) for each in cell)).casefold()
    text = cell_text(cell).casefold()
    # a word that elsewhere leaves a cell blank may say no here
    text = text or (plain_word(cell) if isinstance(cell, str) else "")
    return "" if text in ("nan", "none") else text
