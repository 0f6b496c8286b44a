"""What nodes on a way tell of the pieces of street that touch them: kerbs and obstacles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from planner.arrays import I64, Bool, Objects
from planner.sources.osm.objects import OsmData, Tags

_KERBS = ("flush", "no", "lowered", "rolled", "raised")
"""From the lowest to the highest."""

_NARROW = frozenset(
    (
        *("stile", "turnstile", "full-height_turnstile", "kissing_gate", "cycle_barrier"),
        *("motorcycle_barrier", "log", "step", "sump_buster"),
    )
)


def kerbs(data: OsmData, first_row: I64, last_row: I64, said: Objects, crosses: Bool) -> Objects:
    """Return the kerb of each piece: of the way's own word and those of its nodes the highest.

    A kerb at the end of a piece belongs to the piece that crosses the carriageway, where one ends
    there; else to all that end there.

    Parameters
    ----------
    data
        Objects.
    first_row, last_row
        (k,) rows of the points at which each piece begins and ends, ascending.
    said
        (k,) what the ways say, empty where they say nothing.
    crosses
        (k,) whether each piece is a crossing.
    """
    rank = {kerb: number for number, kerb in enumerate(_KERBS, start=1)}
    row, value = _rows(data, lambda tags: tags.get("kerb", "").strip().casefold())
    height = np.array([rank.get(each, 0) for each in value.tolist()], np.int64)
    which, piece, at_end = _touched(row, first_row, last_row)
    node = data.ref[row[which]]
    of_crossing = np.unique(node[at_end & crosses[piece]])
    counts = ~at_end | crosses[piece] | ~np.isin(node, of_crossing)
    highest = np.array([rank.get(each, 0) for each in said.tolist()], np.int64)
    np.maximum.at(highest, piece[counts], height[which[counts]])
    words = np.array(["", *_KERBS], dtype=object)
    return np.where(highest > 0, words[highest], said)


def obstacles(data: OsmData, first_row: I64, last_row: I64) -> Objects:
    """Return the barrier on each piece that only somebody on foot gets past, empty for none.

    Parameters
    ----------
    data, first_row, last_row
        As of :func:`kerbs`.
    """
    row, value = _rows(data, _narrow)
    which, piece, _ = _touched(row, first_row, last_row)
    result = np.full(len(first_row), "", dtype=object)
    result[piece] = value[which]
    return result


def _narrow(tags: Tags) -> str:
    barrier = tags.get("barrier", "")
    passable = tags.get("wheelchair") in ("yes", "designated")
    return barrier if barrier in _NARROW and not passable else ""


def _rows(data: OsmData, word: Callable[[Tags], str]) -> tuple[I64, Objects]:
    """Return the rows of ways' points whose node has a word, and that word."""
    found = data.nodes_where(word)
    ids = data.node_id[found]
    order = np.argsort(ids)
    row = np.flatnonzero(np.isin(data.ref, ids))
    words = np.array([word(data.node_tags[i]) for i in found[order]], dtype=object)
    if not len(row):
        return row, np.empty(0, dtype=object)
    return row, words[np.searchsorted(ids[order], data.ref[row])]


def _touched(row: I64, first_row: I64, last_row: I64) -> tuple[I64, I64, Bool]:
    """Return pairs of a row's place in `row` and a piece that has it, and if at the piece's end."""
    if not len(first_row):
        none = np.empty(0, np.int64)
        return none, none, np.empty(0, bool)
    here = np.searchsorted(first_row, row, side="right") - 1
    before = np.where(here >= 0, np.where(first_row[here] == row, here - 1, here), -1)
    which = np.concatenate([np.arange(len(row)), np.arange(len(row))])
    piece = np.concatenate([here, np.where(before == here, -1, before)])
    both = np.concatenate([row, row])
    kept = (piece >= 0) & (both <= last_row[piece])
    which, piece, both = which[kept], piece[kept], both[kept]
    return which, piece, (both == first_row[piece]) | (both == last_row[piece])
