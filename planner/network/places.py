"""Places at which lines meet, though each file rounds its coordinates in its own way."""

from __future__ import annotations

import numpy as np

from planner.arrays import F64, I32, I64, Bool

SAME_PLACE_M = 0.002
"""Ends of lines at most this far apart, metres, are one place. Files round each line for itself, to
the millimetre or to the eighth decimal of a degree, and no two streets end so near each other."""

_STRUNG_OUT = 5
"""Points strung out over so many times :data:`SAME_PLACE_M` are a finely drawn line, no place."""

_LARGEST = 1e300
"""A number from which the difference of two may be none any more."""


def merge_places(xy: F64) -> tuple[F64, I32]:
    """Give places numbers in order of appearance, those within :data:`SAME_PLACE_M` the same.

    Parameters
    ----------
    xy
        (n, 2) finite coordinates in metres.

    Returns
    -------
    places
        (m, 2), of points that are one the first.
    number
        (n,) the place of each point.

    Examples
    --------
    >>> places, number = merge_places(np.array([[0.0, 0.0], [7.0, 0.0], [0.0, 0.001]]))
    >>> places.tolist(), number.tolist()
    ([[0.0, 0.0], [7.0, 0.0]], [0, 1, 0])
    """
    if not len(xy):
        return xy, np.zeros(0, np.int32)
    spots, first, number = _different(xy)
    group = _groups(spots)
    earliest = np.full(group.max() + 1, len(xy))
    np.minimum.at(earliest, group, first)
    order = np.argsort(earliest)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return xy[earliest[order]], rank[group[number]].astype(np.int32)


def _different(xy: F64) -> tuple[F64, I64, I64]:
    """Return points that differ in any digit, the first row of each, and the number of each row."""
    order = np.lexsort(xy.T)  # of equal points the first row comes first
    new = np.r_[True, (np.diff(xy[order], axis=0) != 0).any(axis=1)]
    number = np.empty(len(xy), np.int64)
    number[order] = np.cumsum(new) - 1
    return xy[order[new]], order[new], number


def _groups(spots: F64) -> I64:
    """Return for each of some different points the number of its group, mostly its own."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    own = np.arange(len(spots))
    # a tree of all would take most of the time, and nearly all points have nobody so near
    cells = np.floor(np.clip(spots / SAME_PLACE_M, -(2.0**61), 2.0**61)).astype(np.int64)
    # of numbers whose difference is no number the tree makes an error; no projection has such
    near = np.flatnonzero(_has_neighbour(cells) & (np.abs(spots) < _LARGEST).all(axis=1))
    pairs = cKDTree(spots[near]).query_pairs(SAME_PLACE_M, p=np.inf, output_type="ndarray")
    apart = spots[near[pairs[:, 0]]] - spots[near[pairs[:, 1]]]
    pairs = pairs[np.hypot(*apart.T) <= SAME_PLACE_M]
    if not len(pairs):
        return own
    links = coo_array((np.ones(len(pairs), np.int8), tuple(pairs.T)), (len(near), len(near)))
    count, group = connected_components(links, directed=False)
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(low, group, spots[near])
    np.maximum.at(high, group, spots[near])
    # vertices drawn a millimetre apart would run together to a line's whole length
    small = ((high - low).max(axis=1) <= _STRUNG_OUT * SAME_PLACE_M)[group]
    one = np.full(count, len(spots))
    np.minimum.at(one, group, near)
    own[near[small]] = one[group[small]]
    return np.asarray(np.unique(own, return_inverse=True)[1].reshape(-1), dtype=np.int64)


def _has_neighbour(cells: I64) -> Bool:
    """Whether each of some cells (n, 2) of a grid is taken twice, or one of the eight around is."""
    row, column = (cells - cells.min(axis=0)).T
    width = int(column.max()) + 2  # one column stays free, so that no neighbour is of another row
    if (int(row.max()) + 2) * width >= 1 << 62:  # wider than any country: all are looked at
        return np.ones(len(cells), dtype=bool)
    key = row * width + column
    taken, times = np.unique(key, return_counts=True)
    found = times > 1
    for step in (1, width - 1, width, width + 1):
        at = np.minimum(np.searchsorted(taken, taken + step), len(taken) - 1)
        there = np.flatnonzero(taken[at] == taken + step)
        found[there] = found[at[there]] = True
    return np.asarray(found[np.searchsorted(taken, key)])
