"""A network tile by tile beside the whole: same answers, time and memory.

    python benchmarks/network/tiles.py [nodes]

Each size of tiles is asked in a process of its own, which tells the SHA-256 of each answer's bytes
(values, numbers of sources, the arrays of the matrix), and the highest memory (VmHWM, Linux) above
what it held when the network and the places on it were there. The last row is asked without the
halo: its answers must differ, or the comparison would see nothing.
"""

from __future__ import annotations

import ctypes
import gc
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from benchmark import town

from planner.network import TiledNetwork, WalkNetwork
from planner.network.tiles.halo import Halo

WHOLE, BARE = 0, -1
SIZES_KM = [WHOLE, 25, 10, 5, 2.5, BARE]


def memory(what: str) -> float:
    """Megabytes that this process holds (VmRSS) or held at most since it was last reset (VmHWM)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split(f"{what}:")[1].split()[0]) / 1024


def measured(ask: Callable[[], list[np.ndarray]]) -> dict[str, object]:
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)  # what earlier questions left is given back
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # resets VmHWM
    before, begin, wall = memory("VmRSS"), time.process_time(), time.perf_counter()
    arrays = ask()
    took, waited = time.process_time() - begin, time.perf_counter() - wall
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    peak = memory("VmHWM") - before
    return {"cpu": took, "wall": waited, "mb": peak, "sha": digest.hexdigest()}


def asked(nodes: int, size_km: float) -> dict[str, dict[str, object]]:
    """Ask one size of tiles; the first question is asked twice, to compile before it is timed."""
    net = WalkNetwork.from_edges(*town(nodes))
    rng = np.random.default_rng(1)
    clinics = net.at_nodes(rng.choice(len(net.node_xy), nodes // 500, replace=False))
    extent = net.node_xy.max(axis=0)
    candidates = net.snap(rng.uniform(0, extent, (nodes // 100, 2)))
    homes = net.snap(rng.uniform(0, extent, (nodes // 5, 2)))
    room = rng.random(len(clinics)) * 100
    net._built.clear()  # the index of snapping is no part of any question

    small = WalkNetwork.from_edges(*town(400))
    for compiled in (small, TiledNetwork(small, 500)):
        few = small.at_nodes([0, 9])
        compiled.nearest(few, cutoff_m=500)
        compiled.nearest(few, few, cutoff_m=500)
        compiled.k_nearest(few, None, 2, cutoff_m=500)
        compiled.count_within(few, few, 500)

    if size_km == BARE:
        Halo.edges = lambda *_: np.empty(0, np.int32)  # type: ignore[method-assign]
        size_km = 5
    tiled = net if size_km == WHOLE else TiledNetwork(net, size_km * 1000)

    def nearest() -> list[np.ndarray]:
        found = tiled.nearest(clinics, cutoff_m=1000)
        return [found.value, found.source]

    def k_nearest() -> list[np.ndarray]:
        found = tiled.k_nearest(clinics, None, 10, cutoff_m=2000)
        return [found.value, found.source]

    def counts() -> list[np.ndarray]:
        return [tiled.count_within(clinics, homes, 800, weights=room)]

    def matrix() -> list[np.ndarray]:
        found = tiled.matrix(candidates, homes, 1000)
        return [found.indptr, found.indices, found.data]

    questions = {
        "nearest of all nodes, 1 km": nearest,
        "10 nearest of all nodes, 2 km": k_nearest,
        f"room within 800 m of {len(homes):,} homes": counts,
        f"matrix of {len(candidates):,} candidates, 1 km": matrix,
    }
    answers = {}
    for name, ask in questions.items():
        if size_km == WHOLE:
            net._built.clear()  # each question builds its graph, as each round of tiles does
            net._asked = 0
        answers[name] = measured(ask)
    return answers


def main() -> None:
    nodes = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 2:
        print(json.dumps(asked(nodes, float(sys.argv[2]))))
        return
    expected: dict[str, dict[str, object]] = {}
    print("| tiles | question | same | s of CPU | s | MB above |\n|---|---|---|---:|---:|---:|")
    for size in SIZES_KM:
        done = subprocess.run(
            [sys.executable, __file__, str(nodes), str(size)],
            check=True,
            capture_output=True,
            text=True,
        )
        answers = json.loads(done.stdout)
        expected = expected or answers
        name = {WHOLE: "whole", BARE: "5 km, no halo"}.get(size, f"{size} km")
        for question, told in answers.items():
            same = told["sha"] == expected[question]["sha"]
            if same == (size == BARE):
                raise SystemExit(f"{name}, {question}: {'equal' if same else 'different'}")
            print(
                f"| {name} | {question} | {'yes' if same else 'no'} | {told['cpu']:.1f} "
                f"| {told['wall']:.1f} | {told['mb']:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
