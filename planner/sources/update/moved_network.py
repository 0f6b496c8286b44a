"""A network of a newer file that is the one of the workspace, drawn elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree

from planner.arrays import F64, I64
from planner.errors import Finding

LEAST_M = 5.0
"""Networks that lie apart by less are drawn from two pictures of the same place."""

FARTHEST_M = 5_000.0
_ALIKE_M = 1.5
_TOGETHER_M = 10.0
_LONG_M = 20.0
_ASKED, _FEWEST, _PAIRS = 300, 20, 400_000
_OF_ALL = 0.6
_TRIED = 20


def moved_network(file: str, gone: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of streets that go and come again, all moved the same way.

    Parameters
    ----------
    file
        Name of the newer file.
    gone, new
        Streets of the workspace that the file does not list, and of the file that are new.
    """
    before, after = _pieces(gone), _pieces(new)
    if min(len(before), len(after)) < _FEWEST:
        return
    moves, pieces, asked = _moves(before, after)
    east, north, share = _common(moves, pieces, asked)
    metres = float(np.hypot(east, north))
    if share < _OF_ALL or metres < LEAST_M:
        return
    params = {
        "file": file,
        "metres": round(metres),
        "east": round(east),
        "north": round(north),
        "percent": round(100 * share),
    }
    yield Finding("update.network_moved", params)


def _pieces(streets: gpd.GeoDataFrame) -> F64:
    """Return the straight pieces of streets, (n, 4): vector and middle; short ones tell nothing."""
    lines = shapely.get_parts(streets.geometry.to_numpy())
    xy, of = shapely.get_coordinates(lines, return_index=True)
    same = of[1:] == of[:-1]
    first, last = xy[:-1][same], xy[1:][same]
    vector = last - first
    # a street may be drawn from either end
    vector[(vector[:, 0] < 0) | ((vector[:, 0] == 0) & (vector[:, 1] < 0))] *= -1
    found = np.hstack([vector, (first + last) / 2])
    return np.asarray(found[np.hypot(*vector.T) >= _LONG_M])


def _moves(before: F64, after: F64) -> tuple[F64, I64, int]:
    """Return how far pieces of equal length and direction lie apart, (m, 2), and whose they are.

    Some pieces are asked, spread over the network; which they are, (m,), and how many.
    """
    step = max(1, len(after) // _ASKED)
    asked = after[::step]
    near = cKDTree(before[:, :2]).query_ball_point(asked[:, :2], _ALIKE_M)
    counts = np.array([len(each) for each in near])
    # of a regular grid every piece is like every other: as many are asked as can be looked at
    enough = np.cumsum(counts) <= _PAIRS
    asked, near, counts = asked[enough], near[enough], counts[enough]
    of = np.repeat(np.arange(len(asked)), counts)
    other = np.concatenate([np.asarray(each, dtype=np.int64) for each in near] or [of])
    moves = asked[of, 2:] - before[other, 2:]
    close = np.hypot(*moves.T) <= FARTHEST_M
    return moves[close], of[close], len(asked)


def _common(moves: F64, of: I64, asked: int) -> tuple[float, float, float]:
    """Return the move that most pieces share, metres east and north, and the share of them."""
    if not len(moves) or asked < _FEWEST:
        return 0.0, 0.0, 0.0
    _, first, counts = np.unique(
        np.round(moves / _TOGETHER_M), axis=0, return_index=True, return_counts=True
    )
    best = (0.0, 0.0, 0.0)
    for at in first[np.argsort(-counts)[:_TRIED]]:
        near = np.hypot(*(moves - moves[at]).T) <= _TOGETHER_M
        east, north = np.median(moves[near], axis=0)
        share = len(np.unique(of[near])) / asked
        if share > best[2]:
            best = (float(east), float(north), share)
    return best
