"""Each home's stretch of street: who lives next to whom along the streets.

Every place on a street belongs to the home nearest on foot, up to :data:`REACH_M` from the home's
own street door. Two homes are neighbours where their stretches meet, so that an area of homes
hangs together along streets that people walk, and never across a wall or a river.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from planner.analysis.coverage.spacing import grid_spacing_m
from planner.arrays import F64, I32, I64, Objects
from planner.network import Positions, WalkNetwork

REACH_M = 120.0
"""A stretch of street belongs to a home no farther along the street than this, metres."""

NEXT_CELLS = 1.5
"""Cells of a grid hang together where they are no farther apart than so many of its spacings: the
eight around one, not the next but one."""

APART_M = 80.0
"""Homes that no street leads to hang together where they are no farther apart, metres."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """The stretches of street that belong to homes, edge by edge, in order along each.

    Parameters
    ----------
    edge, home
        (s,) int64.
    start_m, end_m
        (s,) float64, from where to where along the edge, metres.
    meets
        (p, 2) int64, homes whose stretches meet, the lower first, each pair once.
    """

    edge: I64
    home: I64
    start_m: F64
    end_m: F64
    meets: I64


def stretches(network: WalkNetwork, homes: Positions) -> Stretches:
    """Share the streets out among homes; those of unknown position get none.

    Examples
    --------
    Three homes on a street of 400 m: the first two are neighbours, the third is too far off.

    >>> net = WalkNetwork.from_edges([(0, 0), (400, 0)], [(0, 1)])
    >>> shared = stretches(net, net.snap([(20, 5), (60, 5), (380, 5)]))
    >>> shared.start_m.tolist(), shared.end_m.tolist()
    ([0.0, 40.0, 260.0], [40.0, 180.0, 400.0])
    >>> shared.meets.tolist()
    [[0, 1]]
    """
    doors = homes.at_streets()
    at_node = network.nearest(doors, None, cutoff_m=REACH_M)
    edge, place, cost, home = _sites(network, doors, at_node.value, at_node.source)
    length = network.edge_length_mm[edge] / 1000
    follows = np.append(edge[1:] == edge[:-1], False)
    first = np.append(True, edge[1:] != edge[:-1])
    after, cost_after = np.roll(place, -1), np.roll(cost, -1)
    middle = (place + after + cost_after - cost) / 2
    end = np.minimum(np.where(follows, middle, length), place + REACH_M - cost)
    start = np.maximum(np.where(first, 0.0, np.roll(middle, 1)), place - REACH_M + cost)
    meeting = follows & (end >= middle - 1e-9) & (home != np.roll(home, -1))
    pairs = np.column_stack([home, np.roll(home, -1)])[meeting]
    some = end > start
    return Stretches(
        edge[some], home[some], start[some], end[some], _distinct(np.sort(pairs, axis=1))
    )


def _sites(
    network: WalkNetwork, doors: Positions, node_m: F64, node_home: I32
) -> tuple[I64, F64, F64, I64]:
    """Doors on each edge and the homes nearest to its ends: edge, place, metres away, home."""
    known = np.flatnonzero(doors.known)
    edges = np.arange(len(network.edge_uv))
    length = network.edge_length_mm / 1000
    ends = [
        (edges, place, node_m[network.edge_uv[:, side]], node_home[network.edge_uv[:, side]])
        for side, place in ((0, np.zeros(len(edges))), (1, length))
    ]
    own = (doors.edge[known], doors.offset_mm[known] / 1000, np.zeros(len(known)), known)
    edge, place, cost, home = (np.concatenate(part) for part in zip(own, *ends, strict=True))
    order = np.lexsort((home, cost, place, edge))
    order = order[home[order] >= 0]
    return (
        edge[order].astype(np.int64),
        place[order].astype(np.float64),
        cost[order].astype(np.float64),
        home[order].astype(np.int64),
    )


def neighbours(shared: Stretches, homes: Positions, barriers: Objects) -> I64:
    """Return pairs of homes that hang together, (p, 2): along a street, or beyond all streets.

    Homes of unknown position hang together where they are no farther apart than
    :data:`APART_M` and no barrier lies between; so do neighbouring cells of a grid that is too
    coarse for their stretches of street to meet.
    """
    found = [shared.meets]
    lost = np.flatnonzero(~homes.known)
    if lost.size:
        found.append(_beside(homes.xy, lost, APART_M, barriers))
    spacing_m = grid_spacing_m(homes.xy)
    if spacing_m > REACH_M:
        every = np.arange(len(homes.xy))
        found.append(_beside(homes.xy, every, NEXT_CELLS * spacing_m, barriers))
    return _distinct(np.concatenate(found)) if len(found) > 1 else shared.meets


def _beside(xy: F64, rows: I64, apart_m: float, barriers: Objects) -> I64:
    """Return pairs of some homes that lie so close, (p, 2), with no barrier between."""
    from scipy.spatial import cKDTree

    pairs = rows[cKDTree(xy[rows]).query_pairs(apart_m, output_type="ndarray")]
    lines = shapely.linestrings(xy[pairs].reshape(-1, 2, 2))
    parted = np.zeros(len(pairs), dtype=np.bool_)
    parted[shapely.STRtree(barriers).query(lines, predicate="intersects")[0]] = True
    return np.asarray(np.sort(pairs[~parted], axis=1), dtype=np.int64)


def _distinct(pairs: I64) -> I64:
    return np.unique(pairs, axis=0) if len(pairs) else np.empty((0, 2), dtype=np.int64)
