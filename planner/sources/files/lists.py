"""Several lists that become one layer: facilities, as each department keeps its own.

The first list is called by its layer (``facilities``), the others by their number behind it
(``facilities:2``). Each is read by itself, with a mapping, a datum and rows set aside of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import I64
from planner.district.identity.doubles import ALIKE_M, PLACED_M, SPOT_M, doubles
from planner.errors import Finding, InputError
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import rows_told

LISTED = ("facilities",)
"""Layers that may come in several lists."""

MOST_LISTS = 30


def layer_of(key: str) -> str:
    """Return the layer that a list becomes.

    Examples
    --------
    >>> layer_of("facilities:2"), layer_of("streets")
    ('facilities', 'streets')
    """
    layer, _, number = key.partition(":")
    return layer if layer in LISTED and number.isdigit() else key


def key_of(layer: str, number: int) -> str:
    """Return what the list of a number, from 1, is called.

    Examples
    --------
    >>> key_of("facilities", 1), key_of("facilities", 3)
    ('facilities', 'facilities:3')
    """
    return layer if number == 1 else f"{layer}:{number}"


def by_key(layer: str, given: Any) -> dict[str, Any]:
    """Return the lists of a layer by what they are called; one file or table is one list.

    Raises
    ------
    InputError
        ``sources.no_lists`` where there is none, or there are too many.
    """
    lists = list(given) if isinstance(given, list | tuple) else [given]
    if not 0 < len(lists) <= MOST_LISTS:
        raise InputError("sources.no_lists", layer=layer, count=len(lists), most=MOST_LISTS)
    return {key_of(layer, number): each for number, each in enumerate(lists, start=1)}


def in_order(keys: Iterable[str], layer: str) -> list[str]:
    """Return the lists of a layer among some keys, the first one first."""
    own = [key for key in keys if layer_of(key) == layer]
    return sorted(own, key=lambda key: int(key.partition(":")[2] or 1))


def merged(
    readings: Mapping[str, Reading], layer: str = LISTED[0]
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the lists of a layer as one table, and what was found between them.

    Ids that stand in a list before get the name of their file in front, and facilities of one kind
    that stand by each other in two lists and may be one are told; none is left out.

    Parameters
    ----------
    readings
        The lists, in one metric CRS.
    layer
        The layer.
    """
    keys = in_order(readings, layer)
    if len(keys) == 1:
        return readings[keys[0]].table, []
    column = "facility_id"
    used: set[str] = set()
    parts, findings = [], []
    for key in keys:
        reading = readings[key]
        table = reading.table.copy()
        ids, note = _unique(table[column].astype(str).tolist(), used, reading.source.source)
        table[column] = np.array(ids, dtype=object)
        used.update(ids)
        findings += note
        parts.append(table)
    whole = pd.concat(parts, ignore_index=True)
    for name in whole.columns.drop("geometry"):
        if not pd.api.types.is_numeric_dtype(whole[name]):
            whole[name] = whole[name].where(whole[name].notna(), "")  # a list may lack the column
    made = gpd.GeoDataFrame(whole, geometry="geometry", crs=parts[0].crs)
    lists = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    findings += _doubles(made, lists, [readings[key].source.source for key in keys])
    return made, findings


def _unique(ids: Sequence[str], used: set[str], file: str) -> tuple[list[str], list[Finding]]:
    """Return ids that stand in no list before, and the finding that tells of those changed."""
    if not used.intersection(ids):
        return list(ids), []
    stem = Path(file).stem
    number, front = 1, stem
    own = set(ids)
    while any(f"{front}/{each}" in used or f"{front}/{each}" in own for each in ids):
        number += 1
        front = f"{stem}-{number}"
    changed = {each: f"{front}/{each}" for each in ids if each in used}
    pairs = [f"{before} → {after}" for before, after in changed.items()]
    params = {"file": file, "count": len(changed), "ids": rows_told(pairs)}
    return [changed.get(each, each) for each in ids], [Finding("sources.ids_of_lists", params)]


def _doubles(table: gpd.GeoDataFrame, lists: I64, files: Sequence[str]) -> list[Finding]:
    """Tell of facilities of two lists that may be one."""
    points = shapely.centroid(table.geometry.to_numpy())
    xy = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    names = table["name"].fillna("") if "name" in table else pd.Series("", index=table.index)
    said = names.astype(str).tolist()
    found: dict[tuple[int, int], list[str]] = {}
    first, second, _ = doubles(xy, table["kind"].to_numpy(), said)
    for pair in zip(first.tolist(), second.tolist(), strict=True):
        a, b = (int(lists[at]) for at in pair)
        if a != b:
            told = " = ".join(said[at] or str(table["facility_id"].iloc[at]) for at in pair)
            found.setdefault((a, b), []).append(told)
    return [
        Finding(
            "sources.doubles_of_lists",
            {
                "file": files[a],
                "other": files[b],
                "count": len(told),
                "metres": round(ALIKE_M),
                "spot": round(SPOT_M),
                "nameless": round(PLACED_M),
                "names": rows_told(told),
            },
        )
        for (a, b), told in sorted(found.items())
    ]


def with_key(reading: Reading, key: str) -> Reading:
    """Return a reading that knows which list it is of."""
    return replace(reading, key=key)
