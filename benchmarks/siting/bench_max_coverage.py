"""Maximal covering against the best known, against spopt, and at size.

    python benchmarks/siting/bench_max_coverage.py [known | towns | spopt | large] ...

PLANNER_TEST_DATA names the folder of the sample data. With ``--cpu`` the search counts the
processor time that it gets instead of the clock, which is fair on a machine that others use.
"""

import resource
import sys
import time
from types import SimpleNamespace

import instances
import numpy as np
from scipy.sparse import csr_array

from planner.siting import location_search, max_coverage


def known(seconds=(2.0, 10.0)):
    """Manhattan: distance from the best known, and proven gap."""
    covers, weight = instances.new_york()
    print("| sites | limit s | below best known % | proven gap % | took s | proven |")
    print("|---|---|---|---|---|---|")
    for count, best in sorted(instances.best_known().items()):
        for limit in seconds:
            siting = max_coverage(covers, weight, count, time_limit_s=limit)
            short = 100 * (1 - siting.objective / best)
            print(
                f"| {count} | {limit:g} | {short:.3f} | {100 * siting.gap:.3f} "
                f"| {siting.seconds:.1f} | {siting.optimal} |",
                flush=True,
            )


def towns(seconds=(2.0, 10.0)):
    """Other towns: how far two seconds are from the best of a longer search, and the gaps."""
    print("| town | demand | sites | limit s | below best found % | proven gap % |")
    print("|---|---|---|---|---|---|")
    for make in (instances.clustered, instances.grid, instances.scattered, instances.wuhan):
        covers, weight = make()
        for count in (50, 100):
            found = [max_coverage(covers, weight, count, time_limit_s=s) for s in seconds]
            best = max(each.objective for each in found)
            for limit, siting in zip(seconds, found, strict=True):
                print(
                    f"| {make.__name__} | {len(weight)} | {count} | {limit:g} "
                    f"| {100 * (1 - siting.objective / best):.3f} | {100 * siting.gap:.3f} |",
                    flush=True,
                )


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


def main():
    if "--cpu" in sys.argv:
        location_search.time = SimpleNamespace(perf_counter=time.process_time)
    asked = [name for name in sys.argv[1:] if name != "--cpu"]
    covers, weight = instances.grid(30)
    max_coverage(covers, weight, 20, time_limit_s=60, max_iterations=100_000)
    for name in asked or ["known", "towns", "spopt", "large"]:
        print(f"\n## {name}")
        {"known": known, "towns": towns, "spopt": spopt, "large": large}[name]()


if __name__ == "__main__":
    main()
