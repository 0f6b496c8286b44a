"""Find and score every link of large street networks, on one core.

    python benchmarks/links/bench_links.py [streets.parquet]

First a synthetic network of 100,000 nodes, then the streets given (lines in metres with a column
``highway``; motorways are dropped). Homes and facilities of four kinds are drawn with a seed.
"""

import sys
import threading
from pathlib import Path
from time import perf_counter, process_time

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

import planner
from planner.analysis.links.gains import LinkGains
from planner.analysis.links.links import best_links, link_sequence
from planner.analysis.links.places import Search, link_places
from planner.district import District, Rule, Standard

CRS = "EPSG:32650"
KINDS = {"clinic": 300.0, "police_room": 500.0, "library": 500.0, "health_centre": 1000.0}
HOMES = 100_000


class Memory(threading.Thread):
    """The most memory that this process holds above what it held, megabytes."""

    def __init__(self):
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.base = self.peak = self.held()

    @staticmethod
    def held():
        status = Path("/proc/self/status")
        if not status.exists():
            return float("nan")
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def run(self):
        while not self.over.wait(0.02):
            self.peak = max(self.peak, self.held())

    def added(self):
        self.over.set()
        self.join()
        return self.peak - self.base


def synthetic(nodes, seed=0):
    """Random places joined by a spanning tree and some of the shortest other ways, degree 2.8."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, np.sqrt(nodes) * 80.0, (nodes, 2))
    corners = Delaunay(xy).simplices
    pairs = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]))
    uv = np.unique(pairs, axis=0)
    weight = rng.permutation(len(uv)) + 1
    tree = minimum_spanning_tree(coo_array((weight, tuple(uv.T)), (nodes, nodes)))
    chosen = np.isin(weight, tree.data.astype(np.int64))
    others = np.flatnonzero(~chosen)
    chosen[rng.choice(others, int(1.4 * nodes) - int(chosen.sum()), replace=False)] = True
    return shapely.linestrings(xy[uv[chosen]])


def district(name, lines, seed=1):
    """A district on these streets: homes and facilities drawn along them."""
    rng = np.random.default_rng(seed)
    length = shapely.length(lines)

    def along(count):
        chosen = rng.choice(len(lines), count, p=length / length.sum())
        spots = shapely.line_interpolate_point(lines[chosen], rng.random(count), normalized=True)
        xy = shapely.get_coordinates(spots) + rng.normal(0, 8, (count, 2))
        return gpd.GeoDataFrame(geometry=shapely.points(xy), crs=CRS)

    streets = gpd.GeoDataFrame(
        {"street_id": np.arange(len(lines)).astype(str)}, geometry=lines, crs=CRS
    )
    homes = along(HOMES).assign(
        demand_id=np.arange(HOMES).astype(str), population=rng.integers(1, 200, HOMES)
    )
    each = max(1, len(lines) // 500)
    facilities = along(each * len(KINDS)).assign(
        facility_id=np.arange(each * len(KINDS)).astype(str), kind=np.repeat(list(KINDS), each)
    )
    area = gpd.GeoDataFrame(
        {"community_id": ["1"], "name": [name]},
        geometry=[shapely.box(*streets.total_bounds)],
        crs=CRS,
    )
    layers = {"streets": streets, "demand": homes, "facilities": facilities, "communities": area}
    return District.from_layers(name, layers)


def measure(name, lines):
    place = district(name, lines)
    standard = Standard("bench", "", "", "", {k: Rule(k, limit) for k, limit in KINDS.items()})
    result = planner.assess(place, standard)
    network = result.reach.streets.network
    nodes = len(network.node_xy)
    memory = Memory()
    memory.start()
    times = {}

    def timed(what, act):
        wall, cpu = perf_counter(), process_time()
        answer = act()
        times[what] = perf_counter() - wall, process_time() - cpu
        return answer

    places = timed("find the places", lambda: link_places(place))
    judge = timed("index of four kinds", lambda: LinkGains(result, list(KINDS)))
    links = places.links.take(places.kept)
    gains = timed("score them all", lambda: judge.of(links))
    best = timed("all of it again but the places: the best 20", lambda: best_links(result))
    timed("greedy sequence of 5", lambda: link_sequence(result))
    print(f"\n{name}: {nodes:,} nodes, {len(lines):,} edges, {HOMES:,} homes, 4 kinds")
    gaining = (gains.sum(axis=1) > 0).sum()
    print(f"{len(places):,} near but far, {len(links):,} places, {gaining:,} of them gain")
    for what, (wall, cpu) in times.items():
        print(f"  {what:<45} {cpu:6.2f} s of one core ({wall:.2f} s by the clock)")
    total = sum(times[what][1] for what in list(times)[:3])
    print(f"  {'find and score every link':<45} {total:6.2f} s of one core")
    print(
        f"  memory {memory.added():,.0f} MB more; a matrix of all distances, 2 bytes each: "
        f"{nodes**2 * 2 / 1e6:,.0f} MB"
    )
    columns = ["rank", "work", "length_m", "walked_m", "gain", "residents"]
    print(best[columns].head(3).to_string(index=False))


def warm():
    """Compile every kernel on a small network."""
    result = planner.assess(
        district("warm", synthetic(300)),
        Standard("w", "", "", "", {"clinic": Rule("clinic", 300.0)}),
    )
    best_links(result, search=Search(min_walk_m=100))
    link_sequence(result, search=Search(min_walk_m=100))


def main():
    warm()
    measure("synthetic", synthetic(100_000))
    if len(sys.argv) > 1:
        streets = gpd.read_parquet(sys.argv[1])
        walked = ~streets["highway"].astype(str).str.contains("motorway")
        measure(Path(sys.argv[1]).stem, streets.geometry.to_numpy()[walked.to_numpy()])


if __name__ == "__main__":
    main()
