"""Homes that are mapped twice, or lie in one another: their ground weighs once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from planner.arrays import F64, I64, Bool
from planner.errors import Finding
from planner.sources.osm.buildings import levels
from planner.sources.osm.objects import Area, Tags

SAME_SHARE = 0.9
"""Two outlines, courtyards filled, that share this much of their common ground are one building."""

OVER_SHARE = 0.1
"""A building lies in or over another with at least this share of its ground; less is drawing."""

_SMALLEST_M2 = 30.0
_STOREYS = ("building:levels", "height", "building:height")
_NAMED = 5


def homes_once(homes: list[Area], source: str) -> tuple[list[Area], Bool, list[Finding]]:
    """Return homes whose ground counts once, and what was mapped more than once.

    Of two outlines of one building, such as a multipolygon and its outer way, the one with less
    ground stays, since it has the courtyards. A building in or over a larger one keeps its ground
    and the larger one has the rest; storeys that the one does not tell are those of the other.
    What is left of a larger one with less than 30 m² is no home of its own.

    Parameters
    ----------
    homes
        Residential buildings, in metres.
    source
        Name of the extract, for the finding.

    Returns
    -------
    The homes that stay, which of `homes` they are (n,), and at most one finding.
    """
    ids = [home.id for home in homes]
    tags = [home.tags for home in homes]
    shapes = np.array([home.shape for home in homes], object)
    kept = np.ones(len(homes), bool)
    pairs, shared_m2 = _pairs(shapes)
    area_m2 = shapely.area(shapes)
    same = _same(shapes, pairs)
    rank = np.empty(len(homes), np.int64)
    rank[np.lexsort((np.array(ids, str), area_m2))] = np.arange(len(homes))
    pairs = np.where((rank[pairs[:, 0]] > rank[pairs[:, 1]])[:, None], pairs[:, ::-1], pairs)
    twice = []
    for first, second in _ranked(pairs[same], rank):
        if kept[first] and kept[second]:
            kept[second] = False
            tags[first] = _one(tags[first], tags[second])
            twice.append(ids[second])
    over = ~same & (shared_m2 >= OVER_SHARE * area_m2[pairs[:, 0]])
    whole = shapes.copy()
    above: dict[int, list[int]] = {}
    for small, large in _ranked(pairs[over], rank):
        if kept[small] and kept[large]:
            above.setdefault(large, []).append(small)
            if levels(tags[small]) is None:
                tags[small] = {**tags[small], **_storeys(tags[large])}
    for large, over_it in above.items():
        shapes[large] = shapely.difference(shapes[large], shapely.union_all(whole[over_it]))
        kept[large] = shapes[large].area >= _SMALLEST_M2
    stay = np.flatnonzero(kept)
    found = [replace(homes[i], tags=tags[i], shape=shapes[i]) for i in stay]
    told = [*twice, *(ids[large] for large in above)]
    if not told:
        return found, kept, []
    named = ", ".join(told[:_NAMED]) + (", …" if len(told) > _NAMED else "")
    params = {"file": source, "twice": len(twice), "under": len(above), "ids": named}
    return found, kept, [Finding("osm.homes_doubled", params)]


def _pairs(shapes: Any) -> tuple[I64, F64]:
    """Rows of the buildings that share ground, each pair once, and how much, m²."""
    if len(shapes) < 2:
        return np.empty((0, 2), np.int64), np.empty(0)
    rows = shapely.STRtree(shapes).query(shapes, predicate="intersects").T
    rows = rows[rows[:, 0] < rows[:, 1]]
    shared = shapely.area(shapely.intersection(shapes[rows[:, 0]], shapes[rows[:, 1]]))
    some = shared > 0
    return rows[some].astype(np.int64), np.asarray(shared[some], np.float64)


def _same(shapes: Any, pairs: I64) -> Bool:
    """Which pairs are one building by their outlines, courtyards filled."""
    filled = np.array([_filled(shapes[i]) for i in pairs.reshape(-1)], object).reshape(-1, 2)
    a, b = filled[:, 0], filled[:, 1]
    shared = shapely.area(shapely.intersection(a, b))
    return np.asarray(shared >= SAME_SHARE * (shapely.area(a) + shapely.area(b) - shared))


def _filled(shape: Any) -> Any:
    return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(shape)])


def _ranked(pairs: I64, rank: I64) -> list[list[int]]:
    """Pairs from the least ground to the most, so that the order of the file decides nothing."""
    rows: list[list[int]] = pairs[np.lexsort((rank[pairs[:, 1]], rank[pairs[:, 0]]))].tolist()
    return rows


def _storeys(tags: Tags) -> Tags:
    return {key: tags[key] for key in _STOREYS if key in tags}


def _one(stays: Tags, goes: Tags) -> Tags:
    """Tags of a building mapped twice: those of the one that stays, and what only the other has."""
    tags = {**goes, **stays}
    if levels(stays) is None and levels(goes) is not None:
        tags = {**tags, **_storeys(goes)}
    if stays["building"] == "yes":
        tags["building"] = goes["building"]
    return tags
