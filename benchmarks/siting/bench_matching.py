"""Needs matched with places against SciPy's linprog (HiGHS) on the same arrays, in one process.

    python benchmarks/siting/bench_matching.py [HOMES ...]

Homes and places lie in clusters; places have room for 70 % (scarce) or 130 % (ample) of all needs.
Prints seconds, their ratio and whether both found the same; the larger sizes take HiGHS minutes,
so it gets a time limit. At 100,000 homes the enlargements are timed too.
"""

import sys
import time

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array
from scipy.spatial import cKDTree

from planner.location.allocation.growth import Growth
from planner.siting import allocate

LIMIT_S = 240.0
PLACES = 200


def town(homes, places, reach_m, fill, seed=0):
    """Distances (homes, places) within reach, needs and room."""
    random = np.random.default_rng(seed)
    side = np.sqrt(homes) * 40
    centres = random.random((30, 2)) * side

    def scattered(count, spread):
        spots = centres[random.integers(0, 30, count)] + random.normal(0, spread, (count, 2))
        return np.clip(spots, 0, side)

    home, place = scattered(homes, side / 12), scattered(places, side / 10)
    near = [np.array(row, int) for row in cKDTree(home).query_ball_point(place, reach_m)]
    row = np.concatenate(near)
    column = np.repeat(np.arange(places), [len(each) for each in near])
    metres = np.hypot(*(home[row] - place[column]).T).round(3)
    needs = random.integers(1, 9, homes).astype(float)
    room = random.lognormal(0, 0.6, places)
    room = np.round(room * needs.sum() * fill / room.sum())
    return csr_array((metres, (row, column)), shape=(homes, places)), needs, room


def by_highs(distances, needs, room):
    """Unserved and metres of the linear programme, NaN where time ran out."""
    part = distances.tocoo()
    arcs = part.nnz
    unserved_m = (2 * distances.shape[1] + 2) * (part.data.max() + 1)
    ones = np.ones(arcs)
    table = coo_array(
        (
            np.concatenate([ones, ones]),
            (
                np.concatenate([part.row, len(needs) + part.col]),
                np.concatenate([np.arange(arcs), np.arange(arcs)]),
            ),
        ),
        shape=(len(needs) + len(room), arcs),
    ).tocsr()
    found = linprog(
        part.data - unserved_m,
        A_ub=table,
        b_ub=np.concatenate([needs, room]),
        method="highs",
        options={"time_limit": LIMIT_S},
    )
    if found.x is None or found.status != 0:
        return np.nan, np.nan
    return needs.sum() - found.x.sum(), float(part.data @ found.x)


def compare(sizes):
    """Print a row for each size, reach and room."""
    warm = town(300, 20, 600, 0.7)
    Growth.of(warm[0], allocate(*warm)).gain(0, 1.0)
    print(
        "| homes | arcs | room | ours s | HiGHS s | ratio | same |\n|---|---|---|---|---|---|---|"
    )
    for homes in sizes:
        for fill in (0.7, 1.3):
            distances, needs, room = town(homes, PLACES, 1000, fill)
            begin = time.perf_counter()
            ours = allocate(distances, needs, room)
            took = time.perf_counter() - begin
            begin = time.perf_counter()
            unserved, walked = by_highs(distances, needs, room)
            theirs = time.perf_counter() - begin
            same = np.isclose(unserved, ours.unserved.sum()) and np.isclose(walked, ours.walking_m)
            said = "time limit" if np.isnan(walked) else str(same)
            print(
                f"| {homes:,} | {distances.nnz:,} | {fill:.0%} | {took:.2f} | {theirs:.1f} "
                f"| {theirs / took:.0f} | {said} |",
                flush=True,
            )


def enlarge(homes=100_000, places_tried=50, more=100.0):
    """Print what the exact gains of enlargements take."""
    distances, needs, room = town(homes, PLACES, 1000, 0.7)
    found = allocate(distances, needs, room)
    begin = time.perf_counter()
    growth = Growth.of(distances, found)
    helped = np.flatnonzero(found.one_more_serves > 0)[:places_tried]
    gains = [growth.gain(place, more).serves for place in helped]
    took = time.perf_counter() - begin
    print(f"{len(gains)} enlargements by {more:g} at {homes:,} homes: {took:.2f} s")


if __name__ == "__main__":
    asked = [int(each) for each in sys.argv[1:]] or [2_000, 20_000, 100_000]
    compare(asked)
    if max(asked) >= 100_000:
        enlarge()
