"""One worker against two on synthetic districts, in turns, and what a district costs beside them.

``python benchmarks/batch/bench_batch.py --districts 20 --pairs 3`` makes districts out of the demo,
each with a part of its communities of its own, and assesses all of them with one and with two
processes of one thread, one after the other in each pair. The processes start before the clock.
The cost beside the work is the time of one process less that of the same work in this one.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import distributed

from planner.batch import run
from planner.district import District
from planner.network.warming import warm_up
from planner.sources import demo_district, write_district

GROUPS = ["population"]


def part(number: int, communities: int) -> District:
    """Return the demo about some of its communities, other ones for each number."""
    demo = demo_district()
    chosen = demo.communities.iloc[number % len(demo.communities) :].head(communities)
    about = chosen.union_all().buffer(400)
    demand = demo.demand[demo.demand["community_id"].isin(chosen["community_id"])]
    # every district has homes of its own, so that none is a copy of another
    demand = demand.iloc[number // len(demo.communities) :]
    layers = {name: table[table.intersects(about)] for name, table in demo.layers.items()}
    return demo.with_layers(**{**layers, "communities": chosen, "demand": demand})


def seconds(workspaces: Path, workers: int, districts: int) -> float:
    """Return how long a run takes; 0 workers: in this process."""
    into = Path(tempfile.mkdtemp(prefix="batch-"))
    try:
        if not workers:
            begun = time.perf_counter()
            found = run(workspaces, into, groups=GROUPS)
            taken = time.perf_counter() - begun
        else:
            with (
                distributed.LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0"
                ) as cluster,
                distributed.Client(cluster) as client,
            ):
                client.run(warm_up)
                address = cluster.scheduler_address
                begun = time.perf_counter()
                found = run(workspaces, into, groups=GROUPS, scheduler=address)
                taken = time.perf_counter() - begun
        done = int((found.districts()["state"] == "done").sum())
        if done != districts:
            raise RuntimeError(f"{done} of {districts} districts are done: {found.failures()}")
        return taken
    finally:
        shutil.rmtree(into)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--districts", type=int, default=20)
    asked.add_argument("--communities", type=int, default=4)
    asked.add_argument("--pairs", type=int, default=3)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(given.districts):
            write_district(part(number, given.communities), Path(folder) / f"d{number:04}.gpkg")
        warm_up()
        taken: dict[int, list[float]] = {0: [], 1: [], 2: []}
        for pair in range(given.pairs):
            for workers in (0, 1, 2) if pair % 2 == 0 else (2, 1, 0):
                taken[workers].append(seconds(Path(folder), workers, given.districts))
    here, one, two = (statistics.median(taken[workers]) for workers in (0, 1, 2))
    ratio = statistics.median(a / b for a, b in zip(taken[1], taken[2], strict=True))
    print(f"{given.districts} districts, {given.pairs} pairs, median seconds")
    print(f"in this process {here:.2f}, one worker {one:.2f}, two workers {two:.2f}")
    print(f"two workers are {ratio:.2f} times as fast as one")
    print(f"beside the work {1000 * (one - here) / given.districts:.0f} ms a district")


if __name__ == "__main__":
    main()
