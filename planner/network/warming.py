"""Compile or load every kernel ahead of the first question."""

from __future__ import annotations

import threading

import numpy as np

__all__ = ["is_compiled", "warm_up"]

_lock = threading.Lock()
_warm = threading.Event()


def is_compiled() -> bool:
    """Tell whether the kernels of distances need not be compiled any more."""
    from planner import compiled
    from planner.network.kernels import graph, hierarchy, snapping, spread

    late = (snapping.snap_points, spread.spread, hierarchy.sweep_down, graph.grow)
    return all(map(compiled.is_compiled, late))


def warm_up() -> None:
    """Compile all kernels, or load them from numba's cache.

    Takes seconds the first time after an installation and a fraction of one later. Safe to call
    from a background thread and more than once; whoever comes second waits for the first.
    """
    from planner.network.barriers import Barriers
    from planner.network.walk_network import WalkNetwork

    with _lock:
        if _warm.is_set():
            return
        net = WalkNetwork.from_edges([(0, 0), (100, 0), (100, 100)], [(0, 1), (1, 2)])
        import shapely

        wall = Barriers([shapely.LineString([(0, 50), (50, 50)])], gate_xy=[(10, 50)])
        places = net.snap(np.array([(10.0, 5.0), (95.0, 50.0)]), barriers=wall)
        first = places.take([0])
        net.nearest(first, places)
        net.k_nearest(first, places, 2)
        net.prepare()
        net.nearest(first, places)
        net.nearest(first)
        net.k_nearest(first, places, 2)
        net.count_within(first, places, 100.0)
        net.path(first, first)
        _warm.set()
