"""Pieces of ground united: the outline of each of many sets of them, told for all sets at once.

Where pieces fit together exactly, each segment of an outline is a side of one piece of the set, and
the piece beyond it, if there is one, is none of the set. So the two pieces beside each segment are
found once for all sets. GEOS unites a coverage in the same way, but looks at every side of every
piece of each set again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from planner.analysis.gaps.kernels import walk_round
from planner.arrays import F64, I64, Bool, Shapes

NONE = -1


@dataclass(frozen=True, eq=False)
class Sides:
    """The sides of pieces, each with the piece on its right.

    Parameters
    ----------
    xy
        (v, 2) corners.
    start, end
        (s,) int64, from which corner to which.
    piece, beyond
        (s,) int64, the piece on the right, and that on the left or :data:`NONE`.
    doubtful
        (m,) bool, pieces with a side that more than two pieces have, or two on its same side.
    """

    xy: F64
    start: I64
    end: I64
    piece: I64
    beyond: I64
    doubtful: Bool


def sides_of(pieces: Shapes) -> Sides:
    """Find the sides of pieces, and what lies beyond each."""
    # the inside of what is in normal form lies on the right of all its rings
    _, xy, (ring_from, piece_from) = shapely.to_ragged_array(shapely.normalize(pieces))
    number, corner = pd.factorize(xy.view(np.complex128).reshape(-1))
    begins = np.ones(len(xy), dtype=np.bool_)
    begins[ring_from[1:] - 1] = False  # a ring ends where it began
    start, end = number[begins], number[np.roll(begins, 1)]
    rings = np.repeat(np.arange(len(pieces)), np.diff(piece_from))
    piece = np.repeat(rings, np.diff(ring_from) - 1)
    low, high = np.minimum(start, end), np.maximum(start, end)
    segment = low * len(corner) + high
    order = np.argsort(segment)
    alike = segment[order[1:]] == segment[order[:-1]]
    one, other = order[:-1][alike], order[1:][alike]
    beyond = np.full(len(start), NONE, dtype=np.int64)
    beyond[one], beyond[other] = piece[other], piece[one]
    doubtful = np.zeros(len(pieces), dtype=np.bool_)
    strange = start[one] == start[other]
    strange[1:] |= one[1:] == other[:-1]
    doubtful[piece[one[strange]]] = doubtful[piece[other[strange]]] = True
    return Sides(corner.view(np.float64).reshape(-1, 2), start, end, piece, beyond, doubtful)


def united(pieces: Shapes, sets: Sequence[I64]) -> Shapes:
    """Unite sets of pieces, each set by itself.

    Parameters
    ----------
    pieces
        (m,) Polygons.
    sets
        Rows of the pieces of each set, none twice.

    Returns
    -------
    Array
        A Polygon each, a MultiPolygon where parted, in normal form; None where pieces are seen to
        lie on one another, and invalid in some cases where they do not fit together exactly.

    Examples
    --------
    >>> row = shapely.box([0, 1, 2], 0, [1, 2, 3], 1)
    >>> [shape.wkt for shape in united(row, [np.array([0, 1])])]
    ['POLYGON ((0 0, 0 1, 1 1, 2 1, 2 0, 1 0, 0 0))']
    """
    if not len(sets):
        return np.empty(0, dtype=object)
    sides = sides_of(pieces)
    of, side = _outer_sides(sides, sets, len(pieces))
    told = np.array([not sides.doubtful[rows].any() for rows in sets], dtype=np.bool_)
    of, side = of[told[of]], side[told[of]]
    follows, odd = _follows(sides, of, side, len(sets))
    kept = ~odd[of]
    follows = (np.cumsum(kept) - 1)[follows[kept]]
    whole = _polygons(sides, of[kept], side[kept], follows, len(sets))
    return np.asarray(shapely.normalize(whole), dtype=object)


def _outer_sides(sides: Sides, sets: Sequence[I64], count: int) -> tuple[I64, I64]:
    """Return sides beyond which lies no piece of the set, as set and side."""
    # sets that share a piece are looked at one after another, all others at once
    turn, free = np.zeros(len(sets), np.int64), np.zeros(count, np.int64)
    for number, rows in enumerate(sets):
        turn[number] = free[rows].max(initial=0)
        free[rows] = turn[number] + 1
    found = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for each in range(int(turn.max(initial=NONE)) + 1):
        owner = np.full(count + 1, NONE, dtype=np.int64)  # the last is beyond all pieces
        for number in np.flatnonzero(turn == each).tolist():
            owner[sets[number]] = number
        own = owner[sides.piece]
        outer = np.flatnonzero((own != NONE) & (own != owner[sides.beyond]))
        found.append((own[outer], outer))
    of, side = (np.concatenate(part) for part in zip(*found, strict=True))
    return of, side


def _follows(sides: Sides, of: I64, side: I64, count: int) -> tuple[I64, Bool]:
    """Return which outer side follows each on its way round, and the sets that do not tell it."""
    leaving = of * len(sides.xy) + sides.start[side]
    reaching = of * len(sides.xy) + sides.end[side]
    out, into = np.argsort(leaving), np.argsort(reaching)
    # of most corners one side leads away for the one that leads there
    follows = np.empty(len(side), dtype=np.int64)
    follows[into] = out
    # elsewhere the outline touches itself: the next side is the one across the ground of the set
    again = np.zeros(len(side), dtype=np.bool_)
    alike = leaving[out[1:]] == leaving[out[:-1]]
    again[1:] = alike
    again[:-1] |= alike
    away, back = out[again], into[again]
    at = np.concatenate([leaving[away], reaching[back]])
    ray = sides.xy[sides.end[side]] - sides.xy[sides.start[side]]
    east, north = np.concatenate([ray[away], -ray[back]]).T
    turn = np.lexsort((np.arctan2(north, east), at))
    first = np.searchsorted(at[turn], at[turn])
    last = np.append(at[turn[1:]] != at[turn[:-1]], True)[: len(turn)]
    after = turn[np.where(last, first, np.arange(len(turn)) + 1)]
    leads_there = turn >= len(away)
    odd = np.zeros(count, dtype=np.bool_)
    odd[at[turn[leads_there == (after >= len(away))]] // len(sides.xy)] = True
    one = leads_there & (after < len(away))
    follows[back[turn[one] - len(away)]] = away[after[one]]
    return follows, odd


def _polygons(sides: Sides, of: I64, side: I64, follows: I64, count: int) -> Shapes:
    """Return the shape of each set whose outer sides these are, None where that is not told."""
    order, begins, walk = walk_round(follows, sides.start[side], len(sides.xy))
    ring = np.repeat(np.arange(len(walk)), np.diff(begins))
    rings = shapely.linearrings(sides.xy[sides.start[side[order]]], indices=ring)
    of = of[order[begins[:-1]]]
    inner = shapely.is_ccw(rings)
    outer, hole = np.flatnonzero(~inner), np.flatnonzero(inner)
    shell = np.full(len(rings), NONE, dtype=np.int64)
    shell[outer] = np.arange(len(outer))
    # a hole that touches its shell was walked round with it
    around = np.full(len(rings), NONE, dtype=np.int64)
    around[walk[outer]] = shell[outer]
    shell[hole] = around[walk[hole]]
    free = hole[shell[hole] == NONE]
    shell[free] = _shells(rings[outer], of[outer], rings[free], of[free])
    # a shell stands before its holes
    told = np.lexsort((inner, shell))[np.count_nonzero(shell == NONE) :]
    parts = shapely.polygons(rings[told], indices=shell[told])
    whole = np.full(count, None, dtype=object)
    by_set = np.argsort(of[outer], kind="stable")
    found, number, many = np.unique(of[outer], return_inverse=True, return_counts=True)
    whole[found] = shapely.multipolygons(parts[by_set], indices=number[by_set])
    single = found[many == 1]
    whole[single] = shapely.get_geometry(whole[single], 0)
    whole[of[shell == NONE]] = None
    return whole


def _shells(shells: Shapes, of: I64, holes: Shapes, hole_of: I64) -> I64:
    """Return the shell of the same set around each hole, the smallest, :data:`NONE` without any."""
    areas: Shapes = np.asarray(shapely.polygons(shells), dtype=object)
    hole, shell = shapely.STRtree(areas).query(holes)
    same = of[shell] == hole_of[hole]
    hole, shell = hole[same], shell[same]
    shapely.prepare(areas[shell])
    around = shapely.covers(areas[shell], holes[hole])
    hole, shell = hole[around], shell[around]
    order = np.lexsort((shapely.area(areas[shell]), hole))
    found = np.full(len(holes), NONE, dtype=np.int64)
    first, at = np.unique(hole[order], return_index=True)
    found[first] = shell[order[at]]
    return found
