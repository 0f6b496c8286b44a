"""Maximal covering against the best known, against spopt, and at size.

    python benchmarks/siting/bench_max_coverage.py [ROUND] ...

ROUND is known, kings, long, towns, families, held, spopt, large or regions.

PLANNER_TEST_DATA names the folder of the sample data. Limits are processor time of the search, so
that a machine that others use is judged fairly.
"""

import resource
import sys
import time

import instances
import numpy as np
from scipy.sparse import csr_array

from planner.siting import max_coverage

FAMILIES = (
    (3000, 60, False, 10),
    (3000, 30, True, 60),
    (5000, 60, True, 60),
    (6000, 60, False, 150),
    (8000, 120, False, 100),
    (8000, 120, True, 200),
    (10_000, 30, False, 200),
    (10_000, 100, True, 40),
)
"""Points, mean neighbours, whether in bunches, sites."""


def known(seconds=(2.0, 10.0), sites=None, name="NewYork", make=instances.new_york):
    """Manhattan: distance from the best known, and proven gap."""
    covers, weight = make()
    print("| sites | limit s | ours | best known | bound | below best known % | gap % | took s |")
    print("|---|---|---|---|---|---|---|---|")
    for limit in seconds:
        for count, best in sorted(instances.best_known(name).items()):
            if sites is not None and count not in sites:
                continue
            siting = max_coverage(covers, weight, count, time_limit_s=limit)
            print(
                f"| {count} | {limit:g} | {siting.objective:.0f} | {best:.0f} | {siting.bound:.0f} "
                f"| {100 * (1 - siting.objective / best):.3f} | {100 * siting.gap:.3f} "
                f"| {siting.seconds:.1f}{', proven' if siting.optimal else ''} |",
                flush=True,
            )


def kings(seconds=(2.0, 10.0)):
    """Brooklyn: distance from the best known, and proven gap."""
    known(seconds, None, "Kings", instances.kings)


