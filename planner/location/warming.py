"""Have the compiled programs of siting ready, so that no search spends its time on compiling."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from planner.arrays import F64

SECONDS = 60.0
"""More than the small questions take; compiling is not cut short."""


@cache
def ready_to_cover() -> None:
    """Compile what maximal covering needs, where it is not: 20 seconds once, else under one."""
    from planner.location.covering.bounds import Prices
    from planner.location.covering.heuristics import Hunt
    from planner.location.covering.max_coverage import max_coverage
    from planner.location.covering.model import CoverModel
    from planner.location.covering.search import Climb

    metres, weight = _small(600, 200)
    max_coverage(metres < 0.08, weight, 12, time_limit_s=SECONDS, max_iterations=2)
    demand, site = np.nonzero(metres < 0.08)
    start = np.searchsorted(demand, np.arange(601)).astype(np.int64)
    model = CoverModel.plain(start, site.astype(np.int32), weight, 200)
    model = replace(model, p=12)
    climb = Climb(
        whole=True,
        time_limit_s=SECONDS,
        gap=0.0,
        max_iterations=2,
        seed=0,
        progress=None,
        cancel=None,
    )
    Hunt(model, climb, 0).round(Prices(model), np.arange(200))


@cache
def ready_to_locate() -> None:
    """Compile what median and centre problems need, where it is not."""
    from planner.location.center import p_center
    from planner.location.median.p_median import p_median

    metres, weight = _small(200, 60)
    p_median(metres, weight, 5, time_limit_s=SECONDS, max_iterations=2)
    p_center(metres[:100, :40], 5, time_limit_s=SECONDS)


@cache
def ready_to_share() -> None:
    """Compile what one-stop sites need, where it is not."""
    from planner.location.one_stop_sites.one_stop import one_stop

    metres, weight = _small(60, 8)
    one_stop(
        [metres < 0.3, metres < 0.4],
        np.stack([weight, weight]),
        6,
        building_cost=np.full(8, 1.5),
        kind_cost=[1.0, 1.0],
        time_limit_s=SECONDS,
        max_iterations=2,
    )


def _small(demand: int, candidates: int) -> tuple[F64, F64]:
    """Return distances between random places in a unit square, and weights, the same always."""
    random = np.random.default_rng(0)
    homes, sites = random.random((demand, 1, 2)), random.random((1, candidates, 2))
    away = homes - sites
    weight = random.integers(1, 50, demand).astype(np.float64)
    return np.hypot(away[..., 0], away[..., 1]), weight
