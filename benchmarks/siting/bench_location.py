"""p-median, p-center, set cover, allocation and one-stop sites: objective, gap, seconds.

Graphs are made as those of OR-Library's p-median instances. Where spopt is installed, the same
p-median and p-center are solved by it with HiGHS on the smaller graphs, and the ratio is printed.

Run: ``python benchmarks/siting/bench_location.py [largest number of nodes]``.
"""

import sys
import time

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from planner.siting import Siting, allocate, one_stop, p_center, p_median, set_cover

SIZES = (100, 200, 400, 600, 900)
SPOPT_UP_TO = 100


def graph(n: int, seed: int) -> np.ndarray:
    """Shortest paths of a connected random graph of n²/50 edges of 1 to 100."""
    random = np.random.default_rng(seed)
    order = random.permutation(n)
    more = max(n * n // 50 - n + 1, n)
    u = np.concatenate([order[:-1], random.integers(0, n, more)])
    v = np.concatenate([order[1:], random.integers(0, n, more)])
    length = np.full((n, n), np.inf)
    np.minimum.at(length, (u, v), random.integers(1, 101, len(u)).astype(float))
    np.fill_diagonal(length, 0)
    return dijkstra(np.minimum(length, length.T), directed=False)


def told(name: str, answer: Siting, note: str = "") -> None:
    print(
        f"{name:28s} {answer.objective:12.1f} gap {answer.gap:8.4%} {answer.stopped:8s}"
        f" {answer.seconds:6.2f} s {note}",
        flush=True,
    )


def by_spopt(distances: np.ndarray, p: int, problem: str) -> tuple[float, float]:
    """Objective and seconds of spopt with HiGHS."""
    try:
        import pulp
        from spopt.locate import PCenter, PMedian
    except ImportError:
        return np.nan, np.nan
    start = time.perf_counter()
    if problem == "p-median":
        model = PMedian.from_cost_matrix(distances, np.ones(len(distances)), p_facilities=p)
    else:
        model = PCenter.from_cost_matrix(distances, p_facilities=p)
    model.solve(pulp.HiGHS(msg=False, timeLimit=120))
    return float(model.problem.objective.value()), time.perf_counter() - start


def town(candidates: int, buildings: int) -> dict:
    """Make four kinds of an invented town of 5,000 demands."""
    random = np.random.default_rng(candidates + buildings)
    centres = random.random((12, 2)) * 4000
    near = centres[random.integers(0, 12, 4000)] + random.normal(0, 350, (4000, 2))
    homes = np.concatenate([near, random.random((1000, 2)) * 4000])
    sites = homes[random.integers(0, 5000, candidates)] + random.normal(0, 60, (candidates, 2))
    walk = np.hypot(*(homes[:, None] - sites[None]).transpose(2, 0, 1))
    lacking = [random.random(5000) < share for share in (0.6, 0.7, 0.5, 0.4)]
    return {
        "covers": [walk <= limit for limit in (300, 300, 500, 1000)],
        "weight": np.stack([random.integers(1, 80, 5000) * lacks for lacks in lacking]),
        "budget": buildings * 220.0,
        "building_cost": random.integers(80, 160, candidates).astype(float),
        "kind_cost": np.array([40.0, 30.0, 60.0, 90.0]),
        "saving": 15.0,
    }


def main(largest: int) -> None:
    tiny = 1.0 - np.eye(4)
    p_median(tiny, np.ones(4), 2)
    p_center(tiny, 2)
    set_cover(tiny)
    for n in (n for n in SIZES if n <= largest):
        for p in sorted({5, 10, n // 10, min(n // 3, 200)}):
            distances = graph(n, n + p)
            median = p_median(distances, np.ones(n), p)
            center = p_center(distances, p)
            notes = ["", ""]
            if n <= SPOPT_UP_TO:
                for at, (problem, ours) in enumerate((("p-median", median), ("p-center", center))):
                    objective, seconds = by_spopt(distances, p, problem)
                    notes[at] = f"spopt {objective:.1f}, {seconds / ours.seconds:.0f} x our time"
            told(f"p-median {n} nodes, p = {p}", median, notes[0])
            told(f"p-center {n} nodes, p = {p}", center, notes[1])
            told(
                f"set cover {n} nodes, {center.objective:.0f}",
                set_cover(distances <= center.objective),
            )
    for n, p in ((100, 10), (324, 15)):
        if n <= largest:
            weight = np.random.default_rng(n).integers(1, 20, n).astype(float)
            room = np.full(n, np.ceil(weight.sum() * 1.15 / p))
            told(f"with capacities {n}, p = {p}", p_median(graph(n, n), weight, p, capacity=room))
    random = np.random.default_rng(0)
    for n, places in ((5_000, 40), (20_000, 200), (100_000, 500)):
        if n > 100 * largest:
            continue
        walk, near = cKDTree(random.random((places, 2))).query(random.random((n, 2)), 20)
        table = sparse.csr_array(
            (1000 * walk.ravel(), (np.repeat(np.arange(n), 20), near.ravel())), shape=(n, places)
        )
        needs = random.integers(1, 10, n)
        start = time.perf_counter()
        done = allocate(table, needs, np.full(places, np.round(needs.sum() * 1.05 / places)))
        seconds = time.perf_counter() - start
        print(
            f"allocation {n} needs, {places} places: {done.unserved.sum():.0f} left {seconds:.2f} s"
        )
    for candidates in (40, 100, 200):
        for buildings in (3, 8):
            plan = one_stop(**town(candidates, buildings))
            told(f"one-stop {candidates}, budget of {buildings}", plan.siting)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1])
