"""Compile or load the programs that search for sites ahead of the first question."""

from __future__ import annotations

import threading

import numpy as np
from scipy.sparse import csr_array

__all__ = ["is_compiled", "warm_up"]

_lock = threading.Lock()
_warm = threading.Event()
_SECONDS = 0.2


def is_compiled() -> bool:
    """Tell whether the programs of the searches need not be compiled any more."""
    from planner import compiled
    from planner.location.allocation import kernels as allocation
    from planner.location.median import kernels as median

    return all(map(compiled.is_compiled, (median.interchange, allocation.assign)))


def warm_up() -> None:
    """Search once in places of some hundred homes, so that the usual questions need no compiling.

    Takes up to a minute the first time after an installation and a few seconds later. Safe to call
    from a background thread and more than once; whoever comes second waits for the first.
    """
    from planner.location.allocation.allocate import allocate
    from planner.location.center import p_center
    from planner.location.covering.max_coverage import max_coverage
    from planner.location.limits import Limits
    from planner.location.median.p_median import p_median
    from planner.location.one_stop_sites.one_stop import one_stop
    from planner.location.set_covering.set_cover import set_cover

    with _lock:
        if _warm.is_set():
            return
        rng, limits = np.random.default_rng(0), Limits(_SECONDS)
        places, homes = rng.random((40, 2)), rng.random((200, 2))
        apart = np.hypot(*(homes[:, None] - places[None]).transpose(2, 0, 1))
        covers = csr_array((apart < 0.2).astype(np.float64))
        weight = rng.integers(1, 9, len(homes)).astype(np.float64)
        cost = rng.integers(1, 5, len(places)).astype(np.float64)
        near = csr_array(np.where(apart < 0.4, apart * 1000.0, 0.0))
        max_coverage(covers, weight, 4, limits=limits)
        max_coverage(covers, weight, cost=cost, budget=9.0, limits=limits)
        max_coverage(covers, weight, 4, capacity=np.full(len(places), 90.0), limits=limits)
        set_cover(covers, cost, weight=weight, share=0.8, limits=limits)
        p_median(near, weight, 4, penalty_m=2000.0, limits=limits)
        p_center(near, 12, weight=weight, limits=limits)
        one_stop(
            [covers, covers],
            [weight, weight],
            9.0,
            building_cost=cost,
            kind_cost=[1.0, 1.0],
            limits=limits,
        )
        allocate(near, weight, np.full(len(places), 9.0))
        _warm.set()
