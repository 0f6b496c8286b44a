"""Our engine beside its peers, in one run: ``python benchmarks/network/benchmark.py``.

Options: ``--data FOLDER`` adds the real networks, ``--large`` adds 1 and 5 million nodes,
``--out FOLDER`` writes distances.md and cost_over_size.png, which RESULTS.md shows.

Everything runs on one thread and is told in seconds of CPU, so that a busy machine does not
change the ratios.
"""

from __future__ import annotations

import argparse
import os

os.environ["OMP_NUM_THREADS"] = "1"

import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.network import Positions, WalkNetwork, warm_up

KINDS = 4
rows: list[tuple[str, str, float, str, float, str]] = []
notes: list[str] = []


def clock(work: Callable[[], object], runs: int = 3) -> float:
    """Best CPU time of a few runs, in seconds."""
    best = np.inf
    for _ in range(runs):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best


def told(place: str, what: str, ours: float, peer: str, theirs: float, bar: str = "") -> None:
    rows.append((place, what, ours, peer, theirs, bar))
    print(f"{place:18} {what:46} {ours:9.4f} {peer:22} {theirs:9.4f} {theirs / ours:8.1f}x {bar}")
    sys.stdout.flush()


def town(nodes: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A jittered grid of 100 m with a mean degree of 2.8, numbered at random."""
    rng = np.random.default_rng(seed)
    k = int(np.sqrt(nodes))
    number = rng.permutation(k * k).reshape(k, k)
    x, y = np.meshgrid(np.arange(k) * 100.0, np.arange(k) * 100.0)
    xy = np.empty((k * k, 2))
    xy[number.ravel()] = np.column_stack([x.ravel(), y.ravel()]) + rng.uniform(-30, 30, (k * k, 2))
    uv = np.vstack(
        [
            np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
            np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
        ]
    )
    uv = uv[rng.random(len(uv)) < 0.7]
    used, uv = np.unique(uv, return_inverse=True)
    return xy[used], uv.reshape(-1, 2)


def scipy_graph(net: WalkNetwork) -> csr_array:
    """CSR for scipy; parallel edges are reduced first, since scipy would add their lengths."""
    n = len(net.node_xy)
    low, high = net.edge_uv.min(axis=1), net.edge_uv.max(axis=1)
    order = np.lexsort((net.edge_length_mm, high, low))
    low, high, metres = low[order], high[order], net.edge_length_mm[order] / 1000.0
    first = np.r_[True, (np.diff(low) != 0) | (np.diff(high) != 0)]
    return csr_array((metres[first], (low[first], high[first])), (n, n))


def facilities(net: WalkNetwork, share: int = 500) -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    n = len(net.node_xy)
    return [rng.choice(n, max(n // share, 3), replace=False) for _ in range(KINDS)]


def nearest(place: str, make: Callable[[], WalkNetwork], runs: int = 3, bar: str = ">= 2") -> None:
    """Nearest facility of 4 kinds from every node, against scipy."""
    net = make()
    at = facilities(net)
    everywhere = [net.at_nodes(nodes) for nodes in at]

    def ask(network: WalkNetwork, **options: float) -> None:
        for sources in everywhere:
            network.nearest(sources, **options)

    def fresh() -> WalkNetwork:
        new = make()
        new.graph  # noqa: B018 - builds it
        return new

    graph = scipy_graph(net)
    prepare_scipy = clock(lambda: scipy_graph(net), runs)
    prepare_ours = clock(fresh, runs) - clock(make, runs)
    told(place, "preparation", prepare_ours, "scipy", prepare_scipy)

    def scipy_all(limit: float = np.inf) -> None:
        for nodes in at:
            dijkstra(graph, directed=False, indices=nodes, min_only=True, limit=limit)

    theirs = clock(scipy_all, runs)
    single = scipy_once = np.inf
    for _ in range(runs):
        new = fresh()
        single = min(single, clock(lambda new=new: new.nearest(everywhere[0]), 1))
    scipy_once = clock(lambda: dijkstra(graph, directed=False, indices=at[0], min_only=True), runs)
    told(place, "nearest, 1 kind, first question", single, "scipy", scipy_once, bar)
    once = np.inf
    for _ in range(runs):
        new = fresh()
        once = min(once, clock(lambda new=new: ask(new), 1))
    told(place, "nearest, 4 kinds, first time", once, "scipy", theirs, bar)
    told(
        place,
        "  with both preparations",
        once + prepare_ours,
        "scipy",
        theirs + prepare_scipy,
    )
    net.prepare()
    told(
        place, "nearest, 4 kinds, repeated", clock(lambda: ask(net), runs), "scipy", theirs, ">= 10"
    )
    told(
        place,
        "nearest within 1000 m, 4 kinds, repeated",
        clock(lambda: ask(net, cutoff_m=1000.0), runs),
        "scipy",
        clock(lambda: scipy_all(1000.0), runs),
    )
    check(net, everywhere[0], graph, at[0])


def check(net: WalkNetwork, sources: Positions, graph: csr_array, nodes: np.ndarray) -> None:
    """Peer and we must agree before a ratio means anything."""
    theirs = dijkstra(graph, directed=False, indices=nodes, min_only=True)
    np.testing.assert_allclose(net.nearest(sources).distance_m, theirs, atol=1e-4)


def pandana_work(place: str, net: WalkNetwork) -> None:
    import pandana
    import pandas as pd

    at = facilities(net)
    everywhere = [net.at_nodes(nodes) for nodes in at]
    xy, uv = net.node_xy, net.edge_uv
    begin = time.process_time()
    peer = pandana.Network(
        pd.Series(xy[:, 0]),
        pd.Series(xy[:, 1]),
        pd.Series(uv[:, 0]),
        pd.Series(uv[:, 1]),
        pd.DataFrame({"m": net.edge_length_mm / 1000.0}),
    )
    prepared = time.process_time() - begin

    def pois(limit: float, k: int, kinds: int = 1) -> None:
        for i in range(kinds):
            peer.set_pois(f"kind {i}", limit, k, xy[at[i], 0], xy[at[i], 1])
            peer.nearest_pois(limit, f"kind {i}", num_pois=k)

    far = 30_000.0
    begin = time.process_time()
    pois(far, 1, KINDS)
    theirs = time.process_time() - begin + prepared

    def ours() -> None:
        new = WalkNetwork.from_edges(xy, uv)
        for sources in everywhere:
            new.nearest(sources)

    told(place, "nearest, 4 kinds, all preparation", clock(ours), "pandana", theirs, ">= 100")
    net.prepare()
    told(
        place,
        "3 nearest within 2000 m",
        clock(lambda: net.k_nearest(everywhere[0], None, 3, cutoff_m=2000.0)),
        "pandana",
        clock(lambda: pois(2000.0, 3), 1),
        ">= 15",
    )

    def counts(nodes: np.ndarray, metres: float) -> None:
        peer.set(pd.Series(nodes), name="n")
        peer.aggregate(metres, type="count", name="n")

    told(
        place,
        "facilities within 800 m, every node",
        clock(lambda: net.count_within(everywhere[0], None, 800.0)),
        "pandana",
        clock(lambda: counts(at[0], 800.0), 1),
        ">= 100",
    )
    candidates = np.random.default_rng(2).choice(len(xy), min(10_000, len(xy) // 2), replace=False)
    at_candidates = net.at_nodes(candidates)
    told(
        place,
        f"matrix of {len(candidates)} candidates within 1000 m",
        clock(lambda: net.matrix(at_candidates, None, 1000.0)),
        "pandana nodes_in_range",
        clock(lambda: peer.nodes_in_range(candidates, 1000.0), 1),
        ">= 10",
    )


def snapping(place: str, net: WalkNetwork, points: int = 100_000) -> None:
    """Points to the nearest place on an edge."""
    rng = np.random.default_rng(3)
    chosen = rng.integers(0, len(net.coords), points)
    xy = net.coords[chosen] + rng.uniform(-60, 60, (points, 2))
    begin = time.process_time()
    net.segments  # noqa: B018 - builds it
    prepared = time.process_time() - begin
    ours = clock(lambda: net.snap(xy))
    lines = net.lines()

    def plain() -> None:
        tree = shapely.STRtree(lines)
        dots = shapely.points(xy)
        near = tree.nearest(dots)
        shapely.line_locate_point(lines[near], dots)

    told(
        place,
        f"{points:,} points to edges, index included",
        ours + prepared,
        "shapely STRtree",
        clock(plain, 1),
        ">= 5",
    )
    told(place, f"{points:,} points to edges", ours, "osmnx", osmnx_snap(net, lines, xy), ">= 20")


def osmnx_snap(net: WalkNetwork, lines: np.ndarray, xy: np.ndarray) -> float:
    import networkx as nx
    import osmnx

    graph = nx.MultiDiGraph(crs="EPSG:3857")
    for i, (x, y) in enumerate(net.node_xy):
        graph.add_node(i, x=x, y=y)
    for (u, v), line in zip(net.edge_uv.tolist(), lines, strict=True):
        graph.add_edge(u, v, geometry=line)
    return clock(lambda: osmnx.distance.nearest_edges(graph, xy[:, 0], xy[:, 1]), 1)


def wuhan(folder: Path) -> WalkNetwork:
    import geopandas as gpd

    streets = gpd.read_parquet(folder / "wuhan_streets.parquet")
    return WalkNetwork.from_lines(streets.geometry.to_numpy())


def extract(file: Path) -> WalkNetwork:
    """Walkable lines of an OSM extract, cut where they share nodes."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "network"))
    from small_extract import walk_lines

    return WalkNetwork.from_lines(walk_lines(file))


def plot(out: Path, sizes: list[int]) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    cost: dict[str, list[float]] = {"first question": [], "repeated": [], "scipy": [], "limit": []}
    for n in sizes:
        net = WalkNetwork.from_edges(*town(n))
        sources = net.at_nodes(facilities(net)[0])
        runs = 3 if n <= 1_000_000 else 1
        net.graph  # noqa: B018 - builds it
        cost["first question"].append(clock(lambda net=net, s=sources: net.nearest(s), 1))
        net.prepare()
        cost["repeated"].append(clock(lambda net=net, s=sources: net.nearest(s), runs))
        graph, nodes = scipy_graph(net), facilities(net)[0]
        cost["scipy"].append(
            clock(
                lambda g=graph, at=nodes: dijkstra(g, directed=False, indices=at, min_only=True),
                1,
            )
        )
        cost["limit"].append(75e6 / 4 * n / 1e6 / 22e9)
        print("size", n, {k: round(v[-1], 5) for k, v in cost.items()})
        sys.stdout.flush()
    figure, axes = plt.subplots(figsize=(6, 4), dpi=90, layout="constrained")
    for name, values in cost.items():
        axes.loglog(sizes, values, "--" if name == "limit" else "o-", label=name)
    axes.set(xlabel="nodes", ylabel="seconds, nearest of 1 kind from every node")
    axes.legend(["ours, first question", "ours, repeated", "scipy", "memory traffic at 22 GB/s"])
    axes.grid(visible=True, alpha=0.3)
    figure.savefig(out / "cost_over_size.png")


def machine() -> str:
    info = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if info.exists():
        named = [x for x in info.read_text(encoding="utf-8").splitlines() if "model name" in x]
        model = named[0].split(":")[1].strip() if named else model
    return f"{os.cpu_count()} cores, {model}, Python {platform.python_version()}"


def write(out: Path) -> None:
    text = [
        f"Machine: {machine()}. CPU seconds on one thread, best of three runs (slow peers: one).",
        "A ratio below 1.5 is a tie. Distances are compared with scipy's before they are timed.",
        "Repeat: `python benchmarks/network/benchmark.py --data FOLDER --large --out FOLDER`.",
        "",
        "| network | question | ours | peer | peer's | ratio | bar |",
        "|---|---|---:|---|---:|---:|---:|",
    ]
    text += [
        f"| {place} | {what.strip()} | {ours:.4f} "
        f"| {peer} | {theirs:.4f} | {theirs / ours:.1f} | {bar} |"
        for place, what, ours, peer, theirs, bar in rows
    ]
    text += ["", *notes, "", "![cost over size](cost_over_size.png)", ""]
    (out / "distances.md").write_text("\n".join(text), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    warm_up()
    notes.append(cold())
    if options.data:
        for file in ("Helsinki.osm.pbf", "spo_osm.pbf"):
            net = extract(options.data / file)
            name = file.split(".")[0].split("_")[0]
            nearest(name, lambda net=net: remade(net), 10, ">= 1")
            snapping(name, net)
        net = wuhan(options.data)
        nearest("Wuhan", lambda: remade(net), 5, ">= 1")
        snapping("Wuhan", net)
    xy, uv = town(100_000)
    nearest("grid 100k", lambda: WalkNetwork.from_edges(xy, uv), 10)
    net = WalkNetwork.from_edges(xy, uv)
    snapping("grid 100k", net)
    pandana_work("grid 100k", net)
    if options.out:
        write(options.out)
    if options.large:
        xy, uv = town(1_000_000)
        nearest("grid 1M", lambda: WalkNetwork.from_edges(xy, uv))
        notes.append(memory())
        notes.append("pandana is left out at 1M nodes: its preparation alone takes over 330 s.")
    if options.out:
        sizes = [1000, 3000, 10_000, 30_000, 100_000, 300_000]
        plot(options.out, sizes + ([1_000_000, 3_000_000, 5_000_000] if options.large else []))
        write(options.out)


def remade(net: WalkNetwork) -> WalkNetwork:
    """The same network without anything derived from it."""
    return WalkNetwork(
        net.node_xy, net.edge_uv, net.edge_length_mm, net.joinable, net.coords, net.coord_start
    )


def memory() -> str:
    """Peak memory of a process that reads 1M nodes, makes the network, snaps, prepares, asks."""
    import multiprocessing

    xy, uv = town(1_000_000)
    with (
        tempfile.TemporaryDirectory() as folder,
        multiprocessing.get_context("spawn").Pool(1) as pool,
    ):
        file = Path(folder) / "town.npz"
        np.savez(file, xy=xy, uv=uv)
        before, after = pool.apply(_measure, (file,))
    return (
        f"Memory at 1M nodes, network with all indices and one question: peak {after:.0f} MB "
        f"(bar: 600), of which {before:.0f} MB Python, its libraries and the input arrays."
    )


def _measure(file: Path) -> tuple[float, float]:
    with np.load(file) as arrays:
        xy, uv = arrays["xy"], arrays["uv"]
    before = _peak_mb()
    net = WalkNetwork.from_edges(xy, uv)
    at = net.snap(xy[:2000])
    net.nearest(at)
    net.prepare()
    net.nearest(at)
    return before, _peak_mb()


def _peak_mb() -> float:
    """Peak resident memory of this process; ru_maxrss would keep that of its parent (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def cold() -> str:
    """CPU seconds of compiling every kernel, in a process with an empty cache."""
    code = "import time; from planner.network import warm_up; warm_up(); print(time.process_time())"
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
        first, second = (
            float(subprocess.check_output([sys.executable, "-c", code], env=environment))
            for _ in range(2)
        )
    return (
        f"Compiling all kernels of a first question takes {first:.0f} s once after an "
        f"installation, loading them {second:.1f} s."
    )


if __name__ == "__main__":
    main()
