"""Searches on processor time instead of the clock: fair on a machine that others use.

HiGHS knows the clock alone, so its solves are interrupted once they have had their share.
"""

import time
from types import SimpleNamespace

import numpy as np

from planner.location import mip
from planner.location import search as location_search

_on_the_clock = mip.Model.solve


def install():
    location_search.time = SimpleNamespace(perf_counter=time.process_time)
    mip.Model.solve = _solve


def _solve(self, search, *, seconds=np.inf, **options):
    stop = time.process_time() + min(search.seconds_left, seconds)
    before, limit = search._cancel, search._time_limit_s
    search._cancel = lambda: time.process_time() > stop or (before is not None and before())
    search._time_limit_s = np.inf
    try:
        return _on_the_clock(self, search, **options)
    finally:
        search._cancel, search._time_limit_s = before, limit
