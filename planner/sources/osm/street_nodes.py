"""What nodes on a way tell of the pieces that touch them: kerbs, obstacles, width, who may pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import shapely

from planner.arrays import F64, I64, Bool, Objects
from planner.errors import Finding
from planner.sources.osm.doubts import FREE
from planner.sources.osm.objects import OsmData, Tags
from planner.sources.streets.attributes import kerb_of_height, width_of
from planner.sources.tables.words.remarks import gate_in_doubt

_KERBS = ("flush", "no", "lowered", "yes", "rolled", "regular", "raised")
"""From the lowest to the highest; ``yes`` is one of which the height is not told."""

_NARROW = frozenset(
    (
        *("stile", "turnstile", "full-height_turnstile", "kissing_gate", "cycle_barrier"),
        *("motorcycle_barrier", "log", "step", "sump_buster"),
    )
)

_SHUT = frozenset(("no", "private", "permit", "residents", "military", "employees", "staff"))
_OTHER_THINGS = frozenset(
    (
        *("barrier", "entrance", "amenity", "shop", "office", "tourism", "leisure", "building"),
        *("parking", "place", "man_made", "power", "emergency", "historic"),
        *("public_transport", "railway"),
    )
)
"""Keys of nodes whose access is that of a gate or door, or of a place beside the way."""

_FOR_FEET = ("footway", "path", "pedestrian", "steps", "corridor", "cycleway", "track", "bridleway")
"""Classes of ways on which nobody crosses a carriageway but at a crossing that they are."""

_AT_BARRIER = "barrier "
_NAMED = 10


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
    row, value = _rows(data, lambda tags: _kerb(tags) if _has_kerb(tags) else "")
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


def said_of_wheels(
    data: OsmData, first_row: I64, last_row: I64, said: Objects, highway: Objects, crosses: Bool
) -> Objects:
    """Return whether wheelchairs get along each piece: what a node on it denies goes first.

    What is said of a place where a carriageway is crossed is no word on the carriageway.

    Parameters
    ----------
    data, first_row, last_row
        As of :func:`kerbs`.
    said
        (k,) what the ways say, empty where they say nothing.
    highway, crosses
        (k,) the class of each piece, and whether it is a crossing.
    """
    row, value = _rows(data, _wheels)
    which, piece, at_end = _touched(row, first_row, last_row)
    word = value[which]
    for_feet = np.isin(highway.astype(str), _FOR_FEET) | crosses
    of_barrier = np.char.startswith(word.astype(str), _AT_BARRIER)
    node = data.ref[row[which]]
    of_crossing = np.unique(node[at_end & crosses[piece]])
    counts = for_feet[piece] & (~at_end | crosses[piece] | ~np.isin(node, of_crossing))
    counts |= of_barrier
    result = said.copy()
    for denial in ("limited", "no"):
        denied = piece[counts & np.char.endswith(word.astype(str), denial)]
        result[denied] = np.where(result[denied] == "no", "no", denial)
    return result


def narrowest(data: OsmData, first_row: I64, last_row: I64, width_m: F64) -> F64:
    """Return how wide each piece is where it is narrowest, NaN where nothing is told.

    Parameters
    ----------
    data, first_row, last_row
        As of :func:`kerbs`.
    width_m
        (k,) what the ways say.
    """
    row, value = _rows(data, lambda tags: tags.get("maxwidth:physical", ""))
    which, piece, _ = _touched(row, first_row, last_row)
    told = np.array([width_of(text) for text in value.tolist()], np.float64)
    result = width_m.copy()
    np.fmin.at(result, piece, told[which])
    return result


def private_nodes(data: OsmData, walked: I64, within: Any) -> Iterator[Finding]:
    """Tell of nodes on walked ways that are private by their tags, and bear no barrier.

    Some such nodes stand for a gate that nobody drew, others for nothing that stops anybody: all
    are passed.

    Parameters
    ----------
    data
        Objects.
    walked
        Ways on which one walks.
    within
        Only nodes in this area are told.
    """
    nodes = _passed(data, walked, within, _is_private)
    if len(nodes):
        told = _some([f"node/{node}" for node in data.node_id[nodes].tolist()])
        yield Finding("osm.private_nodes", {"count": len(nodes), "ids": told})


def doubtful_gates(data: OsmData, walked: I64, within: Any) -> Iterator[Finding]:
    """Tell of gates on walked ways that remarks call shut, gone or not for everybody.

    Remarks are not read, so that these gates are passed.

    Parameters
    ----------
    data, walked, within
        As of :func:`private_nodes`.
    """
    nodes = _passed(data, walked, within, lambda tags: bool(_doubt(tags)))
    if len(nodes):
        tags = [data.node_tags[int(node)] for node in nodes]
        ids = data.node_id[nodes].tolist()
        told = [f"node/{node} ({_doubt(own)})" for node, own in zip(ids, tags, strict=True)]
        yield Finding("osm.gates_doubtful", {"count": len(nodes), "ids": _some(told)})


def _doubt(tags: Tags) -> str:
    """Return what a remark on a gate says that its other tags do not, empty for nothing.

    Examples
    --------
    >>> _doubt({"barrier": "gate", "note": "permanently locked"})
    'note=permanently locked'
    >>> _doubt({"barrier": "gate", "note": "new"}), _doubt({"note": "permanently locked"})
    ('', '')
    """
    if "barrier" not in tags or tags.get("foot", tags.get("access", "")) in _SHUT:
        return ""
    said = [(key, tags[key]) for key in FREE if gate_in_doubt(tags.get(key, ""))]
    return next((f"{key}={text[:80]}" for key, text in said), "")


def _some(named: list[str]) -> str:
    return ", ".join(named[:_NAMED]) + (", …" if len(named) > _NAMED else "")


def _passed(data: OsmData, walked: I64, within: Any, asked: Callable[[Tags], bool]) -> I64:
    """Return the rows of the asked nodes that one passes on a way or between two, in an area."""
    rows, owner = data.points(walked)
    inner = np.concatenate([owner[1:] == owner[:-1], [False]])
    inner &= np.concatenate([[False], owner[1:] == owner[:-1]])
    ids, times = np.unique(data.ref[rows], return_counts=True)
    passed = np.union1d(ids[times > 1], data.ref[rows[inner]])
    nodes = data.nodes_where(asked)
    nodes = nodes[np.isin(data.node_id[nodes], passed)]
    xy = data.node_xy[nodes]
    return nodes[shapely.intersects_xy(within, xy[:, 0], xy[:, 1])] if len(nodes) else nodes


def _is_private(tags: Tags) -> bool:
    """Return whether a node is private and nothing else that has a word on access of its own."""
    if not _OTHER_THINGS.isdisjoint(tags):
        return False
    foot = tags.get("foot", tags.get("access", ""))
    return tags.get("highway") != "elevator" and foot in _SHUT


def _narrow(tags: Tags) -> str:
    barrier = tags.get("barrier", "")
    passable = tags.get("wheelchair") in ("yes", "designated")
    return barrier if barrier in _NARROW and not passable else ""


def _kerb(tags: Tags) -> str:
    """Return the kerb at a node, empty where there is none by its tags.

    Examples
    --------
    >>> _kerb({"barrier": "kerb"}), _kerb({"kerb:height": "12 cm"}), _kerb({"kerb": "no"})
    ('yes', 'raised', 'no')
    >>> _kerb({"kerb": "lowered", "kerb:height": "0.15"})
    'raised'
    """
    if tags.get("wheelchair") in ("yes", "designated"):
        return "lowered"  # somebody on the spot says that wheels get over it
    if measured := kerb_of_height(tags.get("kerb:height", "")):
        return measured  # says more than a word
    said = tags.get("kerb", "").strip().casefold()
    if said in _KERBS and said != "yes":
        return said
    return "yes" if said or tags.get("barrier") == "kerb" else ""


def _has_kerb(tags: Tags) -> bool:
    return "kerb" in tags or "kerb:height" in tags or tags.get("barrier") == "kerb"


def _wheels(tags: Tags) -> str:
    """Return that wheelchairs do not get past a node, or not all, and whether it is a barrier.

    Nothing is returned of a place beside the way, such as a shop, nor where they do.

    Examples
    --------
    >>> _wheels({"barrier": "gate", "wheelchair": "no"}), _wheels({"wheelchair": "limited"})
    ('barrier no', 'limited')
    >>> _wheels({"amenity": "cafe", "wheelchair": "no"}), _wheels({"wheelchair": "yes"})
    ('', '')
    """
    said = tags.get("wheelchair", "").strip().casefold()
    if said not in ("no", "limited"):
        return ""
    if tags.get("highway") == "elevator" or tags.get("barrier", "kerb") != "kerb":
        return _AT_BARRIER + said
    beside = _OTHER_THINGS - {"barrier"}
    if not beside.isdisjoint(tags) or tags.get("highway", "crossing") != "crossing":
        return ""
    return said


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
