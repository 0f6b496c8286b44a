"""Which barriers lie between homes and a facility, but for where there is a way through."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from planner.arrays import F64, I64, Bool, Shapes
from planner.district import District

THROUGH_M = 15.0
"""Two places are not parted by a barrier with a way through it this near to their line, metres."""


@dataclass(frozen=True, eq=False)
class _Barriers:
    """The straight pieces of barriers, the barrier of each, and the ways through them."""

    lines: Shapes
    row: I64
    pieces: shapely.STRtree
    near_way: Bool
    ways: shapely.STRtree


_KEPT: WeakKeyDictionary[District, _Barriers] = WeakKeyDictionary()


def barrier_lines(district: District) -> tuple[Shapes, I64]:
    """Return the straight pieces of all barriers (of areas their outlines), and whose they are."""
    shapes = district.barriers.geometry.to_numpy()
    areas = np.isin(shapely.get_type_id(shapes), (3, 6))
    lines, row = shapely.get_parts(
        np.where(areas, shapely.boundary(shapes), shapes), return_index=True
    )
    xy, line = shapely.get_coordinates(lines, return_index=True)
    joined = line[1:] == line[:-1]
    pieces = np.hstack([xy[:-1], xy[1:]])[joined].reshape(-1, 2, 2)
    return np.asarray(shapely.linestrings(pieces), dtype=object), row[line[:-1][joined]]


def crossed(district: District, homes_xy: F64, places_xy: F64) -> tuple[I64, I64]:
    """Return which barriers part each home from a place.

    Parameters
    ----------
    district
        The place.
    homes_xy, places_xy
        (n, 2) each, metres.

    Returns
    -------
    tuple
        (p,) int64 number of the home, and (p,) int64 row of the barrier that the straight line
        crosses more than :data:`THROUGH_M` from an open gate, bridge or level crossing in it.
    """
    known = _barriers(district)
    legs = np.asarray(shapely.linestrings(np.stack([homes_xy, places_xy], axis=1)), dtype=object)
    home, piece = known.pieces.query(legs, predicate="intersects")
    open_ = known.near_way[piece]
    asked = np.flatnonzero(open_)
    where = shapely.intersection(legs[home[asked]], known.lines[piece[asked]])
    open_[asked] = False
    open_[asked[known.ways.query(where, predicate="dwithin", distance=THROUGH_M)[0]]] = True
    # a pair as one number: whole rows take ten times as long to sort
    rows = int(known.row.max(initial=0)) + 1
    homes, barriers = np.divmod(np.unique(home[~open_] * rows + known.row[piece[~open_]]), rows)
    return homes, barriers


def _barriers(district: District) -> _Barriers:
    if district not in _KEPT:
        lines, row = barrier_lines(district)
        pieces = shapely.STRtree(lines)
        streets = district.streets.geometry.to_numpy()
        street, piece = pieces.query(streets, predicate="crosses")
        gates = district.gates[district.gates["open"].to_numpy(dtype=bool)]
        crossings = shapely.intersection(streets[street], lines[piece])
        ways = shapely.STRtree(np.concatenate([crossings, gates.geometry.to_numpy()]))
        near_way = np.zeros(len(lines), dtype=np.bool_)
        near_way[ways.query(lines, predicate="dwithin", distance=THROUGH_M)[0]] = True
        _KEPT[district] = _Barriers(lines, row, pieces, near_way, ways)
    return _KEPT[district]