def families(seeds=(0,), seconds=(2.0, 10.0)):
    """Sizes, neighbourhoods and numbers of sites as districts may have them."""
    print(
        "| points | neighbours | bunched | seed | sites | limit s | ours | below best % | gap % |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for seed in seeds:
        for points, neighbours, bunched, count in FAMILIES:
            covers, weight = instances.family(points, neighbours, bunched, seed)
            found = [max_coverage(covers, weight, count, time_limit_s=s) for s in seconds]
            best = max(each.objective for each in found)
            for limit, siting in zip(seconds, found, strict=True):
                print(
                    f"| {points} | {neighbours} | {'yes' if bunched else 'no'} | {seed} | {count} "
                    f"| {limit:g} | {siting.objective:.0f} "
                    f"| {100 * (1 - siting.objective / best):.3f} "
                    f"| {100 * siting.gap:.3f}{', proven' if siting.optimal else ''} |",
                    flush=True,
                )


def long():
    """Manhattan in a minute."""
    known((60.0,), (50, 60, 100))


def towns(seeds=(0,), seconds=(2.0, 10.0)):
    """Other towns: how far two seconds are from the best of a longer search, and the gaps."""
    print("| town | seed | demand | sites | limit s | ours | below best found % | gap % |")
    print("|---|---|---|---|---|---|---|---|")
    for seed in seeds:
        for make in (instances.clustered, instances.grid, instances.scattered, instances.wuhan):
            covers, weight = make(seed=seed)
            for count in (50, 100):
                found = [max_coverage(covers, weight, count, time_limit_s=s) for s in seconds]
                best = max(each.objective for each in found)
                for limit, siting in zip(seconds, found, strict=True):
                    print(
                        f"| {make.__name__} | {seed} | {len(weight)} | {count} | {limit:g} "
                        f"| {siting.objective:.0f} | {100 * (1 - siting.objective / best):.3f} "
                        f"| {100 * siting.gap:.3f}{', proven' if siting.optimal else ''} |",
                        flush=True,
                    )


def held():
    """Seeds that were not looked at while the search was made."""
    towns((7919,))
    print()
    families((7919,))


def spopt(points=2500, count=20):
    """From arrays to a proven answer at 2,500 × 2,500, ours and spopt's with HiGHS."""
    import pulp
    from spopt.locate import MCLP

    covers, weight = instances.scattered(points)
    begin = time.perf_counter()
    ours = max_coverage(covers, weight, count, time_limit_s=600)
    took = time.perf_counter() - begin
    print(f"ours {took:.2f} s, {ours.objective:.0f}, proven gap {100 * ours.gap:.3f} %", flush=True)
    begin = time.perf_counter()
    cost = 1.0 - covers.toarray()
    model = MCLP.from_cost_matrix(cost, weight, 0.5, count)
    built = time.perf_counter() - begin
    print(f"spopt built after {built:.1f} s: {built / took:.0f} × ours by then", flush=True)
    model = model.solve(pulp.HiGHS(msg=False, timeLimit=600))
    theirs = time.perf_counter() - begin
    print(f"spopt {theirs:.1f} s, {pulp.value(model.problem.objective):.0f}: {theirs / took:.0f} ×")


def large(demand=100_000, candidates=2000, count=50):
    """Sparse cover where a dense matrix would take 1.6 GB and spopt builds no model."""
    rng = np.random.default_rng(0)
    homes, places = rng.uniform(0, 30_000, (demand, 2)), rng.uniform(0, 30_000, (candidates, 2))
    from scipy.spatial import cKDTree

    near = cKDTree(homes).query_ball_point(places, 1000.0)
    column = np.repeat(np.arange(candidates), [len(rows) for rows in near])
    row = np.concatenate(near).astype(np.int64)
    covers = csr_array((np.ones(len(row), bool), (row, column)), shape=(demand, candidates))
    weight = np.round(rng.lognormal(3, 1, demand))
    for limit in (2.0, 10.0):
        siting = max_coverage(covers, weight, count, time_limit_s=limit)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"{demand} × {candidates}, {covers.nnz} pairs, {limit:g} s: {siting.objective:.0f}, "
            f"gap {100 * siting.gap:.2f} %, {siting.seconds:.1f} s, peak {peak:.2f} GB",
            flush=True,
        )


def regions(seconds=(5.0, 15.0)):
    """Region by region beside the whole: towns apart, and one town cut into squares."""
    print("| streets | candidates | regions | sites | limit s | way | covered | bound | gap % |")
    print("|---|---|---|---|---|---|---|---|---|")
    for apart, points, neighbours, side, count in (
        (True, 12_000, 30, 6, 300),
        (False, 12_000, 30, 6, 300),
        (False, 2000, 20, 3, 60),
    ):
        rng = np.random.default_rng(1)
        xy = rng.random((points, 2))
        if apart:
            xy = (rng.integers(0, side, (points, 2)) + 0.8 * xy) / side
        reach = np.sqrt(neighbours / points / np.pi) * (0.8 if apart else 1.0)
        covers, weight = instances.within(xy, reach), rng.integers(1, 100, points).astype(float)
        square = np.floor(xy * side).astype(int) @ [side, 1]
        for limit in seconds:
            for way, region in (("whole", None), ("regions", square)):
                siting = max_coverage(covers, weight, count, region=region, time_limit_s=limit)
                print(
                    f"| {'towns apart' if apart else 'one town'} | {points} | {side * side} "
                    f"| {count} | {limit:g} | {way} | {siting.objective:.0f} | {siting.bound:.0f} "
                    f"| {100 * siting.gap:.3f}{', proven' if siting.optimal else ''} |",
                    flush=True,
                )


ROUNDS = (known, kings, long, towns, families, held, spopt, large, regions)


def main():
    asked = sys.argv[1:]
    every = {each.__name__: each for each in ROUNDS}
    for name in asked or ["known", "towns", "spopt", "large"]:
        print(f"\n## {name}")
        every[name]()


if __name__ == "__main__":
    main()
